"""Ranges of cases counted once and kept until one of their cases changes.

Triggers leave a mark for each range in which a counted case changed. Whoever counts a range takes away, in the same
transaction, the marks that its snapshot shows: a change that commits later is in no snapshot yet, and neither is
its mark. Whatever is marked, kept for something else or not kept is counted again.
"""

import hashlib
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import OperationalError, connection, transaction

from registry import access
from registry.actions import jobs
from registry.models import CountedRange, RangeMark
from registry.patterns.ranges import LAYOUT, packed, part_of, unpacked
from registry.patterns.reading import CaseReader, all_rows, read_taxonomy, weeks_before

# Raised whenever the same cases could give another number.
STATISTICS_VERSION = "3"
COMPLETE_WEEKS = 104

COUNTING_RANGES = 7203452  # an advisory lock for each range: two workers do not do the same

KEEP = """
INSERT INTO registry_countedrange (number, made_for, counted_at, content) VALUES (%s, %s, %s, %b)
ON CONFLICT (number) DO UPDATE SET made_for = excluded.made_for, counted_at = excluded.counted_at,
                                   content = excluded.content
"""
KEPT = "SELECT content FROM registry_countedrange WHERE number = %s"
# What this transaction has marked is taken away, so its next change has to mark again.
MARK_ANEW = "SELECT set_config('registry.marked', '', true)"

ALONE = "SHARE ROW EXCLUSIVE"
"""A run waits for all who count ranges, and they for it; everybody may read."""

WITH_OTHERS = "ROW EXCLUSIVE"

IN_TURN = "SHARE UPDATE EXCLUSIVE"
"""Whoever takes a table so waits for others that do, and for nobody who reads or writes it."""


@contextmanager
def snapshot(mode, *, table="registry_countedrange"):
    """A transaction in which everything is read as of one moment, once the table is ours in this mode.

    PostgreSQL takes the snapshot with the first statement that reads; a lock of a table comes before.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute(f"LOCK TABLE {table} IN {mode} MODE")
        yield


class Ranges:
    """All counted cases with their agreed labels, range by range, as of the transaction it is made in."""

    def __init__(self, *, at, taxonomy=None):
        self.at = at
        self.shape, self.taxonomy_version = taxonomy or read_taxonomy()
        self.reader = reader_of(access.counted_cases(), self.shape, at=at)
        rests_on = (LAYOUT, STATISTICS_VERSION, self.taxonomy_version, self.reader.first_week)
        self.made_for = hashlib.sha256(repr(rests_on).encode()).hexdigest()

    def stale(self, numbers):
        """Those of these ranges that have to be counted."""
        kept = set(CountedRange.objects.filter(made_for=self.made_for).values_list("number", flat=True))
        marked = set(RangeMark.objects.values_list("number", flat=True).distinct())
        return [number for number in numbers if number not in kept or number in marked]

    def parts(self):
        """What every range adds up to, in their order, and then the event groups; counts what is stale."""
        numbers = self.reader.numbers()
        stale = set(self.stale(numbers))
        parts = [self.count(number) if number in stale else self._kept(number) for number in numbers]
        self._forget_others(numbers)
        return [*parts, part_of(self.reader.events(), self.shape, self.reader.n_weeks)]

    def count(self, number):
        """Count one range and keep what it adds up to."""
        part = part_of(self.reader.range(number), self.shape, self.reader.n_weeks)
        RangeMark.objects.filter(number=number).delete()
        with psycopg.Cursor(connection.connection) as cursor:
            cursor.execute(MARK_ANEW)
            cursor.execute(KEEP, [number, self.made_for, self.at, packed(part)], prepare=False)
        return part

    def _kept(self, number):
        return unpacked(all_rows(KEPT, [number])[0][0])

    def _forget_others(self, numbers):
        """Ranges that hold no counted case any more, and marks that were left there."""
        CountedRange.objects.exclude(number__in=numbers).delete()
        RangeMark.objects.exclude(number__in=numbers).delete()


def reader_of(cases, shape, *, at, **options):
    first_week = weeks_before(at, COMPLETE_WEEKS)
    return CaseReader(cases, shape, first_week=first_week, n_weeks=COMPLETE_WEEKS + 1, **options)


def count_range(number, *, at):
    """Count one range in a transaction of its own, if it has to be; any number of workers may do so at once.

    Returns whether it did: another may have, or be at it.
    """
    try:
        with snapshot(WITH_OTHERS):
            return _ours(number) and _count_if_stale(number, at=at)
    except OperationalError as error:
        # Another has counted it since our snapshot.
        if isinstance(error.__cause__, psycopg.errors.SerializationFailure):
            return False
        raise


def _ours(number):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [COUNTING_RANGES, number])
        return cursor.fetchone()[0]


def _count_if_stale(number, *, at):
    ranges = Ranges(at=at)
    stale = number in ranges.stale([number])
    if stale:
        ranges.count(number)
    return stale


def say(report, percent):
    """Say how far the work is, outside of transactions, where others see it; raises TakenOver if it is not ours now."""
    if report is not None and report(percent) is False:
        raise jobs.TakenOver


def count_stale(*, at, report):
    """Count every stale range, each in a transaction of its own, so that what is done stays done; `report(percent)`
    comes between them. Where there are many, other workers are asked to help: they begin at the other end, and
    nothing waits for them.
    """
    with transaction.atomic():
        ranges = Ranges(at=at)
        numbers = ranges.stale(ranges.reader.numbers())
        if len(numbers) > settings.PATTERN_RANGES_AT_ONCE:
            jobs.leave_counts(numbers, at=at)
    for done, number in enumerate(reversed(numbers)):
        say(report, done * 100 // len(numbers))
        count_range(number, at=at)
