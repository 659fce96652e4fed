"""W1: a page of fifty cases through REST. W1f: the list page with everything it counts."""

import json
from collections import Counter
from dataclasses import dataclass

import numpy as np
from django.test import override_settings

from registry import access
from registry.filters import DEFAULT_ORDERING
from registry.models import Case, System
from registry.paging import encode
from taxonomy.models import Node
from tests.benchmarks.database import raw_connection
from tests.benchmarks.measuring import TRIAL_ROUNDS, Goal, against, alone, interleave
from tests.benchmarks.requests import browser_of, database_clock, tool_of
from tests.benchmarks.synthetic import reviewer_of

PER_PAGE = 50
AGAINST_SQL = Goal(4)
DATABASE = Goal(5, unit="ms")
LARGE = 1_000_000
CLOCKED_ROUNDS = 20

ROWS = """
SELECT c.id, c.version, c.created_at, c.updated_at, c.title, c.kind, c.status, c.visibility, c.occurred_from,
       c.occurred_to, c.occurred_precision, c.reported_at, c.closed_at, realised.slug, potential.slug,
       reporter.username, owner.username, c.occurred_on
FROM registry_case c JOIN registry_person reporter ON reporter.id = c.reporter_id
LEFT JOIN registry_person owner ON owner.id = c.owner_id
LEFT JOIN taxonomy_severitytier realised ON realised.rank = c.realised_severity_id
LEFT JOIN taxonomy_severitytier potential ON potential.rank = c.potential_severity_id
WHERE (c.visibility = 'everyone' AND c.status <> 'draft' OR %(person)s IN (c.reporter_id, c.owner_id, c.reviewer_id)
       OR EXISTS (SELECT FROM registry_casereader r WHERE r.case_id = c.id AND r.person_id = %(person)s)
       OR c.visibility = 'team' AND c.status <> 'draft' AND EXISTS (
           SELECT FROM registry_teammember m WHERE m.team_id = c.team_id AND m.person_id = %(person)s))
  AND c.merged_into_id IS NULL {only}
ORDER BY c.occurred_on DESC, c.id DESC LIMIT 51
"""
BELONGING = """
SELECT c.case_id, s.slug, n.slug FROM registry_classification c JOIN taxonomy_node n ON n.id = c.node_id
JOIN taxonomy_scheme s ON s.id = n.scheme_id WHERE c.case_id = ANY(%(ids)s)
UNION ALL
SELECT c.case_id, NULL, s.name FROM registry_casesystem c JOIN registry_system s ON s.id = c.system_id
WHERE c.case_id = ANY(%(ids)s)
"""


@dataclass(frozen=True)
class Page:
    """One page in three wordings: the product's query, the floor's condition, the tutorial's query."""

    name: str
    product: dict
    condition: str
    values: dict
    idiomatic: dict


