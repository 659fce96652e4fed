"""What waits in triage, prepared for its page: the furthest past its target first."""

from dataclasses import dataclass

from django.db.models import Case as Choice
from django.db.models import Count, DateField, F, IntegerField, Q, Value, When
from django.db.models.functions import Cast, Coalesce, TruncDate
from django.http import QueryDict
from django.utils import timezone

from registry.models import Case, Person
from registry.models.case import NARRATIVE_FIELDS
from registry.web.due import Due, due
from registry.web.forms.words import LABELLERS
from registry.web.numbers import page_asked
from registry.web.queues import TARGET_DAYS, triage_cases
from taxonomy.models import SeverityTier

PER_PAGE = 25
# What has no target comes after all that has, by age.
NO_TARGET = 3650
MOST_OFFERED = 200
WHO = (("", "Everybody’s"), ("mine", "Mine"), ("unclaimed", "Unclaimed"))
NOT_SET = "none"


@dataclass
class Row:
    """One case: how long it has waited, how that stands to its target or its due date, and who has it."""

    case: Case
    waited: int
    standing: Due | None
    is_mine: bool
    may_claim: bool


@dataclass(frozen=True)
class Asked:
    """What the address asks for; what is unknown in it asks for nothing."""

    who: str = ""
    tier: str = ""
    overdue: bool = False
    page: int = 1

    @classmethod
    def read(cls, parameters, tiers):
        who, tier, page = (parameters.get(name, "") for name in ("who", "tier", "page"))
        return cls(
            who=who if who in dict(WHO) else "",
            tier=tier if tier in {NOT_SET, *(each.slug for each in tiers)} else "",
            overdue=parameters.get("overdue") == "1",
            page=page_asked(page),
        )

    def address(self, **changes):
        """The part of the address after the question mark, with `changes`; any of them starts at the first page."""
        asked = {"who": self.who, "tier": self.tier, "overdue": "1" if self.overdue else "", "page": ""} | changes
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in asked.items() if value not in ("", 1)})
        return query.urlencode()


def waiting(person, today):
    """The cases in triage with `target` (days), `deadline` and whether each `is_late`."""
    target = Choice(
        *(When(severity_rank=rank, then=Value(days)) for rank, days in TARGET_DAYS.items()),
        default=Value(NO_TARGET),
        output_field=IntegerField(),
    )
    by_age = Cast(TruncDate("reported_at") + F("target"), DateField())
    cases = triage_cases(person).annotate(target=target)
    cases = cases.annotate(deadline=Coalesce("due_on", by_age, output_field=DateField()))
    # A target of three days is reached on the third, as in the matrix; a due date may be used up.
    late = Q(due_on__lt=today) | Q(due_on=None, deadline__lte=today)
    return cases.annotate(is_late=Choice(When(late, then=Value(1)), default=Value(0), output_field=IntegerField()))


def chosen(cases, person, asked):
    if asked.who == "mine":
        cases = cases.filter(owner=person)
    elif asked.who == "unclaimed":
        cases = cases.filter(Q(owner=None) | Q(owner__is_active=False))
    if asked.tier:
        tier = Q(potential_severity=None) if asked.tier == NOT_SET else Q(potential_severity__slug=asked.tier)
        cases = cases.filter(tier)
    return cases.filter(is_late=1) if asked.overdue else cases


def context(person, parameters, today):
    """One page of the queue, its filters and numbers. A constant number of queries."""
    tiers = list(SeverityTier.objects.order_by("-rank"))
    asked = Asked.read(parameters, tiers)
    cases = waiting(person, today)
    start = (asked.page - 1) * PER_PAGE
    found = shown(chosen(cases, person, asked)).order_by("deadline", "reported_at", "pk")[start : start + PER_PAGE + 1]
    found = list(found)
    return {
        "rows": [row_of(case, person, today) for case in found[:PER_PAGE]],
        "asked": asked,
        "here": asked.address(page=asked.page),
        "numbers": numbers(cases, person),
        "who": [(words, asked.address(who=value), value == asked.who, value) for value, words in WHO],
        "tiers": [(tier.slug, tier.name) for tier in tiers],
        "analysts": analysts() if person.may_label else [],
        "page": {
            "previous_url": f"?{asked.address(page=asked.page - 1)}" if asked.page > 1 else "",
            "next_url": f"?{asked.address(page=asked.page + 1)}" if len(found) > PER_PAGE else "",
        },
    }


def shown(cases):
    return cases.defer(*NARRATIVE_FIELDS, "search", "node_path").select_related(
        "potential_severity", "reporter", "owner"
    )


def numbers(cases, person):
    """How many wait in all, of mine, unclaimed, and late."""
    return cases.aggregate(
        total=Count("pk"),
        mine=Count("pk", filter=Q(owner=person)),
        unclaimed=Count("pk", filter=Q(owner=None) | Q(owner__is_active=False)),
        late=Count("pk", filter=Q(is_late=1)),
    )


def row_for(person, case, today):
    """The Row of one case as it stands; None once it has left triage."""
    found = shown(waiting(person, today)).filter(pk=case.pk).first()
    return row_of(found, person, today) if found else None


def row_of(case, person, today):
    waited = (today - timezone.localdate(case.reported_at)).days
    standing = due(case.due_on, today) or against_target(waited, case.target)
    free = case.owner is None or not case.owner.is_active
    return Row(case, waited, standing, case.owner_id == person.pk, may_claim=free and person.may_label)


def against_target(waited, target):
    if target == NO_TARGET or waited < target - 1:
        return None
    over = waited - target
    if over > 0:
        return Due(f"{over} day{'s' if over > 1 else ''} past target", late=True)
    return Due("target today", late=True) if over == 0 else Due("target tomorrow", late=False)


def analysts():
    people = Person.objects.active().filter(role__in=LABELLERS).order_by("name", "pk")
    return list(people.values_list("username", "name")[:MOST_OFFERED])
