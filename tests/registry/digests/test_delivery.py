"""What is late and why, what needs a decision, and figures."""

from datetime import timedelta

import pytest

from registry.choices import DigestState
from registry.digests import delivery, ledger
from registry.models import Digest
from tests.registry.digests.builders import END, START, WEEK, make_digest, make_subscription

pytestmark = pytest.mark.django_db

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def subscription(noor):
    return make_subscription(person=noor, created_at=START + HOUR)


def late(at):
    return [(row.since, row.why, row.attempts, row.next_try) for row in delivery.overdue(at=at)]


def test_what_the_planner_has_not_seen_is_overdue_after_ten_minutes(subscription):
    assert late(END + 9 * MINUTE) == []
    assert late(END + 11 * MINUTE) == [(END, delivery.NOT_PLANNED, 0, None)]


def test_what_no_worker_took_up_is_overdue_after_ten_minutes(subscription):
    ledger.plan(at=END)

    assert late(END + 9 * MINUTE) == []
    assert late(END + 11 * MINUTE) == [(END, delivery.NOT_TAKEN, 0, None)]


def test_what_was_put_off_says_why_and_until_when(subscription):
    make_digest(subscription, attempts=4, error="451 Greylisted", not_before=END + 20 * MINUTE)

    assert late(END + 15 * MINUTE) == [(END, "451 Greylisted", 4, END + 20 * MINUTE)]


def test_what_is_stuck_half_way_is_overdue(subscription):
    make_digest(subscription, state=DigestState.HANDING, handed_at=END, attempts=1)

    assert late(END + 11 * MINUTE) == [(END, delivery.HALF_WAY, 1, None)]


def test_what_is_sent_again_waits_since_then(subscription, administrator):
    digest = make_digest(subscription, state=DigestState.UNCERTAIN)

    ledger.send_again(digest=digest, by=administrator, at=END + 5 * HOUR)

    assert late(END + 5 * HOUR + 9 * MINUTE) == []
    assert late(END + 5 * HOUR + 11 * MINUTE) == [(END + 5 * HOUR, delivery.NOT_TAKEN, 0, None)]


def test_the_oldest_is_first(subscription):
    make_digest(make_subscription(), start=START - WEEK, end=START, attempts=1, error="451")

    assert [row.since for row in delivery.overdue(at=END + HOUR)] == [START, END, END]


@pytest.mark.parametrize(
    ("state", "listed"),
    [(state, state in ledger.TRIED_AGAIN) for state in DigestState],
)
def test_what_did_not_surely_arrive_needs_a_decision(state, listed, subscription):
    digest = make_digest(subscription, state=state)

    assert list(delivery.undelivered()) == ([digest] if listed else [])


def test_what_a_later_one_covers_and_what_was_stopped_needs_none(subscription):
    make_digest(subscription, start=START - WEEK, end=START, state=DigestState.UNCERTAIN)
    make_digest(subscription, state=DigestState.SENT)
    make_digest(make_subscription(active=False), state=DigestState.FAILED)

    assert list(delivery.undelivered()) == []


def test_whoever_sent_again_is_kept_and_shown_with_what_became_of_it(subscription, administrator):
    digest = make_digest(subscription, state=DigestState.UNCERTAIN)
    ledger.send_again(digest=digest, by=administrator, at=END + HOUR)
    Digest.objects.update(state=DigestState.SENT, sent_at=END + HOUR)

    shown = [(row.digest.pk, row.digest.state, row.by, row.at) for row in delivery.sent_again(most=5)]

    assert shown == [(digest.pk, DigestState.SENT, administrator, END + HOUR)]


def test_a_digest_that_made_way_since_is_not_shown(subscription, administrator):
    ledger.send_again(digest=make_digest(subscription, state=DigestState.FAILED), by=administrator, at=END + HOUR)
    Digest.objects.all().delete()

    assert delivery.sent_again(most=5) == []


def test_states_are_counted_over_a_time_and_ever(subscription):
    make_digest(subscription, start=START - WEEK, end=START, state=DigestState.REFUSED)
    make_digest(subscription, state=DigestState.SENT)

    assert delivery.states_since(START + HOUR) == dict.fromkeys(DigestState, 0) | {DigestState.SENT: 1}
    assert delivery.states_since() == dict.fromkeys(DigestState, 0) | {DigestState.SENT: 1, DigestState.REFUSED: 1}


def test_mails_are_counted_by_the_hour_they_were_taken():
    for minutes in (1, 2, 61):
        make_digest(make_subscription(), state=DigestState.SENT, sent_at=END - minutes * MINUTE)

    assert delivery.sent_by_hour(at=END, hours=3) == [(END - 2 * HOUR, 1), (END - HOUR, 2), (END, 0)]
