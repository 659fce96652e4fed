"""A case's history through the API: who did what, as it was, and back again."""

import json

import pytest

from registry.actions import cases, evidence
from registry.choices import Status, Visibility
from registry.models import Case
from tests.api.conftest import Tool
from tests.factories import NOW, label, log, make_case, make_node, make_person

pytestmark = pytest.mark.django_db


def path(case, rest="history/"):
    return f"cases/{case.reference}/{rest}"


def entries(tool, case, query=""):
    return tool.get(f"{path(case)}{query}").json()["results"]


def edited(case, by, n, **values):
    for number in range(n):
        said = {"root_cause": f"Cause {number}."} | values
        case = cases.edit_case(case=case, by=by, at=NOW, version=case.version, **said)
    return case


@pytest.fixture
def case(reporter):
    return log(by=reporter)


def test_an_entry_says_who_did_what_and_what_it_made_of_it(as_analyst, analyst, case):
    body = {"root_cause": "The score.", "owner": "mira", "potential_severity": "high", "reason": "Seen in the log."}
    as_analyst.send("PATCH", f"cases/{case.reference}/", body, match="*", headers={"X-Request-ID": "harness-0042"})

    entry = entries(as_analyst, case)[0]

    changed = {each["field"]: (each["before"], each["now"]) for each in entry["changes"]}
    assert (entry["person"], entry["action"], entry["reason"], entry["request_id"]) == (
        "mira",
        "edit_case",
        "Seen in the log.",
        "harness-0042",
    )
    assert changed == {
        "owner": (None, "mira"),
        "root_cause": (None, "The score."),
        "potential_severity": (None, "high"),
    }
    assert [each["field"] for each in entry["changes"] if each["restorable_from"] is None] == ["owner"]


def test_what_stands_beside_the_case_is_part_of_it(as_reader, case, analyst, other_analyst):
    red = make_node("red")
    evidence.add_note(case=case, by=analyst, at=NOW, title="The log", note="It says so.")
    label(case, red, by=other_analyst, confidence=70)

    found = {
        (change["about"], change["change"], change["subject"]): change["now"]
        for entry in entries(as_reader, case)
        for change in entry["changes"]
    }

    assert found["label", "added", "Red"] == {"stance": "present", "confidence": 70, "grounds": "inferred"}
    assert found["evidence", "added", "The log"] == {"kind": "note", "removed_at": None}
    assert found["classification", "added", "Red"] == {"method": "single-rater"}
    assert "It says so." not in json.dumps(list(found.values()))


def test_pages_show_every_entry_once_forwards_and_back(as_analyst, analyst, case):
    edited(case, analyst, 6)
    whole = entries(as_analyst, case)

    forwards, address = [], f"{path(case)}?limit=3"
    while address:
        page = as_analyst.get(address).json()
        forwards, last, address = forwards + page["results"], page, page["next"]
    back = as_analyst.get(last["previous"]).json()

    assert len(whole) == 7
    assert forwards == whole
    assert back["results"] == whole[3:6]


def test_an_entry_made_between_two_pages_moves_none(as_analyst, analyst, case):
    case = edited(case, analyst, 4)
    whole = entries(as_analyst, case)
    first = as_analyst.get(f"{path(case)}?limit=2").json()

    edited(case, analyst, 1, root_cause="Something else.")

    assert as_analyst.get(first["next"]).json()["results"] == whole[2:4]


@pytest.mark.parametrize("query", ["?limit=0", "?limit=201", "?cursor=x", "?before=2026", "?limit=2&limit=3"])
def test_a_page_that_makes_no_sense_is_refused(as_analyst, case, query):
    assert as_analyst.get(f"{path(case)}{query}").status_code == 400


def test_a_cursor_belongs_to_its_case(as_analyst, analyst, case):
    edited(case, analyst, 2)
    cursor = as_analyst.get(f"{path(case)}?limit=1").json()["next"].rpartition("cursor=")[2]

    assert as_analyst.get(f"{path(make_case())}?cursor={cursor}").status_code == 400


def test_what_happened_between_two_cases_shows_only_where_both_may_be_seen(as_analyst, case):
    keeper = make_person()
    hidden = Tool(keeper)
    secret = make_case(reporter=keeper, visibility=Visibility.NAMED)
    hidden.send("PUT", f"cases/{case.reference}/links/{secret.reference}/", {"kind": "related"})

    def links(tool):
        changes = [change for entry in entries(tool, case) for change in entry["changes"]]
        return [change["now"] for change in changes if change["about"] == "link"]

    assert links(hidden) == [{"kind": "related", "first": case.reference, "other": secret.reference}]
    assert links(as_analyst) == []
    assert secret.reference not in json.dumps(entries(as_analyst, case))


def test_a_version_is_the_case_as_it_was(as_analyst, analyst, case):
    edited(case, analyst, 2)

    then = as_analyst.get(path(case, "versions/2/"))
    first = as_analyst.get(path(case, "versions/1/")).json()
    now = as_analyst.get(f"cases/{case.reference}/").json()

    assert then.status_code == 200, then.content
    assert [then.json()["root_cause"], first["root_cause"], now["root_cause"]] == ["Cause 0.", None, "Cause 1."]
    assert {name: first[name] for name in ("title", "status", "reporter", "owner", "version")} == {
        "title": case.title,
        "status": "triage",
        "reporter": "sam",
        "owner": None,
        "version": 1,
    }
    assert [as_analyst.get(path(case, f"versions/{n}/")).status_code for n in (0, 9, 2**31)] == [404] * 3


def test_a_field_gets_back_what_it_held(as_analyst, analyst, case):
    edited(case, analyst, 2)
    event = entries(as_analyst, case)[0]["changes"][0]["restorable_from"]
    body = {"event": event, "field": "root_cause", "reason": "The first was right."}

    without = as_analyst.send("POST", path(case, "restore/"), body)
    stale = as_analyst.send("POST", path(case, "restore/"), body, match='"1-x"')
    done = as_analyst.send("POST", path(case, "restore/"), body, match="*")

    assert [each.status_code for each in (without, stale, done)] == [428, 412, 200]
    assert (done.json()["root_cause"], done.json()["version"]) == ("Cause 0.", 4)
    assert entries(as_analyst, case)[0]["reason"] == "The first was right."


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"field": "root_cause"}, "#/event"),
        ({"event": 2**40, "field": "root_cause"}, "#/event"),
        ({"event": 2**63, "field": "root_cause"}, "#/event"),
        ({"event": 1, "field": "owner"}, "#/field"),
    ],
)
def test_what_cannot_be_restored_is_refused_where_it_stands(as_analyst, case, body, pointer):
    response = as_analyst.send("POST", path(case, "restore/"), body, match="*")

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, pointer)


@pytest.mark.parametrize("n", [1, 30])
def test_history_query_count(as_reader, analyst, case, django_assert_num_queries, n):
    edited(case, analyst, n)
    Case.objects.filter(pk=case.pk).update(status=Status.TRIAGE)

    with django_assert_num_queries(5):  # the token, the case, which cases it met, the events, the tiers
        found = entries(as_reader, case)

    assert len(found) >= n
