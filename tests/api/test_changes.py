"""The change feed over REST."""

import pytest

from registry import changes
from registry.actions import cases, evidence
from registry.choices import Visibility
from registry.models import Change
from tests.factories import NOW, log, make_case, make_node

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet():
    Change.objects.all().delete()


def problem(response):
    return response.status_code, response.json()["errors"][0]["pointer"]


def test_a_row_says_where_to_read_what_changed(as_reader, analyst):
    case = log(by=analyst)

    body = as_reader.get("changes/").json()

    (row,) = body["results"]
    assert row == {
        "cursor": body["cursor"],
        "at": row["at"],
        "what": "case",
        "action": "made",
        "id": case.pk,
        "reference": case.reference,
        "case": case.reference,
        "other": None,
        "node": None,
        "merged_into": None,
        "url": f"http://testserver/api/v1/cases/{case.reference}/",
        "html_url": f"http://testserver/cases/{case.reference}/",
        "version": 1,
        "fields": [],
        "by": analyst.username,
        "request_id": None,
    }
    assert (body["more"], as_reader.get(body["next"]).json()["results"]) == (False, [])


def test_the_request_that_changed_something_is_named_by_its_id(as_analyst, as_reader):
    body = {"title": "Boat circles the lagoon for points", "observed_behaviour": "It circled."}
    sent = as_analyst.send("POST", "cases/", body, headers={"X-Request-ID": "harness-run-42"})

    rows = as_analyst.get("changes/").json()["results"]

    assert sent.status_code == 201
    assert {row["request_id"] for row in rows} == {"harness-run-42"}
    assert as_reader.get("changes/").json()["results"] == []


def test_paging_by_cursor_ends_where_nothing_is_new(as_reader):
    numbers = [make_case().reference for _ in range(5)]

    first = as_reader.get("changes/?limit=3").json()
    second = as_reader.get(first["next"]).json()
    third = as_reader.get(second["next"]).json()

    assert [row["case"] for row in first["results"] + second["results"]] == numbers
    assert [first["more"], second["more"], third["more"]] == [True, False, False]
    assert (third["results"], third["cursor"]) == ([], second["cursor"])


def test_now_is_where_the_feed_ends(as_reader):
    make_case()

    start = as_reader.get("changes/?since=now").json()
    case = make_case()

    assert (start["results"], start["more"]) == ([], False)
    assert [row["case"] for row in as_reader.get(start["next"]).json()["results"]] == [case.reference]


def test_a_hidden_case_does_not_move_an_answer_by_a_byte(as_reader, analyst):
    make_case()
    addresses = ["changes/", "changes/?since=now", "changes/?limit=1", "changes/?what=case", "changes/?case=AIR-1"]
    before = [as_reader.get(address).content for address in addresses]

    hidden = log(by=analyst, visibility=Visibility.NAMED)
    evidence.add_note(case=hidden, by=analyst, at=NOW, title="The log", note="It says so.")

    assert [as_reader.get(address).content for address in addresses] == before
    assert as_reader.get(f"changes/?case={hidden.reference}").json()["results"] == []


def test_what_is_gone_or_removed_has_no_address(as_reader, analyst):
    case = log(by=analyst)
    note = evidence.add_note(case=case, by=analyst, at=NOW, title="The log", note="It says so.")
    evidence.remove_evidence(evidence=note, by=analyst, at=NOW)
    removed = as_reader.get("changes/?what=evidence").json()["results"][-1]
    cases.edit_case(case=case, by=analyst, at=NOW, version=1, visibility=Visibility.NAMED)

    gone = as_reader.get("changes/").json()["results"][-1]

    assert (removed["action"], removed["url"], removed["html_url"]) == ("removed", None, None)
    assert (gone["action"], gone["url"], gone["case"]) == ("gone", None, case.reference)


def test_nodes_are_told_by_their_key(as_reader):
    node = make_node("red")

    rows = as_reader.get("changes/?what=node&what=scheme").json()["results"]

    assert [(row["what"], row["reference"]) for row in rows] == [("scheme", "colours"), ("node", "colours:red")]
    assert rows[1]["url"] == f"http://testserver/api/v1/nodes/{node.key}/"


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("since=nonsense", "?since"),
        (f"since={changes.cursor_of(1)}x", "?since"),
        ("since=", "?since"),
        ("since=%00", "?since"),
        ("limit=0", "?limit"),
        ("limit=201", "?limit"),
        ("what=party", "?what"),
        ("case=AIR-0", "?case"),
        ("case=99999999999", "?case"),
        ("case=nobody", "?case"),
        ("cursor=1", "?cursor"),
    ],
)
def test_what_it_does_not_take_is_refused_by_name(as_reader, query, pointer):
    assert problem(as_reader.get(f"changes/?{query}")) == (400, pointer)


@pytest.mark.parametrize("n", [1, 30])
def test_query_count(as_reader, django_assert_num_queries, n):
    for _ in range(n):
        make_case()
    as_reader.get("changes/?limit=1")

    with django_assert_num_queries(6):
        response = as_reader.get("changes/")

    assert len(response.json()["results"]) == n
