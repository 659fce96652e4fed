"""Lists too long for a request: a job does them, row by row, and goes on where a dead worker left off."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from api import batches
from api.models import Batch, BatchKind
from registry import tasks
from registry.actions import jobs
from registry.choices import JobKind, JobState, Visibility
from registry.models import Case, Job
from tests.api.conftest import Tool
from tests.factories import make_cases

pytestmark = pytest.mark.django_db

GOOD = {"title": "Agent edits a failing test"}


@pytest.fixture(autouse=True)
def short_lists(monkeypatch):
    """Three rows are many, and two are done at a time."""
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    monkeypatch.setattr(batches, "PER_TRANSACTION", 2)


class Killed(BaseException):
    """What a worker that dies does not live to catch."""


def left(tool, rows, query=""):
    answer = tool.send("POST", f"cases/bulk/{query}", {"cases": rows})
    assert answer.status_code == 202, answer.content
    return answer


def test_a_long_list_is_left_to_a_job_that_says_how_each_row_went(as_reporter):
    answer = left(as_reporter, [GOOD, {"title": "Hm"}, GOOD, GOOD, GOOD])
    waiting = as_reporter.get(answer["Location"])
    made_before = Case.objects.count()

    tasks.drain_jobs()

    job = as_reporter.get(answer["Location"])
    rows = as_reporter.get(job.json()["result_url"]).json()["results"]
    assert (waiting.json()["state"], waiting["Retry-After"], made_before) == ("pending", "2", 0)
    assert (job.json()["state"], job.json()["progress"], "Retry-After" in job) == ("done", 100, False)
    assert job.json()["result"] == {"counts": {"made": 4, "changed": 0, "refused": 1}}
    assert [(row["index"], row["status"]) for row in rows] == [(0, 201), (1, 400), (2, 201), (3, 201), (4, 201)]
    assert rows[1]["problem"]["errors"][0]["pointer"] == "#/cases/1/title"
    assert Batch.objects.get().rows == {}


def test_a_killed_worker_loses_no_row_and_does_none_twice(as_reporter, monkeypatch):
    left(as_reporter, [{"title": f"Case number {n}"} for n in range(7)])
    log_row, seen = batches.log_row, []

    def dying(row, values, *, by, at):
        seen.append(row["title"])
        if len(seen) == 4:
            raise Killed
        return log_row(row, values, by=by, at=at)

    monkeypatch.setitem(batches.DO, BatchKind.CREATE, dying)
    with pytest.raises(Killed):
        tasks.drain_jobs()
    half = Case.objects.count()
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    tasks.drain_jobs()

    assert half == 2
    assert sorted(Case.objects.values_list("title", flat=True)) == [f"Case number {n}" for n in range(7)]
    assert [outcome["index"] for outcome in Batch.objects.get().outcomes] == list(range(7))
    assert (Job.objects.get(kind=JobKind.BATCH).state, Job.objects.get(kind=JobKind.BATCH).attempts) == ("done", 2)


def test_all_or_nothing_saves_nothing_when_a_row_is_refused(as_reporter):
    left(as_reporter, [GOOD, {"title": "Hm"}, GOOD], "?atomic=true")

    tasks.drain_jobs()

    job = Job.objects.get(kind=JobKind.BATCH)
    assert job.result == {"counts": {"made": 0, "changed": 0, "refused": 1}, "saved": False}
    assert not Case.objects.exists()


def test_a_dry_run_saves_nothing(as_reporter):
    left(as_reporter, [GOOD, GOOD, GOOD], "?dry_run=true")

    tasks.drain_jobs()

    assert Job.objects.get(kind=JobKind.BATCH).result["saved"] is False
    assert [row["reference"] for row in Batch.objects.get().outcomes] == [None, None, None]
    assert not Case.objects.exists()


def test_many_that_a_filter_finds_are_changed(as_analyst):
    make_cases(3)
    body = {"filter": {"status": "triage"}, "expected_count": 3, "set": {"locus": "both"}}

    answer = as_analyst.send("PATCH", "cases/bulk/", body)
    tasks.drain_jobs()

    assert answer.status_code == 202
    assert set(Case.objects.values_list("locus", "version")) == {("both", 2)}


def test_rights_are_asked_when_the_row_is_done(as_analyst, analyst):
    case, *others = make_cases(3)
    rows = [{"reference": each.reference, "version": 1, "locus": "both"} for each in (case, *others)]
    as_analyst.send("PATCH", "cases/bulk/", {"cases": rows})
    Case.objects.filter(pk=case.pk).update(visibility=Visibility.NAMED)

    tasks.drain_jobs()

    assert [outcome["status"] for outcome in Batch.objects.get().outcomes] == [404, 200, 200]


def test_whoever_may_not_sign_in_any_more_changes_nothing(as_reporter, reporter):
    left(as_reporter, [GOOD] * 3)
    reporter.is_active = False
    reporter.save()

    tasks.drain_jobs()

    assert not Case.objects.exists()
    assert Job.objects.get(kind=JobKind.BATCH).result == {"refused": batches.GONE}
    assert Batch.objects.get().rows == {}


class TestCancelling:
    def test_a_waiting_list_is_never_done(self, as_reporter):
        answer = left(as_reporter, [GOOD] * 3)

        cancelled = as_reporter.send("POST", f"{answer['Location']}cancel/")
        tasks.drain_jobs()

        assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
        assert not Case.objects.exists()
        assert Batch.objects.get().rows == {}

    def test_a_running_list_stops_and_keeps_what_is_done(self, as_reporter, reporter, monkeypatch):
        left(as_reporter, [GOOD] * 6)
        report = jobs.report_progress

        def cancelling(*, job, at, percent):
            batches.cancel(job=job, by=reporter, at=at)
            return report(job=job, at=at, percent=percent)

        monkeypatch.setattr(jobs, "report_progress", cancelling)
        tasks.drain_jobs()

        job = Job.objects.get(kind=JobKind.BATCH)
        assert (job.state, Case.objects.count(), len(Batch.objects.get().outcomes)) == ("cancelled", 2, 2)

    def test_what_is_over_cannot_be_cancelled(self, as_reporter):
        answer = left(as_reporter, [GOOD] * 3)
        tasks.drain_jobs()

        refused = as_reporter.send("POST", f"{answer['Location']}cancel/")

        assert (refused.status_code, refused.json()["type"]) == (409, "/api/v1/problems/job-over/")
        assert Job.objects.get(kind=JobKind.BATCH).state == JobState.DONE

    def test_what_is_done_for_everybody_cannot_be_cancelled(self, as_analyst, analyst):
        jobs.leave(kind=JobKind.RECOMPUTE, at=timezone.now(), by=analyst)

        refused = as_analyst.send("POST", f"jobs/{Job.objects.get().pk}/cancel/")

        assert refused.status_code == 409
        assert Job.objects.get().state == JobState.PENDING


class TestWhose:
    def test_another_persons_job_is_not_there(self, as_reporter, administrator):
        answer = left(as_reporter, [GOOD] * 3)
        others = Tool(administrator)

        for address in ("", "rows/"):
            assert others.get(answer["Location"] + address).status_code == 404
        assert others.send("POST", f"{answer['Location']}cancel/").status_code == 404
        assert others.get("jobs/").json()["results"] == []

    def test_administrators_see_that_there_is_work_and_not_what(self, as_reporter, administrator):
        left(as_reporter, [GOOD] * 3)
        tasks.drain_jobs()

        rows = Tool(administrator).get("jobs/?whose=all&kind=batch").json()["results"]

        assert [(row["asked_by"], row["state"], row["result"], row["result_url"]) for row in rows] == [
            ("sam", "done", None, None)
        ]

    def test_nobody_else_looks_at_all_jobs(self, as_reviewer, administrator):
        narrow = Tool(administrator, "cases:read")

        assert as_reviewer.get("jobs/?whose=all").status_code == 403
        assert narrow.get("jobs/?whose=all").status_code == 403
        assert as_reviewer.get("jobs/?whose=theirs").status_code == 400

    def test_an_error_says_no_more_than_its_kind(self, as_reporter, reporter):
        job = Job.objects.create(
            kind=JobKind.BATCH,
            asked_by=reporter,
            state=JobState.DEAD,
            not_before=timezone.now(),
            created_at=timezone.now(),
            error="IntegrityError: Key (name)=(a hidden name) exists",
        )

        assert as_reporter.get(f"jobs/{job.pk}/").json()["error"] == "IntegrityError"


@pytest.mark.parametrize("n", [1, 30])
def test_job_list_query_count(as_reporter, reporter, django_assert_num_queries, n):
    for number in range(n):
        jobs.leave(kind=JobKind.BATCH, key=str(number), at=timezone.now(), by=reporter)

    with django_assert_num_queries(2):
        rows = as_reporter.get("jobs/").json()["results"]

    assert len(rows) == n


@pytest.mark.parametrize("n", [1, 30])
def test_rows_query_count(as_reporter, monkeypatch, django_assert_num_queries, n):
    monkeypatch.setattr(batches, "AT_ONCE", 0)
    answer = left(as_reporter, [GOOD] * n)
    tasks.drain_jobs()

    with django_assert_num_queries(3):
        rows = as_reporter.get(f"{answer['Location']}rows/").json()["results"]

    assert len(rows) == n


def test_rows_are_paged_forwards_and_back(as_reporter):
    answer = left(as_reporter, [GOOD] * 5)
    tasks.drain_jobs()

    first = as_reporter.get(f"{answer['Location']}rows/?limit=2").json()
    second = as_reporter.get(first["next"]).json()
    third = as_reporter.get(second["next"]).json()
    back = as_reporter.get(third["previous"]).json()

    pages = [[row["index"] for row in page["results"]] for page in (first, second, third, back)]
    assert pages == [[0, 1], [2, 3], [4], [2, 3]]
    assert (first["previous"], third["next"]) == (None, None)


def test_a_number_that_no_column_holds_is_not_there(as_reporter):
    assert as_reporter.get("jobs/9999999999/").status_code == 404


def test_the_history_names_the_list_and_who_sent_it(as_analyst, analyst):
    cases = make_cases(3)
    rows = [{"reference": each.reference, "version": 1, "locus": "both"} for each in cases]
    as_analyst.send("PATCH", "cases/bulk/", {"cases": rows})

    tasks.drain_jobs()

    events = apps.get_model("registry", "CaseEvent").objects.filter(version=2)
    told = [event.pgh_context.metadata for event in events.select_related("pgh_context")]
    assert [(each["batch"], each["person"], each["action"]) for each in told] == [
        (Batch.objects.get().pk, analyst.pk, "edit_case")
    ] * 3
