"""Who works on a case and until when: claiming, handing over, letting go, and the day its next step is due."""

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils import timezone

from registry import access
from registry.actions.notifications import tell
from registry.actions.signing import StepRefused, lock, save_changed, signed
from registry.choices import NotificationKind, Right, Status

OVER = (Status.CLOSED, Status.WITHDRAWN)
ANALYSED = (Status.ANALYSIS, Status.REVIEW)


@signed
def claim_case(*, case, by, at, version=None):
    """Own a case in triage that nobody who works here owns. Whoever comes second is told who has it."""
    case = lock(case, version=version)
    access.require(by, Right.ANALYSE, case)
    if case.status != Status.TRIAGE:
        raise StepRefused("Only a case in triage can be claimed; this one has moved on.")
    if case.owner_id == by.pk:
        return case
    if case.owner and case.owner.is_active:
        raise StepRefused(f"{case.owner} has it already.")
    case.owner = by
    return save_changed(case, at=at)


@signed
def release_case(*, case, by, at, version=None):
    """Let go of one's own case in triage, so that somebody else can claim it."""
    case = lock(case, version=version)
    access.require(by, Right.ANALYSE, case)
    if case.status != Status.TRIAGE or case.owner_id != by.pk:
        raise StepRefused("Only its owner lets go of a case, and only in triage; later it is handed to somebody.")
    case.owner = None
    return save_changed(case, at=at)


@signed
def assign_case(*, case, by, at, owner, version=None):
    """Hand an open case to `owner`, who is told; None lets go of one in triage."""
    case = lock(case, version=version)
    _require_open(case, by)
    if owner is None and case.status != Status.TRIAGE:
        raise ValidationError({"owner": "An accepted case keeps an owner; hand it to somebody."})
    require_analyst(owner)
    former, case.owner = case.owner_id, owner
    if case.owner_id == former:
        return case
    save_changed(case, at=at)
    if owner:
        tell(case=case, kind=NotificationKind.ASSIGNED, by=by, at=at, to=[owner])
    return case


@signed
def set_due(*, case, by, at, due_on, version=None):
    """Say on which day the next step of an open case is due; None takes the day away."""
    case = lock(case, version=version)
    _require_open(case, by)
    if due_on == case.due_on:
        return case
    if due_on and due_on < timezone.localdate(at):
        raise ValidationError({"due_on": "This day has passed; choose today or a later one."})
    case.due_on = due_on
    return save_changed(case, at=at)


def require_analyst(owner):
    """Nobody may hand a case to somebody who cannot sign in or may not work on it; None is nobody."""
    if owner and not (owner.is_active and owner.may_label):
        raise ValidationError({"owner": f"{owner} does not analyse cases here."})


def has_owned(case, person):
    """Whether `person` owned the case at any time since it last came into analysis; one query.

    Being returned from review is part of the same analysis: whoever wrote what was returned does not approve it.
    """
    came_in_later = case.events.exclude(status__in=ANALYSED).filter(pgh_id__gt=OuterRef("pgh_id"))
    return case.events.filter(~Exists(came_in_later), owner=person, status__in=ANALYSED).exists()


def _require_open(case, person):
    access.require(person, Right.ANALYSE, case)
    if case.status in OVER:
        raise StepRefused("This case is over; reopen it first.")
