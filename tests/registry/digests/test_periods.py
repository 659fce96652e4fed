"""When a digest falls due, on clocks that skip and repeat hours."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.choices import Cadence
from registry.digests.periods import days_in_words, latest_moment, moment_on, next_moment, schedule_in_words
from registry.models import Subscription

MONDAY, FRIDAY, SUNDAY = 0, 4, 6
# Clocks that go by half an hour, that change at midnight, at a minute past it, twice a year backwards, or skip a date.
ZONES = (
    "UTC",
    "Europe/London",
    "Europe/Dublin",
    "America/New_York",
    "America/St_Johns",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Havana",
    "Asia/Kathmandu",
    "Asia/Gaza",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kwajalein",
)
MICROSECOND = timedelta(microseconds=1)

schedules = st.builds(
    Subscription,
    cadence=st.sampled_from(Cadence.values),
    weekday=st.integers(0, 6),
    day=st.integers(1, 28),
    hour=st.integers(0, 23),
    time_zone=st.sampled_from(ZONES),
)
times = st.datetimes(datetime(1975, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def weekly(weekday=MONDAY, hour=7, time_zone="UTC"):
    return Subscription(cadence=Cadence.WEEKLY, weekday=weekday, hour=hour, time_zone=time_zone)


@pytest.mark.parametrize(
    ("zone", "day", "hour", "moment"),
    [
        # Skipped hours move forward by what was skipped.
        ("Europe/London", date(2026, 3, 29), 1, utc(2026, 3, 29, 1)),
        ("America/New_York", date(2026, 3, 8), 2, utc(2026, 3, 8, 7)),
        ("Australia/Lord_Howe", date(2026, 10, 4), 2, utc(2026, 10, 3, 15, 30)),
        ("America/Santiago", date(2026, 9, 6), 0, utc(2026, 9, 6, 4)),
        # Of repeated hours the first counts.
        ("Europe/London", date(2026, 10, 25), 1, utc(2026, 10, 25, 0)),
        ("America/New_York", date(2026, 11, 1), 1, utc(2026, 11, 1, 5)),
        ("Australia/Lord_Howe", date(2026, 4, 5), 2, utc(2026, 4, 4, 15, 30)),
        ("America/Santiago", date(2026, 4, 4), 23, utc(2026, 4, 5, 2)),
    ],
)
def test_an_hour_the_clock_skips_or_repeats_has_one_moment(zone, day, hour, moment):
    assert moment_on(day, hour=hour, time_zone=zone) == moment


@given(schedule=schedules, at=times)
def test_any_time_lies_between_the_latest_moment_and_the_next(schedule, at):
    latest, following = latest_moment(schedule, at=at), next_moment(schedule, at=at)

    assert latest <= at < following
    assert next_moment(schedule, at=latest) == following
    assert latest_moment(schedule, at=following) == following
    assert latest_moment(schedule, at=following - MICROSECOND) == latest


@given(schedule=schedules, at=times, later=st.timedeltas(timedelta(0), timedelta(days=70)))
def test_moments_never_go_back(schedule, at, later):
    assert latest_moment(schedule, at=at) <= latest_moment(schedule, at=at + later)
    assert next_moment(schedule, at=at) <= next_moment(schedule, at=at + later)


LENGTHS = {
    Cadence.HOURLY: (timedelta(hours=1), timedelta(hours=1)),
    Cadence.DAILY: (timedelta(hours=22), timedelta(hours=26)),
    Cadence.WEEKLY: (timedelta(days=7, hours=-2), timedelta(days=7, hours=2)),
    Cadence.MONTHLY: (timedelta(days=28, hours=-2), timedelta(days=31, hours=2)),
}


@given(schedule=schedules, at=times)
def test_from_one_moment_to_the_next_is_one_period(schedule, at):
    first = next_moment(schedule, at=at)
    second = next_moment(schedule, at=first)
    shortest, longest = LENGTHS[schedule.cadence]
    moved_sides = schedule.time_zone in ("Pacific/Apia", "Pacific/Kwajalein")

    assert shortest - timedelta(days=moved_sides) <= second - first <= longest + timedelta(days=moved_sides)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("cadence", "moments"),
    [(Cadence.DAILY, 365 * 20 + 5), (Cadence.WEEKLY, 1043), (Cadence.MONTHLY, 240)],
)
def test_over_twenty_years_each_period_has_one_moment(zone, cadence, moments):
    schedule = Subscription(cadence=cadence, weekday=SUNDAY, day=28, hour=1, time_zone=zone)
    at, end, found = utc(2012, 1, 2), utc(2032, 1, 1), []
    while (at := next_moment(schedule, at=at)) < end:
        found.append(at)

    assert abs(len(found) - moments) <= 1
    assert all(latest_moment(schedule, at=moment) == moment for moment in found)
    assert all(earlier < later for earlier, later in pairwise(found))


@pytest.mark.parametrize(
    ("at", "moment"),
    [
        (utc(2026, 11, 23, 6, 59, 59), utc(2026, 11, 16, 7)),
        (utc(2026, 11, 23, 7), utc(2026, 11, 23, 7)),
        (utc(2026, 11, 29, 23), utc(2026, 11, 23, 7)),
        (utc(2027, 1, 1), utc(2026, 12, 28, 7)),
    ],
)
def test_a_week_begins_on_its_weekday_over_the_end_of_a_year_too(at, moment):
    assert latest_moment(weekly(), at=at) == moment


@pytest.mark.parametrize(
    ("day", "at", "latest", "following"),
    [
        (1, utc(2026, 12, 31, 23), utc(2026, 12, 1, 7), utc(2027, 1, 1, 7)),
        (28, utc(2027, 3, 1), utc(2027, 2, 28, 7), utc(2027, 3, 28, 7)),
        (28, utc(2028, 2, 29), utc(2028, 2, 28, 7), utc(2028, 3, 28, 7)),
        (15, utc(2027, 1, 15, 6), utc(2026, 12, 15, 7), utc(2027, 1, 15, 7)),
    ],
)
def test_a_month_begins_on_its_day_however_long_it_is(day, at, latest, following):
    schedule = Subscription(cadence=Cadence.MONTHLY, day=day, hour=7, time_zone="UTC")

    assert (latest_moment(schedule, at=at), next_moment(schedule, at=at)) == (latest, following)


def test_what_cannot_wait_falls_due_at_each_hour_that_passes_on_whatever_clock():
    schedule = Subscription(cadence=Cadence.HOURLY, time_zone="Europe/London")
    hours = [utc(2026, 10, 24, 23), utc(2026, 10, 25, 0), utc(2026, 10, 25, 1), utc(2026, 10, 25, 2)]

    assert [latest_moment(schedule, at=hour + timedelta(minutes=59)) for hour in hours] == hours


def test_the_week_is_the_readers_own():
    late_sunday_in_london = utc(2026, 11, 22, 20)

    assert latest_moment(weekly(time_zone="Pacific/Auckland"), at=late_sunday_in_london) == utc(2026, 11, 22, 18)


def test_a_day_that_a_country_left_out_still_has_its_digest():
    # Samoa had no Friday 30 December 2011.
    friday = weekly(FRIDAY, time_zone="Pacific/Apia")

    assert latest_moment(friday, at=utc(2011, 12, 30, 17)) == utc(2011, 12, 30, 17)
    assert latest_moment(friday, at=utc(2011, 12, 30, 16)) == utc(2011, 12, 23, 17)


def test_a_clock_put_back_over_midnight_does_not_forget_the_moment_before():
    # At 00:01 on Sunday 29 October 2006 the clocks of St John's were put back to 23:01 of the day before.
    sunday = weekly(SUNDAY, hour=0, time_zone="America/St_Johns")
    midnight = utc(2006, 10, 29, 2, 30)

    assert latest_moment(sunday, at=midnight + timedelta(minutes=20)) == midnight
    assert next_moment(sunday, at=midnight) == utc(2006, 11, 5, 3, 30)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"cadence": Cadence.HOURLY}, "as soon as it happens"),
        ({"cadence": Cadence.DAILY}, "every day at 07:00 (Europe/London)"),
        ({"cadence": Cadence.WEEKLY, "weekday": SUNDAY, "hour": 18}, "Sundays at 18:00 (Europe/London)"),
        ({"cadence": Cadence.MONTHLY}, "the 1st of every month at 07:00 (Europe/London)"),
        ({"cadence": Cadence.MONTHLY, "day": 22}, "the 22nd of every month at 07:00 (Europe/London)"),
        ({"cadence": Cadence.MONTHLY, "day": 13}, "the 13th of every month at 07:00 (Europe/London)"),
    ],
)
def test_a_schedule_is_said_in_words(values, words):
    assert schedule_in_words(Subscription(time_zone="Europe/London", **values)) == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (utc(2026, 11, 9, 7), utc(2026, 11, 16, 7), "9–15 November 2026"),
        (utc(2026, 11, 30, 7), utc(2026, 12, 7, 7), "30 November – 6 December 2026"),
        (utc(2026, 12, 28, 7), utc(2027, 1, 4, 7), "28 December 2026 – 3 January 2027"),
        (utc(2026, 11, 9, 7), utc(2026, 11, 10, 7), "9 November 2026"),
        (utc(2026, 11, 9, 18), utc(2026, 11, 10, 18), "10 November 2026"),
        (utc(2026, 11, 9, 7), utc(2026, 11, 11, 15, 30), "9–11 November 2026"),
        (utc(2026, 11, 9, 7), utc(2026, 11, 9, 9), "9 November 2026, 07:00–09:00"),
        (utc(2026, 12, 31, 23), utc(2027, 1, 1, 1), "31 December 2026, 23:00 – 1 January 2027, 01:00"),
    ],
)
def test_a_period_is_told_in_its_local_days(start, end, words):
    assert days_in_words(start, end, time_zone="UTC") == words
