"""The one clock by which digests fall due, the database's, and when it was last looked at."""

from datetime import timedelta

from django.core.cache import cache
from django.db import connection

LEAP = timedelta(days=1)
CALM = timedelta(minutes=5)
PLANNER, BEAT = "digests.planner", "digests.beat"


def database_now():
    """The time of the database: a ledger that the clocks of several workers write is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def believed(*, at):
    """Note that the planner runs at `at`, and say whether it may plan by that time.

    A clock that leapt by more than a day is believed when it has gone on for five minutes: what was planned by a
    wrong one cannot be called back. After a long silence of the planner, digests come so much later.
    """
    before = cache.get(PLANNER, {"at": at, "since": at - CALM})
    since = at if abs(at - before["at"]) > LEAP else min(before["since"], at)
    cache.set(PLANNER, {"at": at, "since": since}, timeout=None)
    return at - since >= CALM


def note_beat(*, at):
    """Note that somebody asked what is due."""
    cache.set(BEAT, {"at": at}, timeout=None)


def last_seen():
    """{"planner" and "beat": when each was seen last, None where never or not for long}."""
    known = cache.get_many([PLANNER, BEAT])
    return {name: known[key]["at"] if key in known else None for name, key in (("planner", PLANNER), ("beat", BEAT))}
