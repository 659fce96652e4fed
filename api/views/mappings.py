"""How nodes of different schemes stand to one another."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.finding import row_or_404
from api.serializers import nodes as shapes
from api.serializers.case_input import checked
from api.serializers.vocabulary_input import MappingInput
from api.views.base import ListView, RegistryView, answer
from api.views.schemes import OPEN, WRITE
from registry.actions import nodes
from registry.filter_fields import NodesFilter, SeveralFilter
from taxonomy.models import Mapping, Relation


class MappingFilterSet(django_filters.FilterSet):
    scheme = SeveralFilter(
        field_name="from_node__scheme__slug",
        other="to_node__scheme__slug",
        label="Either of its nodes is of one of these schemes",
    )
    node = NodesFilter(field_name="from_node", other="to_node", label="Either of its nodes is one of these")
    relation = django_filters.MultipleChoiceFilter(choices=Relation.choices, distinct=False)

    class Meta:
        model = Mapping
        fields = []


def all_mappings():
    return Mapping.objects.select_related("from_node__scheme", "to_node__scheme")


@describing.listed("list_mappings", "How nodes of different schemes stand to one another")
class MappingList(ListView):
    scopes = OPEN | {"POST": WRITE}
    shape, build, filter_set = shapes.MappingShape, shapes.mapping_of, MappingFilterSet

    def found(self):
        return all_mappings()

    @describing.writes(
        shapes.MappingShape,
        takes=MappingInput,
        status=201,
        operation_id="map_nodes",
        summary="Write down how a node stands to one of another scheme; administrators only",
        examples=[
            describing.example(
                "The other is wider",
                {
                    "node": "house-style:reads-the-tests",
                    "relation": "broad",
                    "other": "mechanism:specification-gaming",
                    "source": "Our review of 2026.",
                },
            )
        ],
    )
    def post(self, request):
        mapping = nodes.map_nodes(by=request.user, at=timezone.now(), **checked(MappingInput, request.data))
        data = self.row_of(mapping)
        return answer(request, data, version=1, status=201, headers={"Location": data["url"]})


class OneMapping(RegistryView):
    scopes = OPEN | {"DELETE": WRITE}

    @describing.reads(shapes.MappingShape, operation_id="read_mapping", summary="One mapping")
    def get(self, request, number):
        mapping = row_or_404(all_mappings(), number)
        return answer(request, shapes.mapping_of(mapping, self.addresses()), version=1)

    @extend_schema(
        operation_id="drop_mapping",
        summary="Remove a mapping; the history keeps it; administrators only",
        responses={204: None, **describing.refusals(*describing.READING, 409)},
    )
    def delete(self, request, number):
        mapping = row_or_404(all_mappings(), number)
        nodes.drop_mapping(mapping=mapping, by=request.user, at=timezone.now())
        return Response(status=204)
