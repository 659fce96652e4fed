"""A morning on which everything goes wrong at once: nobody gets a digest twice, and nobody silently none.

Short in the suite; `make faults` makes it 200 subscribers, ten kills and a mail server that is down for a minute.
"""

import os
import signal
import time
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from threading import Thread

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from registry import tasks
from registry.actions import jobs
from registry.choices import DigestState, JobState
from registry.digests import clock, ledger
from registry.digests.periods import latest_moment
from registry.models import Digest, Job, Subscription
from tests.faults.test_digests import owed_by_now
from tests.mailserver import Postbox, free_port, running_mail_server
from tests.registry.digests.builders import WEEK, make_digest
from tests.workers import forget_tasks, running_beat, running_worker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

FULL = bool(os.environ.get("AIR_ALL_FAULTS"))
SUBSCRIBERS, KILLS, SECONDS_DOWN = (200, 10, 60) if FULL else (40, 3, 2)
ENDED = {DigestState.SENT, DigestState.REFUSED, DigestState.UNCERTAIN}


def plan_at_once():
    """Three planners."""

    def plan():
        ledger.plan(at=clock.database_now())
        connection.close()

    planners = [Thread(target=plan) for _ in range(3)]
    for planner in planners:
        planner.start()
    for planner in planners:
        planner.join()


