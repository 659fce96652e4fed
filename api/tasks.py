"""Entry points for Celery: what the protocol of the API leaves to be tidied up."""

from celery import shared_task
from django.utils import timezone

from api import once, rates


@shared_task(name="api.forget_what_is_over")
def forget_what_is_over():
    now = timezone.now()
    once.forget_answers(at=now)
    rates.forget_windows(at=now)
