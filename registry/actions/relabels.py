"""Cases that somebody has to look at again after a change of a node, until somebody has."""

from django.core.exceptions import ValidationError
from django.db.models import Q

from registry import access, blind
from registry.actions import jobs
from registry.actions.signing import StepRefused, lock, signed
from registry.choices import Right, Stance, TaxonomyChangeKind
from registry.models import Adjudication, Classification, Label, Relabel


@signed
def none_applies(*, relabel, by, at, reason):
    """Say that nothing offered in place of the old node applies to the case, which no longer carries it."""
    case = lock(relabel.case)
    access.require(by, Right.LABEL, case)
    if not reason.strip():
        raise ValidationError({"reason": "Give a reason; it is kept in the history."})
    if blind.is_blind(by, case):
        raise StepRefused("Say first what you see in this case yourself: submit a rating of your own, or stand aside.")
    relabel = lock(relabel)
    if relabel.done_at:
        raise ValidationError("Somebody has looked at this case already.")
    _finish([relabel], by=by, at=at)
    jobs.leave_recompute(at=at)
    return relabel


def looked_at(case, node, *, at):
    """Close what waits for `case` once somebody says that `node` applies, if it may stand for what was changed."""
    offered = Q(change__targets=node) | Q(change__kind=TaxonomyChangeKind.RETIRE, change__node__scheme=node.scheme_id)
    waiting = Relabel.objects.filter(offered, case=case, done_at=None).exclude(change__node=node)
    waiting = list(waiting.select_related("change"))
    by = waiting and _last_to_see(case, node)
    if by:
        _finish(waiting, by=by, at=at)


def _last_to_see(case, node):
    decision = Adjudication.objects.filter(case=case, node=node, applies=True).select_related("decided_by").first()
    if decision:
        return decision.decided_by
    labels = Label.objects.filter(case=case, node=node, stance=Stance.PRESENT, submitted_at__isnull=False)
    label = labels.select_related("rater").order_by("-updated_at", "-pk").first()
    return label and label.rater


def _finish(relabels, *, by, at):
    """The case no longer counts for the old node; what raters said of it stays in their labels."""
    for relabel in relabels:
        relabel.done_by, relabel.done_at = by, at
        relabel.save(update_fields=["done_by", "done_at"])
        Classification.objects.filter(case=relabel.case_id, node=relabel.change.node_id).delete()
