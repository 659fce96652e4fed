"""Changing the place or the use of a node that cases carry, with all that follows for them."""

import hashlib

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.db.models import Q

from registry import access, blind
from registry.actions import carrying_over
from registry.actions.signing import Conflict, lock, save_changed, signed
from registry.choices import Status, TaxonomyChangeKind
from registry.models import Case, Label, Relabel, TaxonomyChange
from taxonomy.models import Node

ONE_AT_A_TIME = 7203451  # an advisory lock: changes of the tree follow one another
LONGEST = "120s"  # a change of a hundred thousand cases is one transaction too


@signed
def retire_node(*, node, by, at, reason, seen=None):
    """Take a node out of use with nothing in its place. What carries it keeps it until somebody looks at it again."""
    node, _ = _opened(node, (), by=by, at=at, reason=reason, seen=seen)
    _require_no_branch(node)
    change = _recorded(TaxonomyChangeKind.RETIRE, node, (), by=by, at=at, reason=reason)
    node.retired_at = at
    save_changed(node, at=at)
    return _ended(change, carrying_over.carrying(node))


@signed
def replace_node(*, node, target, by, at, reason, seen=None):
    """Let `target` take the place of `node`: it means the same, so what was said of the one is said of the other."""
    return _give_over(TaxonomyChangeKind.REPLACE, node, target, by=by, at=at, reason=reason, seen=seen)


@signed
def merge_nodes(*, node, target, by, at, reason, seen=None):
    """Merge `node` into the wider `target`: who saw the one sees the other; who did not may still see the other."""
    return _give_over(TaxonomyChangeKind.MERGE, node, target, by=by, at=at, reason=reason, seen=seen)


@signed
def split_node(*, node, targets, by, at, reason, seen=None):
    """Retire a node for several narrower ones. Which of them a case shows, somebody has to look."""
    if len({target.pk for target in targets}) < 2:
        raise ValidationError({"targets": "Choose at least two nodes; for one, replace or merge."})
    node, targets = _opened(node, targets, by=by, at=at, reason=reason, seen=seen)
    _require_no_branch(node, besides=targets)
    change = _recorded(TaxonomyChangeKind.SPLIT, node, targets, by=by, at=at, reason=reason)
    for child in (target for target in targets if target.parent_id == node.pk):
        _place(child, node.parent, at=at)
    node.retired_at = at
    save_changed(node, at=at)
    return _ended(change, carrying_over.carrying(node))


@signed
def move_node(*, node, parent, by, at, reason, seen=None):
    """Put a node with all below it under another parent of its scheme; None makes it one of the topmost."""
    node, parents = _opened(node, (parent,) if parent else (), by=by, at=at, reason=reason, seen=seen, retired=True)
    parent = parents[0] if parents else None
    if node.parent_id == (parent and parent.pk):
        raise ValidationError({"parent": "It stands there already."})
    if parent and node.pk in _with_ancestors(parent):
        raise ValidationError({"parent": "A node cannot stand below itself."})
    change = _recorded(TaxonomyChangeKind.MOVE, node, parents, by=by, at=at, reason=reason)
    _place(node, parent, at=at)
    return _ended(change, ())


@signed
def restore_node(*, node, by, at, reason, seen=None):
    """Take a retired node into use again. Cases that wait because of it wait no more; what was carried over stays."""
    node, _ = _opened(node, (), by=by, at=at, reason=reason, seen=seen, retired=True)
    if node.retired_at is None:
        raise ValidationError("This node is in use.")
    node.retired_at = node.replaced_by = None
    save_changed(node, at=at)
    waiting = Relabel.objects.filter(change__node=node, done_at=None)
    waiting.update(done_at=at, done_by=by)
    return node


