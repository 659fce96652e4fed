"""A real Celery worker and a real beat beside the test, on the test's database and broker.

A test that uses them commits (`transaction=True`): another process sees nothing else.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlencode

from django.db import connection

from config.celery import app

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60


class Process:
    """One running child; its output is kept in `log`."""

    def __init__(self, arguments, *, log, ready, **environment):
        self.log = log
        with log.open("ab") as output:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "config", *arguments],
                cwd=ROOT,
                # Unbuffered: we wait for words that Celery prints.
                env=os.environ | {"DATABASE_URL": database_url(), "PYTHONUNBUFFERED": "1"} | environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._wait_for(ready)

    def _wait_for(self, word):
        deadline = time.monotonic() + READY_SECONDS
        while word not in self.log.read_text(errors="replace"):
            if self.child.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"It did not start:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.05)

    def kill(self):
        """End it as a power cut would."""
        self._signal(signal.SIGKILL)

    def stop(self):
        self._signal(signal.SIGTERM)

    def _signal(self, number):
        with suppress(ProcessLookupError):
            os.killpg(self.child.pid, number)
        try:
            self.child.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()


def database_url():
    """The address of the database this test uses, for another process."""
    used = connection.settings_dict
    query = {"host": used["HOST"], "port": used["PORT"] or "5432"}
    who = f"{quote(used['USER'])}:{quote(used['PASSWORD'])}"
    return f"postgresql://{who}@/{quote(used['NAME'])}?{urlencode(query, quote_via=quote)}"


def forget_tasks():
    """Empty the queues: tasks another test left are not for this one's worker."""
    with app.connection_for_write() as broker:
        app.control.purge(connection=broker)


@contextmanager
def running_worker(folder, *, queues="celery,mail", **environment):
    """A worker that has connected to the broker; `environment` holds further variables such as EMAIL_URL.

    It does one task at a time, of all `queues`: of those of a single worker in `make up` where only one is named.
    """
    arguments = ("worker", "--pool", "solo", "--loglevel", "info", "--without-gossip", "--without-mingle")
    arguments = (*arguments, "--queues", queues, "--hostname", f"{time.monotonic_ns()}@%h")
    log = Path(folder) / f"worker-{time.monotonic_ns()}.log"
    worker = Process(arguments, log=log, ready=" ready.", **environment)
    try:
        yield worker
    finally:
        worker.stop()


@contextmanager
def running_beat(folder, **environment):
    """A beat with a schedule file of its own."""
    schedule = Path(folder) / f"beat-{time.monotonic_ns()}"
    arguments = ("beat", "--schedule", str(schedule), "--pidfile=", "--loglevel", "info")
    beat = Process(arguments, log=schedule.with_suffix(".log"), ready="is starting", **environment)
    try:
        yield beat
    finally:
        beat.stop()


def wait_until(true, *, seconds=60):
    """Poll `true()` until it holds; AssertionError when it does not in time."""
    deadline = time.monotonic() + seconds
    while not (found := true()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s")
        time.sleep(0.05)
    return found
