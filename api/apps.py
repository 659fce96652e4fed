from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"
    verbose_name = "REST API"

    def ready(self):
        """What the API leaves to the worker; the worker knows nothing of the API."""
        from api import batches
        from registry import tasks
        from registry.choices import JobKind

        tasks.WORK[JobKind.BATCH] = lambda *, job, at: batches.run(job=job, at=at, report=tasks.reporting(job))
