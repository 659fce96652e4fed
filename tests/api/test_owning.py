"""Claiming, handing over, dating and watching a case through the API, and what its next step needs."""

from datetime import date

import pytest

from registry.choices import TEMPLATE_FIELDS, Status
from registry.models import Case, CaseWatch
from tests.factories import make_case, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return make_case()


def step(tool, case, name, body=None, match="*"):
    return tool.send("POST", f"cases/{case.reference}/{name}/", body, match=match)


def test_a_case_is_claimed_by_one_and_let_go(as_analyst, as_reviewer, case):
    tag = as_analyst.get(f"cases/{case.reference}/")["ETag"]

    claimed = step(as_analyst, case, "claim", match=tag)
    late = step(as_reviewer, case, "claim", match=tag)
    second = step(as_reviewer, case, "claim")
    released = step(as_analyst, case, "release", match=claimed["ETag"])

    assert [each.status_code for each in (claimed, late, second, released)] == [200, 412, 409, 200]
    assert (claimed.json()["owner"], late.json()["changed"], released.json()["owner"]) == ("mira", ["owner"], None)


def test_a_case_is_handed_over_and_dated(as_analyst, case):
    make_person(username="keeper")

    assigned = step(as_analyst, case, "assign", {"owner": "keeper"})
    due = step(as_analyst, case, "due", {"due_on": "2099-01-15"})
    none = step(as_analyst, case, "due", {"due_on": None})

    assert [each.status_code for each in (assigned, due, none)] == [200] * 3
    assert (assigned.json()["owner"], due.json()["due_on"], none.json()["due_on"]) == ("keeper", "2099-01-15", None)


@pytest.mark.parametrize(
    ("name", "body", "pointer"),
    [
        ("assign", {}, "#/owner"),
        ("assign", {"owner": "nobody"}, "#/owner"),
        ("assign", {"owner": "rena"}, "#/owner"),
        ("due", {}, "#/due_on"),
        ("due", {"due_on": "2020-01-01"}, "#/due_on"),
        ("due", {"due_on": "soon"}, "#/due_on"),
        ("claim", {"owner": "mira"}, "#/owner"),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_stands(as_analyst, reader, case, name, body, pointer):
    response = step(as_analyst, case, name, body)

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, pointer)


def test_a_step_without_the_version_is_428(as_analyst, case):
    assert [step(as_analyst, case, name, match=None).status_code for name in ("claim", "release")] == [428, 428]


def test_accepting_says_what_it_turned_out_to_be(as_analyst, analyst, case):
    body = {"owner": "mira", "potential_severity": "low", "triage": "specification-gaming", "scope": "core"}

    accepted = step(as_analyst, case, "accept", body)

    assert accepted.status_code == 200, accepted.content
    assert (accepted.json()["triage"], accepted.json()["scope"]) == ("specification-gaming", "core")


def test_hearing_of_a_case_is_ones_own_choice(as_analyst, analyst, case):
    address = f"cases/{case.reference}/watch/"
    before = as_analyst.get(address).json()

    watched = as_analyst.send("PUT", address)
    gone = as_analyst.send("DELETE", address)

    assert (before["watching"], watched.json()["watching"], gone.status_code) == (False, True, 204)
    assert set(watched.json()["hearers"]) == {case.reporter.username, "mira"}
    assert as_analyst.get(address).json()["hearers"] == [case.reporter.username]
    assert CaseWatch.objects.count() == 0


def test_a_reporter_may_wish_to_hear_nothing(as_reporter, reporter):
    case = make_case(reporter=reporter)

    as_reporter.send("DELETE", f"cases/{case.reference}/watch/")

    assert as_reporter.get(f"cases/{case.reference}/watch/").json()["hearers"] == []


def test_the_checklist_says_what_the_next_step_needs(as_analyst, case):
    found = as_analyst.get(f"cases/{case.reference}/checklist/").json()

    assert found == {
        "step": "accept",
        "missing": [
            {"field": "owner", "message": "Name an owner."},
            {"field": "potential_severity", "message": "Say how bad it could have been."},
        ],
        "done": 0,
        "total": 2,
        "may_take": True,
        "refusal": None,
        "steps": ["accept", "withdraw"],
    }


def test_a_case_that_is_over_has_no_step_ahead(as_analyst):
    case = make_case(status=Status.CLOSED)

    found = as_analyst.get(f"cases/{case.reference}/checklist/").json()

    assert (found["step"], found["missing"], found["steps"]) == (None, [], ["reopen"])


def test_the_checklist_of_the_blind_leaves_the_cause_open(as_analyst, as_reader):
    written = dict.fromkeys(TEMPLATE_FIELDS[1:], "Written.")
    case = make_case(
        status=Status.ANALYSIS,
        realised_severity_id=1,
        potential_severity_id=3,
        predictability="unknown",
        due_on=date(2099, 1, 1),
        **written,
    )

    told = [tool.get(f"cases/{case.reference}/checklist/").json()["missing"] for tool in (as_analyst, as_reader)]

    assert told == [
        [{"field": "labels", "message": "Rate the case; you see then whether a cause is agreed."}],
        [{"field": "labels", "message": "Agree on at least one cause of misalignment."}],
    ]
    assert Case.objects.get().due_on == date(2099, 1, 1)
