"""The clock of the ledger is the database's, and one that leapt is not believed at once."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from registry import tasks
from registry.choices import DigestState
from registry.digests import clock, ledger
from registry.models import Digest, Subscription
from tests.registry.digests.builders import END, START, WEEK, make_digest, make_subscription
from tests.workers import forget_tasks

pytestmark = pytest.mark.django_db

YEAR, MINUTE = timedelta(days=365), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def planner_never_seen():
    cache.delete_many([clock.PLANNER, clock.BEAT])


@pytest.fixture
def plan_at(monkeypatch):
    """Run the planner's task while the clock of the database shows a time; what it made is mailed at once."""

    def plan(at):
        monkeypatch.setattr(clock, "database_now", lambda: at)
        tasks.plan_digests()
        for number in ledger.due(at=at):
            Digest.objects.filter(pk=number).update(state=DigestState.SENT, sent_at=at)

    return plan


def rows(*fields, **which):
    return list(Digest.objects.filter(**which).order_by("period_end", "pk").values_list(*fields))


def test_a_worker_whose_clock_is_a_year_ahead_changes_nothing():
    weekly = make_subscription(created_at=timezone.now() - 8 * WEEK)
    now = timezone.now()
    forget_tasks()

    with time_machine.travel(now + YEAR):
        tasks.plan_digests()
        tasks.send_due_digests()

    digest = Digest.objects.get(subscription=weekly)
    assert now - WEEK < digest.period_end <= now
    assert abs(digest.created_at - now) < 5 * MINUTE


@pytest.mark.parametrize(
    ("cadence", "hours", "step", "periods"),
    [("hourly", 12, 0.5, 12), ("daily", 96, 8, 4), ("weekly", 21 * 24, 24, 3), ("monthly", 31 * 24, 24, 1)],
)
def test_a_year_ahead_for_a_minute_and_back_costs_nobody_a_digest_and_doubles_none(
    cadence, hours, step, periods, plan_at
):
    make_subscription(cadence=cadence, day=23, only_if_moved=True)
    plan_at(END + MINUTE)
    before = rows("period_end")

    for at in (END + YEAR + 2 * MINUTE, END + YEAR + 3 * MINUTE, END + 4 * MINUTE):
        plan_at(at)
    during = rows("period_end")
    plan_at(END + 10 * MINUTE)
    again = rows("period_end")
    for n in range(1, int(hours / step) + 1):
        plan_at(END + timedelta(hours=n * step) + MINUTE)

    found = rows("period_start", "period_end")
    assert before == during == again == [(END,)]
    assert len(found) == 1 + periods
    assert [start for start, _ in found[1:]] == [end for _, end in found[:-1]]


def test_the_week_after_a_year_ahead_is_not_lost_when_that_year_has_come(plan_at, subscription):
    ahead = make_digest(subscription, end=END + 52 * WEEK, state=DigestState.SENT)

    plan_at(END + MINUTE)
    plan_at(END + 52 * WEEK + MINUTE)
    plan_at(END + 52 * WEEK + 10 * MINUTE)

    ahead.refresh_from_db()
    assert (ahead.state, ahead.asked, ahead.error) == (DigestState.FAILED, True, ledger.RAN_AHEAD)
    assert rows("period_start", "period_end", asked=False) == [(START, END), (END, END + 52 * WEEK)]


def test_what_was_put_off_until_next_year_is_due_again(subscription):
    digest = make_digest(subscription, not_before=END + YEAR)

    ledger.set_right(at=END + MINUTE)

    assert ledger.due(at=END + MINUTE) == [digest.pk]


def test_whoever_subscribed_next_year_is_not_silent_until_then():
    ahead = make_subscription(created_at=END + YEAR)

    ledger.set_right(at=END - MINUTE)

    assert Subscription.objects.get(pk=ahead.pk).created_at == END - MINUTE
    assert len(ledger.plan(at=END)) == 1


def test_what_was_handed_over_next_year_is_uncertain_today(subscription):
    make_digest(subscription, state=DigestState.HANDING, handed_at=END + YEAR)

    assert ledger.doubt(at=END) == 1


def test_nothing_is_set_right_where_the_clock_is(subscription):
    make_digest(subscription, start=START - WEEK, end=START, state=DigestState.SENT)
    make_digest(subscription, end=END, asked=True, state=DigestState.SENT)
    make_digest(subscription, start=START, end=END + MINUTE, not_before=END + timedelta(hours=4))
    before = list(Digest.objects.order_by("pk").values())

    ledger.set_right(at=END)

    assert list(Digest.objects.order_by("pk").values()) == before


def test_several_digests_of_a_clock_ahead_are_set_right_at_once():
    hourly = make_subscription(cadence="hourly", only_if_moved=True)
    for hour in range(3):
        start = END + YEAR + timedelta(hours=hour)
        make_digest(hourly, start=start, end=start + timedelta(hours=1), state=DigestState.SENT)

    ledger.set_right(at=END)

    assert rows("state", "period_end") == [(DigestState.FAILED, END + n * timedelta(microseconds=1)) for n in range(3)]


def test_a_planner_that_slept_for_days_plans_after_five_minutes(plan_at, subscription):
    plan_at(END - WEEK + MINUTE)
    late = END + timedelta(days=3)

    plan_at(late)
    at_once = rows("period_end")
    plan_at(late + 2 * MINUTE)
    plan_at(late + 5 * MINUTE)

    assert (at_once, rows("period_end")) == ([(START,)], [(START,), (END,)])


def test_a_clock_put_back_within_the_day_silences_nobody(plan_at, subscription):
    plan_at(END + timedelta(hours=12))
    plan_at(END - timedelta(hours=2))

    for minutes in range(0, 10, 2):
        plan_at(END + MINUTE * (1 + minutes))

    assert rows("period_end", asked=False) == [(END,)]


def test_it_is_known_when_planner_and_beat_were_seen(plan_at):
    assert clock.last_seen() == {"planner": None, "beat": None}

    plan_at(END)
    tasks.send_due_digests()

    assert clock.last_seen() == {"planner": END, "beat": END}
