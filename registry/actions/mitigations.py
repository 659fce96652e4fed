"""What is done so that it does not happen again: measures against one or several cases."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from registry import access
from registry.actions.signing import check, lock, save_changed, signed
from registry.choices import Effect, MitigationState, Right, Status
from registry.models import Case, Mitigation, MitigationCase
from taxonomy.models import SchemeKind

# Where a mitigation may go from each state.
STEPS = {
    MitigationState.PROPOSED: (MitigationState.ACCEPTED, MitigationState.IN_PROGRESS, MitigationState.WILL_NOT_DO),
    MitigationState.ACCEPTED: (MitigationState.IN_PROGRESS, MitigationState.DONE, MitigationState.WILL_NOT_DO),
    MitigationState.IN_PROGRESS: (MitigationState.DONE, MitigationState.ACCEPTED, MitigationState.WILL_NOT_DO),
    MitigationState.DONE: (MitigationState.IN_PROGRESS,),
    MitigationState.WILL_NOT_DO: (MitigationState.PROPOSED,),
}
OVER = (MitigationState.DONE, MitigationState.WILL_NOT_DO)
EDITABLE = ("title", "description", "node", "owner", "due_on", "state", "effect", "effect_note")
# What an owner who analyses nothing else may change of their own.
BY_ITS_OWNER = ("state", "effect", "effect_note")


@signed
def propose_mitigation(*, cases, by, at, **values):
    """Make a mitigation that answers `cases` (at least one), all of which `by` sees and analyses."""
    numbers = {case.pk for case in cases}
    if not numbers:
        raise ValidationError({"cases": "Name at least one case."})
    mitigation = Mitigation(proposed_by=by, created_at=at, updated_at=at)
    _set(mitigation, values)
    cases = _answerable(numbers, by)
    _require_owner_sees(mitigation.owner, cases)
    check(mitigation)
    mitigation.save(force_insert=True)
    MitigationCase.objects.bulk_create(MitigationCase(mitigation=mitigation, case=case) for case in cases)
    return mitigation


@signed
def change_mitigation(*, mitigation, by, at, version, **values):
    """Change what `values` name. Raises Conflict if somebody saved it since `version`.

    For analysts who see one of its cases; its owner may move it on and say what it did.
    """
    mitigation = lock(mitigation, version=version)
    cases = list(access.visible_to(by).filter(answers__mitigation=mitigation).order_by("pk"))
    if not cases:
        raise Http404
    if not may_change(by, mitigation):
        raise PermissionDenied("Only analysts, and its owner, change a mitigation.")
    if not by.may_label and (more := sorted(set(values) - set(BY_ITS_OWNER))):
        raise PermissionDenied(f"Only analysts change this of a mitigation: {', '.join(more)}.")
    former, before = mitigation.owner, mitigation.state
    _set(mitigation, values)
    if mitigation.state != before and mitigation.state not in STEPS[MitigationState(before)]:
        raise ValidationError({"state": "It cannot go there from where it is."})
    if mitigation.owner != former:
        _require_owner_sees(mitigation.owner, cases)
    return save_changed(mitigation, at=at)


@signed
def answer_case(*, mitigation, case, by, at, version):
    """Say that the mitigation answers one more case. From then on whoever sees that case reads the mitigation."""
    mitigation = _own_to_analyse(mitigation, by, version)
    (case,) = _answerable({case.pk}, by)
    row = MitigationCase(mitigation=mitigation, case=case)
    check(row)
    row.save(force_insert=True)
    return save_changed(mitigation, at=at)


@signed
def leave_case(*, mitigation, case, by, at, version):
    """Say that the mitigation does not answer a case after all; it always answers one that `by` sees."""
    mitigation = _own_to_analyse(mitigation, by, version)
    seen = MitigationCase.objects.filter(mitigation=mitigation, case__in=access.visible_to(by))
    row = seen.filter(case=case).first()
    if row is None:
        raise Http404
    if seen.count() == 1:
        raise ValidationError("It answers no other case. Say that it will not be done, or name another case first.")
    row.delete()
    return save_changed(mitigation, at=at)


def seen_mitigations(person):
    """The mitigations that answer some case `person` may see. One that only hidden cases carry is not there."""
    answered = MitigationCase.objects.filter(mitigation=OuterRef("pk"), case__in=access.visible_to(person))
    return Mitigation.objects.filter(Exists(answered))


def overdue(today):
    """Of mitigations: whether they were due before `today` and are not over."""
    return Q(due_on__lt=today) & ~Q(state__in=OVER)


def may_change(person, mitigation):
    """Whether `person`, who sees the mitigation, may change anything of it."""
    return person.may_label or mitigation.owner_id == person.pk


def problems_of(mitigation):
    """{field: what is wrong} between the fields, in words; the database refuses the same."""
    problems = {}
    if mitigation.owner is None and mitigation.state not in (MitigationState.PROPOSED, MitigationState.WILL_NOT_DO):
        problems["owner"] = "A mitigation that was accepted has an owner."
    if mitigation.effect != Effect.UNKNOWN and mitigation.state != MitigationState.DONE:
        problems["effect"] = "The effect is verified once the mitigation is done."
    if mitigation.effect != Effect.UNKNOWN and not mitigation.effect_note.strip():
        problems["effect_note"] = "Say how the effect was checked."
    if mitigation.node and mitigation.node.scheme.kind != SchemeKind.MITIGATION:
        problems["node"] = "Choose a node of a scheme of mitigations."
    return problems


def _set(mitigation, values):
    unknown = sorted(set(values) - set(EDITABLE))
    if unknown:
        raise TypeError(f"These are not set by people: {', '.join(unknown)}.")
    for name, value in values.items():
        setattr(mitigation, name, value)
    if problems := problems_of(mitigation):
        raise ValidationError(problems)


def _own_to_analyse(mitigation, by, version):
    """The mitigation locked; Http404 unless `by` sees one of its cases, PermissionDenied unless they analyse."""
    mitigation = lock(mitigation, version=version)
    if not access.visible_to(by).filter(answers__mitigation=mitigation).exists():
        raise Http404
    if not by.may_label:
        raise PermissionDenied("Only analysts say which cases a mitigation answers.")
    return mitigation


def _answerable(numbers, by):
    """The cases with these numbers, locked against a merge meanwhile; Http404 if `by` does not see them all."""
    seen = set(access.visible_to(by).filter(pk__in=numbers).values_list("pk", flat=True))
    if seen != set(numbers):
        raise Http404
    cases = list(Case.objects.select_for_update(of=("self",)).filter(pk__in=seen).order_by("pk"))
    for case in cases:
        access.require(by, Right.ANALYSE, case)
        if case.status == Status.DRAFT:
            raise ValidationError({"cases": f"{case.reference} is a draft. Submit it first."})
    return cases


def _require_owner_sees(owner, cases):
    """Whoever owns a mitigation can sign in and see one of the cases it answers."""
    if owner and not any(access.people_who_see(case).filter(pk=owner.pk).exists() for case in cases):
        raise ValidationError({"owner": f"{owner} cannot see any of these cases."})