def state_of(node, targets, person):
    """A short text that changes whenever the nodes do, or what hangs on them: what a preview for `person` was made of.

    Only of what they may know: a text that changed with a hidden case would tell of it.
    """
    numbers = [node.pk, *(target.pk for target in targets)]
    nodes = Node.objects.filter(pk__in=numbers).order_by("pk").values_list("pk", "version", "parent_id")
    labels = Label.objects.filter(node__in=numbers, submitted_at__isnull=False)
    hanging = Q(node_path__overlap=numbers) | Q(pk__in=labels.values("case"))
    known = access.visible_to(person).filter(hanging, blind.is_known(person, [[node.pk]]))
    labels = labels.filter(blind.is_open_to(person, "case"), case__in=known.values("pk"))
    cases = known.order_by("pk").values_list("pk", "version")
    said = [list(nodes), list(cases), list(labels.order_by("pk").values_list("pk", "version"))]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def require_changer(person):
    """PermissionDenied unless `person` may change the place and the use of nodes, and so look at what follows."""
    if not person.is_administrator:
        raise PermissionDenied("Only administrators change the place and the use of nodes.")


def _give_over(kind, node, target, *, by, at, reason, seen):
    node, (target,) = _opened(node, (target,), by=by, at=at, reason=reason, seen=seen)
    change = _recorded(kind, node, (target,), by=by, at=at, reason=reason)
    faithful = kind == TaxonomyChangeKind.REPLACE
    stay = carrying_over.crossing(node, target, faithful=faithful).to_look_at
    carrying_over.carry_over(node, target, stay=stay, faithful=faithful)
    _take_children(node, target, at=at)
    node.retired_at, node.replaced_by = at, target
    save_changed(node, at=at)
    return _ended(change, stay)


def _opened(node, targets, *, by, at, reason, seen=None, retired=False):
    """The node and its targets as they stand, locked with every case they hang on."""
    require_changer(by)
    if not reason.strip():
        raise ValidationError({"reason": "Give a reason; it is kept in the history."})
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [LONGEST])
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    carrying_over.hold(node, targets, at=at)
    node, targets = lock(node), [lock(target) for target in targets]
    if seen is not None and seen != state_of(node, targets, by):
        raise Conflict(node)
    if node.retired_at and not retired:
        raise ValidationError("This node is retired already.")
    for target in targets:
        _require_fitting(node, target)
    return node, targets


def _require_fitting(node, target):
    if target.scheme_id != node.scheme_id:
        raise ValidationError({"targets": f"“{target}” belongs to another scheme; map the two instead."})
    if target.pk == node.pk:
        raise ValidationError({"targets": "Choose another node than the one that is changed."})
    if target.retired_at:
        raise ValidationError({"targets": f"“{target}” is retired."})


def _require_no_branch(node, besides=()):
    below = node.children.filter(retired_at=None).exclude(pk__in=[target.pk for target in besides]).first()
    if below:
        raise ValidationError(f"“{below}” stands below it. Move it first, or it would be left without a place.")


def _recorded(kind, node, targets, *, reason, by, at):
    """Keep what is about to be done; counted before, when the cases still carry the node."""
    change = TaxonomyChange.objects.create(
        kind=kind,
        node=node,
        reason=reason.strip(),
        n_cases=Case.objects.filter(node_path__contains=[node.pk]).count(),
        made_by=by,
        made_at=at,
    )
    change.targets.set(targets)
    return change


def _ended(change, numbers):
    """Let these cases be looked at again, but for those that were withdrawn."""
    cases = Case.objects.filter(pk__in=numbers).exclude(status=Status.WITHDRAWN).order_by("pk")
    Relabel.objects.bulk_create(Relabel(change=change, case_id=number) for number in cases.values_list("pk", flat=True))
    return change


def _take_children(node, target, *, at):
    """What stands below the node that goes stands below the one that stays, which first moves out of it."""
    if node.pk in _with_ancestors(target):
        _place(target, node.parent, at=at)
    for child in node.children.exclude(pk=target.pk).order_by("pk"):
        _place(lock(child), target, at=at)


def _place(node, parent, *, at):
    node.parent = parent
    save_changed(node, at=at)


def _with_ancestors(node):
    above, number = set(), node.pk
    while number and number not in above:
        above.add(number)
        number = Node.objects.values_list("parent_id", flat=True).get(pk=number)
    return above
