"""The versions of what a node says, as its page of versions shows them."""

from registry import node_versions
from registry.web.differences import difference
from taxonomy.models import Node

WORDS = dict(
    zip(
        node_versions.FIELDS,
        (
            *("Name", "Other names", "Definition", "State of the definition", "Applies when", "Does not apply when"),
            *("Needs all criteria", "Examples", "Source", "Exclusive group", "Parent", "Retired", "Replaced by"),
        ),
        strict=True,
    )
)
BY_REGISTRY = "The registry"
LISTS = ("aliases", "applies_when", "does_not_apply_when", "examples")


def versions_of(node):
    """The versions, newest first: {event, at, person, reason, changes: [(field, difference)], is_now}.

    `stood_under` is there where the node was moved to where it stands: the id of the parent before, 0 for none.
    """
    found = node_versions.versions_of(node)
    names = _names([row for each in found for row in (each["before"], each["now"]) if row])
    return [_in_words(each, number == 0, names, node) for number, each in enumerate(found)]


def _in_words(each, is_now, names, node):
    before, now = each["before"], each["now"]
    version = {name: each[name] for name in ("event", "at", "reason")} | {"is_now": is_now}
    version["person"] = each["person"].name if each["person"] else BY_REGISTRY
    version["changes"] = [
        (WORDS[field], difference(_said(before, field, names), _said(now, field, names))) for field in each["changed"]
    ]
    # A move is undone by moving back, while the node stands where it was moved to.
    if before and before["parent_id"] != now["parent_id"] == node.parent_id:
        version["stood_under"] = before["parent_id"] or 0
    return version


def _names(rows):
    numbers = {row[field] for row in rows for field in ("parent_id", "replaced_by_id")} - {None}
    return dict(Node.objects.filter(pk__in=numbers).values_list("pk", "name")) if numbers else {}


def _said(row, field, names):
    value = row[field]
    if field in LISTS:
        return " · ".join(value)
    if field in ("parent_id", "replaced_by_id"):
        return names.get(value, "none")
    if field == "retired_at":
        return "retired" if value else "in use"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value or "")
