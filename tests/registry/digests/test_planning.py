"""Which digests are owed: one per subscription and period, whoever asks and however often."""

from datetime import UTC, datetime, timedelta
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from registry.choices import DigestState, Role
from registry.digests import ledger
from registry.digests.planning import period_for
from registry.models import Digest, Subscription, Team
from tests.factories import make_person
from tests.registry.digests.builders import END, START, WEEK, make_digest, make_subscription

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


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


@pytest.mark.parametrize(("cadence", "step"), [("daily", DAY), ("weekly", WEEK)])
@pytest.mark.parametrize(
    ("zone", "hour", "change"),
    [
        ("Europe/London", 1, datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("Europe/London", 1, datetime(2026, 10, 25, 1, tzinfo=UTC)),
        ("America/New_York", 2, datetime(2026, 3, 8, 7, tzinfo=UTC)),
        ("America/New_York", 1, datetime(2026, 11, 1, 6, tzinfo=UTC)),
        ("Australia/Lord_Howe", 2, datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", 1, datetime(2026, 4, 4, 15, tzinfo=UTC)),
        ("America/Santiago", 0, datetime(2026, 9, 6, 4, tzinfo=UTC)),
        ("America/Santiago", 23, datetime(2026, 4, 5, 3, tzinfo=UTC)),
    ],
)
def test_around_a_change_of_the_clocks_there_is_one_per_period(zone, hour, change, cadence, step):
    day = (change - timedelta(minutes=1)).astimezone(ZoneInfo(zone)).date() if hour else change.date()
    before = change - timedelta(days=2)
    make_subscription(cadence=cadence, weekday=day.weekday(), hour=hour, time_zone=zone, created_at=before)
    for halves in range(2 * 24 * 4):
        at = before + halves * timedelta(minutes=30)
        Digest.objects.filter(pk__in=ledger.plan(at=at)).update(state=DigestState.SENT, sent_at=at)

    found = rows("period_start", "period_end")
    days = [end.astimezone(ZoneInfo(zone)).date() for _, end in found]
    assert day in days
    assert days == [days[0] + n * step for n in range(len(days))]
    assert len(days) == 1 if cadence == "weekly" else len(days) in (3, 4, 5)
    assert [start for start, _ in found[1:]] == [end for _, end in found[:-1]]


def test_planning_a_thousand_takes_a_constant_number_of_queries(django_assert_num_queries):
    for _ in range(30):
        make_subscription()

    with django_assert_num_queries(4):
        ledger.plan(at=END)


@pytest.mark.parametrize(
    ("values", "start"),
    [
        ({"cadence": "hourly", "only_if_moved": True}, END - HOUR),
        ({"cadence": "daily"}, END - DAY),
        ({"cadence": "weekly"}, START),
        ({"cadence": "monthly", "day": 23}, END - 30 * DAY),
    ],
)
def test_a_first_digest_looks_back_one_period(values, start):
    make_subscription(**values)

    ledger.plan(at=END)

    assert rows("period_start", "period_end") == [(start, END)]


def test_each_subscription_of_a_person_has_its_own_ledger(noor):
    daily = make_subscription(person=noor, cadence="daily")
    make_subscription(person=noor, cadence="weekly")
    make_digest(daily, start=END - 2 * DAY, end=END - DAY, state=DigestState.SENT)

    ledger.plan(at=END)

    owed = Digest.objects.filter(state=DigestState.DUE).order_by("period_start")
    assert list(owed.values_list("subscription__cadence", "period_start", "period_end")) == [
        ("weekly", START, END),
        ("daily", END - DAY, END),
    ]


@pytest.mark.parametrize(
    ("before", "after", "waits"),
    [("weekly", "daily", DAY), ("daily", "weekly", WEEK), ("weekly", "monthly", 30 * DAY), ("monthly", "weekly", WEEK)],
)
def test_a_changed_rhythm_goes_on_from_the_last_digest(before, after, waits, noor):
    subscription = make_subscription(person=noor, cadence=before, day=23)
    Digest.objects.filter(pk__in=ledger.plan(at=END)).update(state=DigestState.SENT, sent_at=END)
    Subscription.objects.update(cadence=after)

    assert ledger.plan(at=END + HOUR) == []
    assert len(ledger.plan(at=END + waits + HOUR)) == 1
    assert subscription.digests.latest("period_end").period_start == END


@pytest.mark.parametrize(("days", "planned"), [(9, 0), (10, 1)])
def test_months_are_ten_days_apart_at_least(days, planned):
    monthly = make_subscription(cadence="monthly", day=23)
    make_digest(monthly, start=END - 40 * DAY, end=END - days * DAY, state=DigestState.SENT)

    assert len(ledger.plan(at=END)) == planned


def test_nothing_falls_due_in_a_pause_and_then_one_covers_it_all(subscription):
    make_digest(subscription, start=START - 4 * WEEK, end=START - 3 * WEEK, state=DigestState.SENT)
    subscription.paused_until = END - HOUR
    subscription.save()

    during = [ledger.plan(at=START + HOUR), ledger.plan(at=END - 2 * HOUR), ledger.plan(at=END - HOUR)]
    ledger.plan(at=END)

    assert during == [[], [], []]
    assert rows("period_start", "period_end")[1:] == [(START - 3 * WEEK, END)]


def test_one_that_was_asked_for_keeps_no_regular_one_away_and_is_not_told_again(subscription):
    make_digest(subscription, start=START, end=END - HOUR, state=DigestState.SENT, asked=True)

    ledger.plan(at=END)

    assert rows("period_start", "period_end", "asked")[1:] == [(END - HOUR, END, False)]


def test_whoever_asked_after_the_moment_was_told_all_of_it(subscription):
    make_digest(subscription, end=END + HOUR, state=DigestState.SENT, asked=True)

    assert ledger.plan(at=END + 2 * HOUR) == []
    assert len(ledger.plan(at=END + WEEK)) == 1


def test_one_that_was_asked_for_and_never_arrived_is_no_beginning(subscription):
    make_digest(subscription, start=END - 2 * DAY, end=END - DAY, state=DigestState.FAILED, asked=True)

    ledger.plan(at=END)

    assert rows("period_start", "period_end")[1:] == [(START, END)]


def test_a_quiet_digest_is_planned_and_covered_by_the_next(subscription):
    make_digest(subscription, start=START - WEEK, end=START, state=DigestState.QUIET)

    assert ledger.plan(at=START) == []
    ledger.plan(at=END)
    assert rows("period_start", "period_end")[1:] == [(START - WEEK, END)]


def test_an_address_that_was_refused_is_not_tried_again_every_hour():
    hourly = make_subscription(cadence="hourly", only_if_moved=True)
    make_digest(hourly, start=END - HOUR, end=END, state=DigestState.REFUSED)

    assert [ledger.plan(at=END + HOUR), ledger.plan(at=END + 23 * HOUR)] == [[], []]
    assert len(ledger.plan(at=END + 24 * HOUR)) == 1


def test_a_team_is_told_after_whoever_subscribed_it_has_left():
    team = Team.objects.create(name="Oversight", email="oversight@example.org")
    left = make_person(role=Role.READER, is_active=False)
    make_subscription(person=left, team=team)

    assert len(ledger.plan(at=END)) == 1


def test_a_period_to_come_begins_where_the_reader_was_told_last(subscription):
    make_digest(subscription, start=START - WEEK, end=START, state=DigestState.SENT)
    make_digest(subscription, start=START, end=END, state=DigestState.UNCERTAIN)

    assert period_for(subscription, at=END + DAY) == (START, END + DAY)
    assert period_for(Subscription(cadence="daily"), at=END) == (END - DAY, END)
