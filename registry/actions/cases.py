"""Logging, changing and moving cases through their life."""

from django.core.exceptions import ValidationError

from registry import access, blind, fingerprint
from registry.actions import jobs, parties
from registry.actions.notifications import tell
from registry.actions.owning import has_owned, require_analyst
from registry.actions.signing import StepRefused, check, lock, save_changed, signed
from registry.choices import NotificationKind, PartyRole, Right, Status, Visibility
from registry.models import (
    Case,
    CaseParty,
    CaseReader,
    CaseSource,
    CaseSystem,
    Organisation,
    Source,
    System,
    TeamMember,
)
from registry.models.workflow import may_become, missing_for, missing_to_submit

# What a person may set; everything else is set by actions.
EDITABLE = (
    "title",
    "kind",
    "visibility",
    "team",
    "owner",
    "occurred_from",
    "occurred_to",
    "occurred_precision",
    "detected_at",
    "stage",
    "context",
    "intended_objective",
    "optimised_objective",
    "observed_behaviour",
    "root_cause",
    "evaluation_breakdown",
    "mitigation_strategy",
    "alignment_lesson",
    "specified_objective",
    "endorsed_goal",
    "human_gap",
    "outer_gap",
    "inner_gap",
    "locus",
    "predictability",
    "predictability_reason",
    "warning_url",
    "warned_on",
    "triage",
    "scope",
    "realised_severity",
    "realised_rationale",
    "potential_severity",
    "potential_rationale",
    "event_group",
)
# Sets of related rows a person may replace as a whole.
RELATED = ("systems", "developers", "deployers", "affected", "readers", "sources")
RATE_FIRST = "Submit your rating, or stand aside, before you ask for review."


@signed
def log_case(*, by, at, submit=False, reporter=None, **values):
    """Make a case from `values` (see EDITABLE and RELATED), as a draft or submitted for triage at once.

    `by` reports it unless `reporter` says whose writing it is. `systems` is a list of (name, version);
    `developers`, `deployers` and `affected` are names; `sources` are dicts for `parties.source`; `readers`
    are people.
    """
    if not by.may_log:
        raise ValidationError("Readers do not log cases; ask an administrator for another role.")
    related = {name: values.pop(name) for name in RELATED if name in values}
    case = Case(reporter=reporter or by, created_at=at, updated_at=at, **_editable(values))
    require_analyst(case.owner)
    _require_own_team(case, by)
    check(case)
    if submit:
        # One row written, not one written and then changed.
        _require_nothing_missing(missing_to_submit(case, has_system=bool(related.get("systems"))))
        case.status, case.reported_at = Status.TRIAGE, at
    fingerprint.sign(case)
    case.save(force_insert=True)
    _replace_related(case, related, by=by, fresh=True)
    if submit:
        _tell_new_owner(case, None, by=by, at=at)
        # Last, as wherever cases change: names first, then the job. Two orders would wait for each other.
        jobs.leave_recompute(at=at)
    return case


@signed
def edit_case(*, case, by, at, version, reason="", **values):
    """Change what `values` name. Raises Conflict if somebody saved the case since `version`."""
    related = {name: values.pop(name) for name in RELATED if name in values}
    case = lock(case, version=version)
    access.require(by, Right.EDIT, case)
    former_owner, former_team = case.owner_id, case.team_id
    for field, value in _editable(values).items():
        setattr(case, field, value)
    # Whose owner has left meanwhile can be edited all the same; the demonstration's owner never was here.
    if case.owner_id != former_owner:
        require_analyst(case.owner)
    if case.team_id != former_team:
        _require_own_team(case, by)
    _replace_related(case, related, by=by)
    fingerprint.sign(case)
    save_changed(case, at=at)
    _tell_new_owner(case, former_owner, by=by, at=at)
    jobs.leave_recompute(at=at)
    return case


