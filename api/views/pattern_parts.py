"""What a run found beside pairs and trends: safeguards, strata of its pairs, foresight and rates per use."""

from functools import cached_property

import django_filters

from api import describing
from api.serializers import pattern_parts as shapes
from api.views.pattern_rows import OfOneRun, latest_rows
from api.views.patterns import NodeRowFilterSet
from registry.choices import Dimension, ExposureUnit
from registry.filter_fields import NodesFilter, WholeFilter, one_of
from registry.models import PatternExposure, PatternForesight, PatternLayers, PatternMiss, PatternSplit
from registry.picking import SYSTEMS, seen
from taxonomy.models import Node

MOST_FIRST = {"-n": ("-n", "-id"), **OfOneRun.orderings}


class LayersFilterSet(django_filters.FilterSet):
    technique = NodesFilter(method="with_outcome", label="The outcome of any of these is known")

    class Meta:
        model = PatternLayers
        fields = []

    def with_outcome(self, queryset, name, nodes):
        wanted = [node.pk for node in nodes]
        known = queryset.filter(missed__overlap=wanted) | queryset.filter(caught__overlap=wanted)
        return known if wanted else queryset


class MissFilterSet(django_filters.FilterSet):
    technique = NodesFilter(label="Any of these techniques")
    failure_mode = NodesFilter(label="Any of these failure modes")
    absent = django_filters.BooleanFilter(label="Whether it was not in place")

    class Meta:
        model = PatternMiss
        fields = []


class SplitFilterSet(django_filters.FilterSet):
    pair = WholeFilter(label="Number of a pair of this run")
    dimension = one_of(Dimension)
    node = NodesFilter(field_name="pair__node_a", other="pair__node_b", label="Either node of the pair is one of these")

    class Meta:
        model = PatternSplit
        fields = []


class ForesightFilterSet(NodeRowFilterSet):
    class Meta:
        model = PatternForesight
        fields = []


class RunExposureFilterSet(django_filters.FilterSet):
    unit = one_of(ExposureUnit)

    class Meta:
        model = PatternExposure
        fields = []


@describing.listed("list_pattern_safeguards", "Which techniques missed and caught it together", **OfOneRun.told)
class SafeguardsOfRun(OfOneRun):
    model, shape, columns = PatternLayers, shapes.LayersShape, shapes.LAYER_COLUMNS
    filter_set, orderings = LayersFilterSet, MOST_FIRST

    @cached_property
    def keys(self):
        rows = Node.objects.values_list("pk", "scheme__slug", "slug")
        return {number: f"{scheme}:{slug}" for number, scheme, slug in rows}

    def row_of(self, row):
        return shapes.layers_of(row, self.addresses(), self.keys)


@describing.listed("list_pattern_misses", "How each technique missed, or was not there", **OfOneRun.told)
class MissesOfRun(OfOneRun):
    model, shape, build, columns = PatternMiss, shapes.MissShape, shapes.miss_of, shapes.MISS_COLUMNS
    filter_set, orderings = MissFilterSet, MOST_FIRST


@describing.listed("list_pattern_splits", "Flagged pairs by setting, source and year", **OfOneRun.told)
class SplitsOfRun(OfOneRun):
    model, shape, build, columns = PatternSplit, shapes.SplitShape, shapes.split_of, shapes.SPLIT_COLUMNS
    filter_set = SplitFilterSet

    def rows_in(self, run):
        return PatternSplit.objects.filter(pair__run=run)


@describing.listed("list_pattern_foresight", "How foreseeable the events with each node were", **OfOneRun.told)
class ForesightOfRun(OfOneRun):
    model, shape, columns = PatternForesight, shapes.ForesightShape, shapes.FORESIGHT_COLUMNS
    build, filter_set = shapes.foresight_of, ForesightFilterSet


@describing.listed("list_pattern_exposures", "Events of each system for its recorded use", **OfOneRun.told)
class ExposuresOfRun(OfOneRun):
    """Of systems that a case names which the caller may see now, so that a reader keeps none of it unasked."""

    model, shape, build, columns = (
        PatternExposure,
        shapes.RunExposureShape,
        shapes.run_exposure_of,
        shapes.EXPOSURE_COLUMNS,
    )
    filter_set = RunExposureFilterSet

    def rows_in(self, run):
        return super().rows_in(run).filter(system__in=seen(self.request.user, SYSTEMS))

    def get(self, request, **address):
        response = super().get(request, **address)
        response["Cache-Control"] = "private, no-cache"
        return response


KINDS = {
    "safeguards": SafeguardsOfRun,
    "misses": MissesOfRun,
    "splits": SplitsOfRun,
    "foresight": ForesightOfRun,
    "exposures": ExposuresOfRun,
}
LATEST_ROWS = {kind: latest_rows(kind, rows) for kind, rows in KINDS.items()}
