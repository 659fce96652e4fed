"""What the pattern runs found. They count only cases that were open to everyone signed in."""

import django_filters
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.http import Http404

from api import describing
from api.serializers import patterns as shapes
from api.views.base import ListView, RegistryView, answer
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


PAIR_ORDERINGS = {"-effect": ("-rank", "-id"), "-joint": ("-joint", "-id"), **ListView.orderings}


@describing.listed("list_pattern_runs", "Every computation of the pattern statistics")
class RunList(ListView):
    shape, orderings = shapes.RunShape, {"-id": ("-id",), "id": ("id",)}

    def found(self):
        return PatternRun.objects.all()

    def row_of(self, run):
        return shapes.run_of(run, self.addresses())


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


class RowsOfRun(ListView):
    """The rows of one kind in one run."""

    def found(self, number):
        return self.model.objects.filter(run=run_or_404(number))

    def row_of(self, row):
        return type(self).build(row, self.addresses())


@describing.listed("list_pattern_pairs", "Pairs of nodes: counts, effect, test and movement")
class PairsOfRun(RowsOfRun):
    model, shape, build = PatternPair, shapes.PatternPairShape, shapes.pair_of
    filter_set, orderings = PairFilterSet, PAIR_ORDERINGS
    columns = (*shapes.PAIR_COLUMNS, "rank")

    def found(self, number):
        return super().found(number).annotate(rank=Coalesce("effect", Value(LOWEST)))


@describing.listed("list_pattern_nodes", "How often each node is carried")
class NodesOfRun(RowsOfRun):
    model, shape, build, columns = PatternNode, shapes.PatternNodeShape, shapes.node_rate_of, shapes.NODE_COLUMNS


@describing.listed("list_pattern_trends", "Weekly counts of each node")
class TrendsOfRun(RowsOfRun):
    model, shape, build, columns = PatternTrend, shapes.PatternTrendShape, shapes.trend_of, shapes.TREND_COLUMNS
