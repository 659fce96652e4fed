"""Files of other databases through REST: whole or not at all, for administrators."""

import json

import pytest

from registry.models import Case
from tests.api.conftest import Tool

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_administrator(administrator):
    return Tool(administrator)


def send(tool, text, query="source=specgaming", content_type="text/csv"):
    return tool.generic("POST", f"imports/?{query}", text, content_type)


HEAD = "title,algorithm,intended_goal,behavior,misspecified_goal,authors,year,source_title,source_url\n"
ROW = "Boat race,RL,Finish the race,It drives in circles,Points,,2016,A report,https://example.org/boat\n"


def test_a_file_makes_its_cases_once(as_administrator):
    first, again = send(as_administrator, HEAD + ROW), send(as_administrator, HEAD + ROW)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == {
        "source": "specgaming",
        "dry_run": False,
        "created": 1,
        "changed": 0,
        "unchanged": 0,
        "kept": 0,
        "settled": 0,
    }
    assert (again.json()["created"], again.json()["unchanged"]) == (0, 1)
    assert Case.objects.get().title.startswith("Boat race")


def test_a_dry_run_says_the_same_and_leaves_nothing(as_administrator):
    answer = send(as_administrator, HEAD + ROW, "source=specgaming&dry_run=true")

    assert (answer.json()["created"], answer.json()["dry_run"]) == (1, True)
    assert not Case.objects.exists()


def test_an_unfit_line_refuses_the_whole_file_by_its_number(as_administrator):
    answer = send(as_administrator, HEAD + ROW + ROW.replace("Boat race", "") + "a,b\n")

    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (400, "/api/v1/problems/invalid-input/")
    assert [(each["line"], each["field"]) for each in problem["refusals"]] == [(3, "title"), (4, None)]
    assert [error["pointer"] for error in problem["errors"]] == ["#line=3", "#line=4"]
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("text", "query", "content_type", "status"),
    [
        (HEAD, "", "text/csv", 400),
        (HEAD, "source=other", "text/csv", 400),
        (HEAD, "source=specgaming&dry_run=perhaps", "text/csv", 400),
        ("", "source=specgaming", "text/csv", 400),
        ("\x00", "source=specgaming", "text/csv", 400),
        (b"\xff\xfe", "source=specgaming", "text/csv", 400),
        ("[" * 5000, "source=avid", "application/json", 400),
        (json.dumps({"a": 1}), "source=avid", "application/x-ndjson", 400),
        (HEAD, "source=specgaming", "application/pdf", 415),
        (HEAD + ROW * 60_000, "source=specgaming", "text/csv", 413),
    ],
)
def test_what_cannot_be_read_is_refused(as_administrator, text, query, content_type, status):
    answer = send(as_administrator, text, query, content_type)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert not Case.objects.exists()


def test_only_administrators_with_the_scope_import(as_reviewer, administrator):
    narrow = Tool(administrator, "cases:read", "cases:write")

    assert [send(tool, HEAD + ROW).status_code for tool in (as_reviewer, narrow)] == [403, 403]
    assert not Case.objects.exists()
