"""When a digest falls due: moments on a reader's own clock, whatever that clock does."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.humanize.templatetags.humanize import ordinal

from registry.choices import Cadence, Weekday

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
HALF_A_DAY = timedelta(hours=12)
SHORTEST_DAY = timedelta(hours=20)  # the clocks never skip more in one, but for islands that change sides


def moment_on(day, *, hour, time_zone):
    """`hour` o'clock on the local date `day`, in UTC.

    An hour that the clock skips moves forward by what was skipped; of an hour that it shows twice
    the first is taken. Both follow from fold=0 (PEP 495).
    """
    return datetime.combine(day, time(hour), tzinfo=ZoneInfo(time_zone)).astimezone(UTC)


def latest_moment(subscription, *, at):
    """The last moment of this schedule that is not after `at`, in UTC."""
    return max(moment for moment in _moments_around(subscription, at) if moment <= at)


def next_moment(subscription, *, at):
    """The first moment of this schedule after `at`, in UTC."""
    return min(moment for moment in _moments_around(subscription, at) if moment > at)


def _moments_around(subscription, at):
    """Moments of the schedule on both sides of `at`.

    The local date is only where to look: clocks that are put back over midnight show a date before a moment that is
    over, and clocks that skip a date move its moment into the next.
    """
    if subscription.cadence == Cadence.HOURLY:
        # What must be told at once is not put off by a clock that shows an hour twice.
        hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return [hour, hour + HOUR]
    today = at.astimezone(ZoneInfo(subscription.time_zone)).date()
    days = DAYS_AROUND[subscription.cadence](subscription, today)
    return [moment_on(day, hour=subscription.hour, time_zone=subscription.time_zone) for day in days]


def _every_day(subscription, today):
    return [today + n * DAY for n in range(-2, 3)]


def _every_week(subscription, today):
    this = today - timedelta(days=(today.weekday() - subscription.weekday) % 7)
    return [this + n * WEEK for n in range(-1, 3)]


def _every_month(subscription, today):
    this = today.replace(day=subscription.day)
    # Two weeks beyond the 28 days that every month has lie in the neighbour.
    months = [this.replace(day=1) - 14 * DAY, this, this.replace(day=28) + 14 * DAY]
    return [month.replace(day=subscription.day) for month in months]


DAYS_AROUND = {Cadence.DAILY: _every_day, Cadence.WEEKLY: _every_week, Cadence.MONTHLY: _every_month}


def schedule_in_words(subscription):
    """“Mondays at 07:00 (Europe/London)”, “every day at …”, “the 1st of every month at …”, “as soon as it happens”."""
    if subscription.cadence == Cadence.HOURLY:
        return "as soon as it happens"
    days = {
        Cadence.DAILY: "every day",
        Cadence.WEEKLY: f"{Weekday(subscription.weekday).label}s",
        Cadence.MONTHLY: f"the {ordinal(subscription.day)} of every month",
    }
    return f"{days[subscription.cadence]} at {subscription.hour:02}:00 ({subscription.time_zone})"


def days_in_words(start, end, *, time_zone):
    """The local days of the half-open interval: “9–15 November 2026”, “28 December 2026 – 3 January 2027”.

    Both ends count as the nearest midnight; what is shorter than a day is told by the hour.
    """
    zone = ZoneInfo(time_zone)
    start, end = start.astimezone(zone), end.astimezone(zone)
    if end.astimezone(UTC) - start.astimezone(UTC) < SHORTEST_DAY:
        return _hours_in_words(start, end)
    first = (start + HALF_A_DAY).date()
    last = max((end - HALF_A_DAY).date(), first)
    if first == last:
        return f"{last:%-d %B %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last:%-d %B %Y}"
    shorter = "%-d %B" if first.year == last.year else "%-d %B %Y"
    return f"{first:{shorter}} – {last:%-d %B %Y}"


def _hours_in_words(start, end):
    if start.date() == end.date():
        return f"{start:%-d %B %Y, %H:%M}–{end:%H:%M}"
    return f"{start:%-d %B %Y, %H:%M} – {end:%-d %B %Y, %H:%M}"


def week_of(day):
    """The Monday of the week that holds `day`."""
    return day - timedelta(days=day.weekday())