@signed
def submit_case(*, case, by, at, version=None):
    """Hand a draft over for triage. From here on it has a public number that never changes."""
    case = lock(case, version=version)
    access.require(by, Right.EDIT, case)
    case.reported_at = case.reported_at or at
    case = _move(case, Status.TRIAGE, at=at, frm=Status.DRAFT)
    tell(case=case, kind=NotificationKind.MOVED, by=by, at=at)
    return case


@signed
def accept_case(*, case, by, at, version=None, owner=None, potential_severity=None, triage="", scope=""):
    """Take a case from triage into analysis: who owns it, how bad it could have been, and what it turned out to be.

    What is not given stays as it was.
    """
    case = lock(case, version=version)
    access.require(by, Right.ANALYSE, case)
    former_owner = case.owner_id
    case.owner = owner or case.owner
    require_analyst(case.owner)
    case.potential_severity = potential_severity or case.potential_severity
    case.triage, case.scope = triage or case.triage, scope or case.scope
    case = _move(case, Status.ANALYSIS, at=at, frm=Status.TRIAGE)
    told = _tell_new_owner(case, former_owner, by=by, at=at)
    tell(case=case, kind=NotificationKind.MOVED, by=by, at=at, besides=told)
    return case


@signed
def request_review(*, case, by, at, version=None):
    """Ask a reviewer to approve a finished analysis. Only for somebody who sees its labels."""
    case = lock(case, version=version)
    access.require(by, Right.ANALYSE, case)
    # Whether or not a cause is agreed, so that the answer tells the blind nothing of it.
    if case.status == Status.ANALYSIS and blind.is_blind(by, case):
        raise StepRefused(RATE_FIRST)
    case = _move(case, Status.REVIEW, at=at, frm=Status.ANALYSIS)
    tell(case=case, kind=NotificationKind.MOVED, by=by, at=at)
    return case


@signed
def approve_case(*, case, by, at, version=None):
    """Close a reviewed case. Neither its reporter approves it, nor whoever owned it while it was analysed."""
    case = lock(case, version=version)
    access.require(by, Right.REVIEW, case)
    if case.owner_id == by.pk:
        raise StepRefused("A case is approved by somebody other than its owner.")
    if case.reporter_id == by.pk:
        raise StepRefused("A case is approved by somebody other than who reported it.")
    if has_owned(case, by):
        raise StepRefused("A case is approved by somebody who did not own it while it was analysed.")
    case.reviewer, case.closed_at = by, at
    case = _move(case, Status.CLOSED, at=at, frm=Status.REVIEW)
    tell(case=case, kind=NotificationKind.CLOSED, by=by, at=at)
    return case


@signed
def return_to_analysis(*, case, by, at, reason, version=None):
    """Send a case in review back to its owner. `reason` is shown to the owner and kept in the history."""
    case = lock(case, version=version)
    access.require(by, Right.REVIEW, case)
    _require_reason(reason)
    case = _move(case, Status.ANALYSIS, at=at, frm=Status.REVIEW)
    tell(case=case, kind=NotificationKind.RETURNED, by=by, at=at)
    return case


@signed
def withdraw_case(*, case, by, at, reason, version=None):
    """Take a case out of the registry's work; it keeps its number and its history."""
    case = lock(case, version=version)
    access.require(by, Right.EDIT, case)
    _require_reason(reason)
    case = _move(case, Status.WITHDRAWN, at=at)
    tell(case=case, kind=NotificationKind.WITHDRAWN, by=by, at=at)
    return case


@signed
def reopen_case(*, case, by, at, reason, version=None):
    """Bring a closed or withdrawn case back into analysis; whoever reopens an ownerless one owns it."""
    case = lock(case, version=version)
    access.require(by, Right.ANALYSE, case)
    _require_reason(reason)
    case.owner = case.owner or by
    case.closed_at = None
    case.reported_at = case.reported_at or at
    case = _move(case, Status.ANALYSIS, at=at)
    tell(case=case, kind=NotificationKind.REOPENED, by=by, at=at)
    return case


