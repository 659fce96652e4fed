"""The vocabularies: read by anybody signed in, whatever the token's scopes."""

import django_filters
from django.http import Http404
from django.shortcuts import get_object_or_404

from api import parameters
from api.serializers import taxonomy as shapes
from api.views.base import RegistryView, answer, list_answer, page_for
from api.views.labels import node_or_404
from taxonomy.models import Node, ReferenceCell, Scheme, SeverityTier


class NodeFilterSet(django_filters.FilterSet):
    scheme = django_filters.ModelMultipleChoiceFilter(queryset=Scheme.objects.all(), to_field_name="slug")
    retired = django_filters.BooleanFilter(field_name="retired_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Node
        fields = []


class OpenView(RegistryView):
    scopes = {"GET": ()}
    known = parameters.PAGE - {"expand"}

    def list_of(self, queryset, *, orderings, default, row, build, shape):
        """One page of `queryset`; `row` makes the columns, `build` the answer's dict of each."""
        fields = tuple(shape().fields)
        asked = parameters.listing(self.request.query_params, orderings=orderings, default=default, fields=fields)
        scope = f"{type(self).__name__}:"
        page = page_for(queryset, asked, orderings=orderings, row=row, cursor_scope=scope)
        rows = [build(each) for each in page.rows]
        return list_answer(self.request, asked, page, rows, queryset=queryset)


class SchemeList(OpenView):
    def get(self, request):
        return self.list_of(
            Scheme.objects.all(),
            orderings={"order": ("order", "id"), "id": ("id",)},
            default="order",
            row=lambda rows: rows.values_list(*shapes.SCHEME_COLUMNS, named=True),
            build=lambda row: shapes.scheme_of(row, self.addresses()),
            shape=shapes.SchemeShape,
        )


class OneScheme(OpenView):
    known = frozenset()

    def get(self, request, slug):
        scheme = get_object_or_404(Scheme, slug=slug)
        return answer(request, shapes.scheme_of(scheme, self.addresses()), version=scheme.version)


class NodeList(OpenView):
    known = OpenView.known | frozenset(NodeFilterSet.base_filters)
    repeatable = OpenView.repeatable | {"scheme"}

    def get(self, request):
        return self.list_of(
            parameters.filtered(NodeFilterSet, request.query_params, Node.objects.all()),
            orderings={"order": ("scheme_id", "order", "id"), "id": ("id",)},
            default="order",
            row=lambda rows: rows.values_list(*shapes.NODE_COLUMNS, named=True),
            build=lambda row: shapes.node_of(row, self.addresses()),
            shape=shapes.NodeShape,
        )


class OneNode(OpenView):
    known = frozenset()

    def get(self, request, key):
        node = node_or_404(key)
        row = Node.objects.filter(pk=node.pk).values_list(*shapes.NODE_COLUMNS, named=True).first()
        if row is None:
            raise Http404
        return answer(request, shapes.node_detail_of(node, row, self.addresses()), version=node.version)


class TierList(OpenView):
    def get(self, request):
        return self.list_of(
            SeverityTier.objects.all(),
            orderings={"rank": ("rank",), "-rank": ("-rank",)},
            default="rank",
            row=None,
            build=shapes.tier_of,
            shape=shapes.TierShape,
        )


class ReferenceMatrix(OpenView):
    def get(self, request):
        cells = ReferenceCell.objects.select_related("technique__scheme", "failure_mode__scheme")
        return self.list_of(
            cells, orderings={"id": ("id",)}, default="id", row=None, build=shapes.cell_of, shape=shapes.CellShape
        )
