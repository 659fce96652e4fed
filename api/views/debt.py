"""Alignment debt: the ledger, the cases behind its numbers, and carrying the debt of a case for a while."""

from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api import describing, parameters
from api.models import Scope
from api.serializers import debt as shapes
from api.serializers.case_input import checked
from api.serializers.strict import Day
from api.views.base import WRITE, RegistryView, list_answer, unless_bad_cursor
from registry import access, owed
from registry.actions import debt as actions
from registry.blind import is_blind, missing_for_review_as_seen
from registry.choices import Right
from registry.models import Person
from registry.paging import BadCursor, page_from
from registry.patterns import debt
from registry.patterns.debt_reading import history_of, moment

ON = describing.parameter("on", {"type": "string", "format": "date"}, "The end of this day instead of now.")
NARROWING = [
    ON,
    describing.parameter("accepted", {"type": "boolean"}, "What somebody carries, instead of what counts."),
    describing.parameter("owner", {"type": "string", "minLength": 1}, "A user name; `me`; `none` for nobody."),
    describing.parameter("branch", {"type": "string", "minLength": 1}, "Slug of a branch of the causes; `none`."),
]
ORDERINGS = {"-debt": ("at", "debt", "id")}
EXAMPLE = {"owner": "mira", "reason": "The vendor's audit ends in March.", "expires_on": "2027-03-31"}
STRANGER = -2


def time_asked(request):
    """Now, or the end of the day in `on`."""
    now, text = timezone.now(), request.query_params.get("on")
    if text is None:
        return now
    try:
        day = Day().to_internal_value(text)
    except serializers.ValidationError:
        raise parameters.refused([parameters.wrong("on", "Write the day like 2026-11-02.")]) from None
    today = timezone.localdate(now)
    if not day.year >= owed.EARLIEST or day > today:
        raise parameters.refused([parameters.wrong("on", f"Name a day from {owed.EARLIEST}-01-01 to {today}.")])
    return now if day == today else owed.end_of(day)