def _editable(values):
    unknown = sorted(set(values) - set(EDITABLE))
    if unknown:
        raise TypeError(f"These are not set by people: {', '.join(unknown)}.")
    return values


def _tell_new_owner(case, former, *, by, at):
    """Tell whoever owns the case from now on; returns whom."""
    if case.owner_id in (None, former, by.pk):
        return []
    tell(case=case, kind=NotificationKind.ASSIGNED, by=by, at=at, to=[case.owner])
    return [case.owner]


def _require_own_team(case, person):
    """Nobody keeps a case to a team that neither they nor its reporter belong to."""
    if case.team_id is None:
        return
    if not TeamMember.objects.filter(team=case.team_id, person__in=[person.pk, case.reporter_id]).exists():
        raise ValidationError({"team": "You are not in this team."})


def _require_reason(reason):
    if not reason.strip():
        raise ValidationError({"reason": "Give a reason; it is kept in the history."})


def _move(case, status, *, at, frm=None):
    """Set the status if the table of transitions and the guard of the step allow it."""
    if not may_become(case, status) or (frm and case.status != frm):
        raise StepRefused(f"A case in {case.status} cannot go to {status}.")
    _require_nothing_missing(missing_for(case, status))
    case.status = status
    save_changed(case, at=at)
    jobs.leave_recompute(at=at)
    return case


def _require_nothing_missing(missing):
    if missing:
        raise StepRefused("Something is still missing.", missing)


def _replace_related(case, related, *, by, fresh=False):
    """`fresh` says that the case is new, so that nothing can be there to replace."""
    for name, wanted in related.items():
        REPLACE[name](case, wanted, by, fresh)


def _replace(rows, make, wanted, *, fresh):
    """Make `rows` of a case hold exactly `wanted` keys, touching only what differs."""
    present = {} if fresh else {tuple(row[1:]): row[0] for row in rows}
    wanted = set(wanted)
    gone = [pk for key, pk in present.items() if key not in wanted]
    if gone:
        rows.model.objects.filter(pk__in=gone).delete()
    new = [make(*key) for key in sorted(wanted - present.keys(), key=str)]
    if new:
        rows.model.objects.bulk_create(new)


def _replace_systems(case, systems, by, fresh):
    known = parties.rows_named(System, [name for name, _ in systems])
    wanted = [(known[name], version) for name, version in systems]
    rows = CaseSystem.objects.filter(case=case).values_list("pk", "system_id", "version")
    _replace(rows, lambda pk, version: CaseSystem(case=case, system_id=pk, version=version), wanted, fresh=fresh)


def _replace_parties(role):
    def replace(case, names, by, fresh):
        wanted = [(number,) for number in parties.rows_named(Organisation, names).values()]
        rows = CaseParty.objects.filter(case=case, role=role).values_list("pk", "organisation_id")
        _replace(rows, lambda pk: CaseParty(case=case, organisation_id=pk, role=role), wanted, fresh=fresh)

    return replace


def _replace_readers(case, people, by, fresh):
    rows = CaseReader.objects.filter(case=case).values_list("pk", "person_id")
    if case.visibility != Visibility.NAMED:
        people = []
    wanted = [(person.pk,) for person in people]
    _replace(rows, lambda pk: CaseReader(case=case, person_id=pk), wanted, fresh=fresh)


def _replace_sources(case, sources, by, fresh):
    wanted = [(number,) for number in parties.sources_like([Source(**source) for source in sources], by=by)]
    rows = CaseSource.objects.filter(case=case).values_list("pk", "source_id")
    _replace(rows, lambda pk: CaseSource(case=case, source_id=pk), wanted, fresh=fresh)


REPLACE = {
    "systems": _replace_systems,
    "developers": _replace_parties(PartyRole.DEVELOPER),
    "deployers": _replace_parties(PartyRole.DEPLOYER),
    "affected": _replace_parties(PartyRole.AFFECTED),
    "readers": _replace_readers,
    "sources": _replace_sources,
}
