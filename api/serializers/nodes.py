"""What became of nodes and how they are used: versions, changes, mappings, files of schemes, and the relabel queue."""

from rest_framework import serializers

from api.addresses import reference_of
from registry.choices import TaxonomyChangeKind
from taxonomy.models import Relation

OF_NODES = {"parent_id": "parent", "replaced_by_id": "replaced_by"}


class NodeVersionShape(serializers.Serializer):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    person = serializers.CharField(allow_null=True, help_text="Null where the registry itself wrote it.")
    reason = serializers.CharField()
    changed = serializers.ListField(child=serializers.CharField(), help_text="What differs from the version before.")
    said = serializers.JSONField(help_text="What the node said in this version, field by field.")


class NodeVersionsShape(serializers.Serializer):
    results = NodeVersionShape(many=True, help_text="The newest first, 60 at most.")


def version_of(version, keys):
    """`keys`: {node id: `scheme:slug`} of the nodes that versions name."""
    return {
        "id": version["event"],
        "at": version["at"],
        "person": version["person"] and version["person"].username,
        "reason": version["reason"],
        "changed": [OF_NODES.get(name, name) for name in version["changed"]],
        "said": {
            OF_NODES.get(name, name): keys.get(value) if name in OF_NODES else value
            for name, value in version["now"].items()
            if not name.startswith("pgh_")
        },
    }


class MappingShape(serializers.Serializer):
    id = serializers.IntegerField()
    url = serializers.URLField()
    html_url = serializers.URLField(help_text="The page of `node`.")
    node = serializers.CharField()
    relation = serializers.ChoiceField(Relation.choices, help_text="How `node` stands to `other`.")
    other = serializers.CharField()
    source = serializers.CharField()


def mapping_of(mapping, addresses):
    node = mapping.from_node
    return {
        "id": mapping.pk,
        **addresses.mapping(mapping.pk, node),
        "node": node.key,
        "relation": mapping.relation,
        "other": mapping.to_node.key,
        "source": mapping.source,
    }


class ChangedTermShape(serializers.Serializer):
    slug = serializers.CharField()
    fields = serializers.ListField(child=serializers.CharField())


class SchemeComparisonShape(serializers.Serializer):
    scheme = serializers.CharField(help_text="The slug of the scheme that the file holds.")
    is_new = serializers.BooleanField()
    changes_nothing = serializers.BooleanField()
    n_new = serializers.IntegerField()
    n_changed = serializers.IntegerField()
    n_unchanged = serializers.IntegerField()
    n_gone = serializers.IntegerField(help_text="Nodes of ours that the file does not have; they stay.")
    scheme_changes = serializers.ListField(child=serializers.CharField())
    new = serializers.ListField(child=serializers.CharField(), help_text="Slugs.")
    changed = ChangedTermShape(many=True)
    gone = serializers.ListField(child=serializers.CharField())
    notes = serializers.ListField(child=serializers.CharField(), help_text="What of the file is not taken, and why.")
    state = serializers.CharField(help_text="To send as `seen`.")


def comparison_of(found, state):
    return {
        "scheme": found.vocabulary.slug,
        "is_new": found.scheme is None,
        "changes_nothing": found.changes_nothing,
        "n_new": len(found.new),
        "n_changed": len(found.changed),
        "n_unchanged": len(found.unchanged),
        "n_gone": len(found.gone),
        "scheme_changes": found.scheme_changes,
        "new": [term.slug for term in found.new],
        "changed": [{"slug": term.slug, "fields": differs} for term, differs in found.changed],
        "gone": [term.slug for term in found.gone],
        "notes": found.notes,
        "state": state,
    }


class TaxonomyChangeShape(serializers.Serializer):
    id = serializers.IntegerField()
    url = serializers.URLField()
    html_url = serializers.URLField(help_text="The cases that wait because of it.")
    kind = serializers.ChoiceField(TaxonomyChangeKind.choices)
    node = serializers.CharField()
    targets = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField()
    made_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    n_waiting = serializers.IntegerField(help_text="Cases to look at again, of those whose labels you may know.")


def change_of(change, addresses):
    """`change` with `target_slugs` and `n_waiting` read beside it."""
    scheme = change.node.scheme.slug
    return {
        "id": change.pk,
        **addresses.taxonomy_change(change.pk),
        "kind": change.kind,
        "node": change.node.key,
        "targets": [f"{scheme}:{slug}" for slug in change.target_slugs],
        "reason": change.reason,
        "made_by": change.made_by.username,
        "created_at": change.made_at,
        "n_waiting": change.n_waiting,
    }


class TouchedCaseShape(serializers.Serializer):
    case = serializers.CharField()
    title = serializers.CharField()
    becomes = serializers.CharField(help_text="What becomes of it, in words.")


class RaterToLookShape(serializers.Serializer):
    name = serializers.CharField()
    n = serializers.IntegerField()


class NodeChangePreviewShape(serializers.Serializer):
    """What a change would do, as far as the caller may know it."""

    n_cases = serializers.IntegerField(help_text="Cases that it touches.")
    n_to_look_at = serializers.IntegerField()
    n_children = serializers.IntegerField(help_text="Nodes in use that stand directly below.")
    cases = TouchedCaseShape(many=True, help_text="The latest ten.")
    raters = RaterToLookShape(many=True, help_text="Who labelled those that have to be looked at again.")
    state = serializers.CharField(help_text="To send as `seen`.")


def preview_of(preview):
    return {
        "n_cases": preview["n"],
        "n_to_look_at": preview["n_to_look_at"],
        "n_children": preview["n_children"],
        "cases": [
            {"case": case.reference, "title": case.title, "becomes": becomes} for case, becomes in preview["rows"]
        ],
        "raters": [{"name": name, "n": n} for name, n in preview["raters"]],
        "state": preview["state"],
    }


class RelabelShape(serializers.Serializer):
    id = serializers.IntegerField()
    url = serializers.URLField()
    html_url = serializers.URLField()
    case = serializers.CharField()
    title = serializers.CharField()
    change = serializers.IntegerField()
    kind = serializers.ChoiceField(TaxonomyChangeKind.choices)
    node = serializers.CharField(help_text="The node that was changed.")
    targets = serializers.ListField(child=serializers.CharField(), help_text="What may stand for it.")
    done_at = serializers.DateTimeField(allow_null=True)
    done_by = serializers.CharField(allow_null=True)


def relabel_of(row, addresses):
    """`row` with `target_slugs` read beside it."""
    scheme = row.change.node.scheme.slug
    return {
        "id": row.pk,
        **addresses.relabel(row.pk, row.change_id),
        "case": reference_of(row.case_id),
        "title": row.case.title,
        "change": row.change_id,
        "kind": row.change.kind,
        "node": row.change.node.key,
        "targets": [f"{scheme}:{slug}" for slug in row.target_slugs],
        "done_at": row.done_at,
        "done_by": row.done_by and row.done_by.username,
    }
