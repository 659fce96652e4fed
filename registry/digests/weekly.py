"""Cases logged per week, for the chart of a digest."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Min
from django.db.models.functions import TruncWeek

from registry.digests.content import Weeks
from registry.digests.periods import week_of
from registry.patterns.trends import BASELINE_WEEKS, RECENT_WEEKS

WEEKS = BASELINE_WEEKS + RECENT_WEEKS
FEWEST_BASELINE_WEEKS = 4


def weeks_before(cases, *, end, time_zone):
    """`cases` logged in the thirty weeks (Monday to Sunday, on the reader's clock) up to `end`.

    The last week is the one of the day before `end`: on a Monday morning it is the week just over,
    on a Thursday the current one, which is marked as incomplete.
    """
    zone = ZoneInfo(time_zone)
    today = end.astimezone(zone).date()
    last = week_of(today - timedelta(days=1))
    first = last - timedelta(weeks=WEEKS - 1)
    logged = cases.filter(reported_at__gte=datetime.combine(first, time(), tzinfo=zone), reported_at__lt=end)
    by_week = logged.annotate(week=TruncWeek("reported_at", tzinfo=zone)).order_by("week").values_list("week")
    found = {week.date(): n for week, n in by_week.annotate(n=Count("pk"))}
    counts = tuple(found.get(first + timedelta(weeks=i), 0) for i in range(WEEKS))
    n_unknown = _weeks_before_the_first(cases, first, zone)
    baseline = counts[n_unknown:-RECENT_WEEKS]
    return Weeks(
        first=first,
        last=min(last + timedelta(days=6), today),
        counts=counts,
        n_unknown=n_unknown,
        n_recent=RECENT_WEEKS,
        incomplete=today < last + timedelta(weeks=1),
        mean=sum(baseline) / len(baseline) if len(baseline) >= FEWEST_BASELINE_WEEKS else None,
    )


def _weeks_before_the_first(cases, first, zone):
    earliest = cases.aggregate(at=Min("reported_at"))["at"]
    if earliest is None:
        return WEEKS
    weeks = (week_of(earliest.astimezone(zone).date()) - first).days // 7
    return min(max(weeks, 0), WEEKS)
