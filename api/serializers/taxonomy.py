"""Schemes, nodes, severity tiers and the reference matrix as they go out."""

from rest_framework import serializers

from taxonomy.models import Certainty, DefinitionStatus, Relation, SchemeKind, Verdict

SCHEME_COLUMNS = (
    "id",
    "slug",
    "name",
    "kind",
    "description",
    "source",
    "source_url",
    "edition",
    "guidance",
    "allows_several",
    "order",
    "version",
    "created_at",
    "updated_at",
)
NODE_COLUMNS = (
    "id",
    "scheme_id",
    "scheme__slug",
    "scheme__name",
    "slug",
    "name",
    "aliases",
    "parent__slug",
    "definition",
    "definition_status",
    "applies_when",
    "does_not_apply_when",
    "examples",
    "source",
    "exclusive_group",
    "order",
    "retired_at",
    "replaced_by__slug",
    "replaced_by__scheme__slug",
    "version",
    "created_at",
    "updated_at",
)
TIER_COLUMNS = ("rank", "slug", "name", "criteria", "example")


class SchemeShape(serializers.Serializer):
    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(SchemeKind.choices)
    description = serializers.CharField()
    source = serializers.CharField()
    source_url = serializers.URLField(allow_null=True)
    edition = serializers.CharField()
    guidance = serializers.ListField(child=serializers.CharField())
    allows_several = serializers.BooleanField()
    order = serializers.IntegerField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    html_url = serializers.URLField()


class NodeShape(serializers.Serializer):
    id = serializers.IntegerField()
    key = serializers.CharField(help_text="scheme:slug, the name that is unique across schemes.")
    scheme = serializers.CharField()
    scheme_name = serializers.CharField()
    slug = serializers.CharField()
    name = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())
    parent = serializers.CharField(allow_null=True)
    definition = serializers.CharField()
    definition_status = serializers.ChoiceField(DefinitionStatus.choices)
    applies_when = serializers.ListField(child=serializers.CharField())
    does_not_apply_when = serializers.ListField(child=serializers.CharField())
    examples = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField()
    exclusive_group = serializers.CharField(allow_null=True)
    order = serializers.IntegerField()
    retired_at = serializers.DateTimeField(allow_null=True)
    replaced_by = serializers.CharField(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    html_url = serializers.URLField()


class OtherParentShape(serializers.Serializer):
    id = serializers.IntegerField()
    node = serializers.CharField()
    asserted_by = serializers.CharField()


class NodeMappingShape(serializers.Serializer):
    id = serializers.IntegerField()
    relation = serializers.ChoiceField(Relation.choices, help_text="How this node stands to the other.")
    node = serializers.CharField()
    source = serializers.CharField()


class NodeDetailShape(NodeShape):
    children = serializers.ListField(child=serializers.CharField())
    alternative_parents = OtherParentShape(many=True)
    mappings = NodeMappingShape(many=True)


class TierShape(serializers.Serializer):
    id = serializers.IntegerField()
    rank = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    criteria = serializers.CharField()
    example = serializers.CharField()


class CellShape(serializers.Serializer):
    id = serializers.IntegerField()
    technique = serializers.CharField()
    failure_mode = serializers.CharField()
    verdict = serializers.ChoiceField(Verdict.choices)
    certainty = serializers.ChoiceField(Certainty.choices)
    vulnerable_at_least = serializers.BooleanField(help_text="Vulnerable, taking uncertain for resistant.")
    vulnerable_at_most = serializers.BooleanField(help_text="Vulnerable, taking uncertain for vulnerable.")
    source = serializers.CharField()


# Read from the second node's side, a broad mapping is a narrow one.
REVERSED = {Relation.BROAD: Relation.NARROW, Relation.NARROW: Relation.BROAD}


def scheme_of(row, addresses):
    found = {name: getattr(row, name) for name in SCHEME_COLUMNS}
    return found | {"source_url": row.source_url or None, **addresses.scheme(row.slug)}


def node_of(row, addresses):
    scheme = row.scheme__slug
    found = {name: getattr(row, name) for name in NODE_COLUMNS if "__" not in name and name not in ("scheme_id",)}
    replacement = row.replaced_by__slug and f"{row.replaced_by__scheme__slug}:{row.replaced_by__slug}"
    return found | {
        "key": f"{scheme}:{row.slug}",
        "scheme": scheme,
        "scheme_name": row.scheme__name,
        "parent": row.parent__slug and f"{scheme}:{row.parent__slug}",
        "exclusive_group": row.exclusive_group or None,
        "replaced_by": replacement,
        **addresses.node(scheme, row.slug),
    }


def node_detail_of(node, row, addresses):
    """A node with what stands below and beside it."""
    children = node.children.order_by("order", "pk").values_list("slug", flat=True)
    others = node.alternative_parents.order_by("pk").select_related("parent__scheme")
    return node_of(row, addresses) | {
        "children": [f"{row.scheme__slug}:{slug}" for slug in children],
        "alternative_parents": [claim_of(one) for one in others],
        "mappings": mappings_of(node),
    }


def mappings_of(node):
    forth = node.mappings_from.order_by("pk").select_related("to_node__scheme")
    back = node.mappings_to.order_by("pk").select_related("from_node__scheme")
    return [
        *(mapped(one, one.relation, one.to_node) for one in forth),
        *(mapped(one, REVERSED.get(one.relation, one.relation), one.from_node) for one in back),
    ]


def mapped(mapping, relation, other):
    return {"id": mapping.pk, "relation": relation, "node": other.key, "source": mapping.source}


def claim_of(claim):
    return {"id": claim.pk, "node": claim.parent.key, "asserted_by": claim.asserted_by}


def tier_of(row):
    return {"id": row.rank, **{name: getattr(row, name) for name in TIER_COLUMNS}}


def cell_of(cell):
    return {
        "id": cell.pk,
        "technique": cell.technique.key,
        "failure_mode": cell.failure_mode.key,
        "verdict": cell.verdict,
        "certainty": cell.certainty,
        "vulnerable_at_least": cell.verdict == Verdict.VULNERABLE,
        "vulnerable_at_most": cell.verdict != Verdict.RESISTANT,
        "source": cell.source,
    }
