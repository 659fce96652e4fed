"""Entry points for Celery: named, ids only, safe to run twice. Rows in PostgreSQL say what there is to do."""

import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from registry.actions import bulk, draft_expiry, due_dates, jobs
from registry.choices import JobKind
from registry.digests import clock, ledger, notices, runs, send
from registry.exchange import exporting
from registry.models import Population
from registry.patterns.agreement_runs import compute_agreement
from registry.patterns.kept_ranges import count_range
from registry.patterns.recompute import recompute
from registry.webhooks import delivering, planning

logger = logging.getLogger(__name__)

# The next beat brings the rest; an endless stream of writes must not keep one task running for ever.
MOST_JOBS = 20
# Requests that were saving when a period ended have committed by then, so their changes are told.
SETTLING = timedelta(minutes=1)
# Beat asks again every 30 seconds, so what waits longer than that in the queue is a duplicate.
EXPIRES_SECONDS = 40


def recompute_all(*, job, at):
    """A new pattern run, of all cases or of the population that the job names.

    What changed all cases may also have changed who can be compared: raters, cases, readers.
    """
    number = job.payload.get("population")
    if number is None:
        jobs.leave_agreement(at=at)
    population = None if number is None else Population.objects.get(pk=number)
    return recompute(at=at, population=population, report=reporting(job))


# What does each kind of job, given the job and the time.
WORK = {
    JobKind.RECOMPUTE: recompute_all,
    JobKind.COUNT: lambda *, job, at: {"counted": count_range(int(job.key), at=at)},
    JobKind.AGREEMENT: lambda *, job, at: compute_agreement(at=at),
    JobKind.EXPORT: lambda *, job, at: exporting.run(job=job, report=reporting(job)),
    JobKind.BULK: lambda *, job, at: bulk.run(job=job, at=at, report=reporting(job)),
}


def reporting(job):
    """What a long job calls with its per cent: says so and keeps the job; false if another worker has it now."""
    return lambda percent: jobs.report_progress(job=job, at=timezone.now(), percent=percent)


@shared_task(name="registry.drain_jobs")
def drain_jobs():
    for _ in range(MOST_JOBS):
        if not _do_one_job():
            return


@shared_task(name="registry.remove_old_exports")
def remove_old_exports():
    exporting.remove_old(at=timezone.now())


@shared_task(name="registry.plan_digests")
def plan_digests():
    at = clock.database_now()
    ledger.set_right(at=at)
    if clock.believed(at=at):
        ledger.plan(at=at - SETTLING)
        runs.ask_ahead(at=at)
        runs.ask_for_the_week(at=at)


@shared_task(name="registry.send_due_digests")
def send_due_digests():
    at = clock.database_now()
    clock.note_beat(at=at)
    ledger.doubt(at=at)
    for number in ledger.due(at=at):
        send_digest.apply_async(kwargs={"digest_id": number}, expires=EXPIRES_SECONDS)


@shared_task(name="registry.send_digest")
def send_digest(*, digest_id):
    send.send(digest_id=digest_id, at=clock.database_now())


@shared_task(name="registry.warn_and_expire_drafts")
def warn_and_expire_drafts():
    draft_expiry.warn_and_expire(at=timezone.now())


@shared_task(name="registry.mail_notices")
def mail_notices():
    notices.mail_everybody(at=timezone.now())


@shared_task(name="registry.tell_what_is_due")
def tell_what_is_due():
    due_dates.tell_owners(at=timezone.now())


@shared_task(name="registry.plan_webhooks")
def plan_webhooks():
    planning.plan(at=timezone.now())


@shared_task(name="registry.send_webhooks")
def send_webhooks():
    delivering.send_due(now=timezone.now)


def _do_one_job():
    """Claim one job, do it and say how it went; False when there was none."""
    job = jobs.claim(at=timezone.now())
    if job is None:
        return False
    try:
        result = WORK[JobKind(job.kind)](job=job, at=timezone.now())
    except jobs.TakenOver:
        logger.info("job %s was cancelled, or is another worker's now", job.pk)
    except Exception as error:
        logger.exception("job %s failed", job.pk)
        jobs.fail(job=job, at=timezone.now(), error=f"{type(error).__name__}: {error}")
    else:
        jobs.finish(job=job, at=timezone.now(), result=result)
    return True