def break_the_server_for(people, postbox):
    """10 % deferred once or twice, 3 % cut after the content, 5 % refused. Returns who is deferred, cut and refused."""
    n = len(people)
    shares = (n // 10, max(n * 3 // 100, 1), n // 20)
    deferred, rest = people[: shares[0]], people[shares[0] :]
    cut, refused = rest[: shares[1]], rest[shares[1] : shares[1] + shares[2]]
    postbox.deferrals = {person: 1 + i % 2 for i, person in enumerate(deferred)}
    postbox.cuts = set(cut)
    postbox.answers = dict.fromkeys(refused, "550 No such user")
    return deferred, cut, refused


def kill_while_sending(folder, environment, postbox):
    """One mail worker that dies with a mail half handed over, after some that went well."""
    with running_worker(folder, queues="mail", **environment) as worker:
        goal = len(postbox.mails) + max(SUBSCRIBERS // (2 * KILLS), 1)
        tasks.send_due_digests.delay()
        wait_until(lambda: len(postbox.mails) >= goal, seconds=120)
        postbox.receiving.clear()
        wait_until(postbox.receiving.is_set, seconds=120)
        worker.kill()


def nothing_is_due():
    if not FULL:  # what was put off for minutes is due at once
        Digest.objects.filter(state=DigestState.DUE).update(not_before=clock.database_now())
    tasks.send_due_digests.delay()
    time.sleep(1)
    return not Digest.objects.filter(state=DigestState.DUE).exists()


def stay_down(folder, environment):
    """A worker that finds no mail server for a while."""
    with running_worker(folder, queues="mail", **environment):
        tasks.send_due_digests.delay()
        wait_until(lambda: Digest.objects.filter(error__contains="not to be reached").exists(), seconds=120)
        time.sleep(SECONDS_DOWN)


def test_a_storm_mails_nobody_twice_and_leaves_nobody_silently_out(tmp_path, capsys):
    people = [subscription.person.email for subscription in owed_by_now(SUBSCRIBERS)]
    postbox, port = Postbox(), free_port()
    postbox.stall = 0.1
    environment = {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    deferred, cut, refused = break_the_server_for(people, postbox)
    forget_tasks()
    began = time.monotonic()
    plan_at_once()
    planned = Digest.objects.count()

    with running_beat(tmp_path), running_beat(tmp_path):
        with running_mail_server(port=port, postbox=postbox):
            for _ in range(KILLS // 2):
                kill_while_sending(tmp_path, environment, postbox)
        stay_down(tmp_path, environment)
        with running_mail_server(port=port, postbox=postbox), ExitStack() as workers:
            for _ in range(KILLS - KILLS // 2):
                kill_while_sending(tmp_path, environment, postbox)
            for _ in range(2):
                workers.enter_context(running_worker(tmp_path, queues="mail", **environment))
            wait_until(nothing_is_due, seconds=900)
            wait_until(lambda: Digest.objects.filter(state=DigestState.HANDING).count() <= KILLS, seconds=60)
    ledger.doubt(at=clock.database_now() + timedelta(minutes=7))

    ended = dict(Digest.objects.values_list("person__email", "state"))
    counted = Counter(postbox.recipients)
    figures = {
        "subscribers": SUBSCRIBERS,
        "kills": KILLS,
        **Counter(ended.values()),
        "tried more than once": Digest.objects.filter(attempts__gt=1).count(),
        "twice": sum(n > 1 for n in counted.values()),
        "missing": sum(state not in ENDED or (state == "sent") > counted[who] for who, state in ended.items()),
        "seconds": round(time.monotonic() - began),
    }
    with capsys.disabled():
        print("\nA storm:", ", ".join(f"{name} {n}" for name, n in figures.items()))
    assert (planned, len(ended)) == (SUBSCRIBERS, SUBSCRIBERS)
    assert (figures["twice"], figures["missing"]) == (0, 0)
    assert {ended[person] for person in refused} == {DigestState.REFUSED}
    assert {ended[person] for person in cut} == {DigestState.UNCERTAIN}
    assert {ended[person] for person in deferred} <= {DigestState.SENT, DigestState.UNCERTAIN}
    assert figures[DigestState.UNCERTAIN] <= KILLS + len(cut)


def test_a_mail_server_that_stalls_keeps_no_recompute_waiting(shipped_taxonomy, tmp_path):
    forget_tasks()
    owed_by_now(3)
    ledger.plan(at=clock.database_now())
    with running_mail_server() as (postbox, port):
        postbox.stall = 15
        environment = {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
        with (
            running_worker(tmp_path, queues="mail", **environment),
            running_worker(tmp_path, queues="celery", **environment),
        ):
            tasks.send_due_digests.delay()
            wait_until(postbox.receiving.is_set)
            jobs.leave_recompute(at=timezone.now())
            tasks.drain_jobs.delay()
            wait_until(lambda: Job.objects.filter(kind="recompute", state=JobState.DONE).exists(), seconds=14)
            meanwhile = list(Digest.objects.order_by("state").values_list("state", flat=True))
            postbox.stall = 0

    assert meanwhile == [DigestState.DUE, DigestState.DUE, DigestState.HANDING]


def test_a_worker_that_hangs_in_other_work_keeps_no_mail_waiting(tmp_path):
    forget_tasks()
    cache.delete_many([clock.PLANNER, clock.BEAT])
    person = owed_by_now()[0].person
    with running_mail_server() as (postbox, port):
        environment = {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
        with (
            running_worker(tmp_path, queues="mail", **environment),
            running_worker(tmp_path, queues="celery", **environment) as hanging,
        ):
            os.kill(hanging.child.pid, signal.SIGSTOP)
            try:
                tasks.plan_digests.delay()
                tasks.send_due_digests.apply_async(countdown=2)
                wait_until(lambda: postbox.recipients == [person.email])
            finally:
                os.kill(hanging.child.pid, signal.SIGCONT)


def test_workers_away_over_two_weeks_bring_one_mail_that_covers_both_and_says_so(tmp_path):
    forget_tasks()
    cache.delete_many([clock.PLANNER, clock.BEAT])
    subscription = owed_by_now()[0]
    moment = latest_moment(subscription, at=timezone.now())
    Subscription.objects.update(created_at=moment - 9 * WEEK)
    make_digest(subscription, start=moment - 3 * WEEK, end=moment - 2 * WEEK, state=DigestState.SENT)
    with running_mail_server() as (postbox, port), running_worker(tmp_path, EMAIL_URL=f"smtp://127.0.0.1:{port}"):
        for _ in range(3):
            tasks.plan_digests.delay()
            tasks.send_due_digests.delay()
        wait_until(lambda: Digest.objects.filter(period_end=moment, state=DigestState.SENT).exists())

    sent = Digest.objects.exclude(period_end=moment - 2 * WEEK).get()
    assert (sent.period_start, sent.period_end, len(postbox.mails)) == (moment - 2 * WEEK, moment, 1)
    assert "two weeks" in postbox.mails[0].get_body(("plain",)).get_content()
