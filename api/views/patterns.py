"""What the pattern runs found. They count only cases that were open to everyone signed in."""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from api import describing
from api.errors import Problem, error
from api.finding import LARGEST, row_or_404
from api.models import Scope
from api.serializers import patterns as shapes
from api.serializers.case_input import checked
from api.serializers.jobs import JobShape, job_of
from api.views.base import NEWEST_FIRST, ListView, RegistryView, answer
from api.views.pattern_rows import OfOneRun, latest_rows, never_changing
from api.views.saved_views import query_of
from registry.actions.populations import ask_for_run
from registry.choices import LabelRule, PairState
from registry.filter_fields import NodesFilter, SeveralFilter
from registry.models import PatternNode, PatternPair, PatternRun, PatternTrend

LOWEST = -1e300
STANDARD = "standard"
EXAMPLE = {"label_rule": "adjudicated", "filters": {"kind": ["incident"], "occurred__gte": ["2026-01-01"]}}
LOCATION = OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[202])


class PairFilterSet(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=PairState.choices, distinct=False)
    flagged = django_filters.BooleanFilter()
    node = NodesFilter(field_name="node_a", other="node_b", label="Either of its nodes is one of these")

    class Meta:
        model = PatternPair
        fields = []


PAIR_ORDERINGS = {"-effect": ("-rank", "-id"), "-joint": ("-joint", "-id"), **ListView.orderings}


class NodeRowFilterSet(django_filters.FilterSet):
    scheme = SeveralFilter(field_name="node__scheme__slug", label="Its node is of one of these schemes")
    node = NodesFilter(label="These nodes")

    class Meta:
        model = PatternNode
        fields = []


class TrendFilterSet(NodeRowFilterSet):
    flagged = django_filters.BooleanFilter()

    class Meta:
        model = PatternTrend
        fields = []


class PopulationField(forms.CharField):
    """The number of a population, or `standard`; cleans to the number, 0 for standard, None for neither."""

    def clean(self, value):
        text = super().clean(value)
        if text in ("", STANDARD):
            return 0 if text else None
        if not (text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST)) and int(text) <= LARGEST):
            raise ValidationError(f"Write “{STANDARD}” or the number of a population.")
        return int(text) or -1


class PopulationFilter(django_filters.Filter):
    field_class = PopulationField


class RunFilterSet(django_filters.FilterSet):
    population = PopulationFilter(
        method="of_population", label="`standard`, or the number of a population: runs that are compared"
    )

    class Meta:
        model = PatternRun
        fields = []

    def of_population(self, queryset, name, number):
        return queryset if number is None else queryset.of(number or None)


def below_filters(refused):
    """The Problem of a run that cannot be asked for, which names filters by their place in the body."""
    if not hasattr(refused, "error_dict"):
        return refused
    places = {"label_rule": "#/label_rule", "query": "#/filters"}
    errors = [
        error(places.get(name, f"#/filters/{name}"), text)
        for name, texts in refused.message_dict.items()
        for text in texts
    ]
    return Problem("invalid-input", "See errors.", errors=errors)


@describing.listed("list_pattern_runs", "Every computation of the pattern statistics")
class RunList(ListView):
    shape, build, orderings, filter_set = shapes.RunShape, shapes.run_of, NEWEST_FIRST, RunFilterSet
    scopes = {"GET": (Scope.CASES_READ,), "POST": (Scope.CASES_READ, Scope.CASES_WRITE)}

    def found(self):
        return PatternRun.objects.select_related("population", "compared_with")

    @extend_schema(
        operation_id="ask_for_pattern_run",
        summary="Ask for a new run; analysts, reviewers and administrators. One that waits already is the same",
        request=shapes.RunInput,
        examples=[describing.example("Incidents of 2026, by adjudicated labels", EXAMPLE)],
        parameters=[LOCATION],
        responses={202: JobShape, **describing.refusals(*describing.WRITING)},
    )
    def post(self, request):
        values = checked(shapes.RunInput, request.data)
        rule, query = values.get("label_rule", LabelRule.AGREED), query_of(values.get("filters", {}), None)
        try:
            job = ask_for_run(by=request.user, at=timezone.now(), label_rule=rule, query=query)
        except ValidationError as refused:
            raise below_filters(refused) from None
        data = job_of(job, request.user, self.addresses())
        return Response(data, status=202, headers={"Location": data["url"]})


class OneRun(RegistryView):
    @describing.reads(shapes.RunShape, operation_id="read_pattern_run", summary="One run; it never changes")
    def get(self, request, number):
        run = row_or_404(PatternRun.objects.select_related("population", "compared_with"), number)
        return never_changing(answer(request, shapes.run_of(run, self.addresses()), version=1))


class LatestRun(RegistryView):
    @describing.reads(shapes.RunShape, operation_id="read_latest_patterns", summary="The latest run")
    def get(self, request):
        run = PatternRun.objects.standard().select_related("compared_with").first()
        if run is None:
            raise Http404
        return answer(request, shapes.run_of(run, self.addresses()), version=1)


@describing.listed("list_pattern_pairs", "Pairs of nodes: counts, effect, test and movement", **OfOneRun.told)
class PairsOfRun(OfOneRun):
    model, shape, build = PatternPair, shapes.PatternPairShape, shapes.pair_of
    filter_set, orderings = PairFilterSet, PAIR_ORDERINGS
    columns = (*shapes.PAIR_COLUMNS, "rank")

    def rows_in(self, run):
        return super().rows_in(run).annotate(rank=Coalesce("effect", Value(LOWEST)))


@describing.listed("list_pattern_nodes", "How often each node is carried", **OfOneRun.told)
class NodesOfRun(OfOneRun):
    model, shape, build, columns = PatternNode, shapes.PatternNodeShape, shapes.node_rate_of, shapes.NODE_COLUMNS
    filter_set = NodeRowFilterSet


@describing.listed("list_pattern_trends", "Weekly counts of each node", **OfOneRun.told)
class TrendsOfRun(OfOneRun):
    model, shape, build, columns = PatternTrend, shapes.PatternTrendShape, shapes.trend_of, shapes.TREND_COLUMNS
    filter_set = TrendFilterSet


KINDS = {"pairs": PairsOfRun, "nodes": NodesOfRun, "trends": TrendsOfRun}
LATEST_ROWS = {kind: latest_rows(kind, rows) for kind, rows in KINDS.items()}
