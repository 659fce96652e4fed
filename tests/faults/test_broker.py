"""The broker stops answering: people go on logging, and the statistics catch up when it is back."""

import os
import signal
from contextlib import contextmanager

import pytest

from registry.choices import JobState, Role
from registry.models import Case, Job, PatternRun
from tests import services
from tests.factories import make_person
from tests.registry.web.pages import answers, signed_in
from tests.workers import forget_tasks, running_beat, running_worker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


@contextmanager
def frozen_broker():
    """Valkey takes connections and answers nothing, which hangs a careless client for ever."""
    process = next(process for process, program in services.STARTED if program.name == "valkey")
    os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process.pid, signal.SIGCONT)


def test_logging_goes_on_while_the_broker_is_frozen_and_is_counted_within_30_seconds(shipped_taxonomy, tmp_path):
    forget_tasks()
    client = signed_in(make_person(role=Role.REPORTER))

    with frozen_broker():
        logged = [client.post("/cases/new", answers(title=f"Case {n} while it hung")) for n in range(3)]
        assert [response.status_code for response in logged] == [302, 302, 302]
        assert list(Job.objects.values_list("state", flat=True)) == [JobState.PENDING]

    with running_worker(tmp_path), running_beat(tmp_path):
        wait_until(PatternRun.objects.filter(n_cases=3).exists, seconds=30)
    assert Case.objects.count() == 3
