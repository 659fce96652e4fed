"""Doing several things at the same moment, each on a database connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import monotonic, sleep

from django.db import connection


def at_once(*acts):
    """Run `acts` in threads that begin together; their results, or the exceptions they raised."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(10)
            return act()
        except Exception as error:  # handed back to the test
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def wait_until_somebody_waits_for_a_lock(seconds=10):
    """Go on as soon as another connection to this database waits for a lock; AssertionError if none does."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    end = monotonic() + seconds
    with connection.cursor() as cursor:
        while monotonic() < end:
            # Within a transaction the view is kept as it was first read.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
            sleep(0.01)
    raise AssertionError("Nobody waits for a lock.")
