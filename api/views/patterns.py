"""What the pattern runs found. They count only cases that were open to everyone signed in."""

import django_filters
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.http import Http404
from drf_spectacular.utils import extend_schema_view

from api import describing, parameters
from api.serializers import patterns as shapes
from api.views.base import RegistryView, answer, list_answer, page_for
from registry.choices import PairState
from registry.filters import NodesFilter
from registry.models import PatternNode, PatternPair, PatternRun, PatternTrend

LOWEST = -1e300


class PairFilterSet(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=PairState.choices, distinct=False)
    flagged = django_filters.BooleanFilter()
    node = NodesFilter(method="with_any_node", label="Either of its nodes is one of these")

    class Meta:
        model = PatternPair
        fields = []

    def with_any_node(self, queryset, name, nodes):
        wanted = [node.pk for node in nodes]
        return (queryset.filter(node_a__in=wanted) | queryset.filter(node_b__in=wanted)) if wanted else queryset


def run_or_404(number):
    """The run; its number in the address is digits of any length."""
    run = PatternRun.objects.filter(pk=number).first() if int(number) < 2**31 else None
    if run is None:
        raise Http404
    return run


RUN_ORDERINGS = {"-id": ("-id",), "id": ("id",)}
ROW_ORDERINGS = {"id": ("id",), "-id": ("-id",)}
PAIR_ORDERINGS = {"-effect": ("-rank", "-id"), "-joint": ("-joint", "-id"), **ROW_ORDERINGS}


class RunList(RegistryView):
    known = parameters.PAGE - {"expand"}

    @describing.lists(
        shapes.RunShape,
        orderings=RUN_ORDERINGS,
        default="-id",
        operation_id="list_pattern_runs",
        summary="Every computation of the pattern statistics",
    )
    def get(self, request):
        fields = tuple(shapes.RunShape().fields)
        asked = parameters.listing(request.query_params, orderings=RUN_ORDERINGS, default="-id", fields=fields)
        runs = PatternRun.objects.all()
        page = page_for(runs, asked, orderings=RUN_ORDERINGS, row=None, cursor_scope="runs:")
        rows = [shapes.run_of(run, self.addresses()) for run in page.rows]
        return list_answer(request, asked, page, rows, queryset=runs)


class OneRun(RegistryView):
    @describing.reads(shapes.RunShape, operation_id="read_pattern_run", summary="One run; it never changes")
    def get(self, request, number):
        return answer(request, shapes.run_of(run_or_404(number), self.addresses()), version=1)


class LatestRun(RegistryView):
    @describing.reads(shapes.RunShape, operation_id="read_latest_patterns", summary="The latest run")
    def get(self, request):
        run = PatternRun.objects.order_by("-pk").first()
        if run is None:
            raise Http404
        return answer(request, shapes.run_of(run, self.addresses()), version=1)


class RowsOfRun(RegistryView):
    """The rows of one kind in one run."""

    known = parameters.PAGE - {"expand"}
    orderings = ROW_ORDERINGS

    def get(self, request, number):
        rows = self.found(self.model.objects.filter(run=run_or_404(number)))
        fields = tuple(self.shape().fields)
        default = next(iter(self.orderings))
        asked = parameters.listing(request.query_params, orderings=self.orderings, default=default, fields=fields)
        page = page_for(
            rows,
            asked,
            orderings=self.orderings,
            row=lambda found: found.values_list(*self.columns, named=True),
            cursor_scope=f"{type(self).__name__}:",
        )
        built = [type(self).build(row, self.addresses()) for row in page.rows]
        return list_answer(request, asked, page, built, queryset=rows)

    def found(self, rows):
        return rows


@extend_schema_view(
    get=describing.lists(
        shapes.PatternPairShape,
        orderings=PAIR_ORDERINGS,
        default=next(iter(PAIR_ORDERINGS)),
        filter_set=PairFilterSet,
        operation_id="list_pattern_pairs",
        summary="Pairs of nodes: counts, effect, test and movement",
    )
)
class PairsOfRun(RowsOfRun):
    known = RowsOfRun.known | frozenset(PairFilterSet.base_filters)
    repeatable = RowsOfRun.repeatable | {"state", "node"}
    model, shape, build = PatternPair, shapes.PatternPairShape, shapes.pair_of
    orderings = PAIR_ORDERINGS
    columns = (*shapes.PAIR_COLUMNS, "rank")

    def found(self, rows):
        ranked = rows.annotate(rank=Coalesce("effect", Value(LOWEST)))
        return parameters.filtered(PairFilterSet, self.request.query_params, ranked)


@extend_schema_view(
    get=describing.lists(
        shapes.PatternNodeShape,
        orderings=ROW_ORDERINGS,
        default=next(iter(ROW_ORDERINGS)),
        operation_id="list_pattern_nodes",
        summary="How often each node is carried",
    )
)
class NodesOfRun(RowsOfRun):
    model, shape, build, columns = PatternNode, shapes.PatternNodeShape, shapes.node_rate_of, shapes.NODE_COLUMNS


@extend_schema_view(
    get=describing.lists(
        shapes.PatternTrendShape,
        orderings=ROW_ORDERINGS,
        default=next(iter(ROW_ORDERINGS)),
        operation_id="list_pattern_trends",
        summary="Weekly counts of each node",
    )
)
class TrendsOfRun(RowsOfRun):
    model, shape, build, columns = PatternTrend, shapes.PatternTrendShape, shapes.trend_of, shapes.TREND_COLUMNS
