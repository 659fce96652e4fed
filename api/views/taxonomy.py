"""The vocabularies."""

import django_filters
from django.http import Http404
from django.shortcuts import get_object_or_404

from api import describing
from api.serializers import taxonomy as shapes
from api.views.base import ListView, RegistryView, answer
from api.views.labels import node_or_404
from registry.filters import rows_of
from taxonomy.models import Node, ReferenceCell, Scheme, SeverityTier


class NodeFilterSet(django_filters.FilterSet):
    scheme = rows_of("scheme", Scheme.objects.all(), "slug")
    retired = django_filters.BooleanFilter(field_name="retired_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Node
        fields = []


# Read by anybody signed in, whatever the token's scopes.
OPEN = {"GET": ()}


@describing.listed("list_schemes", "The vocabularies")
class SchemeList(ListView):
    scopes = OPEN
    shape, columns = shapes.SchemeShape, shapes.SCHEME_COLUMNS
    orderings = {"order": ("order", "id"), "id": ("id",)}

    def found(self):
        return Scheme.objects.all()

    def row_of(self, row):
        return shapes.scheme_of(row, self.addresses())


class OneScheme(RegistryView):
    scopes = OPEN

    @describing.reads(shapes.SchemeShape, operation_id="read_scheme", summary="One vocabulary")
    def get(self, request, slug):
        scheme = get_object_or_404(Scheme, slug=slug)
        return answer(request, shapes.scheme_of(scheme, self.addresses()), version=scheme.version)


@describing.listed("list_nodes", "The terms of the vocabularies")
class NodeList(ListView):
    scopes = OPEN
    shape, columns, filter_set = shapes.NodeShape, shapes.NODE_COLUMNS, NodeFilterSet
    orderings = {"order": ("scheme_id", "order", "id"), "id": ("id",)}

    def found(self):
        return Node.objects.all()

    def row_of(self, row):
        return shapes.node_of(row, self.addresses())


class OneNode(RegistryView):
    scopes = OPEN

    @describing.reads(
        shapes.NodeDetailShape, operation_id="read_node", summary="One term with what stands below and beside it"
    )
    def get(self, request, key):
        node = node_or_404(key)
        row = Node.objects.filter(pk=node.pk).values_list(*shapes.NODE_COLUMNS, named=True).first()
        if row is None:
            raise Http404
        return answer(request, shapes.node_detail_of(node, row, self.addresses()), version=node.version)


@describing.listed("list_severity_tiers", "The ladder of severity")
class TierList(ListView):
    scopes = OPEN
    shape = shapes.TierShape
    orderings = {"rank": ("rank",), "-rank": ("-rank",)}

    def found(self):
        return SeverityTier.objects.all()

    def row_of(self, tier):
        return shapes.tier_of(tier)


@describing.listed("list_reference_matrix", "What each technique is against each failure mode, as published")
class ReferenceMatrix(ListView):
    scopes = OPEN
    shape, orderings = shapes.CellShape, {"id": ("id",)}

    def found(self):
        return ReferenceCell.objects.select_related("technique__scheme", "failure_mode__scheme")

    def row_of(self, cell):
        return shapes.cell_of(cell)
