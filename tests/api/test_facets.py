"""Counts beside the list: the same filters, a facet's own choice left out, nothing of what is hidden."""

import pytest
import time_machine
from django.db import connection

from registry import facets
from registry.choices import Kind, Status, Visibility
from registry.models import SavedView
from taxonomy.models import SeverityTier
from tests.api.conftest import Tool
from tests.factories import NOW, agree, label, make_case, make_cases, make_node

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def counted(tool, query=""):
    answer = tool.get(f"cases/facets/{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def values(found, facet):
    return {each["value"]: each["count"] for each in found["facets"][facet]}


def test_each_facet_counts_what_the_list_would_find(as_analyst, analyst):
    high = SeverityTier.objects.get(slug="high")
    make_case(nodes=[make_node("red")], potential_severity=high, owner=analyst, status=Status.ANALYSIS)
    make_case(kind=Kind.FINDING)
    make_case(visibility=Visibility.NAMED)

    found = counted(as_analyst)

    assert (found["exact"], found["total"]) == (True, 2)
    assert {facet: values(found, facet) for facet in ("status", "severity", "kind", "owner", "system", "label")} == {
        "status": {"analysis": 1, "triage": 1},
        "severity": {"high": 1, None: 1},
        "kind": {"incident": 1, "finding": 1},
        "owner": {"mira": 1},
        "system": {"code-agent": 2},
        "label": {"colours:red": 1},
    }
    assert found["histogram"]["unit"] == "week"
    week = next(column for column in found["histogram"]["columns"] if column["count"])
    assert (week["first"], week["last"], week["count"]) == ("2026-11-09", "2026-11-15", 2)


def test_a_facets_own_choice_is_left_out_of_its_counts_only(as_analyst):
    make_case(kind=Kind.FINDING)
    make_case(status=Status.ANALYSIS)

    found = counted(as_analyst, "?status=triage")

    assert found["total"] == 1
    assert values(found, "status") == {"triage": 1, "analysis": 1}
    assert values(found, "kind") == {"finding": 1}


def test_a_view_is_narrowed_by_the_other_parameters(as_analyst, analyst):
    make_case(kind=Kind.FINDING)
    make_case(kind=Kind.FINDING, status=Status.ANALYSIS)
    make_case()
    SavedView.objects.create(
        owner=analyst, name="Findings", slug="findings", query="kind=finding", created_at=NOW, updated_at=NOW
    )

    found = counted(as_analyst, "?view=findings&status=analysis")

    assert found["total"] == 1
    assert values(found, "kind") == {"finding": 1}


def test_the_blind_count_what_was_published(as_analyst, reader):
    node = make_node("red")
    label(make_case(status=Status.ANALYSIS), node)
    agree(make_case(), node)

    assert values(counted(as_analyst), "label") == {"colours:red": 1}
    assert values(counted(Tool(reader)), "label") == {"colours:red": 2}


def test_estimates_are_marked(as_analyst, monkeypatch):
    make_cases(3)
    monkeypatch.setattr(facets, "EXACT", 0)
    monkeypatch.setattr(facets, "SAMPLED", 1)
    monkeypatch.setattr(facets, "planned_rows", lambda cases: 1_000_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registry_case")

    assert counted(as_analyst)["exact"] is False


@pytest.mark.parametrize("query", ["?limit=5", "?sttus=triage", "?ordering=id", "?status=boiling", "?view=nobody"])
def test_what_the_list_would_refuse_is_refused(as_analyst, query):
    answer = as_analyst.get(f"cases/facets/{query}")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("n", [1, 30])
def test_facets_query_count(as_analyst, django_assert_num_queries, n):
    make_cases(n, nodes=[make_node("red")])

    with django_assert_num_queries(5):
        assert counted(as_analyst)["total"] == n
