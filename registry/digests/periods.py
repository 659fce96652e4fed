"""When a digest falls due: moments on a reader's own clock, whatever that clock does."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)


def moment_on(day, *, hour, time_zone):
    """`hour` o'clock on the local date `day`, in UTC.

    An hour that the clock skips moves forward by what was skipped; of an hour that it shows twice
    the first is taken. Both follow from fold=0 (PEP 495).
    """
    return datetime.combine(day, time(hour), tzinfo=ZoneInfo(time_zone)).astimezone(UTC)


def latest_moment(*, weekday, hour, time_zone, at):
    """The last weekly moment that is not after `at`, in UTC. `weekday` counts from 0, Monday."""
    today = at.astimezone(ZoneInfo(time_zone)).date()
    day = today - timedelta(days=(today.weekday() - weekday) % 7)
    moment = moment_on(day, hour=hour, time_zone=time_zone)
    return moment if moment <= at else moment_on(day - WEEK, hour=hour, time_zone=time_zone)


def next_moment(*, weekday, hour, time_zone, at):
    """The first weekly moment after `at`, in UTC."""
    latest = latest_moment(weekday=weekday, hour=hour, time_zone=time_zone, at=at)
    day = latest.astimezone(ZoneInfo(time_zone)).date()
    # A skipped hour may have moved the latest moment into the day after.
    day -= timedelta(days=(day.weekday() - weekday) % 7)
    return moment_on(day + WEEK, hour=hour, time_zone=time_zone)


def days_in_words(start, end, *, time_zone):
    """The local days of the half-open interval: “9–15 November 2026”, “28 December 2026 – 3 January 2027”."""
    zone = ZoneInfo(time_zone)
    first = start.astimezone(zone).date()
    last = max((end - timedelta(days=1)).astimezone(zone).date(), first)
    if first == last:
        return f"{last:%-d %B %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last:%-d %B %Y}"
    shorter = "%-d %B" if first.year == last.year else "%-d %B %Y"
    return f"{first:{shorter}} – {last:%-d %B %Y}"


def week_of(day):
    """The Monday of the week that holds `day`."""
    return day - timedelta(days=day.weekday())
