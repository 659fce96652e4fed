"""Nodes: list, make, read and change what they say, with their versions, their use, and where others would put them."""

import django_filters
from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.finding import row_or_404
from api.models import Scope
from api.rendering import as_json
from api.serializers import nodes as node_shapes
from api.serializers import taxonomy as shapes
from api.serializers.case_input import checked
from api.serializers.node_use import NodeUseShape, use_of
from api.serializers.vocabulary_input import ClaimInput, NodeChangeInput, NodeInput
from api.versions import required_version, stale
from api.views.base import ListView, RegistryView, answer
from api.views.labels import node_or_404
from api.views.schemes import OPEN, WRITE
from registry.actions import nodes
from registry.actions.signing import Conflict
from registry.filter_fields import NodesFilter, SearchFilter, rows_of
from registry.node_versions import differing, versions_of
from taxonomy.models import DefinitionStatus, Mapping, Node, Scheme

BELOW = """
WITH RECURSIVE below AS (
    SELECT unnest(%s::integer[]) AS id UNION SELECT n.id FROM taxonomy_node n JOIN below ON n.parent_id = below.id
) SELECT id FROM below"""
NEW_NODE = {
    "slug": "reads-the-tests",
    "name": "Reads the tests",
    "definition": "It looks up what is checked instead of doing what is asked.",
    "applies_when": ["The log shows that it opened the tests."],
}


class NodeFilterSet(django_filters.FilterSet):
    scheme = rows_of("scheme", Scheme.objects.all(), "slug")
    retired = django_filters.BooleanFilter(field_name="retired_at", lookup_expr="isnull", exclude=True)
    under = NodesFilter(method="below", label="These nodes and what stands below them")
    definition_status = django_filters.MultipleChoiceFilter(choices=DefinitionStatus.choices, distinct=False)
    mapped = django_filters.BooleanFilter(method="with_mappings", label="Has a mapping to another scheme")
    q = SearchFilter(method="saying", label="Every word stands in its name, slug, other names or definition")

    class Meta:
        model = Node
        fields = []

    def below(self, queryset, name, found):
        wanted = [node.pk for node in Node.objects.raw(BELOW, [[node.pk for node in found]])]
        return queryset.filter(pk__in=wanted) if found else queryset

    def with_mappings(self, queryset, name, wanted):
        mapped = Exists(Mapping.objects.filter(Q(from_node=OuterRef("pk")) | Q(to_node=OuterRef("pk"))))
        return queryset.filter(mapped if wanted else ~mapped)

    def saying(self, queryset, name, words):
        names = Cast("aliases", TextField())
        for word in words.split():
            said = Q(name__icontains=word) | Q(slug__icontains=word) | Q(definition__icontains=word)
            queryset = queryset.alias(names=names).filter(said | Q(names__icontains=word))
        return queryset


@describing.listed("list_nodes", "The terms of the vocabularies")
class NodeList(ListView):
    scopes = OPEN
    shape, build, columns, filter_set = shapes.NodeShape, shapes.node_of, shapes.NODE_COLUMNS, NodeFilterSet
    orderings = {"order": ("scheme_id", "order", "id"), "id": ("id",)}

    def found(self):
        return Node.objects.all()


class NodeView(RegistryView):
    """What answers with one node."""

    def data_of(self, node):
        row = Node.objects.filter(pk=node.pk).values_list(*shapes.NODE_COLUMNS, named=True).first()
        if row is None:
            raise Http404
        return shapes.node_detail_of(node, row, self.addresses())


class NewNode(NodeView):
    scopes = {"POST": WRITE}

    @describing.writes(
        shapes.NodeDetailShape,
        takes=NodeInput,
        status=201,
        operation_id="make_node",
        summary="Make a node, the last among its siblings; administrators only",
        examples=[describing.example("A topmost node", NEW_NODE)],
    )
    def post(self, request, slug):
        scheme = get_object_or_404(Scheme, slug=slug)
        values = checked(NodeInput, request.data)
        node = nodes.make_node(scheme=scheme, by=request.user, at=timezone.now(), **values)
        data = self.data_of(node)
        return answer(request, data, version=node.version, status=201, headers={"Location": data["url"]})


