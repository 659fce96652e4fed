"""What the case list counts beside its rows: facets, nodes and the histogram, in one statement.

All counts start from the cases a person may see. Up to EXACT matches everything is counted; above
that a sample of the table's blocks is counted and scaled up, and `Counts.exact` is false.
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Case, ExpressionWrapper, IntegerField, Q, Value, When
from django.db.models.expressions import RawSQL

from registry.blind import PUBLIC, is_open_to, known_path, rests_on_raters
from registry.models.case import NO_DATE

EXACT = 12_000
SAMPLED = 10_000  # a facet's share is then right to about one per cent of all cases
NEAR = 1.2  # the planner is seldom further off than this
HEADER_EXACT = 10_000
WEEKS = 26
YEARS = 40
MOST = 10
# The facets whose values exclude one another. A facet's own choice is left out of its counts, so
# that they say what choosing another value would give.
GROUPS = ("status", "severity_rank", "kind")
# The facets whose values are too many to show: the most frequent among what is found.
FREQUENT = ("system", "owner", "reporter")

# `misses` has one bit for each of GROUPS whose choice a case does not meet. `hidden`: the case carries
# labels that the reader may not know of; its nodes are counted from what was published.
COUNTS = """
WITH RECURSIVE matched AS MATERIALIZED (
    SELECT m.*, date_part('year', m.occurred_on)::integer AS year,
           CASE WHEN m.occurred_on >= %s THEN (m.occurred_on - %s::date) / 7 END AS week
    FROM ({matched}) AS m
), aggregated AS (
    SELECT grouping(status, severity_rank, kind, owner_id, reporter_id, year, week) AS what,
           status, severity_rank, kind, owner_id, reporter_id, year, week, count(*) FILTER (WHERE misses = 0) AS n,
           count(*) FILTER (WHERE misses & 6 = 0) AS n1, count(*) FILTER (WHERE misses & 5 = 0) AS n2,
           count(*) FILTER (WHERE misses & 3 = 0) AS n3
    FROM matched
    GROUP BY GROUPING SETS (
        (status), (severity_rank), (kind), (owner_id), (reporter_id), (year, severity_rank), (week, severity_rank)
    )
), above AS (
    SELECT id AS node, id AS ancestor FROM taxonomy_node
    UNION ALL
    SELECT above.node, n.parent_id FROM above JOIN taxonomy_node n ON n.id = above.ancestor
    WHERE n.parent_id IS NOT NULL
)
SELECT 'status', status, NULL, NULL::integer, n1, n FROM aggregated WHERE what = 63
UNION ALL SELECT 'severity_rank', NULL, NULL, severity_rank, n2, n FROM aggregated WHERE what = 95
UNION ALL SELECT 'kind', kind, NULL, NULL, n3, n FROM aggregated WHERE what = 111
UNION ALL SELECT 'year', year::text, NULL, severity_rank, n, n FROM aggregated WHERE what = 93
UNION ALL SELECT 'week', week::text, NULL, severity_rank, n, n FROM aggregated WHERE what = 94 AND week IS NOT NULL
UNION ALL (SELECT 'owner', p.username, p.name, NULL, n, n FROM aggregated JOIN registry_person p ON p.id = owner_id
           WHERE what = 119 AND n > 0 ORDER BY n DESC, p.name LIMIT {most})
UNION ALL (SELECT 'reporter', p.username, p.name, NULL, n, n
           FROM aggregated JOIN registry_person p ON p.id = reporter_id
           WHERE what = 123 AND n > 0 ORDER BY n DESC, p.name LIMIT {most})
UNION ALL (SELECT 'system', s.name, s.name, NULL, c.n, c.n
           FROM (SELECT system_id, count(*) AS n
                 FROM (SELECT DISTINCT cs.system_id, m.id FROM matched m
                       JOIN registry_casesystem cs ON cs.case_id = m.id WHERE m.misses = 0) AS used
                 GROUP BY system_id ORDER BY n DESC LIMIT {most} + 1) AS c
           JOIN registry_system s ON s.id = c.system_id ORDER BY c.n DESC, s.name LIMIT {most})
UNION ALL SELECT 'node', NULL, NULL, node, count(*), count(*)
          FROM (SELECT unnest(node_path) AS node FROM matched WHERE misses = 0 AND NOT hidden) AS carried GROUP BY node
UNION ALL SELECT 'node', NULL, NULL, a.ancestor, count(DISTINCT m.id), 0 FROM matched m
          JOIN registry_classification c ON c.case_id = m.id AND c.method = ANY(%s)
          JOIN above a ON a.node = c.node_id WHERE m.misses = 0 AND m.hidden GROUP BY a.ancestor
