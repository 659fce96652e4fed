"""What the pattern runs found. They count only cases that were open to everyone signed in."""

import django_filters
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.http import Http404

from api import parameters
from api.serializers import patterns as shapes
from api.views.base import RegistryView, answer, list_answer, page_for
from registry.choices import PairState
from registry.filters import NodesFilter
from registry.models import PatternNode, PatternPair, PatternRun, PatternTrend

LOWEST = -1e300


class PairFilterSet(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=PairState.choices)
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


class RunList(RegistryView):
    known = parameters.PAGE - {"expand"}

    def get(self, request):
        orderings = {"-id": ("-id",), "id": ("id",)}
        fields = tuple(shapes.RunShape().fields)
        asked = parameters.listing(request.query_params, orderings=orderings, default="-id", fields=fields)
        runs = PatternRun.objects.all()
        page = page_for(runs, asked, orderings=orderings, row=None, cursor_scope="runs:")
        rows = [shapes.run_of(run, self.addresses()) for run in page.rows]
        return list_answer(request, asked, page, rows, queryset=runs)


class OneRun(RegistryView):
    def get(self, request, number):
        return answer(request, shapes.run_of(run_or_404(number), self.addresses()), version=1)


class LatestRun(RegistryView):
    def get(self, request):
        run = PatternRun.objects.order_by("-pk").first()
        if run is None:
            raise Http404
        return answer(request, shapes.run_of(run, self.addresses()), version=1)


class RowsOfRun(RegistryView):
    """The rows of one kind in one run."""

    known = parameters.PAGE - {"expand"}
    orderings = {"id": ("id",), "-id": ("-id",)}
    default = "id"

    def get(self, request, number):
        rows = self.found(self.model.objects.filter(run=run_or_404(number)))
        fields = tuple(self.shape().fields)
        asked = parameters.listing(request.query_params, orderings=self.orderings, default=self.default, fields=fields)
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


class PairsOfRun(RowsOfRun):
    known = RowsOfRun.known | frozenset(PairFilterSet.base_filters)
    repeatable = RowsOfRun.repeatable | {"state", "node"}
    model, shape, build = PatternPair, shapes.PatternPairShape, shapes.pair_of
    orderings = {"-effect": ("-rank", "-id"), "-joint": ("-joint", "-id"), **RowsOfRun.orderings}
    default = "-effect"
    columns = (*shapes.PAIR_COLUMNS, "rank")

    def found(self, rows):
        ranked = rows.annotate(rank=Coalesce("effect", Value(LOWEST)))
        return parameters.filtered(PairFilterSet, self.request.query_params, ranked)


class NodesOfRun(RowsOfRun):
    model, shape, build, columns = PatternNode, shapes.PatternNodeShape, shapes.node_rate_of, shapes.NODE_COLUMNS


class TrendsOfRun(RowsOfRun):
    model, shape, build, columns = PatternTrend, shapes.PatternTrendShape, shapes.trend_of, shapes.TREND_COLUMNS
