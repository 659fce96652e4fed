"""Sources shared between cases: only those of cases one may see."""

import django_filters
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from api import describing
from api.addresses import reference_of
from api.finding import row_or_404
from api.models import Scope
from api.rendering import as_json
from api.serializers.case_input import checked
from api.serializers.sources import SharedSourceShape, SourceChangeInput, SourceDetailShape, source_of
from api.versions import required_state, stale
from api.views.base import NEWEST_FIRST, WRITE, ListView, RegistryView, answer
from registry import access
from registry.actions import sources
from registry.actions.signing import Conflict
from registry.choices import SourceKind, Verification
from registry.filters import one_of
from registry.models import CaseSource, Source

MOST_CASES = 200


class SourceFilterSet(django_filters.FilterSet):
    q = django_filters.CharFilter(method="saying", label="In the title, the publisher or the address")
    source_url = django_filters.CharFilter(field_name="url", label="Its address, exactly")
    kind = one_of(SourceKind)
    verification = one_of(Verification)

    class Meta:
        model = Source
        fields = []

    def saying(self, queryset, name, words):
        return queryset.filter(Q(title__icontains=words) | Q(publisher__icontains=words) | Q(url__icontains=words))


def sources_for(person):
    """What `person` may see, each with the number of cases they may see that carry it."""
    carried = CaseSource.objects.filter(source=OuterRef("pk"), case__in=access.visible_to(person)).order_by()
    counted = carried.values("source").annotate(n=Count("case", distinct=True)).values("n")
    n_cases = Coalesce(Subquery(counted), 0, output_field=IntegerField())
    return access.sources_for(person).annotate(n_cases=n_cases)


@describing.listed("list_sources", "The articles, papers and pages that the cases you may see rest on")
class SourceList(ListView):
    shape, build, filter_set = SharedSourceShape, source_of, SourceFilterSet
    orderings = NEWEST_FIRST

    def found(self):
        return sources_for(self.request.user)


class OneSource(RegistryView):
    scopes = {"GET": (Scope.CASES_READ,), "PATCH": WRITE}

    @describing.reads(SourceDetailShape, operation_id="read_source", summary="One source, with its cases")
    def get(self, request, number):
        return self.answer_for(self.source(number))

    @describing.writes(
        SourceDetailShape,
        takes=SourceChangeInput,
        matched=True,
        operation_id="edit_source",
        summary="Correct what the registry says of a source",
        examples=[describing.example("It was read", {"verification": "seen", "publisher": "A journal"})],
    )
    def patch(self, request, number):
        source = self.source(number)
        seen = required_state(request, sources.state_of(source))
        values = checked(SourceChangeInput, request.data)
        try:
            sources.edit_source(source=source, by=request.user, at=timezone.now(), seen=seen, **values)
        except Conflict as conflict:
            current = self.source(number)
            raise stale("The source", sources.state_of(conflict.current), as_json(self.data_of(current))) from None
        return self.answer_for(self.source(number))

    def source(self, number):
        return row_or_404(sources_for(self.request.user), number)

    def answer_for(self, source):
        return answer(self.request, self.data_of(source), version=sources.state_of(source))

    def data_of(self, source):
        carried = CaseSource.objects.filter(source=source, case__in=access.visible_to(self.request.user))
        numbers = carried.order_by("-case_id").values_list("case_id", flat=True).distinct()[:MOST_CASES]
        return {**source_of(source, self.addresses()), "cases": [reference_of(number) for number in numbers]}
