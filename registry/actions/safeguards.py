"""What stood between a system and harm: the safeguards of a case, set as a whole."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q

from registry import access
from registry.actions import jobs
from registry.actions.signing import Conflict, check, lock, save_changed, signed
from registry.choices import Deployed, Outcome, Right
from registry.models import Safeguard
from taxonomy.models import Node, SchemeKind

FAILED = (Outcome.MISSED, Outcome.PARTIAL)
NOT_MET = (Outcome.NOT_EXERCISED, Outcome.UNKNOWN)
JUDGED = ("deployed", "expected", "outcome", "failure_mode_id", "how", "order")


@dataclass(frozen=True)
class Judged:
    """What a person says of one technique. `version` is that of the row they saw; 0 where they saw none."""

    technique_id: int
    version: int
    deployed: str
    expected: str
    outcome: str
    failure_mode_id: int | None
    how: str
    order: int


def techniques():
    """What may be a safeguard: the nodes of every scheme of techniques, in their order."""
    nodes = Node.objects.filter(scheme__kind=SchemeKind.TECHNIQUE).select_related("scheme", "parent")
    return nodes.order_by("scheme__order", "order", "pk")


def failure_modes():
    nodes = Node.objects.filter(scheme__kind=SchemeKind.FAILURE_MODE, retired_at=None).select_related("scheme")
    return nodes.order_by("scheme__order", "order", "pk")


@signed
def set_safeguards(*, case, by, at, rows, without):
    """Make `rows` (of Judged) the safeguards of the case, and take out those `without` names: all of it or nothing.

    `without` maps techniques (ids) to the version seen. Techniques that neither names stay as they are. Raises
    Conflict if somebody changed any of them since; `current` is then {technique id: the row now, or None}.
    """
    case = lock(case)
    access.require(by, Right.EDIT, case)
    present = {row.technique_id: row for row in case.safeguards.select_for_update(of=("self",))}
    seen = {row.technique_id: row.version for row in rows} | without
    changed = {key: present.get(key) for key, version in seen.items() if version != _version(present.get(key))}
    if changed:
        raise Conflict(changed)
    _require_current(rows, present)
    case.safeguards.filter(technique__in=[key for key in without if key in present]).delete()
    for judged in rows:
        _write(case, present.get(judged.technique_id), judged, at=at)
    jobs.leave_recompute(at=at)
    return case


def problems_of(judged):
    """{field: what is wrong} between the answers of one row, in words; the database refuses the same."""
    problems = {}
    if judged.deployed == Deployed.NO and judged.outcome not in NOT_MET:
        problems["outcome"] = "What was not deployed neither caught nor missed anything."
    if judged.failure_mode_id is not None and judged.outcome not in FAILED:
        problems["failure_mode"] = "Only a safeguard that missed all or part of it has a failure mode."
    return problems


def _version(row):
    return row.version if row else 0


def _require_current(rows, present):
    """A retired technique or failure mode stays where it is recorded, and is recorded nowhere else."""
    modes = {judged.failure_mode_id for judged in rows if judged.failure_mode_id}
    asked = {judged.technique_id for judged in rows} | modes
    retired = set(Node.objects.filter(Q(pk__in=asked), retired_at__isnull=False).values_list("pk", flat=True))
    for judged in rows:
        before = present.get(judged.technique_id)
        if before is None and judged.technique_id in retired:
            raise ValidationError({f"{judged.technique_id}-deployed": "This technique is retired."})
        if judged.failure_mode_id in retired and (before is None or before.failure_mode_id != judged.failure_mode_id):
            raise ValidationError({f"{judged.technique_id}-failure_mode": "This failure mode is retired."})


def _write(case, row, judged, *, at):
    """Save one row if anything about it is new."""
    if problems := problems_of(judged):
        raise ValidationError({f"{judged.technique_id}-{name}": words for name, words in problems.items()})
    fresh = row is None
    row = row or Safeguard(case=case, technique_id=judged.technique_id, created_at=at, updated_at=at)
    if not fresh and all(getattr(row, name) == getattr(judged, name) for name in JUDGED):
        return
    for name in JUDGED:
        setattr(row, name, getattr(judged, name))
    if fresh:
        check(row)
        row.save(force_insert=True)
    else:
        save_changed(row, at=at)
