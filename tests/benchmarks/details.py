"""W2: one case in full, through REST and as a page, against the rows alone."""

import numpy as np

from registry import access
from tests.benchmarks.database import raw_connection
from tests.benchmarks.lists import CLOCKED_ROUNDS
from tests.benchmarks.measuring import TRIAL_ROUNDS, Goal, Row, against, alone, interleave
from tests.benchmarks.requests import browser_of, database_clock, tool_of
from tests.benchmarks.synthetic import reviewer_of

QUERIES = Goal(3, unit="queries")
INFORMATION = Goal(None)
MILLISECONDS = Goal(None, unit="ms")
CASE = "SELECT * FROM registry_case WHERE id = %s"
BESIDE = """
SELECT s.slug, n.slug FROM registry_classification c JOIN taxonomy_node n ON n.id = c.node_id
JOIN taxonomy_scheme s ON s.id = n.scheme_id WHERE c.case_id = %(case)s
UNION ALL SELECT NULL, s.name FROM registry_casesystem c JOIN registry_system s ON s.id = c.system_id
WHERE c.case_id = %(case)s
UNION ALL SELECT l.stance, n.slug FROM registry_label l JOIN taxonomy_node n ON n.id = l.node_id
WHERE l.case_id = %(case)s
"""


def measure(registry, *, seconds):
    """The rows of W2, each time of another case of those that lie furthest apart."""
    person = reviewer_of(registry)
    tool, browser = tool_of(person), browser_of(person)
    numbers = some_of(access.visible_to(person).order_by("pk"))
    with raw_connection() as floor:
        works = {
            "product": lambda: tool.get(f"/api/v1/cases/{next(numbers)}/"),
            "SQL": lambda: read_by_sql(floor, next(numbers)),
        }
        taken = interleave(works, seconds=seconds)
    statements, spent = clocked(works["product"], seconds)
    page_statements, page_spent = clocked(lambda: browser.get(f"/cases/AIR-{next(numbers)}/"), seconds)
    n = registry.n
    return [
        against("W2 detail through REST / SQL alone", n, taken["product"], taken["SQL"], INFORMATION),
        alone("W2 detail through REST, database time", n, spent, MILLISECONDS),
        Row("W2 detail through REST, queries", n, None, None, statements, None, None, QUERIES),
        alone("W2 case page, database time", n, page_spent, MILLISECONDS),
        Row("W2 case page, queries", n, None, None, page_statements, None, None, Goal(None, unit="queries")),
    ]


def some_of(cases):
    """Numbers of cases without end, spread over all there are."""
    found = list(cases.values_list("pk", flat=True))
    chosen = found[:: max(len(found) // 97, 1)]
    while True:
        yield from chosen


def read_by_sql(floor, number):
    return floor.execute(CASE, [number]).fetchone(), floor.execute(BESIDE, {"case": number}).fetchall()


def clocked(work, seconds):
    """(statements of the last run, seconds in the database of each)."""
    times = []
    for _ in range(CLOCKED_ROUNDS if seconds else TRIAL_ROUNDS):
        with database_clock() as clock:
            work()
        times.append(clock.seconds)
    return clock.statements, np.array(times)
