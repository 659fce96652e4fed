"""The versions of what a node says, from its history: who changed what, when and why."""

from itertools import pairwise

from registry import blind
from registry.models import Label, Person

FIELDS = (
    *("name", "aliases", "definition", "definition_status", "applies_when", "does_not_apply_when"),
    *("needs_all_criteria", "examples", "source", "exclusive_group", "parent_id", "retired_at", "replaced_by_id"),
)
MEANING = ("definition", "applies_when", "does_not_apply_when", "needs_all_criteria")
MOST = 60


def versions_of(node):
    """The versions, newest first and at most MOST: {event, at, person, reason, now, before, changed}.

    `now` and `before` are the values then and in the version before (None for the first), `changed` names those of
    FIELDS that differ; `person` is None where the registry itself wrote it.
    """
    rows = list(_rows(node))
    people = _people(rows)
    versions = [_version(rows[0], None, [], people)] if rows else []
    for before, now in pairwise(rows):
        if changed := [field for field in FIELDS if before[field] != now[field]]:
            versions.append(_version(now, before, changed, people))
    return versions[::-1][:MOST]


def version_at(node, number):
    """The values the node had in the version that this event wrote; None for no version of it."""
    return _rows(node).filter(pgh_id=number).first()


def _rows(node):
    return node.events.order_by("pgh_id").values("pgh_id", "pgh_created_at", "pgh_context__metadata", *FIELDS)


def _version(now, before, changed, people):
    signature = now["pgh_context__metadata"] or {}
    return {
        "event": now["pgh_id"],
        "at": now["pgh_created_at"],
        "person": people.get(signature.get("person")),
        "reason": signature.get("reason", ""),
        "now": now,
        "before": before,
        "changed": changed,
    }


def _people(rows):
    numbers = {(row["pgh_context__metadata"] or {}).get("person") for row in rows}
    return Person.objects.only("name", "username").in_bulk(numbers - {None})


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


def differing(node, version):
    """The names of what the node says otherwise now than at that version of it; none where no such version is kept."""
    then = node.events.filter(version=version).order_by("-pgh_id").values(*FIELDS).first()
    return [name for name in FIELDS if then[name] != getattr(node, name)] if then else []
