"""Work that waits as rows: left once, claimed by one, given back when its worker dies."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction

from registry.actions import jobs
from registry.choices import JobKind, JobState
from registry.models import Job

pytestmark = pytest.mark.django_db


def states():
    return list(Job.objects.order_by("pk").values_list("state", flat=True))


def test_the_same_work_waits_once(now):
    jobs.leave_recompute(at=now)
    jobs.leave_recompute(at=now)

    assert states() == [JobState.PENDING]


def test_work_left_in_a_transaction_that_fails_was_never_left(now):
    def leave_and_fail():
        with transaction.atomic():
            jobs.leave_recompute(at=now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        leave_and_fail()

    assert states() == []


def test_a_claimed_job_is_held_for_its_lease(now):
    jobs.leave_recompute(at=now)

    job = jobs.claim(at=now)

    assert (job.state, job.attempts, job.lease_until) == (JobState.RUNNING, 1, now + jobs.LEASE)
    assert jobs.claim(at=now) is None


def test_a_change_during_the_run_leaves_new_work(now):
    jobs.leave_recompute(at=now)
    job = jobs.claim(at=now)
    jobs.leave_recompute(at=now)

    jobs.finish(job=job, at=now, result={"run": 1})

    assert states() == [JobState.DONE, JobState.PENDING]


def test_work_that_is_not_due_yet_is_left_alone(now):
    jobs.leave(kind=JobKind.RECOMPUTE, at=now + timedelta(seconds=1))

    assert jobs.claim(at=now) is None


def test_a_job_whose_worker_died_is_taken_over_after_its_lease(now):
    jobs.leave_recompute(at=now)
    first = jobs.claim(at=now)

    second = jobs.claim(at=now + jobs.LEASE + timedelta(seconds=1))

    assert (second.pk, second.attempts) == (first.pk, 2)


def test_a_worker_that_lost_its_lease_changes_nothing(now):
    jobs.leave_recompute(at=now)
    late = jobs.claim(at=now)
    taken_over = jobs.claim(at=now + jobs.LEASE + timedelta(seconds=1))

    jobs.finish(job=late, at=now, result={"run": 1})
    jobs.fail(job=late, at=now, error="ValueError: no")

    assert states() == [JobState.RUNNING]
    jobs.finish(job=taken_over, at=now, result={"run": 2})
    assert Job.objects.get().result == {"run": 2}


def test_a_failed_job_waits_longer_each_time_and_is_buried_in_the_end(now):
    jobs.leave_recompute(at=now)
    at, waits = now, []
    while job := jobs.claim(at=at):
        jobs.fail(job=job, at=at, error="ValueError: no")
        job.refresh_from_db()
        waits.append((job.not_before - at).total_seconds())
        at = max(job.not_before, at)

    assert states() == [JobState.DEAD]
    assert waits[:4] == [20, 40, 80, 160]
    assert Job.objects.get().error == "ValueError: no"


def test_a_failed_job_gives_way_to_a_newer_one(now):
    jobs.leave_recompute(at=now)
    job = jobs.claim(at=now)
    jobs.leave_recompute(at=now)

    jobs.fail(job=job, at=now, error="ValueError: no")

    assert states() == [JobState.DEAD, JobState.PENDING]


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_gets_the_job(now):
    jobs.leave_recompute(at=now)
    claimed = []

    def work():
        claimed.append(jobs.claim(at=now))
        connection.close()

    workers = [Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len([job for job in claimed if job]) == 1
