"""Leaving, claiming and finishing work that may wait."""

import json
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from registry.choices import JobKind, JobState
from registry.models import Job

LEASE = timedelta(minutes=6)  # longer than Celery's hard time limit
MOST_ATTEMPTS = 5
BACK_OFF = timedelta(seconds=10)

LEAVE = """
INSERT INTO registry_job (kind, key, payload, asked_by_id, state, attempts, not_before, progress, error, created_at)
VALUES (%s, %s, %s, %s, 'pending', 0, %s, 0, '', %s)
ON CONFLICT (kind, key) WHERE state = 'pending' DO NOTHING
"""


def leave(*, kind, at, key="", payload=None, by=None):
    """Leave work to be done, in the caller's transaction; nothing happens if the same is pending already.

    `payload` holds ids and choices, never texts; `by` is the person who asked, if somebody did.
    """
    with connection.cursor() as cursor:
        cursor.execute(LEAVE, [kind, key, json.dumps(payload or {}), by and by.pk, at, at])


def leave_recompute(*, at, population=None):
    """Compute the patterns anew, of all cases or of one population."""
    leave(kind=JobKind.RECOMPUTE, at=at, **_of(population))


def leave_counts(numbers, *, at):
    """One job for each of these ranges of cases; whoever recomputes does without them too."""
    for number in numbers:
        leave(kind=JobKind.COUNT, at=at, key=str(number))


@transaction.atomic
def ask_for_recompute(*, by, at, population=None):
    """The job that computes the patterns anew, of all cases or of one population: the one that waits already, from
    now on asked for, or a new one.
    """
    if not by.may_label:
        raise PermissionDenied("Only analysts, reviewers and administrators ask for a new run.")
    leave(kind=JobKind.RECOMPUTE, at=at, by=by, **_of(population))
    waiting = Job.objects.filter(kind=JobKind.RECOMPUTE, key=_of(population)["key"])
    waiting.filter(state=JobState.PENDING, asked_by=None).update(asked_by=by)
    # A worker may take it up in between: then the newest is the one that was left.
    return waiting.filter(state=JobState.PENDING).first() or waiting.latest("pk")


def _of(population):
    return {"key": str(population.pk), "payload": {"population": population.pk}} if population else {"key": ""}


def leave_agreement(*, at):
    leave(kind=JobKind.AGREEMENT, at=at)


@transaction.atomic
def claim(*, at):
    """Take one ready job and hold it for the length of the lease; None when there is none.

    It is marked running before anything is read, so a change during the run leaves a new pending row.
    """
    job = Job.objects.ready(at).select_for_update(skip_locked=True).order_by("not_before", "pk").first()
    if job is None:
        return None
    if job.attempts >= MOST_ATTEMPTS:
        return _bury(job, at=at, error=job.error or "Its worker died each time.")
    job.state = JobState.RUNNING
    job.attempts += 1
    job.lease_until = at + LEASE
    job.save(update_fields=["state", "attempts", "lease_until"])
    return job


def report_progress(*, job, at, percent):
    """Say how far a running job is, and hold it for another lease; false if another worker has taken it over."""
    held = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
    return held.update(progress=percent, lease_until=at + LEASE) == 1


@transaction.atomic
def finish(*, job, at, result):
    """Record the result. A worker whose lease ran out has lost the job and changes nothing."""
    if still_ours(job):
        _end(job, JobState.DONE, at=at, result=result, progress=100, error="")


@transaction.atomic
def fail(*, job, at, error):
    """Put the job back for later, or bury it after the last attempt. A newer pending one takes its place."""
    if not still_ours(job):
        return
    if job.attempts >= MOST_ATTEMPTS:
        _bury(job, at=at, error=error)
        return
    later = {"not_before": at + BACK_OFF * 2**job.attempts, "error": error}
    try:
        with transaction.atomic():
            Job.objects.filter(pk=job.pk).update(state=JobState.PENDING, lease_until=None, **later)
    except IntegrityError:
        _bury(job, at=at, error=f"{error} (a newer job does the same)")


def still_ours(job):
    """Lock the job's row; whether nobody has taken it over since it was claimed."""
    held = Job.objects.select_for_update().filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
    return held.first() is not None


# What somebody asked for, and can do without. Anything else is owed to everybody.
CANCELLABLE = (JobKind.EXPORT, JobKind.BULK, JobKind.BATCH)


class TakenOver(Exception):
    """Another worker does the job, or it was cancelled; this worker stops."""


class NotCancelled(Exception):
    """The job is over, or is none that somebody may cancel."""


@transaction.atomic
def cancel(*, job, by, at):
    """End one's own job: at once while it waits; a worker that runs it stops at its next report.

    What it has done until then stays done. Raises NotCancelled.
    """
    job = Job.objects.select_for_update().get(pk=job.pk, asked_by=by)
    if job.kind not in CANCELLABLE:
        raise NotCancelled("This work is done for everybody; it cannot be cancelled.")
    if job.state not in (JobState.PENDING, JobState.RUNNING):
        raise NotCancelled(f"The job is {job.state} already.")
    _end(job, JobState.CANCELLED, at=at)
    job.refresh_from_db()
    return job


def _bury(job, *, at, error):
    _end(job, JobState.DEAD, at=at, error=error)


def _end(job, state, *, at, **values):
    Job.objects.filter(pk=job.pk).update(state=state, lease_until=None, finished_at=at, **values)
