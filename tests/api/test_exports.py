"""Files of cases that a job writes for whoever asked."""

import pytest

from registry import tasks
from registry.choices import JobState, Visibility
from registry.exchange import exporting
from registry.models import Case, Job
from tests.api.conftest import Tool
from tests.factories import make_case, make_cases

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EXPORTS_ROOT = tmp_path / "exports"


def ask(tool, **body):
    answer = tool.send("POST", "exports/", {"format": "ndjson", "columns": ["reference"], **body})
    assert answer.status_code == 202, answer.content
    return answer


def test_a_file_is_asked_for_written_and_fetched(as_analyst):
    case, _ = make_case(kind="finding"), make_case()

    asked = ask(as_analyst, filter={"kind": ["finding"]})
    tasks.drain_jobs()
    found = as_analyst.get(asked["Location"]).json()
    file = as_analyst.get(found["file_url"])

    assert (asked.json()["state"], asked.json()["file_url"], asked["Retry-After"]) == ("pending", None, "2")
    assert (found["state"], found["cases"], found["filter"]) == ("done", 1, {"kind": ["finding"]})
    assert found["ordering"] == "-occurred_at"
    assert file["Content-Disposition"].endswith('.ndjson"')
    assert b"".join(file.streaming_content).decode() == f'{{"reference":"{case.reference}"}}\n'
    assert as_analyst.get("jobs/").json()["results"][0]["result_url"] == found["url"]


def test_without_columns_every_column_is_in_it(as_analyst):
    answer = as_analyst.send("POST", "exports/", {"format": "csv"})

    assert {"reference", "root_cause", "labels:goodhart"} <= set(answer.json()["columns"])


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"format": "pdf"}, "#/format"),
        ({}, "#/format"),
        ({"format": "csv", "columns": ["colour"]}, "#/columns/0"),
        ({"format": "csv", "filter": {"sttus": "triage"}}, "#/filter/sttus"),
        ({"format": "csv", "filter": {"status": "boiling"}}, "#/filter/status"),
        ({"format": "csv", "filter": []}, "#/filter"),
        ({"format": "csv", "ordering": "title"}, "#/ordering"),
        ({"format": "csv", "ordering": "-relevance"}, "#/ordering"),
        ({"format": "csv", "person": "mira"}, "#/person"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_with_its_pointer(as_analyst, body, pointer):
    answer = as_analyst.send("POST", "exports/", body)

    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (400, [pointer])
    assert not Job.objects.exists()


def test_anothers_export_is_not_there(as_analyst, administrator):
    make_case()
    asked = ask(as_analyst)
    tasks.drain_jobs()
    other = Tool(administrator)

    assert [other.get(asked["Location"] + more).status_code for more in ("", "file/")] == [404, 404]
    assert other.get("exports/").json()["results"] == []


def test_a_file_with_a_case_closed_to_its_owner_is_not_handed_out(as_analyst):
    case = make_case()
    asked = ask(as_analyst)
    tasks.drain_jobs()
    Case.objects.filter(pk=case.pk).update(visibility=Visibility.NAMED)

    answer = as_analyst.get(f"{asked['Location']}file/")

    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")


def test_a_file_past_its_time_is_gone(as_analyst, now):
    make_case()
    asked = ask(as_analyst)
    tasks.drain_jobs()
    exporting.remove_old(at=Job.objects.get().finished_at + 2 * exporting.KEPT)

    assert as_analyst.get(f"{asked['Location']}file/").status_code == 404
    assert as_analyst.get(asked["Location"]).json()["file_url"] is None


def test_a_cancelled_one_says_so_on_the_page_too(as_analyst, analyst, client):
    asked = ask(as_analyst)

    as_analyst.send("POST", f"{asked.json()['job_url']}cancel/")
    tasks.drain_jobs()

    client.force_login(analyst, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/exports/").content.decode()
    assert as_analyst.get(asked["Location"]).json()["state"] == JobState.CANCELLED
    assert "Cancelled" in page
    assert "Removed after seven days" not in page


def test_a_token_needs_the_scope_to_export(reader):
    narrow = Tool(reader, "cases:read")

    assert narrow.get("exports/").status_code == 403
    assert narrow.send("POST", "exports/", {"format": "csv"}).status_code == 403


@pytest.mark.parametrize("n", [1, 4])
def test_export_list_query_count(as_analyst, django_assert_num_queries, n):
    make_cases(1)
    for number in range(n):
        ask(as_analyst, filter={"reported__gte": f"-{number}d"})

    with django_assert_num_queries(2):
        assert len(as_analyst.get("exports/").json()["results"]) == n
