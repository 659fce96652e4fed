"""What a node says: its definition, criteria and examples, its names, and how it stands to other nodes."""

from django.core.exceptions import PermissionDenied, ValidationError

from registry.actions import jobs
from registry.actions.signing import check, lock, save_changed, signed
from taxonomy.models import AlternativeParent, Mapping, Node, Scheme

# What reviewers may change where disagreement shows that it is unclear.
GUIDANCE = (
    *("definition", "definition_status", "applies_when", "does_not_apply_when", "examples", "aliases", "source"),
)


@signed
def edit_node(*, node, by, at, version, reason, **values):
    """Change what the node says. Raises Conflict if somebody did since `version`; labels given before stay."""
    if not by.may_review:
        raise PermissionDenied("Only reviewers and administrators change what a node says.")
    if not reason.strip():
        raise ValidationError({"reason": "Give a reason; it is kept with this version."})
    node = lock(node, version=version)
    for name in GUIDANCE:
        if name in values:
            setattr(node, name, values[name])
    save_changed(node, at=at)
    jobs.leave_recompute(at=at)
    return node


@signed
def make_node(*, scheme, by, at, **values):
    """A new node of the scheme, the last among its siblings."""
    _require_administrator(by)
    parent = values.get("parent")
    if parent and parent.scheme_id != scheme.pk:
        raise ValidationError({"parent": "A node and its parent belong to one scheme."})
    last = Node.objects.filter(scheme=scheme).order_by("-order").first()
    node = Node(scheme=scheme, order=min(last.order + 1, 32767) if last else 0, **values)
    check(node)
    node.save(force_insert=True)
    return node


@signed
def make_scheme(*, by, at, **values):
    """A new scheme, the last of all."""
    _require_administrator(by)
    last = Scheme.objects.order_by("-order").first()
    scheme = Scheme(order=min(last.order + 1, 32767) if last else 0, **values)
    check(scheme)
    scheme.save(force_insert=True)
    return scheme


@signed
def claim_parent(*, node, parent, asserted_by, by, at):
    """Write down that somebody would put the node under another parent than our default one."""
    _require_administrator(by)
    if parent.pk == node.parent_id:
        raise ValidationError({"parent": "That is its default parent."})
    return _kept(AlternativeParent(node=node, parent=parent, asserted_by=asserted_by.strip()))


@signed
def drop_claim(*, claim, by, at):
    """Remove an alternative parent; the history keeps it."""
    _require_administrator(by)
    claim.delete()


@signed
def map_nodes(*, node, other, relation, source, by, at):
    """Write down that `node` is (exact, close, broad, …) to `other`, a node of another scheme."""
    _require_administrator(by)
    if other.scheme_id == node.scheme_id:
        raise ValidationError({"other": "A mapping connects nodes of different schemes."})
    if Mapping.objects.filter(from_node=other, to_node=node).exists():
        raise ValidationError({"other": "These two are mapped already, from the other side."})
    mapping = _kept(Mapping(from_node=node, to_node=other, relation=relation, source=source.strip()))
    jobs.leave_recompute(at=at)
    return mapping


@signed
def drop_mapping(*, mapping, by, at):
    """Remove a mapping; the history keeps it."""
    _require_administrator(by)
    mapping.delete()
    jobs.leave_recompute(at=at)


def _kept(row):
    check(row)
    row.save(force_insert=True)
    return row


def _require_administrator(by):
    if not by.is_administrator:
        raise PermissionDenied("Only administrators add to the vocabularies.")
