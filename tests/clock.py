"""The clock of the database, set by a test: history written at a chosen time, by the triggers that always write it."""

from contextlib import contextmanager

from django.db import connection

# The triggers ask now(); within the transaction of the test another function of that name is found first.
SET_UP = """
CREATE SCHEMA IF NOT EXISTS test_clock;
CREATE OR REPLACE FUNCTION test_clock.now() RETURNS timestamptz STABLE LANGUAGE sql
    AS $$ SELECT current_setting('test_clock.at')::timestamptz $$;
SET LOCAL search_path = test_clock, pg_catalog, public;
"""


class DatabaseClock:
    """`set(at)`: from here on it is `at` for everything the database's triggers write."""

    def set(self, at):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('test_clock.at', %s, true)", [at.isoformat()])


@contextmanager
def database_clock(at):
    """For use inside a transaction that is rolled back, which takes the clock with it."""
    clock = DatabaseClock()
    clock.set(at)
    with connection.cursor() as cursor:
        cursor.execute(SET_UP)
    yield clock
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = public")
