"""Severity tiers and the reference matrix."""

import django_filters

from api import describing
from api.serializers import taxonomy as shapes
from api.views.base import ListView
from api.views.schemes import OPEN
from registry.filter_fields import NodesFilter
from taxonomy.models import Certainty, ReferenceCell, SeverityTier, Verdict


@describing.listed("list_severity_tiers", "The ladder of severity")
class TierList(ListView):
    scopes = OPEN
    shape = shapes.TierShape
    orderings = {"rank": ("rank",), "-rank": ("-rank",)}

    def found(self):
        return SeverityTier.objects.all()

    def row_of(self, tier):
        return shapes.tier_of(tier)


class CellFilterSet(django_filters.FilterSet):
    technique = NodesFilter(label="These techniques")
    failure_mode = NodesFilter(label="These failure modes")
    verdict = django_filters.MultipleChoiceFilter(choices=Verdict.choices, distinct=False)
    certainty = django_filters.MultipleChoiceFilter(choices=Certainty.choices, distinct=False)

    class Meta:
        model = ReferenceCell
        fields = []


@describing.listed("list_reference_matrix", "What each technique is against each failure mode, as published")
class ReferenceMatrix(ListView):
    scopes = OPEN
    shape, filter_set, orderings = shapes.CellShape, CellFilterSet, {"id": ("id",)}

    def found(self):
        return ReferenceCell.objects.select_related("technique__scheme", "failure_mode__scheme")

    def row_of(self, cell):
        return shapes.cell_of(cell)
