"""What each step in the life of a case asks for. The allowed steps are `TRANSITIONS` in the choices."""

from dataclasses import dataclass

from registry.choices import TEMPLATE_FIELDS, TRANSITIONS, Precision, Predictability, Status

CAUSE_SCHEME = "misalignment-causes"


@dataclass(frozen=True)
class Missing:
    """One thing a step still needs: the field it is about and what to do, in words for the person."""

    field: str
    message: str


def may_become(case, status):
    return status in TRANSITIONS[Status(case.status)]


def missing_for(case, status):
    """What `case` still lacks to become `status`, in the order a person would fill it in."""
    checks = {
        (Status.DRAFT, Status.TRIAGE): missing_to_submit,
        (Status.TRIAGE, Status.ANALYSIS): missing_to_accept,
        (Status.ANALYSIS, Status.REVIEW): missing_for_review,
    }
    check = checks.get((Status(case.status), Status(status)))
    return check(case) if check else []


def missing_to_submit(case, *, has_system=None):
    """`has_system` answers for a case that is not saved yet."""
    if has_system is None:
        has_system = case.case_systems.exists()
    missing = []
    if not case.observed_behaviour.strip():
        missing.append(Missing("observed_behaviour", "Say what you saw."))
    if not has_system:
        missing.append(Missing("system", "Name the system, or write “unknown”."))
    if case.occurred_from is None and case.occurred_precision != Precision.UNKNOWN:
        missing.append(Missing("occurred_from", "Say when it happened, or choose “unknown”."))
    if not case.kind:
        missing.append(Missing("kind", "Choose what kind of case it is."))
    return missing


def missing_to_accept(case):
    missing = []
    if case.owner_id is None:
        missing.append(Missing("owner", "Name an owner."))
    if case.potential_severity_id is None:
        missing.append(Missing("potential_severity", "Say how bad it could have been."))
    return missing


def missing_for_review(case, *, has_cause=None):
    """`has_cause` answers for a reader who may not know every agreed cause."""
    if has_cause is None:
        has_cause = case.classifications.filter(node__scheme__slug=CAUSE_SCHEME).exists()
    missing = [
        Missing(field, f"Write the {case._meta.get_field(field).verbose_name}.")
        for field in TEMPLATE_FIELDS
        if not getattr(case, field).strip()
    ]
    if case.realised_severity_id is None:
        missing.append(Missing("realised_severity", "Say how bad it was."))
    if case.potential_severity_id is None:
        missing.append(Missing("potential_severity", "Say how bad it could have been."))
    if not has_cause:
        missing.append(Missing("labels", "Agree on at least one cause of misalignment."))
    if not case.predictability:
        missing.append(Missing("predictability", "Say whether it could have been predicted; “unknown” is an answer."))
    elif case.predictability == Predictability.WARNED and not case.warning_url:
        missing.append(Missing("warning_url", "Link the earlier warning, or call it foreseeable without one."))
    return missing
