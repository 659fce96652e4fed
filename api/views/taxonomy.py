"""The vocabularies: read by anybody signed in, whatever the token's scopes."""

import django_filters
from django.http import Http404
from django.shortcuts import get_object_or_404

from api import describing, parameters
from api.serializers import taxonomy as shapes
from api.views.base import RegistryView, answer, list_answer, page_for
from api.views.labels import node_or_404
from registry.filters import rows_of
from taxonomy.models import Node, ReferenceCell, Scheme, SeverityTier


class NodeFilterSet(django_filters.FilterSet):
    scheme = rows_of("scheme", Scheme.objects.all(), "slug")
    retired = django_filters.BooleanFilter(field_name="retired_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Node
        fields = []


class OpenView(RegistryView):
    """A list whose `orderings` and `default` are attributes; the first page of a vocabulary is often all of it."""

    scopes = {"GET": ()}
    known = parameters.PAGE - {"expand"}

    def list_of(self, queryset, *, orderings, row, build, shape):
        """One page of `queryset`; `row` makes the columns, `build` the answer's dict of each."""
        asked = parameters.listing(
            self.request.query_params, orderings=orderings, default=next(iter(orderings)), fields=tuple(shape().fields)
        )
        scope = f"{type(self).__name__}:"
        page = page_for(queryset, asked, orderings=orderings, row=row, cursor_scope=scope)
        rows = [build(each) for each in page.rows]
        return list_answer(self.request, asked, page, rows, queryset=queryset)


# The first of each is the default.
SCHEME_ORDERINGS = {"order": ("order", "id"), "id": ("id",)}
NODE_ORDERINGS = {"order": ("scheme_id", "order", "id"), "id": ("id",)}
TIER_ORDERINGS = {"rank": ("rank",), "-rank": ("-rank",)}
CELL_ORDERINGS = {"id": ("id",)}


class SchemeList(OpenView):
    @describing.lists(
        shapes.SchemeShape,
        orderings=SCHEME_ORDERINGS,
        default="order",
        operation_id="list_schemes",
        summary="The vocabularies",
    )
    def get(self, request):
        return self.list_of(
            Scheme.objects.all(),
            orderings=SCHEME_ORDERINGS,
            row=lambda rows: rows.values_list(*shapes.SCHEME_COLUMNS, named=True),
            build=lambda row: shapes.scheme_of(row, self.addresses()),
            shape=shapes.SchemeShape,
        )


class OneScheme(OpenView):
    known = frozenset()

    @describing.reads(shapes.SchemeShape, operation_id="read_scheme", summary="One vocabulary")
    def get(self, request, slug):
        scheme = get_object_or_404(Scheme, slug=slug)
        return answer(request, shapes.scheme_of(scheme, self.addresses()), version=scheme.version)


class NodeList(OpenView):
    known = OpenView.known | frozenset(NodeFilterSet.base_filters)
    repeatable = OpenView.repeatable | {"scheme"}

    @describing.lists(
        shapes.NodeShape,
        orderings=NODE_ORDERINGS,
        default="order",
        filter_set=NodeFilterSet,
        operation_id="list_nodes",
        summary="The terms of the vocabularies",
    )
    def get(self, request):
        return self.list_of(
            parameters.filtered(NodeFilterSet, request.query_params, Node.objects.all()),
            orderings=NODE_ORDERINGS,
            row=lambda rows: rows.values_list(*shapes.NODE_COLUMNS, named=True),
            build=lambda row: shapes.node_of(row, self.addresses()),
            shape=shapes.NodeShape,
        )


class OneNode(OpenView):
    known = frozenset()

    @describing.reads(
        shapes.NodeDetailShape, operation_id="read_node", summary="One term with what stands below and beside it"
    )
    def get(self, request, key):
        node = node_or_404(key)
        row = Node.objects.filter(pk=node.pk).values_list(*shapes.NODE_COLUMNS, named=True).first()
        if row is None:
            raise Http404
        return answer(request, shapes.node_detail_of(node, row, self.addresses()), version=node.version)


class TierList(OpenView):
    @describing.lists(
        shapes.TierShape,
        orderings=TIER_ORDERINGS,
        default="rank",
        operation_id="list_severity_tiers",
        summary="The ladder of severity",
    )
    def get(self, request):
        return self.list_of(
            SeverityTier.objects.all(),
            orderings=TIER_ORDERINGS,
            row=None,
            build=shapes.tier_of,
            shape=shapes.TierShape,
        )


class ReferenceMatrix(OpenView):
    @describing.lists(
        shapes.CellShape,
        orderings=CELL_ORDERINGS,
        default="id",
        operation_id="list_reference_matrix",
        summary="What each technique is against each failure mode, as published",
    )
    def get(self, request):
        return self.list_of(
            ReferenceCell.objects.select_related("technique__scheme", "failure_mode__scheme"),
            orderings=CELL_ORDERINGS,
            row=None,
            build=shapes.cell_of,
            shape=shapes.CellShape,
        )