def pages_of(person):
    under = medium_node()
    last = last_before_half_way(person)
    return [
        Page("first page", {}, "", {}, {}),
        Page(
            "under a node",
            {"label__under": under.key},
            "AND c.node_path @> ARRAY[%(node)s::integer]",
            {"node": under.pk},
            {"node": nodes_under(under)},
        ),
        Page(
            "half-way deep",
            {"cursor": encode(DEFAULT_ORDERING, False, [last["occurred_on"], last["id"]])},
            "AND (c.occurred_on, c.id) < (%(day)s, %(id)s)",
            {"day": last["occurred_on"], "id": last["id"]},
            {"page": last["position"] // PER_PAGE + 1},
        ),
    ]


def medium_node():
    """The node with others below it that comes closest to a tenth of all cases."""
    inner = Node.objects.filter(children__isnull=False).distinct().select_related("scheme")
    tenth = Case.objects.count() / 10
    return min(inner, key=lambda node: abs(Case.objects.about(node).count() - tenth))


def common_word():
    """The word that stands in the most titles: the worst to rank."""
    titles = Case.objects.values_list("title", flat=True)[:2000]
    counted = Counter(word for title in titles for word in set(title.split()))
    return max((word for word in counted if len(word) > 3), key=lambda word: counted[word])


def nodes_under(node):
    found = [node.pk]
    for pk in found:
        found += Node.objects.filter(parent=pk).values_list("pk", flat=True)
    return found


def last_before_half_way(person):
    """The case before the page that starts half-way, and how many cases are on the pages before."""
    visible = access.visible_to(person).order_by("-occurred_on", "-id")
    position = visible.count() // 2 // PER_PAGE * PER_PAGE
    return {**visible.values("occurred_on", "id")[position - 1], "position": position}


def measure(registry, *, seconds):
    """Rows of W1 for a filled registry. Needs at least 200 cases."""
    person = reviewer_of(registry)
    rows = []
    with override_settings(ROOT_URLCONF="tests.benchmarks.idiomatic"), raw_connection() as floor:
        client = tool_of(person)
        for page in pages_of(person):
            rows += measure_page(registry.n, page, client, floor, person, seconds)
    return rows


def measure_page(n, page, client, floor, person, seconds):
    works = {
        "product": lambda: client.get("/api/v1/cases/", **page.product),
        "SQL": lambda: read_by_sql(floor, page, person),
        "idiomatic": lambda: client.get("/idiomatic/cases/", **page.idiomatic),
    }
    require_same_cases(works)
    taken = interleave(works, seconds=seconds)
    name = f"W1 {page.name}"
    idiomatic = Goal(15 if n >= LARGE else 6, least=True)
    return [
        against(f"{name} / SQL alone", n, taken["product"], taken["SQL"], AGAINST_SQL),
        against(f"{name} / idiomatic view", n, taken["product"], taken["idiomatic"], idiomatic),
        alone(f"{name}, database time", n, database_times(works["product"], seconds), DATABASE),
    ]


def read_by_sql(floor, page, person):
    """The same rows with their labels and systems as plain tuples."""
    values = {"person": person.pk, **page.values}
    rows = floor.execute(ROWS.format(only=page.condition), values).fetchall()[:PER_PAGE]
    belonging = floor.execute(BELONGING, {"ids": [row[0] for row in rows]}).fetchall()
    return [row[0] for row in rows], belonging


def require_same_cases(works):
    """Three ways to one page; measuring different pages would compare nothing."""
    product, idiomatic = (json.loads(works[name]())["results"] for name in ("product", "idiomatic"))
    found = [[case["id"] for case in cases] for cases in (product, idiomatic)]
    if not found[0] == found[1] == works["SQL"]()[0]:
        raise ValueError("the product and its floors answered with different cases")


def database_times(work, seconds):
    """Seconds spent in the database by each of some runs of `work`, apart from the timed ones."""
    times = []
    for _ in range(CLOCKED_ROUNDS if seconds else TRIAL_ROUNDS):
        with database_clock() as clock:
            work()
        times.append(clock.seconds)
    return np.array(times)


def measure_list_page(registry, *, seconds):
    """The rows of W1f: the database's part of the whole list page, of one that is filtered, and of a search."""
    person = reviewer_of(registry)
    browser = browser_of(person)
    goal = Goal(250 if registry.n >= LARGE else 150, unit="ms")
    addresses = {
        "unfiltered": {},
        "under a node": {"label__all": medium_node().key},
        "searched and ranked": {"q": common_word()},
        "of one system": {"system": System.objects.order_by("pk").first().name},
        "without root cause": {"missing": "root_cause", "status": "triage"},
    }
    client = tool_of(person)
    return [
        *(
            alone(f"W1f list page {name}, database time", registry.n,
                  database_times(lambda query=query: browser.get("/cases/", **query), seconds), goal)
            for name, query in addresses.items()
        ),
        *(
            alone(f"W1f facets through REST {name}, database time", registry.n,
                  database_times(lambda query=query: client.get("/api/v1/cases/facets/", **query), seconds), goal)
            for name, query in list(addresses.items())[:3]
        ),
    ]  # fmt: skip
