"""One row per subscription and period, whoever asks and however often."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.db import connection

from registry.choices import DigestState
from registry.digests import ledger
from registry.digests.ledger import Outcome
from registry.models import Digest
from tests.registry.digests.builders import END, START, WEEK, make_digest, make_run, make_subscription

pytestmark = pytest.mark.django_db


def rows(*fields):
    return list(Digest.objects.order_by("period_end", "pk").values_list(*fields))


def test_a_subscription_is_owed_the_week_up_to_its_latest_moment(subscription):
    ledger.plan(at=END + timedelta(hours=3))

    assert rows("person", "period_start", "period_end", "state") == [
        (subscription.person_id, START, END, DigestState.DUE)
    ]


def test_planning_again_makes_nothing_new(subscription):
    first = ledger.plan(at=END)

    assert len(first) == 1
    assert [ledger.plan(at=END), ledger.plan(at=END + timedelta(days=6))] == [[], []]


@pytest.mark.django_db(transaction=True)
def test_planners_at_once_make_one_row_each(noor):
    for _ in range(20):
        make_subscription()
    made = []

    def plan():
        made.append(ledger.plan(at=END))
        connection.close()

    planners = [Thread(target=plan) for _ in range(4)]
    for planner in planners:
        planner.start()
    for planner in planners:
        planner.join()

    assert Digest.objects.count() == sum(len(numbers) for numbers in made) == 20


def test_after_weeks_of_silence_one_digest_reaches_back_to_the_last_that_was_sent(subscription):
    make_digest(subscription, start=START - 3 * WEEK, end=START - 2 * WEEK, state=DigestState.SENT)

    ledger.plan(at=END)

    assert rows("period_start", "period_end")[1:] == [(START - 2 * WEEK, END)]


@pytest.mark.parametrize("state", [DigestState.REFUSED, DigestState.UNCERTAIN, DigestState.FAILED])
def test_what_did_not_surely_arrive_is_covered_again(state, subscription):
    make_digest(subscription, start=START - 2 * WEEK, end=START - WEEK, state=DigestState.SENT)
    make_digest(subscription, start=START - WEEK, end=START, state=state)

    ledger.plan(at=END)

    assert rows("period_start", "period_end")[-1] == (START - WEEK, END)


def test_a_first_digest_that_never_arrived_is_covered_again(subscription):
    make_digest(subscription, start=START - WEEK, end=START, state=DigestState.FAILED)

    ledger.plan(at=END)

    assert rows("period_start", "period_end")[-1] == (START - WEEK, END)


def test_after_a_pause_the_first_digest_looks_back_one_week(subscription):
    make_digest(subscription, start=START - 5 * WEEK, end=START - 4 * WEEK, state=DigestState.SENT)
    subscription.created_at = END - timedelta(days=1)
    subscription.save()

    ledger.plan(at=END)

    assert rows("period_start", "period_end")[-1] == (START, END)


def test_an_older_one_that_was_never_sent_gives_way(subscription):
    make_digest(subscription, start=START - WEEK, end=START)

    ledger.plan(at=END)

    assert rows("period_end", "state") == [(START, DigestState.FAILED), (END, DigestState.DUE)]


def test_nobody_is_owed_anything_from_before_they_subscribed():
    make_subscription(created_at=END - timedelta(hours=1))
    make_subscription(created_at=END + timedelta(hours=1))

    assert len(ledger.plan(at=END + timedelta(hours=2))) == 1


@pytest.mark.parametrize("what", ["stopped", "left"])
def test_stopped_subscriptions_and_people_who_left_are_owed_nothing(what, subscription, noor):
    if what == "stopped":
        subscription.active = False
        subscription.save()
    else:
        noor.is_active = False
        noor.save()

    assert ledger.plan(at=END) == []


@pytest.mark.parametrize(
    ("weekday", "hour"), [(0, 6), (0, 8), (1, 7)], ids=["an hour earlier", "an hour later", "a day later"]
)
def test_a_changed_schedule_brings_no_second_digest_at_once(weekday, hour, subscription):
    make_digest(subscription, state=DigestState.SENT)
    subscription.weekday, subscription.hour = weekday, hour
    subscription.save()

    assert ledger.plan(at=END + timedelta(days=2)) == []
    assert len(ledger.plan(at=END + WEEK + timedelta(days=2))) == 1


def test_a_clock_that_jumped_a_year_ahead_and_back_costs_no_period(subscription):
    ahead = ledger.plan(at=END + 52 * WEEK)
    Digest.objects.filter(pk__in=ahead).update(state=DigestState.SENT, sent_at=END + 52 * WEEK)

    ledger.plan(at=END)
    ledger.plan(at=END + WEEK)

    assert rows("period_start", "period_end")[:2] == [(START, END), (START, END + WEEK)]


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Europe/London", datetime(2026, 3, 23, tzinfo=UTC), datetime(2026, 4, 6, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 10, 26, tzinfo=UTC), datetime(2026, 11, 9, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 9, 28, tzinfo=UTC), datetime(2026, 10, 12, tzinfo=UTC)),
    ],
)
def test_around_a_change_of_the_clocks_there_is_one_per_week(zone, before, after):
    make_subscription(weekday=6, hour=1, time_zone=zone, created_at=before)
    at = before
    while at < after:
        at += timedelta(minutes=30)
        Digest.objects.filter(pk__in=ledger.plan(at=at)).update(state=DigestState.SENT, sent_at=at)

    assert Digest.objects.count() == 2


def test_the_message_id_is_made_when_planning_and_stays(subscription, settings):
    settings.DEFAULT_FROM_EMAIL = "Registry <registry@example.org>"
    number = ledger.plan(at=END)[0]
    planned = Digest.objects.get().message_id

    taken = ledger.take(digest_id=number, at=END)

    assert planned.endswith("@example.org>")
    assert taken.message_id == planned


def test_taking_writes_the_mail_before_anything_is_handed_over(subscription):
    run = make_run()
    digest = make_digest(subscription)

    ledger.take(digest_id=digest.pk, at=END)

    digest.refresh_from_db()
    assert (digest.state, digest.attempts, digest.handed_at, digest.run) == (DigestState.HANDING, 1, END, run)
    assert digest.subject == "Registry digest: nothing changed"
    assert (bool(digest.text), bool(digest.html), bytes(digest.chart[:4])) == (True, True, b"\x89PNG")


@pytest.mark.parametrize("state", [state for state in DigestState if state != DigestState.DUE])
def test_only_a_due_digest_is_taken(state, subscription):
    digest = make_digest(subscription, state=state)

    assert ledger.take(digest_id=digest.pk, at=END) is None


def test_a_digest_that_was_put_off_is_not_taken_before_its_time(subscription):
    digest = make_digest(subscription, not_before=END + timedelta(minutes=5))

    assert (ledger.due(at=END), ledger.take(digest_id=digest.pk, at=END)) == ([], None)


def test_a_subscription_stopped_after_planning_gets_nothing(subscription):
    digest = make_digest(subscription)
    subscription.active = False
    subscription.save()

    taken = ledger.take(digest_id=digest.pk, at=END)

    assert (taken.state, taken.html) == (DigestState.FAILED, "")


def test_temporary_failures_are_put_off_for_a_day_and_then_given_up(subscription):
    digest, at, waits = make_digest(subscription), END, []
    while digest.state == DigestState.DUE:
        taken = ledger.take(digest_id=digest.pk, at=at)
        digest = ledger.record(digest=taken, outcome=Outcome(DigestState.DUE, "451 Later"), at=at)
        waits.append(digest.not_before - at)
        at = digest.not_before

    assert (digest.state, digest.error) == (DigestState.FAILED, "451 Later")
    assert [wait.total_seconds() / 60 for wait in waits[:9]] == [1, 2, 4, 8, 16, 32, 64, 128, 240]
    assert timedelta(hours=24) < at - END < timedelta(hours=25)


def test_a_digest_nobody_finished_handing_over_becomes_uncertain(subscription):
    digest = make_digest(subscription)
    ledger.take(digest_id=digest.pk, at=END)

    assert (ledger.doubt(at=END + timedelta(minutes=5)), ledger.doubt(at=END + timedelta(minutes=7))) == (0, 1)

    digest.refresh_from_db()
    assert (digest.state, digest.sent_at) == (DigestState.UNCERTAIN, None)
    assert ledger.due(at=END + WEEK) == []


def test_an_answer_that_comes_after_all_settles_the_doubt(subscription):
    taken = ledger.take(digest_id=make_digest(subscription).pk, at=END)
    ledger.doubt(at=END + timedelta(minutes=7))

    digest = ledger.record(digest=taken, outcome=Outcome(DigestState.SENT), at=END)

    assert (digest.state, digest.sent_at) == (DigestState.SENT, END)


def test_planning_a_thousand_takes_a_constant_number_of_queries(django_assert_num_queries):
    for _ in range(30):
        make_subscription()

    with django_assert_num_queries(4):
        ledger.plan(at=END)