class OneNode(NodeView):
    scopes = OPEN | {"PATCH": WRITE}

    @describing.reads(
        shapes.NodeDetailShape, operation_id="read_node", summary="One term with what stands below and beside it"
    )
    def get(self, request, key):
        node = node_or_404(key)
        return answer(request, self.data_of(node), version=node.version)

    @describing.writes(
        shapes.NodeDetailShape,
        takes=NodeChangeInput,
        matched=True,
        operation_id="edit_node",
        summary="Change what a node says; reviewers and administrators. Labels given before stay",
        examples=[
            describing.example(
                "A criterion", {"applies_when": ["The reward was misjudged."], "reason": "Raters mixed it up."}
            )
        ],
    )
    def patch(self, request, key):
        node = node_or_404(key)
        version = required_version(request, node.version)
        values = checked(NodeChangeInput, request.data)
        try:
            node = nodes.edit_node(node=node, by=request.user, at=timezone.now(), version=version, **values)
        except Conflict as conflict:
            raise self.stale(conflict.current, version, values) from None
        return answer(request, self.data_of(node), version=node.version)

    def stale(self, current, version, values):
        """Both texts: what the caller sent they have, `current` is what stands there now."""
        theirs = {name: getattr(current, name) for name in values if name != "reason"}
        return stale(
            "The node",
            current.version,
            as_json(self.data_of(current)),
            changed=[node_shapes.OF_NODES.get(name, name) for name in differing(current, version)],
            current={name: value for name, value in theirs.items() if value != values[name]},
        )


class NodeVersions(RegistryView):
    scopes = OPEN

    @extend_schema(
        operation_id="list_node_versions",
        summary="What a node said before, who changed it and why",
        responses={200: node_shapes.NodeVersionsShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, key):
        versions = versions_of(node_or_404(key))
        named = {each["now"][name] for each in versions for name in node_shapes.OF_NODES}
        keys = {node.pk: node.key for node in Node.objects.filter(pk__in=named - {None}).select_related("scheme")}
        return Response({"results": [node_shapes.version_of(each, keys) for each in versions]})


class NodeUse(RegistryView):
    scopes = {"GET": (Scope.CASES_READ,)}

    @extend_schema(
        operation_id="read_node_use",
        summary="How a node is used in the cases you may see, and how far raters agree on it",
        responses={200: NodeUseShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, key):
        return Response(use_of(node_or_404(key), request.user, self.addresses()))


class ClaimList(RegistryView):
    scopes = {"POST": WRITE}

    @describing.writes(
        shapes.OtherParentShape,
        takes=ClaimInput,
        status=201,
        operation_id="claim_parent",
        summary="Write down that somebody would put the node under another parent; administrators only",
        examples=[describing.example("Whoever says so", {"parent": "house-style:terse", "asserted_by": "Okafor 2026"})],
    )
    def post(self, request, key):
        node = node_or_404(key)
        claim = nodes.claim_parent(node=node, by=request.user, at=timezone.now(), **checked(ClaimInput, request.data))
        location = self.addresses().claim(node, claim.pk)
        return answer(request, shapes.claim_of(claim), version=1, status=201, headers={"Location": location})


class OneClaim(RegistryView):
    scopes = OPEN | {"DELETE": WRITE}

    @describing.reads(shapes.OtherParentShape, operation_id="read_claim", summary="One alternative parent of a node")
    def get(self, request, key, number):
        return answer(request, shapes.claim_of(claim_or_404(key, number)), version=1)

    @extend_schema(
        operation_id="drop_claim",
        summary="Remove an alternative parent; the history keeps it; administrators only",
        responses={204: None, **describing.refusals(*describing.READING, 409)},
    )
    def delete(self, request, key, number):
        nodes.drop_claim(claim=claim_or_404(key, number), by=request.user, at=timezone.now())
        return Response(status=204)


def claim_or_404(key, number):
    return row_or_404(node_or_404(key).alternative_parents.select_related("parent__scheme"), number)
