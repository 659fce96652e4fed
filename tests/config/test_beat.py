"""Beat's memory of when it asked last: lost, or from a time that has not come."""

import time
from datetime import timedelta

import pytest

from config.beat import SteadyScheduler
from config.celery import app


class Asked(SteadyScheduler):
    """Notes what it would ask for."""

    asked = ()

    def apply_entry(self, entry, producer=None):
        self.asked = (*self.asked, entry.name)


@pytest.fixture
def schedule_file(tmp_path):
    return tmp_path / "beat-schedule"


def beat_with(schedule_file, *, last_run=None):
    """A beat that has read its file; `last_run`: when every task was asked for last."""
    beat = Asked(app=app, schedule_filename=str(schedule_file), lazy=False)
    for entry in beat.schedule.values() if last_run else ():
        entry.last_run_at = last_run
    return beat


def asked_by(beat, *, ticks=40):
    for _ in range(ticks):
        beat.tick()
    return set(beat.asked)


def test_the_product_uses_it():
    assert app.conf.beat_scheduler == f"{SteadyScheduler.__module__}.{SteadyScheduler.__name__}"


@pytest.mark.parametrize("ahead", [timedelta(days=365), timedelta(hours=2)])
def test_after_an_hour_in_the_future_everything_is_asked_for_within_its_period(ahead, schedule_file):
    beat = beat_with(schedule_file, last_run=app.now() + ahead)
    beat.populate_heap()

    beat.tick()

    ours = [beat.schedule[name] for name in app.conf.beat_schedule]
    late = [entry.name for entry in ours if entry.is_due().next > entry.schedule.run_every.total_seconds()]
    first = min(when for when, _, _ in beat._heap)
    assert (late, first - time.time() < 10) == ([], True)


def test_what_is_due_is_asked_for_and_what_is_not_is_not(schedule_file):
    beat = beat_with(schedule_file, last_run=app.now() - timedelta(minutes=5))
    beat.populate_heap()

    asked = asked_by(beat)

    assert {"plan-digests", "send-digests", "mail-notices"} <= asked
    assert not asked & {"expire-drafts", "remove-old-exports"}


def test_a_lost_file_is_begun_anew(schedule_file):
    first = beat_with(schedule_file, last_run=app.now() - timedelta(minutes=5))
    first.close()
    for path in schedule_file.parent.iterdir():
        path.unlink()

    second = beat_with(schedule_file)

    assert set(app.conf.beat_schedule) <= set(second.schedule)
    assert all(abs(entry.last_run_at - app.now()) < timedelta(minutes=1) for entry in second.schedule.values())
