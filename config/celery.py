"""The Celery application: executes jobs that are rows in PostgreSQL, and carries no promise itself."""

import logging.config
import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("registry")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["registry", "api"])


@setup_logging.connect(weak=False)
def use_django_logging(**_):
    """One log for web, worker and beat: Celery would otherwise bring its own format."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
