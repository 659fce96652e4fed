"""What no webhook and no delivery can be."""

import pytest

from registry.models import Change, WebhookDelivery
from tests.factories import NOW, make_person
from tests.registry.models.refusal import refused_by
from tests.registry.webhooks.builders import make_webhook

pytestmark = pytest.mark.django_db


def delivery(webhook, **values):
    return WebhookDelivery(**{"webhook": webhook, "message_id": "msg_1", "next_at": NOW, "created_at": NOW} | values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_webhook_kinds_known", {"kinds": ["party"]}),
        ("registry_webhook_disabled_with_a_reason", {"disabled_at": NOW, "active": False}),
        ("registry_webhook_disabled_with_a_reason", {"disabled_at": NOW, "disabled_because": "Gone."}),
        ("registry_webhook_disabled_with_a_reason", {"disabled_because": "Gone."}),
        ("registry_webhook_former_secret_until", {"former_secret": "whsec_x"}),
        ("registry_webhook_former_secret_until", {"former_until": NOW}),
        ("registry_webhook_name_filled", {"name": ""}),
        ("registry_webhook_url_filled", {"url": ""}),
        ("registry_webhook_secret_filled", {"secret": ""}),
    ],
)
def test_a_webhook_refuses(constraint, values):
    with refused_by(constraint):
        make_webhook(**values)


def test_a_person_has_one_webhook_of_a_name():
    person = make_person()
    make_webhook(person, name="Tickets")
    make_webhook(name="Tickets")

    with refused_by("registry_webhook_name_once"):
        make_webhook(person, name="Tickets")


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_webhookdelivery_state_known", {"state": "lost"}),
        ("registry_webhookdelivery_message_id_filled", {"message_id": ""}),
        ("registry_webhookdelivery_error_at_most_500", {"error": "x" * 501}),
        ("registry_webhookdelivery_excerpt_at_most_1000", {"excerpt": "x" * 1001}),
    ],
)
def test_a_delivery_refuses(constraint, values):
    with refused_by(constraint):
        delivery(make_webhook(), **values).save()


def test_a_webhook_is_told_of_a_change_once():
    webhook, change = make_webhook(), Change.objects.create(at=NOW, what="case", action="made")
    delivery(webhook, change=change).save()

    with refused_by("registry_webhookdelivery_once"):
        delivery(webhook, change=change, message_id="msg_2").save()
