"""What raters say of a case, what a reviewer decides between them, and what follows from it."""

from django.core.exceptions import ValidationError
from django.http import Http404

from registry import access, blind
from registry.actions import jobs, notifications, ratings
from registry.actions.settling import publish_again, settle
from registry.actions.signing import Conflict, StepRefused, check, lock, signed
from registry.choices import NotificationKind, RatingState, Right, Stance
from registry.models import Adjudication, Label, RatedScheme

RATED = ("stance", "confidence", "grounds", "load_bearing", "rationale", "quote", "criteria_shown")


@signed
def label_case(*, case, node, by, at, version=None, hold=False, **rating):
    """Record what `by` says about `node` in `case`, replacing what they said before, and settle what is agreed.

    With `hold` it stays their own until they submit their rating; without, it is submitted at once, and with it all
    they held on this case. Once they have seen what others said, nothing is held any more. With a `version` it raises
    Conflict unless their label is at it; 0 stands for no label yet.
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
    _require_criteria(label)
    _require_room(label)
    label.version += label.pk is not None
    work = ratings.rating_of(case, by, at=at)
    if work.state != RatingState.WORKING:
        label.submitted_at = label.submitted_at or at
    elif not hold:
        seen_from = ratings.open_since(case.pk, [node.pk])[node.pk]
        ratings.submit(label, at=at, said_at=at, seen_from=seen_from)
    check(label)
    label.save()
    if label.submitted_at is None:
        ratings.keep(work, at=at)
        return label
    if work.state == RatingState.WORKING:
        ratings.open_labels(work, at=at)
    _changed(case, node, at=at)
    return label


@signed
def take_back_label(*, label, by, at, version=None):
    """Remove one's own label; the history keeps it. Returns the case.

    What was said blind is not turned into its opposite: the rater no longer counts as having gone through the
    scheme, so that agreement reads the node as not rated, never as absent.
    """
    case = lock(label.case)
    access.require(by, Right.LABEL, case)
    try:
        label = lock(label)
    except Label.DoesNotExist:  # taken back a moment ago, by a second click or in another window
        raise Http404 from None
    _require_version(label, version)
    if label.rater_id != by.pk:
        raise ValidationError("Only the rater takes a label back.")
    node, work = label.node, ratings.rating_of(case, by, at=at)
    if label.blind_stance:
        RatedScheme.objects.filter(rating=work, scheme=node.scheme_id).delete()
    label.delete()
    if label.submitted_at:
        _changed(case, node, at=at)
    else:
        ratings.keep(work, at=at)
    return case


@signed
def adjudicate_label(*, case, node, by, at, applies, reason):
    """Decide whether `node` applies, whatever raters say; it stands until it is decided again or withdrawn.

    Only for a reviewer who sees what they decide between: StepRefused while they are blind.
    """
    case = _to_decide(case, by=by)
    _decide(case, node, by=by, at=at, applies=applies, reason=reason)
    notifications.tell(case=case, kind=NotificationKind.ADJUDICATED, by=by, at=at)
    jobs.leave_recompute(at=at)
    return case


@signed
def adjudicate_labels(*, case, by, at, decisions, seen=None):
    """Decide on several nodes at once, all or nothing; the case's people are told once. Returns the case.

    `decisions` are dicts of node, applies and reason. `seen` is {node id: when it was decided, None for not yet} as
    the reviewer saw it: Conflict if somebody decided one of them since. Errors are placed at the node's id.
    """
    case = _to_decide(case, by=by)
    before = {row.node_id: row for row in Adjudication.objects.filter(case=case)}
    errors = {}
    for decision in decisions:
        node = decision["node"]
        earlier = before.get(node.pk)
        if seen is not None and (earlier and earlier.decided_at) != seen.get(node.pk):
            raise Conflict(earlier)
        try:
            _decide(case, by=by, at=at, **decision)
        except ValidationError as error:
            errors[str(node.pk)] = error.messages
    if errors:
        raise ValidationError(errors)
    notifications.tell(case=case, kind=NotificationKind.ADJUDICATED, by=by, at=at)
    jobs.leave_recompute(at=at)
    return case


@signed
def withdraw_adjudication(*, case, node, by, at, reason):
    """Let what was published, else what the raters say, stand again. `reason` is kept in the history."""
    case = _to_decide(case, by=by)
    _require_reason(reason)
    decision = Adjudication.objects.filter(case=case, node=node).first()
    if decision is None:
        raise ValidationError("Nobody has decided on this label.")
    decision.delete()
    publish_again(case, node)
    _changed(case, node, at=at)
    notifications.tell(case=case, kind=NotificationKind.ADJUDICATED, by=by, at=at)
    return case


def _to_decide(case, *, by):
    case = lock(case)
    access.require(by, Right.REVIEW, case)
    if blind.is_blind(by, case):
        raise StepRefused("Look at what the raters said first: submit a rating of your own, or stand aside.")
    return case


def _decide(case, node, *, by, at, applies, reason):
    _require_reason(reason)
    decision = Adjudication.objects.filter(case=case, node=node).first() or Adjudication(case=case, node=node)
    decision.applies, decision.reason, decision.decided_by, decision.decided_at = applies, reason.strip(), by, at
    if applies:
        _require_room_among(
            node, Adjudication.objects.filter(case=case, applies=True), "decide that the other does not apply first"
        )
    check(decision)
    decision.save()
    settle(case, node, at=at)


def _changed(case, node, *, at):
    settle(case, node, at=at)
    jobs.leave_recompute(at=at)


def _require_reason(reason):
    if not reason.strip():
        raise ValidationError({"reason": "Give a reason; it is kept in the history."})


def _require_version(label, version):
    if version is not None and version != (label.version if label.pk else 0):
        raise Conflict(label)


def _require_criteria(label):
    """Some nodes apply only where each of their criteria is shown by itself."""
    node = label.node
    missing = [words for words in node.applies_when if words not in label.criteria_shown]
    if label.stance != Stance.PRESENT or not node.needs_all_criteria or not missing:
        return
    listed = "; ".join(words.rstrip(".") for words in missing)
    raise ValidationError(
        {
            "criteria_shown": f"“{node}” applies only where each of its conditions is shown by itself. Not shown: "
            f"{listed}. Say “Cannot tell”, or choose the node that fits what is shown."
        }
    )


def _require_room(label):
    if label.stance == Stance.PRESENT:
        own = Label.objects.filter(case=label.case, rater=label.rater, stance=Stance.PRESENT)
        _require_room_among(label.node, own, "take the other back first")


def _require_room_among(node, said, way_out):
    """One node of an exclusive group, or of a scheme that allows one only; `said` are the rows that apply already."""
    if node.scheme.allows_several and not node.exclusive_group:
        return
    others = said.filter(node__scheme=node.scheme_id)
    if node.scheme.allows_several:
        others = others.filter(node__exclusive_group=node.exclusive_group)
    other = others.exclude(node=node).select_related("node").first()
    if other:
        raise ValidationError({"node": f"“{node}” and “{other.node}” exclude one another; {way_out}."})
