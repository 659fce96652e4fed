"""Digests while their worker is killed: late perhaps, twice never, lost silently never."""

from datetime import timedelta

import pytest
from django.utils import timezone

from registry import tasks
from registry.choices import DigestState
from registry.digests import ledger
from registry.models import Digest
from tests.factories import make_person
from tests.mailserver import running_mail_server
from tests.registry.digests.builders import WEEK, make_subscription
from tests.workers import forget_tasks, running_beat, running_worker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


@pytest.fixture
def mail_server():
    with running_mail_server() as (postbox, port):
        forget_tasks()
        yield postbox, {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}


def owed_by_now(n=1):
    """`n` subscriptions whose weekly moment has just passed."""
    moment = timezone.now() - timedelta(hours=1)
    schedule = {"weekday": moment.weekday(), "hour": moment.hour, "created_at": moment - 2 * WEEK}
    return [make_subscription(person=make_person(), **schedule) for _ in range(n)]


def states():
    return list(Digest.objects.order_by("pk").values_list("state", flat=True))


def test_a_worker_killed_between_planning_and_sending_costs_nothing(mail_server, tmp_path):
    postbox, environment = mail_server
    owed_by_now()
    with running_worker(tmp_path, **environment) as worker:
        tasks.plan_digests.delay()
        wait_until(lambda: states() == [DigestState.DUE])
        worker.kill()

    with running_worker(tmp_path, **environment):
        for _ in range(3):
            tasks.plan_digests.delay()
            tasks.send_due_digests.delay()
        wait_until(lambda: states() == [DigestState.SENT])

    assert len(postbox.mails) == 1


def test_a_worker_killed_while_handing_over_leaves_it_uncertain_and_nothing_repeats_it(mail_server, tmp_path):
    postbox, environment = mail_server
    postbox.stall = 5
    owed_by_now()
    ledger.plan(at=timezone.now())
    with running_worker(tmp_path, **environment) as worker:
        tasks.send_due_digests.delay()
        wait_until(postbox.receiving.is_set)
        worker.kill()

    postbox.stall = 0
    with running_worker(tmp_path, **environment):
        tasks.plan_digests.delay()
        tasks.send_due_digests.delay()
        ledger.doubt(at=timezone.now() + timedelta(minutes=7))
        tasks.send_due_digests.delay()
        marker = owed_by_now()[0].person.email
        tasks.plan_digests.delay()
        tasks.send_due_digests.delay()
        wait_until(lambda: marker in postbox.recipients)

    assert states() == [DigestState.UNCERTAIN, DigestState.SENT]
    assert len(postbox.mails) == 2


def test_kill_after_kill_and_a_bad_server_mail_nobody_twice_and_miss_nobody(mail_server, tmp_path):
    postbox, environment = mail_server
    people = [subscription.person.email for subscription in owed_by_now(20)]
    refused, deferred = people[0], people[1]
    postbox.answers |= {refused: "550 No such user", deferred: "451 Later"}
    postbox.stall = 0.05
    ledger.plan(at=timezone.now())
    kills = 0
    while Digest.objects.filter(state=DigestState.DUE, attempts=0).exists():
        done = len(postbox.mails)
        with running_worker(tmp_path, **environment) as worker:
            tasks.send_due_digests.delay()
            wait_until(lambda done=done: len(postbox.mails) >= min(done + 5, len(people) - 2))
            worker.kill()
            kills += 1
        forget_tasks()
    ledger.doubt(at=timezone.now() + timedelta(minutes=7))

    ended = dict(Digest.objects.values_list("person__email", "state"))
    counted = {person: postbox.recipients.count(person) for person in people}
    assert kills > 1
    assert (ended.pop(refused), ended.pop(deferred)) == (DigestState.REFUSED, DigestState.DUE)
    assert set(ended.values()) <= {DigestState.SENT, DigestState.UNCERTAIN}
    assert max(counted.values()) == 1
    assert [person for person, state in ended.items() if state == DigestState.SENT and not counted[person]] == []


def test_two_beats_send_one_digest(mail_server, tmp_path):
    postbox, environment = mail_server
    owed_by_now()
    ledger.plan(at=timezone.now())

    with running_worker(tmp_path, **environment), running_beat(tmp_path), running_beat(tmp_path):
        wait_until(lambda: states() == [DigestState.SENT], seconds=180)

    assert len(postbox.mails) == 1
