"""How cases stand to one another: one answer for each pair, whichever way round it was given."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404

from registry import access
from registry.actions.signing import check, signed
from registry.choices import Right
from registry.models import Case, CaseLink


@signed
def answer(*, case, other, kind, by, at):
    """Say how `case` stands to `other`; it replaces what was said of the two before. Returns the CaseLink.

    Http404 unless `by` may see both; PermissionDenied unless they may edit or analyse `case`.
    """
    case, other = _both(case, other, by=by)
    require_may_link(by, case)
    return _record(case, other, kind, by=by, at=at)


def answer_while_logging(*, case, likenesses, by, at):
    """Keep what was said in the log form of the `case` just logged: pairs of another case and the kind of link.

    Part of the caller's action, which signs it: whoever writes a case says what it is like. A case they cannot
    see any more, or itself, is passed over, so that nothing stands in the way of logging.
    """
    others = dict(likenesses)
    still_visible = access.visible_to(by).filter(pk__in=[other.pk for other in others]).values_list("pk", flat=True)
    kinds = {other.pk: kind for other, kind in others.items()}
    for number in sorted(set(still_visible) - {case.pk}):
        _record(case, Case(pk=number), kinds[number], by=by, at=at)
    return case


@signed
def take_back(*, case, other, by, at):
    """Forget what was said of the two cases; the history keeps it. Nothing happens if nothing was said."""
    case, other = _both(case, other, by=by)
    require_may_link(by, case)
    between(case, other).delete()
    return case


def between(case, other):
    """The link of two cases, if there is one, whichever way round."""
    return CaseLink.objects.filter(Q(case=case, other=other) | Q(case=other, other=case))


def may_link(person, case):
    """Whether `person`, who can see `case`, may say how it stands to others."""
    return access.may(person, Right.EDIT, case) or access.may(person, Right.ANALYSE, case)


def require_may_link(person, case):
    """PermissionDenied unless `person`, who can see `case`, may say how it stands to others."""
    if not may_link(person, case):
        raise PermissionDenied("Only analysts, and its reporter until it is accepted, say what a case is like.")


def _both(case, other, *, by):
    """Both cases as they stand, locked in the order of their numbers so that two people never wait for one another."""
    numbers = {case.pk, other.pk}
    locked = Case.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk")
    locked = locked.defer("search")
    found = {row.pk: row for row in locked}
    visible = set(access.visible_to(by).filter(pk__in=numbers).values_list("pk", flat=True))
    if visible != numbers:
        raise Http404
    if len(numbers) == 1:
        raise ValidationError({"other": "A case is not linked to itself."})
    return found[case.pk], found[other.pk]


def _record(case, other, kind, *, by, at):
    link = between(case, other).first()
    if link and (link.case_id, link.kind) == (case.pk, kind):
        return link
    link = link or CaseLink()
    link.case_id, link.other_id, link.kind, link.answered_by, link.answered_at = case.pk, other.pk, kind, by, at
    check(link)
    link.save()
    return link
