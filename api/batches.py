"""Many cases at once: every row as if it had been sent by itself, told row by row, by a job where they are many.

A row goes through the same serializer, action and rights as a single request. Rows of a change are taken in the
order of the cases' numbers, so that two lists never wait for each other.
"""

from dataclasses import dataclass, field

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from rest_framework.exceptions import ValidationError as InvalidInput

from api import errors
from api.errors import Problem, step_refused
from api.models import Batch, BatchKind
from api.serializers.case_changes import changed_since
from api.serializers.case_input import BatchChangeInput, CaseChangeInput, NewCaseInput, checked
from registry import access
from registry.actions import cases, jobs, parties
from registry.actions.signing import Conflict, StepRefused
from registry.choices import JobKind, JobState, Right
from registry.models import Job, Organisation, System

AT_ONCE = 200
MOST = 20_000
PER_TRANSACTION = 50
NAMES = {"systems": System, "developers": Organisation, "deployers": Organisation, "affected": Organisation}
GONE = "Whoever asked may not sign in any more."


@dataclass(frozen=True)
class Wanted:
    """A list as it was sent. `given` are the values that all rows get, where they were chosen by a filter."""

    kind: str
    rows: list
    atomic: bool = False
    dry_run: bool = False
    given: dict = field(default_factory=dict)

    @property
    def by_filter(self):
        return self.kind == BatchKind.CHANGE and bool(self.given)

    def places(self):
        """The positions of the rows in the order in which they are done."""
        if self.kind == BatchKind.CREATE:
            return list(range(len(self.rows)))
        return sorted(range(len(self.rows)), key=lambda place: (number_in(self.rows[place]), place))


def number_in(row):
    """The case's number; zero where the row names none, which is refused in its turn."""
    found = access.REFERENCE.fullmatch(str(row.get("reference", ""))) if isinstance(row, dict) else None
    return int(found[1]) if found else 0


def log_from(data, *, by, at):
    """(the case that `data` describes, the values it had), made by `by`."""
    values = checked(NewCaseInput, data, context={"person": by})
    try:
        return cases.log_case(by=by, at=at, **values), values
    except StepRefused as refused:
        # Nothing was made, so there is no case to point into: the body is what lacks something.
        problem = step_refused(refused)
        raise Problem("invalid-input", problem.detail, errors=problem.errors) from None


def log_row(row, values, *, by, at):
    case, _ = log_from(row, by=by, at=at)
    return 201, case


def change_row(row, values, *, by, at):
    """Change the case of a row: to `values`, or to what the row says itself, of the version it names."""
    if not values:
        values = checked(BatchChangeInput, row, context={"person": by})
        row = {name: values.pop(name) for name in ("reference", "version")}
    case, version = access.case_for(by, row["reference"], to=Right.EDIT), row.get("version")
    try:
        return 200, cases.edit_case(case=case, by=by, at=at, version=version, **values)
    except Conflict as conflict:
        current = conflict.current
        told = {"version": current.version, "changed": changed_since(case=current, version=version)}
        raise Problem("stale-version", f"The case is at version {current.version}.", **told) from None


DO = {BatchKind.CREATE: log_row, BatchKind.CHANGE: change_row}


def outcomes_of(wanted, places, *, by, at):
    """What became of these rows, each in a savepoint of its own. What is our own fault is raised."""
    work = DO[BatchKind(wanted.kind)]
    try:
        values = checked(CaseChangeInput, wanted.given, context={"person": by}) if wanted.by_filter else {}
    except (InvalidInput, ValidationError) as error:
        return [refused(wanted, place, errors.as_problem(error)) for place in places]
    return [outcome_of(wanted, place, lambda row: work(row, values, by=by, at=at)) for place in places]


def outcome_of(wanted, place, work):
    try:
        with transaction.atomic():
            status, case = work(wanted.rows[place])
    except Exception as error:
        problem = errors.as_problem(error)
        if problem is None:
            raise
        return refused(wanted, place, problem)
    # A number that a dry run has used is nobody's.
    reference = None if wanted.dry_run and status == 201 else case.reference
    return {"index": place, "status": status, "reference": reference, "version": case.version, "problem": None}


def refused(wanted, place, problem):
    kind = errors.PROBLEMS[problem.slug]
    where = "#/set" if wanted.by_filter else f"#/cases/{place}"
    pointed = [{**error, "pointer": error["pointer"].replace("#", where, 1)} for error in problem.errors]
    return {
        "index": place,
        "status": kind.status,
        "reference": sent_reference(wanted.rows[place]),
        "version": None,
        "problem": {
            "type": f"/api/v1/problems/{problem.slug}/",
            "title": kind.title,
            "detail": problem.detail,
            "errors": pointed or [errors.error(where, problem.detail, problem.slug)],
            **problem.more,
        },
    }


def sent_reference(row):
    """The reference as it was sent, if it was one: the answer says no more of a case than the request did."""
    return row["reference"] if number_in(row) else None


