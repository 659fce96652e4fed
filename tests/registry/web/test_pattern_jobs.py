"""Asking for a run, and what is said of the work under way."""

import pytest

from registry.actions import jobs
from registry.choices import JobState
from registry.models import Job
from tests.factories import NOW, make_run
from tests.registry.web.pattern_pages import html_of, opened

pytestmark = pytest.mark.django_db


def test_an_analyst_leaves_one_job_however_often_they_ask(client, analyst):
    client.force_login(analyst)
    answers = [client.post("/patterns/compute") for _ in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/patterns/")] * 2
    assert list(Job.objects.values_list("kind", "state")) == [("recompute", JobState.PENDING)]


@pytest.mark.parametrize("who", ["reader", "reporter"])
def test_others_may_not_ask_for_a_run(client, request, who):
    client.force_login(request.getfixturevalue(who))

    response = client.post("/patterns/compute")

    assert (response.status_code, Job.objects.count()) == (403, 0)


def test_reading_the_address_that_asks_for_a_run_changes_nothing(client, analyst):
    response = opened(client, analyst, "/patterns/compute")

    assert (response.status_code, Job.objects.count()) == (405, 0)


def test_the_state_of_the_job_is_told_until_a_newer_run_is_there(client, analyst, run):
    address = f"/patterns/job?run={run.pk}"
    jobs.leave_recompute(at=NOW)
    waiting = html_of(opened(client, analyst, address))
    job = jobs.claim(at=NOW)
    running = html_of(client.get(address))
    newer = make_run()
    jobs.finish(job=job, at=NOW, result={"run": newer.pk})

    done = html_of(client.get(address))

    assert "waiting for its turn" in waiting
    assert "is being computed" in running
    assert ("hx-trigger" in running, "hx-trigger" in done) == (True, False)
    assert f'<a href="/patterns/runs/{newer.pk}/">Run {newer.pk}</a> is newer' in done


def test_only_administrators_read_why_a_computation_failed(client, analyst, administrator, run):
    Job.objects.create(
        kind="recompute", state=JobState.DEAD, not_before=NOW, created_at=NOW, finished_at=NOW, error="disk full"
    )

    pages = [html_of(opened(client, who)) for who in (analyst, administrator)]

    assert ["The last computation failed" in page for page in pages] == [True, True]
    assert ["disk full" in page for page in pages] == [False, True]
