"""Workers that count patterns: many at once give what one alone does, and one that is killed leaves no half run."""

import os
import signal
import subprocess
import sys

import pytest
from django.db import connection, transaction

from registry.actions import jobs
from registry.choices import JobState
from registry.models import CountedRange, Job, PatternPair, PatternRun
from registry.models.counted_range import WIDTH
from registry.patterns.recompute import recompute
from registry.tasks import drain_jobs
from tests.factories import NOW, agree, make_case, make_node, make_person, make_scheme
from tests.registry.patterns.runs import everything_in
from tests.threads import wait_until_somebody_waits_for_a_lock
from tests.workers import ROOT, database_url, forget_tasks, running_worker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

RANGES = range(4)
COUNT = """
import sys, django
django.setup()
from datetime import datetime
from registry.patterns.kept_ranges import count_range
for number in sys.argv[2:]:
    print(int(count_range(int(number), at=datetime.fromisoformat(sys.argv[1]))))
"""


def fill():
    """Two associated labels in cases of four ranges."""
    first, second = make_node(), make_node(scheme=make_scheme("shapes"))
    other = make_node(scheme=second.scheme)
    absent, people = make_node(scheme=first.scheme), {"reporter": make_person()}
    for number in RANGES:
        for place in range(1, 9):
            labels = (first, second) if place % 2 else (absent, other)
            agree(make_case(pk=number * WIDTH + place, **people), *labels)


def counting(numbers):
    """A process of its own that counts these ranges, one after the other."""
    environment = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", COUNT, NOW.isoformat(), *map(str, numbers)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def recounted():
    """A run of another version that finds nothing kept."""
    CountedRange.objects.all().delete()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("registry.patterns.recompute.STATISTICS_VERSION", "anew")
        return PatternRun.objects.get(pk=recompute(at=NOW)["run"])


def test_four_processes_over_ranges_give_exactly_what_one_gives(shipped_taxonomy):
    fill()
    recompute(at=NOW)
    alone = recounted()
    CountedRange.objects.all().delete()

    workers = [counting([*RANGES[start:], *RANGES[:start]]) for start in RANGES]
    counted = [worker.communicate(timeout=120)[0].split() for worker in workers]
    kept = sorted(CountedRange.objects.values_list("number", flat=True))
    together = recounted_from_kept()

    assert kept == list(RANGES)
    assert [worker.returncode for worker in workers] == [0] * 4
    assert sum(answers.count("1") for answers in counted) == len(RANGES)
    assert everything_in(together) == everything_in(alone)


def recounted_from_kept():
    """A run over what the processes kept: it reads no range itself."""
    kept = versions()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("registry.patterns.recompute.STATISTICS_VERSION", "together")
        run = PatternRun.objects.get(pk=recompute(at=NOW)["run"])
    assert versions() == kept
    return run


def versions():
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, xmin::text FROM registry_countedrange ORDER BY number")
        return cursor.fetchall()


def test_a_worker_killed_in_the_middle_of_a_run_leaves_none_and_the_next_equals_a_recount(shipped_taxonomy, tmp_path):
    forget_tasks()
    fill()
    jobs.leave_recompute(at=NOW)

    with running_worker(tmp_path) as worker:
        with transaction.atomic():
            # Trends are written last: until we let go of them the run cannot end.
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE registry_patterntrend IN ACCESS EXCLUSIVE MODE")
            drain_jobs.delay()
            wait_until_somebody_waits_for_a_lock(60)
            os.killpg(worker.child.pid, signal.SIGKILL)
            worker.child.wait(20)
        wait_until(nobody_else_is_at_it)
    half = (PatternRun.objects.count(), PatternPair.objects.count())
    run = PatternRun.objects.get(pk=recompute(at=NOW)["run"])

    assert half == (0, 0)
    assert Job.objects.get(kind="recompute").state == JobState.RUNNING
    assert run.n_cases == 32
    # The first run has none to be compared with; those after it have the same.
    again = recounted_from_kept()
    assert everything_in(recounted()) == everything_in(again)


def nobody_else_is_at_it():
    """Whether the database has noticed that the worker is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND state <> 'idle'"
        )
        return cursor.fetchone()[0] == 0
