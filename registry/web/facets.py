"""What the case list counts beside its rows: facets, nodes and the histogram.

All counts start from the cases a person may see. Up to EXACT matches everything is counted; above
that a sample of the table's blocks is counted and scaled up, and `Counts.exact` is false.
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Count, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import ExtractYear, TruncWeek

from registry.models.case import NO_DATE

EXACT = 50_000
SAMPLED = 10_000  # a facet's share is then right to about one per cent of all cases
NEAR = 1.2  # the planner is seldom further off than this
HEADER_EXACT = 10_000
WEEKS = 26
YEARS = 40
# The facets whose values exclude one another. A facet's own choice is left out of its counts, so
# that they say what choosing another value would give.
GROUPS = ("status", "severity_rank", "kind")


@dataclass
class Counts:
    """Cases in all, by value of each of GROUPS, by node id and in time; estimates unless `exact`."""

    exact: bool
    total: int
    groups: dict
    nodes: dict
    timeline: "Timeline"


@dataclass
class Timeline:
    """Cases by time of occurrence: columns of (label, {rank: n}), the unit, and how many are not drawn."""

    unit: str
    columns: list
    undated: int
    earlier: int


def count_cases(cases, *, chosen, today):
    """Counts over `cases`, which are filtered by everything but GROUPS.

    `chosen` maps each of GROUPS to the set of values picked (empty: no restriction); severity is a
    rank, -1 where none is set.
    """
    cases, factor = manageable(cases)
    total, groups = count_groups(cases, chosen)
    found = cases.filter(*(Q(**{f"{name}__in": values}) for name, values in chosen.items() if values))
    return Counts(
        exact=factor == 1,
        total=round(total * factor),
        groups={name: scaled(counted, factor) for name, counted in groups.items()},
        nodes=scaled(count_nodes(found), factor),
        timeline=timeline(found, today=today, factor=factor),
    )


def scaled(counted, factor):
    return {key: round(n * factor) for key, n in counted.items()}


def manageable(cases):
    """(cases, 1) where they are few enough to count, else (a sample of them, what to multiply counts with)."""
    cases, planned = cases.order_by(), planned_rows(cases)
    # The plan is only roughly right: near the limit, look.
    if planned <= EXACT or (planned <= NEAR * EXACT and cases.values("pk")[: EXACT + 1].count() <= EXACT):
        return cases, 1
    table = cases.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        share = min(SAMPLED / max(cursor.fetchone()[0], SAMPLED), 1)
    sample = RawSQL(f"SELECT id FROM {table} TABLESAMPLE SYSTEM (%s) REPEATABLE (1)", [share * 100])  # noqa: S608, S611
    return cases.filter(pk__in=sample), 1 / share


def planned_rows(cases):
    """How many rows the database's planner expects: quick at any size, and only roughly right."""
    return json.loads(cases.order_by().values("pk").explain(format="json"))[0]["Plan"]["Plan Rows"]


def count_groups(cases, chosen):
    """How many match all choices, and for each of GROUPS how many match the other two by its value."""
    groups, total = {name: Counter() for name in GROUPS}, 0
    for *values, n in cases.values_list(*GROUPS).annotate(n=Count("id")):
        case = dict(zip(GROUPS, values, strict=True))
        misses = [name for name in GROUPS if chosen[name] and case[name] not in chosen[name]]
        total += 0 if misses else n
        for name in GROUPS:
            if misses in ([], [name]):
                groups[name][case[name]] += n
    return total, groups


def count_nodes(cases):
    """How many of `cases` carry each node or one below it: {node id: n}."""
    sql, parameters = cases.values("node_path").query.sql_with_params()
    query = f"SELECT node, count(*) FROM ({sql}) AS matched, unnest(matched.node_path) AS node GROUP BY node"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return dict(cursor.fetchall())


def header_words(counts):
    """The number of cases as the list's head says it: exact up to 10,000, then “about 12,300”."""
    if counts.exact and counts.total <= HEADER_EXACT:
        return f"{counts.total:,} {'case' if counts.total == 1 else 'cases'}"
    return f"about {round(counts.total, 3 - len(str(counts.total))):,} cases"


def timeline(cases, *, today, factor=1):
    """The last 26 weeks, or years where most dated cases lie before those weeks; rank -1 has no severity."""
    first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    years = by_period(cases.annotate(period=ExtractYear("occurred_on")), factor)
    undated = sum(years.pop(NO_DATE.year, Counter()).values())
    weeks = by_period(cases.filter(occurred_on__gte=first).annotate(period=TruncWeek("occurred_on")), factor)
    n_dated, n_recent = total(years), total(weeks)
    if n_recent * 2 >= n_dated:
        mondays = [first + timedelta(weeks=i) for i in range(WEEKS)]
        columns = [(f"{monday.day} {monday:%b}", weeks.get(monday, {})) for monday in mondays]
        return Timeline("week", columns, undated, n_dated - n_recent)
    last = max(max(years), today.year)
    shown = range(max(min(years), last - YEARS + 1), last + 1)
    columns = [(str(year), years.get(year, {})) for year in shown]
    return Timeline("year", columns, undated, n_dated - total(dict(columns)))


def by_period(cases, factor):
    periods = {}
    for period, rank, n in cases.values_list("period", "severity_rank").annotate(n=Count("id")):
        periods.setdefault(period, Counter())[rank] += round(n * factor)
    return periods


def total(periods):
    return sum(sum(by_rank.values()) for by_rank in periods.values())
