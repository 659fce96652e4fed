"""What Celery calls. The tasks run here as functions; tests/faults runs them in a real worker."""

from contextlib import suppress
from datetime import timedelta
from queue import Empty

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from config.celery import app
from registry import tasks
from registry.actions import jobs, populations
from registry.choices import DigestState, JobState
from registry.digests import clock
from registry.models import CountedRange, Digest, Job, PatternRun
from tests.factories import make_case, make_cases
from tests.registry.digests.builders import END, make_digest, make_subscription
from tests.workers import forget_tasks


@pytest.fixture
def at_the_hour(monkeypatch):
    cache.delete(clock.PLANNER)
    with time_machine.travel(END + timedelta(minutes=2), tick=False) as worker:
        monkeypatch.setattr(clock, "database_now", timezone.now)
        yield worker


def waiting_messages(name):
    """What is in the queue, taken out of it."""
    messages = []
    with app.connection_for_read() as broker, suppress(Empty):
        queue = broker.SimpleQueue(name)
        while True:
            messages.append(queue.get(block=False))
            messages[-1].ack()
    return messages


def test_beat_calls_only_tasks_that_exist():
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}

    app.loader.import_default_modules()

    assert scheduled == {
        "api.forget_what_is_over",
        "registry.drain_jobs",
        "registry.mail_notices",
        "registry.plan_digests",
        "registry.plan_webhooks",
        "registry.send_webhooks",
        "registry.remove_old_exports",
        "registry.send_due_digests",
        "registry.tell_what_is_due",
        "registry.warn_and_expire_drafts",
    }
    assert {*scheduled, "registry.send_digest"} <= set(app.tasks)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shipped_taxonomy")
def test_draining_computes_the_patterns_once(now):
    make_case()
    jobs.leave_recompute(at=now)

    tasks.drain_jobs()
    tasks.drain_jobs()

    job = Job.objects.get(kind="recompute")
    assert (job.state, job.result) == (JobState.DONE, {"run": PatternRun.objects.get().pk, "unchanged": False})
    # Whatever moved cases may have moved raters.
    agreement = Job.objects.get(kind="agreement")
    assert (agreement.state, agreement.result) == (JobState.DONE, {"runs": {}, "unchanged": 0})


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shipped_taxonomy")
def test_draining_computes_a_population_that_was_asked_for(now, analyst):
    make_cases(10, kind="near-miss")
    make_case()
    asked = [
        populations.ask_for_run(by=analyst, at=now, label_rule="any", query=query)
        for query in ("kind=near-miss", "kind=incident")
    ]

    tasks.drain_jobs()

    run = PatternRun.objects.get()
    for job in asked:
        job.refresh_from_db()
    assert (run.population.query, run.label_rule, run.n_cases) == ("kind=near-miss", "any", 10)
    assert [job.result for job in asked] == [{"run": run.pk, "unchanged": False}, {"run": None, "too_few": 1}]
    # Nobody's cases changed, so no raters are compared anew.
    assert not Job.objects.filter(kind="agreement").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shipped_taxonomy")
def test_a_job_counts_one_range_unless_it_is_fresh(now):
    make_case()
    Job.objects.all().delete()
    results = []
    for _ in range(2):
        jobs.leave_counts([0], at=now)
        tasks.drain_jobs()
        results.append(Job.objects.latest("pk").result)

    assert results == [{"counted": True}, {"counted": False}]
    assert CountedRange.objects.count() == 1


@pytest.mark.django_db
def test_a_job_that_fails_is_put_back_with_its_error(now, monkeypatch, caplog):
    def fail(*, job, at):
        raise ValueError("cannot be counted")

    monkeypatch.setitem(tasks.WORK, "recompute", fail)
    jobs.leave_recompute(at=now)

    tasks.drain_jobs()

    job = Job.objects.get()
    assert (job.state, job.attempts, job.error) == (JobState.PENDING, 1, "ValueError: cannot be counted")


@pytest.mark.django_db
@pytest.mark.usefixtures("at_the_hour")
def test_planning_twice_plans_once():
    make_subscription()

    tasks.plan_digests()
    tasks.plan_digests()

    assert Digest.objects.get().period_end == END


@pytest.mark.django_db
def test_planning_waits_until_what_was_being_saved_is_committed(at_the_hour):
    make_subscription(created_at=END - timedelta(days=1))
    at_the_hour.move_to(END + timedelta(seconds=30))

    tasks.plan_digests()

    assert Digest.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("at_the_hour")
def test_each_due_digest_becomes_a_task_of_its_own():
    forget_tasks()
    due = make_digest(make_subscription())
    make_digest(make_subscription(), state=DigestState.SENT)

    tasks.send_due_digests()

    waiting = [(message.headers["task"], message.payload[1]) for message in waiting_messages("mail")]
    assert waiting == [("registry.send_digest", {"digest_id": due.pk})]


@pytest.mark.django_db
@pytest.mark.usefixtures("at_the_hour")
def test_a_task_that_waited_too_long_is_dropped():
    forget_tasks()
    make_digest(make_subscription())

    tasks.send_due_digests()

    assert [message.headers["expires"] for message in waiting_messages("mail")] == ["2026-11-23T07:02:40+00:00"]


@pytest.mark.django_db
@pytest.mark.usefixtures("at_the_hour")
def test_sending_twice_sends_once(mailoutbox):
    digest = make_digest(make_subscription())

    tasks.send_digest(digest_id=digest.pk)
    tasks.send_digest(digest_id=digest.pk)

    assert [mail.extra_headers["Message-ID"] for mail in mailoutbox] == [digest.message_id]


def test_mails_have_a_queue_of_their_own_and_nothing_else_is_in_it():
    app.loader.import_default_modules()
    ours = [name for name in app.tasks if name.startswith(("registry.", "api."))]

    in_mail = {name for name in ours if app.amqp.router.route({}, name)["queue"].name == "mail"}

    assert in_mail == {
        "registry.mail_notices",
        "registry.plan_digests",
        "registry.send_digest",
        "registry.send_due_digests",
    }
    assert set(app.amqp.queues) == {"celery", "mail"}
