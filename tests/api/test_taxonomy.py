"""Vocabularies, tiers and the reference matrix through the API."""

import pytest

from taxonomy.models import Mapping, Node, ReferenceCell, Scheme
from tests.api.conftest import Tool
from tests.factories import make_node, make_scheme

pytestmark = pytest.mark.django_db


@pytest.fixture
def tool(reader):
    """Vocabularies need no scope."""
    return Tool(reader, "export")


def test_every_scheme_is_listed_in_its_order(tool):
    rows = tool.get("schemes/").json()["results"]

    assert [row["slug"] for row in rows] == list(Scheme.objects.order_by("order", "id").values_list("slug", flat=True))
    assert tool.get(rows[0]["url"]).json() == rows[0]


def test_nodes_are_filtered_by_scheme_and_by_being_retired(tool, now):
    scheme = make_scheme("wines")
    old = make_node("claret", scheme=scheme, retired_at=now)
    new = make_node("chianti", scheme=scheme)

    def slugs(query):
        return [row["slug"] for row in tool.get(f"nodes/?scheme=wines&{query}").json()["results"]]

    assert slugs("") == ["claret", "chianti"]
    assert (slugs("retired=true"), slugs("retired=false")) == ([old.slug], [new.slug])


def test_all_nodes_are_paged_through_once(tool):
    seen, url = [], "nodes/?limit=50"

    while url:
        body = tool.get(url).json()
        seen += [row["id"] for row in body["results"]]
        url = body["next"]

    assert sorted(seen) == sorted(Node.objects.values_list("pk", flat=True))
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("n", [1, 30])
def test_node_list_query_count(tool, django_assert_num_queries, n):
    with django_assert_num_queries(2):
        rows = tool.get(f"nodes/?limit={n}").json()["results"]

    assert len(rows) == n


def test_a_node_shows_what_stands_below_and_beside_it(tool):
    above = make_node("warm")
    node = make_node("red", parent=above)
    other = make_node("rosso", scheme=make_scheme("wines"))
    make_node("dark-red", parent=node)
    claim = node.alternative_parents.create(parent=make_node("loud"), asserted_by="A critic")
    mapping = Mapping.objects.create(from_node=node, to_node=other, relation="broad", source="Us")

    body, back = tool.get("nodes/colours:red/").json(), tool.get("nodes/wines:rosso/").json()

    assert (body["key"], body["parent"], body["children"]) == ("colours:red", "colours:warm", ["colours:dark-red"])
    assert body["alternative_parents"] == [{"id": claim.pk, "node": "colours:loud", "asserted_by": "A critic"}]
    assert body["mappings"] == [{"id": mapping.pk, "relation": "broad", "node": "wines:rosso", "source": "Us"}]
    assert back["mappings"] == [{"id": mapping.pk, "relation": "narrow", "node": "colours:red", "source": "Us"}]
    assert body["html_url"] == f"http://testserver{node.get_absolute_url()}"


def test_a_node_read_before_is_not_sent_again(tool):
    etag = tool.get("nodes/goodhart:causal/")["ETag"]

    assert tool.get("nodes/goodhart:causal/", headers={"If-None-Match": etag}).status_code == 304


def test_the_tiers_are_listed_from_the_lowest(tool):
    rows = tool.get("severity-tiers/?fields=rank,slug").json()["results"]

    assert rows == [{"rank": n, "slug": s} for n, s in enumerate(["none", "low", "moderate", "high", "critical"])]


def test_every_cell_of_the_matrix_names_its_source(tool):
    body = tool.get("reference-matrix/?limit=200&count=exact").json()

    assert body["count"] == len(body["results"]) == ReferenceCell.objects.count() > 0
    assert all(row["technique"].startswith("technique:") and row["source"] for row in body["results"])


def test_the_matrix_is_filtered_and_says_both_readings_of_uncertain(tool):
    first = ReferenceCell.objects.select_related("technique__scheme", "failure_mode__scheme").first()
    ReferenceCell.objects.filter(pk=first.pk).update(verdict="uncertain")

    rows = tool.get(
        f"reference-matrix/?technique={first.technique.key}&failure_mode={first.failure_mode.key}&verdict=uncertain"
    ).json()["results"]

    assert [(row["id"], row["vulnerable_at_least"], row["vulnerable_at_most"]) for row in rows] == [
        (first.pk, False, True)
    ]


@pytest.mark.parametrize("tail", ["schemes/none", "nodes/goodhart:none", "nodes/causal", "nodes/a:b:c", "nodes/A:b"])
def test_what_does_not_exist_is_not_found(tool, tail):
    response = tool.get(f"{tail}/")

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("query", ["scheme=none", "retired=perhaps", "kind=cause", "expand=all"])
def test_a_parameter_that_cannot_be_meant_is_refused(tool, query):
    assert tool.get(f"nodes/?{query}").status_code == 400
