"""How many events each system had in the months for which its use is recorded: read for a run, and kept with it.

One of the modules that talk to the database.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import connection

from registry import access
from registry.choices import Precision, SystemRole
from registry.models import CaseSystem, Exposure, PatternExposure
from registry.patterns.reading import selected

# Of the systems whose use nobody recorded in a unit, so many are kept: those with the most events.
MOST_WITHOUT = 100
LARGEST = 2**63 - 1

# An event lies in the month of its earliest case that says one, and counts once for each system it is about.
EVENTS = """
WITH counted AS ({cases}),
events AS (
    SELECT DISTINCT ON (named.system_id, coalesce(counted.event_group_id, -counted.id)) named.system_id,
           CASE WHEN counted.occurred_precision = ANY(%s)
                THEN date_trunc('month', counted.occurred_from)::date END AS month
    FROM counted JOIN registry_casesystem AS named ON named.case_id = counted.id AND named.role = %s
    ORDER BY named.system_id, coalesce(counted.event_group_id, -counted.id),
             counted.occurred_precision = ANY(%s) DESC, counted.occurred_from
)
SELECT system_id, month, count(*) FROM events GROUP BY system_id, month ORDER BY system_id, month
"""


@dataclass(frozen=True)
class ExposureRow:
    """One system in one unit; without `months` nobody recorded how much it was used."""

    system: int
    unit: str
    n: int
    n_outside: int
    amount: int
    months: tuple[date, ...]


@dataclass(frozen=True)
class ReadExposures:
    """What a run keeps of exposure."""

    rows: tuple[ExposureRow, ...]

    def digest(self):
        """Changes whenever one of the rows does."""
        return hashlib.sha256(repr(self.rows).encode()).digest()

    def keep(self, run):
        """Write the rows of `run`."""
        PatternExposure.objects.bulk_create(
            PatternExposure(
                run=run,
                system_id=row.system,
                unit=row.unit,
                n=row.n,
                n_outside=row.n_outside,
                amount=row.amount,
                months=list(row.months),
            )
            for row in self.rows
        )


def read_exposures(cases):
    """The rows for these counted cases. Systems without any counted case are nobody's to know and are left out.

    Of the systems with events whose use nobody recorded in a unit that is in use for others, MOST_WITHOUT are kept.
    """
    recorded = _recorded()
    if not recorded:
        return ReadExposures(())
    events = _events(cases)
    known = set(events) | _counted_among({system for systems in recorded.values() for system in systems})
    rows = []
    for unit, systems in sorted(recorded.items()):
        with_use = sorted(known & set(systems))
        rows += [_row(system, unit, events.get(system, {}), systems[system]) for system in with_use]
        without = sorted(set(events) - set(systems), key=lambda system: (-sum(events[system].values()), system))
        rows += [_row(system, unit, events[system], {}) for system in without[:MOST_WITHOUT]]
    return ReadExposures(tuple(rows))


def _row(system, unit, events, amounts):
    """`events`: {month or None: how many}; `amounts`: {month: use}."""
    inside = sum(n for month, n in events.items() if month in amounts)
    return ExposureRow(
        system=system,
        unit=unit,
        n=inside,
        n_outside=sum(events.values()) - inside,
        amount=min(sum(amounts.values()), LARGEST),
        months=tuple(sorted(amounts)),
    )


def _recorded():
    """{unit: {system: {month: amount}}}."""
    found = defaultdict(lambda: defaultdict(dict))
    for system, unit, month, amount in Exposure.objects.values_list("system", "unit", "month", "amount"):
        found[unit][system][month] = amount
    return found


def _events(cases):
    """{system: {month, or None where it is not known: how many events}}."""
    read = selected(cases, "id", "event_group_id", "occurred_from", "occurred_precision")
    if read is None:
        return {}
    inner, parameters = read
    exact = [Precision.DAY.value, Precision.MONTH.value]
    found = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(EVENTS.format(cases=inner), [*parameters, exact, SystemRole.SUBJECT.value, exact])
        for system, month, n in cursor.fetchall():
            found[system][month] = n
    return found


def _counted_among(systems):
    """Those of `systems` that some counted case names, whatever the population."""
    named = CaseSystem.objects.filter(system__in=systems, case__in=access.counted_cases())
    return set(named.values_list("system", flat=True).distinct())
