"""What is done so that it does not happen again: mitigations, and which cases each answers."""

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.models import Scope
from api.serializers.case_input import checked
from api.serializers.mitigations import MitigationChangeInput, MitigationInput, MitigationShape, mitigation_of
from api.versions import required_version
from api.views.base import NEWEST_FIRST, WRITE, ListView, VersionedView, answer
from registry import access
from registry.actions import mitigations
from registry.choices import Effect, MitigationState
from registry.filter_fields import ME, DayFilter, PeopleFilter, PersonalFilterSet, SeveralFilter, one_of
from registry.models import Mitigation, MitigationCase

EXAMPLE = {"title": "Grade with a second model", "cases": ["AIR-42"], "owner": "mira", "due_on": "2027-01-15"}


class MitigationFilterSet(PersonalFilterSet):
    """`person` is who asks: `me` depends on it, and which cases there are to name."""

    state = one_of(MitigationState)
    effect = one_of(Effect)
    owner = PeopleFilter(method="of_people", label="User name or name; `me` is who asks")
    owner__isnull = django_filters.BooleanFilter(field_name="owner", lookup_expr="isnull")
    overdue = django_filters.BooleanFilter(method="that_are_overdue", label="Due before today and not over")
    due__gte = DayFilter(field_name="due_on", lookup_expr="gte")
    due__lte = DayFilter(field_name="due_on", lookup_expr="lte")
    case = SeveralFilter(method="of_cases", label="Answers any of these cases")

    class Meta:
        model = Mitigation
        fields = []

    def of_people(self, queryset, name, people):
        return queryset.filter(owner__in=[self.person if each == ME else each for each in people or ()])

    def that_are_overdue(self, queryset, name, wanted):
        late = mitigations.overdue(timezone.localdate())
        return queryset.filter(late) if wanted else queryset.exclude(late)

    def of_cases(self, queryset, name, references):
        return queryset.filter(answered__case__in=seen_numbers(self.person, references or ())).distinct()


def seen_numbers(person, references):
    """The numbers of those `references` that `person` may see."""
    numbers = []
    for reference in references:
        try:
            numbers.append(access.number_of(reference))
        except Http404:
            continue
    return access.visible_to(person).filter(pk__in=numbers).values("pk")


def with_cases(rows, person):
    """`rows` with what `mitigation_of` reads."""
    seen = MitigationCase.objects.filter(case__in=access.visible_to(person)).order_by("case")
    rows = rows.select_related("node__scheme", "owner", "proposed_by")
    return rows.prefetch_related(Prefetch("answered", seen, to_attr="seen_answers"))


class Mitigations(ListView):
    """Rows of mitigations; subclasses say of which cases."""

    shape = MitigationShape
    orderings = NEWEST_FIRST | {"due_on": ("due_on", "id"), "-updated_at": ("-updated_at", "-id")}
    filter_set = MitigationFilterSet

    def row_of(self, row):
        return mitigation_of(row, today=timezone.localdate(), addresses=self.addresses())


@describing.listed("list_mitigations", "The mitigations that answer a case you may see")
class MitigationList(Mitigations):
    scopes = {"GET": (Scope.CASES_READ,), "POST": WRITE}

    def found(self):
        return with_cases(mitigations.seen_mitigations(self.request.user), self.request.user)

    @describing.writes(
        MitigationShape,
        takes=MitigationInput,
        status=201,
        operation_id="propose_mitigation",
        summary="Propose what is to be done about one or several cases; for analysts",
        examples=[describing.example("Against one case", EXAMPLE)],
    )
    def post(self, request):
        if not request.user.may_label:
            raise PermissionDenied("Only analysts propose mitigations.")
        values = checked(MitigationInput, request.data, context={"person": request.user})
        made = mitigations.propose_mitigation(by=request.user, at=timezone.now(), **values)
        row = with_cases(Mitigation.objects.all(), request.user).get(pk=made.pk)
        data = self.row_of(row)
        return answer(request, data, version=row.version, status=201, headers={"Location": data["url"]})


@describing.listed("list_mitigations_of_case", "The mitigations that answer one case")
class CaseMitigations(Mitigations):
    def found(self, reference):
        case = access.case_for(self.request.user, reference)
        return with_cases(Mitigation.objects.filter(answered__case=case), self.request.user)


class MitigationView(VersionedView):
    """What views of one mitigation share."""

    named, editable = "mitigation", mitigations.EDITABLE

    def found(self, number):
        """Http404 unless the caller sees one of its cases."""
        seen = with_cases(mitigations.seen_mitigations(self.request.user), self.request.user)
        return get_object_or_404(seen, pk=number)

    def data_of(self, row):
        return mitigation_of(row, today=timezone.localdate(), addresses=self.addresses())

    def stale(self, current, version):
        return super().stale(self.found(current.pk), version)


class OneMitigation(MitigationView):
    scopes = {"GET": (Scope.CASES_READ,), "PATCH": WRITE}

    @describing.reads(MitigationShape, operation_id="read_mitigation", summary="One mitigation")
    def get(self, request, number):
        return self.answer_for(self.found(number))

    @describing.writes(
        MitigationShape,
        takes=MitigationChangeInput,
        matched=True,
        operation_id="change_mitigation",
        summary="Change the fields that are sent; its owner may move it on and say what it did",
        examples=[
            describing.example(
                "It helped", {"state": "done", "effect": "yes", "effect_note": "No such case in the last 200 runs."}
            )
        ],
    )
    def patch(self, request, number):
        row = self.found(number)
        version = required_version(request, row.version)
        context = {"person": request.user, "mitigation": row}
        values = checked(MitigationChangeInput, request.data, context=context)
        self.carry_out(mitigations.change_mitigation, row, version, **values)
        return self.answer_for(self.found(number))


class AnsweredCase(MitigationView):
    """One case among those that a mitigation answers."""

    scopes = {"PUT": WRITE, "DELETE": WRITE}

    @extend_schema(
        operation_id="answer_case",
        summary="Say that the mitigation answers this case too; whoever sees the case reads the mitigation then",
        request=None,
        parameters=[describing.IF_MATCH, describing.ETAG],
        responses={200: MitigationShape, **describing.refusals(*describing.WRITING, 412, 428)},
    )
    def put(self, request, number, reference):
        row, case = self.found(number), access.case_for(request.user, reference)
        version = required_version(request, row.version)
        if case.pk not in [each.case_id for each in row.seen_answers]:
            self.carry_out(mitigations.answer_case, row, version, case=case)
        return self.answer_for(self.found(number))

    @extend_schema(
        operation_id="leave_case",
        summary="Say that the mitigation does not answer this case after all",
        parameters=[describing.IF_MATCH],
        responses={204: None, **describing.refusals(*describing.READING, 409, 412, 428)},
    )
    def delete(self, request, number, reference):
        row, case = self.found(number), access.case_for(request.user, reference)
        self.carry_out(mitigations.leave_case, row, required_version(request, row.version), case=case)
        return Response(status=204)
