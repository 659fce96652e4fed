"""Changes of a node's place or use, and what to show before one is made: whom it touches, and who has to look again.

Cases somebody may not see, and those whose labels they may not know yet, are changed like all others; how many they
are is not told.
"""

from dataclasses import dataclass

from django.db.models import Count, Q

from registry import access, blind
from registry.actions import carrying_over, taxonomy_changes
from registry.models import Case
from taxonomy.models import Node

FIRST = 10
MOST_RATERS = 12


@dataclass(frozen=True)
class Kind:
    """One kind of change: its words, and how many other nodes it names."""

    slug: str
    title: str
    explanation: str
    button: str
    field: str = ""
    several: bool = False


KINDS = {
    kind.slug: kind
    for kind in (
        Kind(
            "move",
            "Move",
            "It stands under another parent, with all below it. Its cases count there from then on; labels stay.",
            "Move it",
            "New parent",
        ),
        Kind(
            "replace",
            "Replace",
            "Another node means the same and takes its place: every label, decision and agreed classification goes "
            "over to it.",
            "Replace it",
            "What takes its place",
        ),
        Kind(
            "merge",
            "Merge",
            "It becomes part of a wider node. Who saw it sees the wider one; “absent” and “cannot tell” stay behind, "
            "for they say nothing of the whole.",
            "Merge it",
            "The wider node",
        ),
        Kind(
            "split",
            "Split",
            "Several narrower nodes take its place. Nobody can tell from the old label which, so every case waits to "
            "be looked at.",
            "Split it",
            "What it is split into",
            several=True,
        ),
        Kind(
            "retire",
            "Retire",
            "It is offered no more, and nothing takes its place. Its cases keep it until somebody has looked at them.",
            "Retire it",
        ),
        Kind(
            "restore",
            "Take into use again",
            "It is offered again, and its cases no longer wait to be looked at. What was carried over to another node "
            "stays there.",
            "Take it into use",
        ),
    )
}


def kinds_for(node):
    """The changes that make sense for the node as it is."""
    offered = ("restore", "move") if node.retired_at else ("move", "replace", "merge", "split", "retire")
    return [KINDS[slug] for slug in offered]


def choices_for(node, kind):
    """The nodes that may be named: in use, of the same scheme; no descendant as a new parent."""
    nodes = Node.objects.filter(scheme=node.scheme_id, retired_at=None).exclude(pk=node.pk)
    nodes = list(nodes.order_by("order", "name"))
    if kind.slug == "move":
        below = numbers_below(node, nodes)
        nodes = [each for each in nodes if each.pk not in below and each.pk != node.parent_id]
    return nodes


def numbers_below(node, nodes):
    """The numbers of those of `nodes` that stand below `node`, on every level."""
    found, level = set(), {node.pk}
    while level:
        level = {each.pk for each in nodes if each.parent_id in level}
        found |= level
    return found


def make(kind, node, targets, *, by, at, reason, seen):
    """Do it. `targets` fit the kind; for a move the one is the new parent, or None. Conflict as the actions say."""
    signed = {"by": by, "at": at, "reason": reason, "seen": seen}
    if kind.slug == "restore":
        return taxonomy_changes.restore_node(node=node, **signed)
    if kind.slug == "move":
        return taxonomy_changes.move_node(node=node, parent=targets[0], **signed)
    if kind.slug == "split":
        return taxonomy_changes.split_node(node=node, targets=targets, **signed)
    if kind.slug == "retire":
        return taxonomy_changes.retire_node(node=node, **signed)
    act = taxonomy_changes.replace_node if kind.slug == "replace" else taxonomy_changes.merge_nodes
    return act(node=node, target=targets[0], **signed)


def preview(person, node, kind, targets):
    """What the change would do, as far as `person` may know it, and the state it was made of."""
    numbers, to_look_at, reasons = _touched(node, kind, targets)
    known = access.visible_to(person).filter(blind.is_known(person, [[node.pk]]), numbers).order_by("-pk")
    # Who may know that a case carries the node may not know yet what else was said of it.
    told = known.filter(blind.is_open_to(person)) if kind.slug in RESTING_ON_LABELS else known
    looked = [] if not to_look_at else list(told.filter(pk__in=to_look_at).values_list("pk", flat=True))
    rows = list(known.only(*SHOWN).select_related("potential_severity")[:FIRST])
    n = known.count()
    return {
        "n": n,
        "n_to_look_at": len(looked),
        "rows": _with_words(rows, told, reasons, kind, targets),
        "n_more": max(n - FIRST, 0),
        "raters": _raters(person, node, looked),
        "state": taxonomy_changes.state_of(node, [target for target in targets if target], person),
        "n_children": node.children.filter(retired_at=None).count(),
    }


# Changes after which a case waits or not by what was said of it, beyond that it carries the node.
RESTING_ON_LABELS = ("replace", "merge")
SHOWN = ("title", "status", "occurred_from", "occurred_to", "occurred_precision", "potential_severity")


def _with_words(rows, told, reasons, kind, targets):
    """[(case, what it becomes)]; of cases not among `told` in words that hold whatever was said of them."""
    becomes = _becomes(kind, targets)
    open_ones = set(told.filter(pk__in=[case.pk for case in rows]).order_by().values_list("pk", flat=True))
    unsaid = f"{becomes}, unless labels stand against it that you may not know yet"
    return [(case, reasons.get(case.pk, becomes) if case.pk in open_ones else unsaid) for case in rows]


def _touched(node, kind, targets):
    """(which cases, numbers of those to be looked at again, what to say of each of them)."""
    if kind.slug in ("replace", "merge"):
        crossing = carrying_over.crossing(node, targets[0], faithful=kind.slug == "replace")
        reasons = dict.fromkeys(crossing.opposed, f"To look at: one says yes, another no to {targets[0]}")
        reasons |= dict.fromkeys(crossing.excluded, f"To look at: it carries a node that {targets[0]} excludes")
        return Q(pk__in=crossing.carrying | crossing.to_look_at), crossing.to_look_at, reasons
    if kind.slug in ("split", "retire"):
        numbers = carrying_over.carrying(node)
        words = (
            f"To look at: {', '.join(map(str, targets))}, or none" if targets else "To look at: another node, or none"
        )
        settled = Case.objects.filter(pk__in=numbers, status="withdrawn").values_list("pk", flat=True)
        waits = numbers - set(settled)
        return Q(pk__in=numbers), waits, dict.fromkeys(waits, words)
    return Q(node_path__contains=[node.pk]), frozenset(), {}


def _becomes(kind, targets):
    if kind.slug in ("replace", "merge"):
        return f"Carries {targets[0]}"
    if kind.slug == "move":
        return f"Counts under {targets[0]}" if targets[0] else "Counts among the topmost"
    return "Stays as it is"


def _raters(person, node, numbers):
    """[(name, how many of these cases they labelled with the node)], the busiest first, as far as `person` may know."""
    labels = blind.submitted_labels(person).filter(node=node, case__in=numbers)
    rows = labels.values_list("rater__name").annotate(n=Count("pk")).order_by("-n", "rater__name")
    return list(rows[:MOST_RATERS]) if numbers else []
