"""Carrying the debt of a case for a while, and giving it back."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from registry import access
from registry.actions.signing import StepRefused, check, lock, signed
from registry.choices import Right, Status
from registry.models import DebtAcceptance

OVER = (Status.CLOSED, Status.WITHDRAWN)


@signed
def accept_debt(*, case, by, at, owner, reason, expires_on):
    """Let `owner` carry what `case` owes until the day `expires_on`, from which on it counts again.

    Reviewers accept debt, but not of cases they own: nobody writes off what they owe by themselves. An acceptance
    that ran out gives way to the new one; one in force has to be ended first.
    """
    case = lock(case)
    access.require(by, Right.REVIEW, case)
    if case.status == Status.DRAFT or case.status in OVER:
        raise ValidationError("Only a case that is open and submitted owes anything.")
    if words := refusal(by, case):
        raise StepRefused(words)
    _require_owner(owner, case)
    if not reason.strip():
        raise ValidationError({"reason": "Give a reason; it is shown in the ledger."})
    today = timezone.localdate(at)
    if expires_on <= today:
        raise ValidationError({"expires_on": "Choose a day after today."})
    DebtAcceptance.objects.filter(case=case, ended_at=None, expires_on__lte=today).update(ended_by=by, ended_at=at)
    acceptance = DebtAcceptance(
        case=case, owner=owner, reason=reason.strip(), expires_on=expires_on, accepted_by=by, accepted_at=at
    )
    check(acceptance)
    acceptance.save(force_insert=True)
    return acceptance


@signed
def end_acceptance(*, acceptance, by, at):
    """Let the debt count again from now on. For reviewers, and for whoever carries it."""
    case = lock(acceptance.case)
    acceptance = lock(acceptance)
    if not may_end(by, acceptance, case):
        raise PermissionDenied("Only reviewers, and whoever carries the debt, let it count again.")
    if acceptance.ended_at:
        raise ValidationError("This acceptance has ended already.")
    acceptance.ended_by, acceptance.ended_at = by, at
    acceptance.save(update_fields=["ended_by", "ended_at"])
    return acceptance


def may_end(person, acceptance, case):
    return acceptance.owner_id == person.pk or access.may(person, Right.REVIEW, case)


def refusal(person, case):
    """Why `person`, who may accept debt, cannot accept that of `case`; empty if they can."""
    if case.owner_id == person.pk:
        return "You own this case. Another reviewer has to say whether its debt may wait."
    return ""


def in_force(case, *, at):
    """The acceptance that carries the debt of `case` at `at`; None if it counts."""
    rows = DebtAcceptance.objects.filter(case=case, ended_at=None, expires_on__gt=timezone.localdate(at))
    return rows.select_related("owner", "accepted_by").first()


def _require_owner(owner, case):
    """Who carries a debt can sign in and see the case."""
    if not access.people_who_see(case).filter(pk=owner.pk).exists():
        raise ValidationError({"owner": f"{owner} cannot see this case."})
