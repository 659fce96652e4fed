"""The versions of what a node says, from its history: who changed what, when and why."""

from itertools import pairwise

from registry import blind
from registry.models import Label, Person
from registry.web.differences import difference
from taxonomy.models import Node

FIELDS = {
    "name": "Name",
    "aliases": "Other names",
    "definition": "Definition",
    "definition_status": "State of the definition",
    "applies_when": "Applies when",
    "does_not_apply_when": "Does not apply when",
    "needs_all_criteria": "Needs all criteria",
    "examples": "Examples",
    "source": "Source",
    "exclusive_group": "Exclusive group",
    "parent_id": "Parent",
    "retired_at": "Retired",
    "replaced_by_id": "Replaced by",
}
MEANING = ("definition", "applies_when", "does_not_apply_when", "needs_all_criteria")
MOST = 60
BY_REGISTRY = "The registry"
LISTS = ("aliases", "applies_when", "does_not_apply_when", "examples")


def versions_of(node):
    """The versions, newest first: {event, at, person, reason, changes: [(field, difference)], is_now}.

    `stood_under` is there where the node was moved to where it stands: the id of the parent before, 0 for none.
    """
    rows = _events(node)
    names = _names(rows)
    people = _people(rows)
    versions = [_first(rows[0], people)] if rows else []
    for before, now in pairwise(rows):
        changes = [
            (words, difference(_said(before, field, names), _said(now, field, names)))
            for field, words in FIELDS.items()
            if before[field] != now[field]
        ]
        if changes:
            versions.append(_version(now, people, changes))
            # A move is undone by moving back, while the node stands where it was moved to.
            if before["parent_id"] != now["parent_id"] == node.parent_id:
                versions[-1]["stood_under"] = before["parent_id"] or 0
    versions = versions[::-1][:MOST]
    for number, version in enumerate(versions):
        version["is_now"] = number == 0
    return versions


def version_at(node, number):
    """The values the node had in the version that this event wrote; None for no version of it."""
    return _rows(node).filter(pgh_id=number).first()


def _rows(node):
    return node.events.order_by("pgh_id").values("pgh_id", "pgh_created_at", "pgh_context__metadata", *FIELDS)


def _events(node):
    return list(_rows(node))


def _first(row, people):
    return _version(row, people, [])


def _version(row, people, changes):
    signature = row["pgh_context__metadata"] or {}
    return {
        "event": row["pgh_id"],
        "at": row["pgh_created_at"],
        "person": people.get(signature.get("person"), BY_REGISTRY),
        "reason": signature.get("reason", ""),
        "changes": changes,
    }


def _people(rows):
    numbers = {(row["pgh_context__metadata"] or {}).get("person") for row in rows}
    return dict(Person.objects.filter(pk__in=numbers - {None}).values_list("pk", "name"))


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


def meaning_since(node):
    """When what the node means was last changed; None if it never was."""
    since = None
    for before, now in pairwise(node.events.order_by("pgh_id").values("pgh_created_at", *MEANING)):
        if any(before[field] != now[field] for field in MEANING):
            since = now["pgh_created_at"]
    return since


def n_labelled_before(visible, person, node, since):
    """How many cases were labelled with the node before then and not again, of those whose labels are open to them."""
    if since is None:
        return 0
    labels = Label.objects.filter(node=node, submitted_at__isnull=False, updated_at__lt=since)
    open_to = blind.is_open_to(person)
    return visible.filter(open_to, pk__in=labels.values("case")).count()