def done_now(wanted, *, by, at):
    """The outcomes of all rows, in the order in which they were sent. A dry run leaves nothing behind, nor does an
    atomic list of which a row is refused; then only the refused ones have an outcome.
    """
    if not (wanted.atomic or wanted.dry_run):
        return in_order(outcomes_of(wanted, wanted.places(), by=by, at=at))
    with transaction.atomic():
        hold(wanted, by)
        outcomes = outcomes_of(wanted, wanted.places(), by=by, at=at)
        unfit = [outcome for outcome in outcomes if outcome["problem"]] if wanted.atomic else []
        if wanted.dry_run or unfit:
            transaction.set_rollback(True)
    return in_order(unfit or outcomes)


def hold(wanted, by):
    """Lock the cases by their numbers, then make the names that are new: nobody who changes cases has another order."""
    numbers = [number_in(row) for row in wanted.rows] if wanted.kind == BatchKind.CHANGE else []
    held = access.visible_to(by).filter(pk__in=[n for n in numbers if n < 2**31]).order_by("pk")
    list(held.select_for_update(of=("self",)).values_list("pk", flat=True))
    named = {System: set(), Organisation: set()}
    for row in (*wanted.rows, wanted.given):
        for name, model in NAMES.items():
            named[model] |= names_in(row.get(name) if isinstance(row, dict) else None)
    for model, names in named.items():
        parties.rows_named(model, sorted(names))


def names_in(entries):
    """The names among what a row sends; what is none is refused with its row."""
    entries = entries if isinstance(entries, list) else ()
    found = [entry.get("name") if isinstance(entry, dict) else entry for entry in entries]
    return {name for name in found if isinstance(name, str) and 0 < len(parties.tidy(name)) <= 200}


def in_order(outcomes):
    return sorted(outcomes, key=lambda outcome: outcome["index"])


def counts_of(outcomes):
    counts = {"made": 0, "changed": 0, "refused": 0}
    for outcome in outcomes:
        counts["refused" if outcome["problem"] else "made" if outcome["status"] == 201 else "changed"] += 1
    return counts


@transaction.atomic
def leave(wanted, *, by, at):
    """Leave the list to a job; the job."""
    rows = {"cases": wanted.rows, "set": wanted.given}
    batch = Batch.objects.create(kind=wanted.kind, asked_by=by, atomic=wanted.atomic, rows=rows, asked_at=at)
    payload = {"batch": batch.pk, "dry_run": wanted.dry_run}
    jobs.leave(kind=JobKind.BATCH, at=at, key=str(batch.pk), payload=payload, by=by)
    batch.job = Job.objects.get(kind=JobKind.BATCH, key=str(batch.pk), state=JobState.PENDING)
    batch.save(update_fields=["job"])
    return batch.job


def run(*, job, at, report):
    """Do the list that a job holds, or what is left of it; the job's result. No row is done twice: its outcome is
    kept in the transaction that did it. `report(percent)` says whether to go on.
    """
    batch = Batch.objects.select_related("asked_by").get(pk=job.payload["batch"])
    by = batch.asked_by
    if batch.finished_at is None and not by.is_active:
        finish(batch, [], at=at)
        return {"refused": GONE}
    wanted = Wanted(batch.kind, batch.rows["cases"], batch.atomic, job.payload["dry_run"], batch.rows["set"])
    with pghistory.context(batch=batch.pk):
        if wanted.atomic or wanted.dry_run:
            return whole(batch, wanted, job, by=by, at=at)
        places = wanted.places()
        while not stretch(batch.pk, wanted, places, job, by=by, at=at):
            done = len(Batch.objects.values_list("outcomes", flat=True).get(pk=batch.pk))
            if not report(min(99, 100 * done // len(places))):
                raise jobs.TakenOver
    batch.refresh_from_db()
    return {"counts": counts_of(batch.outcomes)}


def whole(batch, wanted, job, *, by, at):
    """All rows in one transaction."""
    with transaction.atomic():
        outcomes = done_now(wanted, by=by, at=at)
        if not jobs.still_ours(job):
            raise jobs.TakenOver
        finish(batch, outcomes, at=timezone.now())
    kept = not wanted.dry_run and not any(outcome["problem"] for outcome in outcomes)
    return {"counts": counts_of(outcomes), "saved": kept}


def stretch(number, wanted, places, job, *, by, at):
    """The next rows with their outcomes in one transaction; true when none is left."""
    with transaction.atomic():
        if not jobs.still_ours(job):
            raise jobs.TakenOver
        batch = Batch.objects.select_for_update().get(pk=number)
        some = places[len(batch.outcomes) :][:PER_TRANSACTION]
        batch.outcomes += outcomes_of(wanted, some, by=by, at=at)
        if over := len(batch.outcomes) >= len(places):
            finish(batch, batch.outcomes, at=timezone.now())
        else:
            batch.save(update_fields=["outcomes"])
    return over


def finish(batch, outcomes, *, at):
    """Keep what became of each row, and no longer what was sent."""
    batch.outcomes, batch.rows, batch.finished_at = in_order(outcomes), {}, at
    batch.save(update_fields=["outcomes", "rows", "finished_at"])


@transaction.atomic
def cancel(*, job, by, at):
    """Cancel one's own job; of a list, the rows that are not done are forgotten. Raises jobs.NotCancelled."""
    job = jobs.cancel(job=job, by=by, at=at)
    Batch.objects.filter(job=job, finished_at=None).update(rows={}, finished_at=at)
    return job
