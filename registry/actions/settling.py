"""What follows from raters and reviewers for the agreed labels of a case."""

from registry.actions import relabels
from registry.actions.signing import check
from registry.choices import Method, Stance
from registry.models import Adjudication, Classification, Label

ClassificationEvent = Classification.events.rel.related_model


def settle(case, node, *, at):
    """Agree on `node` as a reviewer decided, whatever raters say; else as it was published; else where the raters who
    are sure mostly see it.

    Only submitted labels speak.
    """
    relabels.looked_at(case, node, at=at)
    agreed = Classification.objects.filter(case=case, node=node).first()
    decision = Adjudication.objects.filter(case=case, node=node).first()
    if decision:
        _follow(decision, agreed, case=case, node=node)
        return
    if agreed and agreed.method == Method.IMPORTED:
        # Known to all: if raters changed it, those still blind would read from it what was said.
        return
    stances = list(
        Label.objects.filter(case=case, node=node, submitted_at__isnull=False).values_list("stance", flat=True)
    )
    present, absent = stances.count(Stance.PRESENT), stances.count(Stance.ABSENT)
    if present <= absent:
        _no_longer(agreed)
        return
    _put(agreed, case=case, node=node, method=Method.MAJORITY if present + absent > 1 else Method.SINGLE_RATER, at=at)


def publish_again(case, node):
    """Let what was published of `node` in `case` before it was decided stand again, if anything was."""
    was = ClassificationEvent.objects.filter(case=case, node=node, method=Method.IMPORTED).order_by("-pgh_id").first()
    if was is None or _moved_away(was):
        return
    agreed = Classification.objects.filter(case=case, node=node).first() or Classification(case=case, node=node)
    agreed.method, agreed.decided_by_id, agreed.decided_at = was.method, was.decided_by_id, was.decided_at
    check(agreed)
    agreed.save()


def _moved_away(event):
    """Whether the row went to another case or node since, as where a merge is taken back."""
    last = ClassificationEvent.objects.filter(pgh_obj_id=event.pgh_obj_id).order_by("-pgh_id").first()
    return (last.case_id, last.node_id) != (event.case_id, event.node_id)


def _follow(decision, agreed, *, case, node):
    if decision.applies:
        method, by = Method.ADJUDICATED, decision.decided_by_id
        _put(agreed, case=case, node=node, method=method, by=by, at=decision.decided_at)
    else:
        _no_longer(agreed)


def _no_longer(agreed):
    if agreed:
        agreed.delete()


def _put(agreed, *, case, node, method, at, by=None):
    if agreed is None:
        if node.retired_at:  # what is out of use is not agreed anew
            return
        agreed = Classification(case=case, node=node)
    elif (agreed.method, agreed.decided_by_id) == (method, by) and (by is None or agreed.decided_at == at):
        return
    agreed.method, agreed.decided_by_id, agreed.decided_at = method, by, at
    check(agreed)
    agreed.save()
