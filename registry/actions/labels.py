"""What raters say of a case, and what follows from it."""

from django.core.exceptions import ValidationError

from registry import access
from registry.actions import jobs
from registry.actions.signing import Conflict, check, lock, signed
from registry.choices import Method, Right, Stance
from registry.models import Classification, Label

RATED = ("stance", "confidence", "grounds", "load_bearing", "rationale", "quote")


@signed
def label_case(*, case, node, by, at, version=None, **rating):
    """Record what `by` says about `node` in `case`, replacing what they said before, and settle what is agreed.

    With a `version` it raises Conflict unless their label is at it; 0 stands for no label yet.
    """
    case = lock(case)
    access.require(by, Right.LABEL, case)
    if node.retired_at:
        raise ValidationError({"node": f"“{node}” is retired; use {node.replaced_by or 'another node'}."})
    label = Label.objects.filter(case=case, node=node, rater=by).first() or Label(case=case, node=node, rater=by)
    _require_version(label, version)
    for field in RATED:
        if field in rating:
            setattr(label, field, rating[field])
    _require_room(label)
    label.version += label.pk is not None
    check(label)
    label.save()
    settle(case, node, at=at)
    jobs.leave_recompute(at=at)
    return label


@signed
def take_back_label(*, label, by, at, version=None):
    """Remove one's own label; the history keeps it."""
    case = lock(label.case)
    access.require(by, Right.LABEL, case)
    label = lock(label)
    _require_version(label, version)
    if label.rater_id != by.pk:
        raise ValidationError("Only the rater takes a label back.")
    node = label.node
    label.delete()
    settle(case, node, at=at)
    jobs.leave_recompute(at=at)
    return case


@signed
def adjudicate_label(*, case, node, by, at, applies, reason):
    """Decide whether `node` applies where raters differ. Stands until it is adjudicated again."""
    case = lock(case)
    access.require(by, Right.REVIEW, case)
    if not reason.strip():
        raise ValidationError({"reason": "Give a reason; it is kept in the history."})
    Classification.objects.filter(case=case, node=node).delete()
    if applies:
        _agree(case, node, Method.ADJUDICATED, by=by, at=at)
    jobs.leave_recompute(at=at)
    return case


def _require_version(label, version):
    if version is not None and version != (label.version if label.pk else 0):
        raise Conflict(label)


def _require_room(label):
    """One label of an exclusive group, or of a scheme that allows one only, per rater and case."""
    node = label.node
    if label.stance != Stance.PRESENT or (node.scheme.allows_several and not node.exclusive_group):
        return
    others = Label.objects.filter(case=label.case, rater=label.rater, stance=Stance.PRESENT, node__scheme=node.scheme)
    if node.scheme.allows_several:
        others = others.filter(node__exclusive_group=node.exclusive_group)
    other = others.exclude(node=node).select_related("node").first()
    if other:
        raise ValidationError({"node": f"“{node}” and “{other.node}” exclude one another; take the other back first."})


def settle(case, node, *, at):
    """Agree on `node` where the raters who are sure mostly say it is present; an adjudication stands."""
    agreed = Classification.objects.filter(case=case, node=node).first()
    if agreed and agreed.method == Method.ADJUDICATED:
        return
    stances = list(Label.objects.filter(case=case, node=node).values_list("stance", flat=True))
    present, absent = stances.count(Stance.PRESENT), stances.count(Stance.ABSENT)
    if present <= absent:
        Classification.objects.filter(case=case, node=node).delete()
        return
    method = Method.MAJORITY if present + absent > 1 else Method.SINGLE_RATER
    if agreed is None:
        _agree(case, node, method, at=at)
    elif agreed.method != method:
        agreed.method, agreed.decided_at = method, at
        agreed.save(force_update=True)


def _agree(case, node, method, *, at, by=None):
    classification = Classification(case=case, node=node, method=method, decided_by=by, decided_at=at)
    check(classification)
    classification.save(force_insert=True)