class Debt(RegistryView):
    known = frozenset({"on"})

    @extend_schema(
        operation_id="read_debt",
        summary="The ledger of alignment debt: what all cases you may see owe, now or on an earlier day",
        parameters=[ON],
        responses={200: shapes.LedgerShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request):
        ledger = owed.ledger_at(request.user, at=time_asked(request))
        people = Person.objects.in_bulk([key for key, _, _ in ledger.owners])
        acceptances = owed.acceptances(ledger.standing, ledger.accepted, at=ledger.at)
        options = {"acceptances": acceptances, "people": people, "query": request.query_params.urlencode()}
        return Response(shapes.ledger_of(ledger, addresses=self.addresses(), **options))


@dataclass(frozen=True)
class Place:
    """Where a case stands in the list of those that owe: at which time, how much, its number."""

    place: int
    at: int
    debt: float
    id: int


class Behind:
    """The cases behind one number of the ledger. A cursor keeps the time of its first page, as debts grow."""

    def __init__(self, person, *, at, **narrowed):
        self.person, self.at, self.narrowed = person, at, narrowed

    def standing_at(self, at):
        self.standing = debt.standing_at(history_of(self.person), at)
        return owed.places_behind(self.person, self.standing, **self.narrowed)

    def count(self):
        return len(self.standing_at(self.at))

    def fetch(self, limit):
        def read(backwards, values):
            at, owes, number = read_back(values) if values else (self.at, None, None)
            places = self.standing_at(at)
            standing = self.standing
            if values:
                owing, numbers = standing.debt[places], standing.case[places]
                beyond = (owing < owes) | ((owing == owes) & (numbers > number))
                before = (owing > owes) | ((owing == owes) & (numbers < number))
                places = places[before][::-1] if backwards else places[beyond]
            return [
                Place(place, at, float(standing.debt[place]), int(standing.case[place]))
                for place in places[: limit + 1].tolist()
            ]

        return read


def read_back(values):
    """What stands in a cursor: the time in whole microseconds, the debt and the number of a case."""
    at, owes, number = values
    if not all(isinstance(each, (int, float)) for each in values):
        raise BadCursor("This cursor is not one of ours; start from the first page.")
    return int(at), float(owes), int(number)


class DebtCases(RegistryView):
    known = (parameters.PAGE - {"expand"}) | {"on", "accepted", "owner", "branch"}

    @describing.lists(
        shapes.OwingShape,
        orderings=ORDERINGS,
        default="-debt",
        also=NARROWING,
        operation_id="list_debt_cases",
        summary="The cases behind one number of the ledger, the most owing first",
    )
    def get(self, request):
        fields = tuple(shapes.OwingShape().fields)
        asked = parameters.listing(request.query_params, orderings=ORDERINGS, default="-debt", fields=fields)
        found = Behind(request.user, at=moment(time_asked(request)), **narrowed_by(request))
        ordering = {"ordering": f"DebtCases:{asked.ordering}", "fields": ORDERINGS[asked.ordering]}
        page = unless_bad_cursor(
            page_from, found.fetch(asked.limit), limit=asked.limit, cursor=asked.cursor, **ordering
        )
        places = [row.place for row in page.rows]
        owings = owed.owings(found.standing, places)
        rows = [shapes.owing_of(owings[place], self.addresses()) for place in places]
        return list_answer(request, asked, page, rows, queryset=found)


def narrowed_by(request):
    query = request.query_params
    return {
        "accepted": parameters.one_of(query, "accepted", parameters.BOOLEANS, "false") == "true",
        "owner": owner_named(request.user, query["owner"]) if "owner" in query else None,
        "branch": query.get("branch"),
    }


def owner_named(person, text):
    """The key of an owner; that of nobody known for a name that is nobody's."""
    if text == "me":
        return person.pk
    if text == owed.NONE:
        return debt.NOBODY
    return Person.objects.filter(username__iexact=text).values_list("pk", flat=True).first() or STRANGER


class CaseDebt(RegistryView):
    @extend_schema(
        operation_id="read_debt_of_case",
        summary="What one case owes, why, and who carries it",
        responses={200: shapes.CaseDebtShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, reference):
        case = access.case_for(request.user, reference)
        blind = is_blind(request.user, case)
        owes = owed.of_case(request.user, case, at=timezone.now(), blind=blind)
        missing = missing_for_review_as_seen(request.user, case, blind=blind) if owes else []
        return Response(shapes.case_debt_of(case, owes, missing, self.addresses()))


class DebtAcceptance(RegistryView):
    """Who carries the debt of a case at present; it ends by itself on its day."""

    scopes = {"GET": (Scope.CASES_READ,), "POST": WRITE, "DELETE": WRITE}

    @extend_schema(
        operation_id="read_debt_acceptance",
        summary="Who carries the debt of this case, why and until when",
        responses={200: shapes.AcceptanceShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, reference):
        return Response(shapes.acceptance_of(self.in_force(access.case_for(request.user, reference)), self.addresses()))

    @extend_schema(
        operation_id="accept_debt",
        summary="Let somebody carry the debt of this case for a while; for reviewers, not of cases they own",
        request=shapes.AcceptanceInput,
        responses={201: shapes.AcceptanceShape, **describing.refusals(*describing.WRITING)},
        examples=[describing.example("Until an audit is over", EXAMPLE)],
    )
    def post(self, request, reference):
        case = access.case_for(request.user, reference, to=Right.REVIEW)
        values = checked(shapes.AcceptanceInput, request.data)
        row = actions.accept_debt(case=case, by=request.user, at=timezone.now(), **values)
        data = shapes.acceptance_of(row, self.addresses())
        return Response(data, status=201, headers={"Location": data["url"]})

    @extend_schema(
        operation_id="end_debt_acceptance",
        summary="Let the debt of this case count again; for reviewers, and for whoever carries it",
        responses={204: None, **describing.refusals(*describing.READING, 409)},
    )
    def delete(self, request, reference):
        acceptance = self.in_force(access.case_for(request.user, reference))
        actions.end_acceptance(acceptance=acceptance, by=request.user, at=timezone.now())
        return Response(status=204)

    def in_force(self, case):
        acceptance = actions.in_force(case, at=timezone.now())
        if acceptance is None:
            raise Http404
        return acceptance