"""


@dataclass
class Counts:
    """Cases in all, by value of each of GROUPS, by node id and in time; estimates unless `exact`.

    `frequent` maps each of FREQUENT to [(value, name, n)], the most frequent first.
    """

    exact: bool
    total: int
    groups: dict
    nodes: dict
    timeline: "Timeline"
    frequent: dict


@dataclass
class Timeline:
    """Cases by time of occurrence: columns of (label, {rank: n}), the unit, and how many are not drawn.

    `spans` are the first and last day of each column.
    """

    unit: str
    columns: list
    spans: list
    undated: int
    earlier: int


def count_cases(cases, *, chosen, today, person):
    """Counts over `cases`, which are filtered by everything but GROUPS, as `person` may know them.

    `chosen` maps each of GROUPS to the set of values picked (empty: no restriction); severity is a
    rank, -1 where none is set.
    """
    share = share_to_count(cases)
    first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    groups, nodes, total = {name: Counter() for name in GROUPS}, Counter(), 0
    frequent, periods = {name: [] for name in FREQUENT}, {"year": {}, "week": {}}
    for what, value, name, rank, n, n_found in counted(cases, chosen, first, person, share):
        n = round(n / share)
        if what in groups:
            groups[what][rank if what == "severity_rank" else value] += n
            total += n_found if what == "status" else 0
        elif what == "node":
            nodes[rank] += n
        elif what in frequent:
            frequent[what].append((value, name, n))
        elif n:
            periods[what].setdefault(int(value), Counter())[rank] += n
    return Counts(
        exact=share == 1,
        total=round(total / share),
        groups=groups,
        nodes=nodes,
        timeline=timeline(periods["year"], periods["week"], first=first, today=today),
        frequent=frequent,
    )


def counted(cases, chosen, first, person, share):
    """The rows of COUNTS: (what, value, name, rank or node, n, n that meets all choices)."""
    misses = Value(0)
    for bit, name in enumerate(GROUPS):
        if chosen[name]:
            met = Q(**{f"{name}__in": chosen[name]})
            misses += Case(When(met, then=Value(0)), default=Value(1 << bit), output_field=IntegerField())
    open_to = is_open_to(person)
    hidden = ExpressionWrapper(~open_to & rests_on_raters(), BooleanField()) if open_to else Value(False)
    matched = (
        cases.order_by()
        .annotate(misses=misses, hidden=hidden)
        .values("id", *GROUPS, "owner_id", "reporter_id", "occurred_on", "node_path", "misses", "hidden")
    )
    try:
        sql, parameters = matched.query.sql_with_params()
    except EmptyResultSet:
        return []
    if share < 1:
        # The blocks of the table itself: looking up sampled ids one by one takes twice as long.
        table = f'FROM "{cases.model._meta.db_table}"'
        sql = sql.replace(table, f"{table} TABLESAMPLE SYSTEM ({share * 100:.6f}) REPEATABLE (1)", 1)
    with connection.cursor() as cursor:
        cursor.execute(COUNTS.format(matched=sql, most=MOST), [first, first, *parameters, list(PUBLIC)])
        return cursor.fetchall()


def share_to_count(cases):
    """Which share of the table's blocks is counted: all where the cases are few enough."""
    planned = planned_rows(cases)
    # The plan is only roughly right: near the limit, look.
    if planned <= EXACT or (planned <= NEAR * EXACT and cases.order_by().values("pk")[: EXACT + 1].count() <= EXACT):
        return 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [cases.model._meta.db_table])
        return min(SAMPLED / max(cursor.fetchone()[0], SAMPLED), 1)


def manageable(cases):
    """(cases, 1) where they are few enough to count, else (a sample of them, what to multiply counts with)."""
    cases, share = cases.order_by(), share_to_count(cases)
    if share == 1:
        return cases, 1
    table = cases.model._meta.db_table
    sample = RawSQL(f"SELECT id FROM {table} TABLESAMPLE SYSTEM (%s) REPEATABLE (1)", [share * 100])  # noqa: S608, S611
    return cases.filter(pk__in=sample), 1 / share


def count_nodes(cases, person):
    """How many of `cases` carry each node or one below it, as far as `person` may know: {node id: n}."""
    sql, parameters = cases.annotate(path=known_path(person)).values("path").query.sql_with_params()
    query = f"SELECT node, count(*) FROM ({sql}) AS matched, unnest(matched.path) AS node GROUP BY node"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return dict(cursor.fetchall())


def scaled(counted, factor):
    return {key: round(n * factor) for key, n in counted.items()}


def planned_rows(cases):
    """How many rows the database's planner expects: quick at any size, and only roughly right."""
    plan = cases.order_by().values("pk").explain(format="json")
    return json.loads(plan)[0]["Plan"]["Plan Rows"] if plan else 0  # nothing is planned for what is empty already


def header_words(counts):
    """The number of cases as the list's head says it: exact up to 10,000, then “about 12,300”."""
    if counts.exact and counts.total <= HEADER_EXACT:
        return f"{counts.total:,} {'case' if counts.total == 1 else 'cases'}"
    return f"about {round(counts.total, 3 - len(str(counts.total))):,} cases"


def timeline(years, weeks, *, first, today):
    """The last 26 weeks, or years where most dated cases lie before those weeks; rank -1 has no severity."""
    undated = sum(years.pop(NO_DATE.year, Counter()).values())
    n_dated, n_recent = total(years), total(weeks)
    if n_recent * 2 >= n_dated:
        mondays = [first + timedelta(weeks=i) for i in range(WEEKS)]
        columns = [(f"{monday.day} {monday:%b}", weeks.get(i, {})) for i, monday in enumerate(mondays)]
        spans = [(monday, monday + timedelta(days=6)) for monday in mondays]
        return Timeline("week", columns, spans, undated, n_dated - n_recent)
    last = max(max(years), today.year)
    shown = range(max(min(years), last - YEARS + 1), last + 1)
    columns = [(str(year), years.get(year, {})) for year in shown]
    spans = [(date(year, 1, 1), date(year, 12, 31)) for year in shown]
    return Timeline("year", columns, spans, undated, n_dated - total(dict(columns)))


def total(periods):
    return sum(sum(by_rank.values()) for by_rank in periods.values())
