"""The clock that asks for what is due, and keeps asking after the machine's clock was put back."""

from datetime import timedelta

from celery.beat import PersistentScheduler


class SteadyScheduler(PersistentScheduler):
    """Celery's own, which after an hour in the next year would wait for that year to come.

    It keeps when each task was asked for last, also in its file: a time to come is forgotten.
    """

    def tick(self, *arguments, **options):
        now = self.app.now()
        for entry in self.schedule.values():
            if entry.last_run_at > now + timedelta(minutes=1):
                entry.last_run_at = now
                self._heap = None  # made anew from the entries
        return super().tick(*arguments, **options)
