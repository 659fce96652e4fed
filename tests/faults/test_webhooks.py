"""Webhooks while their worker is killed: nothing lost, and what comes twice comes under its id."""

from collections import Counter

import pytest
from django.utils import timezone

from registry import tasks
from registry.choices import DeliveryState
from registry.models import WebhookDelivery
from tests.factories import make_cases, make_person
from tests.receivers import receiving
from tests.registry.webhooks.builders import make_webhook
from tests.workers import forget_tasks, running_worker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

ENVIRONMENT = {"AIR_WEBHOOK_ALLOWED_HOSTS": "localhost", "AIR_WEBHOOK_ALLOW_HTTP": "true"}
CHANGES = 30


def left():
    return WebhookDelivery.objects.exclude(state=DeliveryState.SENT).count()


def test_a_worker_killed_while_planning_and_sending_loses_nothing(tmp_path):
    forget_tasks()
    with receiving() as receiver:
        receiver.stall = 0.02
        webhook = make_webhook(make_person(), url=f"http://localhost:{receiver.port}/")
        make_cases(CHANGES)
        with running_worker(tmp_path, **ENVIRONMENT) as worker:
            tasks.plan_webhooks.delay()
            tasks.send_webhooks.delay()
            wait_until(lambda: len(receiver.received) > CHANGES / 3)
            worker.kill()
        killed_with = left()
        # What the dead worker held is free once its lease ran out.
        WebhookDelivery.objects.filter(state=DeliveryState.SENDING).update(next_at=timezone.now())
        with running_worker(tmp_path, **ENVIRONMENT):
            tasks.plan_webhooks.delay()
            tasks.send_webhooks.delay()
            wait_until(lambda: left() == 0)

    counted = Counter(receiver.ids)
    assert 0 < killed_with < CHANGES
    assert set(counted) == set(webhook.deliveries.values_list("message_id", flat=True))
    assert len(counted) == webhook.deliveries.values("change__case_number").distinct().count() == CHANGES
    assert sum(counted.values()) <= CHANGES + 1
