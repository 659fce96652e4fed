"""The files that export jobs leave: private, kept for some days, handed out to whoever asked and still may see all."""

import os
import stat
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from registry import tasks
from registry.actions import exports, jobs, people
from registry.choices import JobState, Visibility
from registry.exchange import exporting
from registry.models import CaseReader, Job
from tests.factories import NOW, make_case, make_cases, make_person

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.EXPORTS_ROOT = tmp_path / "exports"
    return settings.EXPORTS_ROOT


def asked(person, file_format="csv", names=("reference", "title"), **which):
    return exports.ask_for_export(by=person, at=NOW, file_format=file_format, columns=names, **which)


def run(job):
    """Do the job as a worker would; its result."""
    held = jobs.claim(at=LATER)
    result = exporting.run(job=held, report=lambda percent: True)
    jobs.finish(job=held, at=LATER, result=result)
    job.refresh_from_db()
    return result


def test_a_job_writes_a_file_only_the_registry_reads(analyst, own_folder):
    some = make_cases(3)
    job = asked(analyst, query="")

    result = run(job)

    path = own_folder / result["file"]
    assert (result["cases"], result["bytes"]) == (3, path.stat().st_size)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(own_folder.stat().st_mode) == 0o700
    with exporting.result_of(job, analyst).file as file:
        assert file.read().decode("utf-8-sig").count("AIR-") == len(some)


@pytest.mark.parametrize("file_format", ["csv", "ndjson", "xlsx"])
def test_the_task_writes_each_format(analyst, own_folder, file_format):
    make_cases(2)
    job = asked(analyst, file_format)

    tasks.drain_jobs()

    job.refresh_from_db()
    assert (job.state, job.result["cases"]) == (JobState.DONE, 2)
    assert (own_folder / job.result["file"]).suffix == f".{file_format}"


def test_asking_twice_leaves_one_job_and_a_sixth_is_refused(analyst):
    assert asked(analyst) == asked(analyst)
    for name in ("kind", "status", "owner", "url"):
        asked(analyst, names=(name,))

    with pytest.raises(ValidationError, match="5 of your exports are under way"):
        asked(analyst, names=("title",))
    assert asked(make_person(), names=("title",)).state == JobState.PENDING
    assert Job.objects.filter(asked_by=analyst).count() == 5


def test_whoever_may_not_sign_in_any_more_gets_nothing(analyst, administrator, own_folder):
    make_case()
    job = asked(analyst)
    people.edit_person(by=administrator, at=NOW, person=analyst, is_active=False)

    assert run(job) == {"refused": "Whoever asked may not sign in any more."}
    assert not own_folder.exists() or list(own_folder.iterdir()) == []


def test_a_file_with_a_case_closed_to_the_person_since_is_not_handed_out(analyst):
    case = make_case(visibility=Visibility.NAMED)
    reading = CaseReader.objects.create(case=case, person=analyst)
    job = asked(analyst)
    run(job)
    exporting.result_of(job, analyst).file.close()

    reading.delete()

    with pytest.raises(ValidationError, match="closed to you since"):
        exporting.result_of(job, analyst)


def test_a_worker_that_lost_the_job_leaves_no_file(analyst, own_folder, monkeypatch):
    monkeypatch.setattr(exporting, "SECONDS_BETWEEN_REPORTS", 0)
    make_case()
    asked(analyst)

    with pytest.raises(exporting.TakenOver):
        exporting.run(job=jobs.claim(at=LATER), report=lambda percent: False)

    assert list(own_folder.iterdir()) == []


def test_old_files_are_removed_and_the_page_is_told(analyst, own_folder):
    make_case()
    job = asked(analyst)
    run(job)
    (own_folder / "killed.part").write_bytes(b"half")
    (own_folder / "fresh.part").write_bytes(b"half")
    past = (NOW - exporting.KEPT - timedelta(minutes=1)).timestamp()
    for path in own_folder.iterdir():
        if path.name != "fresh.part":
            os.utime(path, (past, past))

    assert exporting.remove_old(at=NOW) == 3
    assert [path.name for path in own_folder.iterdir()] == ["fresh.part"]
    assert exporting.result_of(job, analyst) is None
