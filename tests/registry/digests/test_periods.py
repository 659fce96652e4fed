"""When a digest falls due, on clocks that skip and repeat hours."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from registry.digests.periods import days_in_words, latest_moment, moment_on, next_moment

MONDAY, SUNDAY = 0, 6


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


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


@pytest.mark.parametrize(
    ("at", "moment"),
    [
        (utc(2026, 11, 23, 6, 59, 59), utc(2026, 11, 16, 7)),
        (utc(2026, 11, 23, 7), utc(2026, 11, 23, 7)),
        (utc(2026, 11, 29, 23), utc(2026, 11, 23, 7)),
        (utc(2027, 1, 1), utc(2026, 12, 28, 7)),
    ],
)
def test_the_latest_moment_is_never_after_the_time_asked(at, moment):
    assert latest_moment(weekday=MONDAY, hour=7, time_zone="UTC", at=at) == moment


def test_the_week_is_the_readers_own():
    late_sunday_in_london = utc(2026, 11, 22, 20)

    moment = latest_moment(weekday=MONDAY, hour=7, time_zone="Pacific/Auckland", at=late_sunday_in_london)

    assert moment == utc(2026, 11, 22, 18)


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"])
@pytest.mark.parametrize("hour", [0, 1, 2, 23])
def test_over_two_years_each_week_has_one_moment_and_they_follow_one_another(zone, hour):
    at, moments = utc(2026, 1, 1), []
    while at < utc(2028, 1, 1):
        at = next_moment(weekday=SUNDAY, hour=hour, time_zone=zone, at=at)
        moments.append(at)

    gaps = {(later - earlier).total_seconds() / 3600 for earlier, later in pairwise(moments)}
    assert gaps <= {167, 167.5, 168, 168.5, 169}
    assert all(latest_moment(weekday=SUNDAY, hour=hour, time_zone=zone, at=moment) == moment for moment in moments)


def test_a_day_that_a_country_left_out_still_has_its_digest():
    # Samoa had no Friday 30 December 2011.
    assert latest_moment(weekday=4, hour=7, time_zone="Pacific/Apia", at=utc(2011, 12, 30, 17)) == utc(2011, 12, 30, 17)
    assert latest_moment(weekday=4, hour=7, time_zone="Pacific/Apia", at=utc(2011, 12, 30, 16)) == utc(2011, 12, 23, 17)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (utc(2026, 11, 9, 7), utc(2026, 11, 16, 7), "9–15 November 2026"),
        (utc(2026, 11, 30, 7), utc(2026, 12, 7, 7), "30 November – 6 December 2026"),
        (utc(2026, 12, 28, 7), utc(2027, 1, 4, 7), "28 December 2026 – 3 January 2027"),
        (utc(2026, 11, 9, 7), utc(2026, 11, 9, 9), "9 November 2026"),
    ],
)
def test_a_period_is_told_in_its_local_days(start, end, words):
    assert days_in_words(start, end, time_zone="UTC") == words
