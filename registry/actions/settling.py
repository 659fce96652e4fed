"""What follows from raters and reviewers for the agreed labels of a case."""

from registry.actions import relabels
from registry.actions.signing import check
from registry.choices import Method, Stance
from registry.models import Adjudication, Classification, Label


def settle(case, node, *, at):
    """Agree on `node` as a reviewer decided, whatever raters say; else where the raters who are sure mostly see it.

    Only submitted labels speak.
    """
    relabels.looked_at(case, node, at=at)
    agreed = Classification.objects.filter(case=case, node=node).first()
    decision = Adjudication.objects.filter(case=case, node=node).first()
    if decision:
        _follow(decision, agreed, case=case, node=node)
        return
    stances = list(
        Label.objects.filter(case=case, node=node, submitted_at__isnull=False).values_list("stance", flat=True)
    )
    present, absent = stances.count(Stance.PRESENT), stances.count(Stance.ABSENT)
    if present <= absent:
        _no_longer(agreed)
        return
    _put(agreed, case=case, node=node, method=Method.MAJORITY if present + absent > 1 else Method.SINGLE_RATER, at=at)


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
