"""Leaving, claiming and finishing work that may wait."""

from datetime import timedelta

from django.db import connection, transaction

from registry.choices import JobKind, JobState
from registry.models import Job

LEASE = timedelta(minutes=6)  # longer than Celery's hard time limit
MOST_ATTEMPTS = 5
BACK_OFF = timedelta(seconds=10)

LEAVE = """
INSERT INTO registry_job (kind, key, payload, state, attempts, not_before, progress, error, created_at)
VALUES (%s, %s, '{}', 'pending', 0, %s, 0, '', %s)
ON CONFLICT (kind, key) WHERE state = 'pending' DO NOTHING
"""


def leave(*, kind, at, key=""):
    """Leave work to be done, in the caller's transaction; nothing happens if the same is pending already."""
    with connection.cursor() as cursor:
        cursor.execute(LEAVE, [kind, key, at, at])


def leave_recompute(*, at):
    leave(kind=JobKind.RECOMPUTE, at=at)


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


@transaction.atomic
def finish(*, job, at, result):
    job.state, job.lease_until, job.progress = JobState.DONE, None, 100
    job.result, job.finished_at, job.error = result, at, ""
    job.save(update_fields=["state", "lease_until", "progress", "result", "finished_at", "error"])


@transaction.atomic
def fail(*, job, at, error):
    """Put the job back for later, or bury it after the last attempt. A newer pending one takes its place."""
    if job.attempts >= MOST_ATTEMPTS:
        _bury(job, at=at, error=error)
        return
    if Job.objects.filter(kind=job.kind, key=job.key, state=JobState.PENDING).exists():
        _bury(job, at=at, error=f"{error} (a newer job does the same)")
        return
    job.state, job.lease_until, job.error = JobState.PENDING, None, error
    job.not_before = at + BACK_OFF * 2**job.attempts
    job.save(update_fields=["state", "lease_until", "error", "not_before"])


def _bury(job, *, at, error):
    job.state, job.lease_until, job.error, job.finished_at = JobState.DEAD, None, error, at
    job.save(update_fields=["state", "lease_until", "error", "finished_at"])
