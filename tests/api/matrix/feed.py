"""What changed, and webhooks."""

from registry.actions.webhooks import new_message_id
from registry.models import Person, WebhookDelivery
from tests.api.matrix.rows import ALL, OWN, Row
from tests.factories import NOW, make_person
from tests.registry.webhooks.builders import make_webhook

# Administrators read of everybody's webhooks and change none but their own.
READ = (ALL, (404, 404, 404, 404, 200), (404, 404, 404, 404, 200))
NOT_THEIRS = (404, 404, 404, 404, 403)
MADE, ENDED = (201,) * 5, (204,) * 5
SINCE = '{"since": "2026-11-20T09:30:00Z"}'

ABOUT_A_THING = {
    Row("api-webhook", "GET", "webhooks/{webhook}/"): READ,
    Row("api-webhook", "PATCH", "webhooks/{webhook}/", '{"active": false}'): (ALL, NOT_THEIRS, NOT_THEIRS),
    Row("api-webhook", "DELETE", "webhooks/{webhook}/"): (ENDED, NOT_THEIRS, NOT_THEIRS),
    Row("api-webhook-secret", "POST", "webhooks/{webhook}/rotate-secret/"): (ALL, NOT_THEIRS, NOT_THEIRS),
    Row("api-webhook-test", "POST", "webhooks/{webhook}/test/"): (MADE, NOT_THEIRS, NOT_THEIRS),
    Row("api-webhook-replay", "POST", "webhooks/{webhook}/replay/", SINCE): (ALL, NOT_THEIRS, NOT_THEIRS),
    Row("api-delivery-list", "GET", "webhooks/{webhook}/deliveries/"): READ,
    Row("api-delivery", "GET", "webhooks/{webhook}/deliveries/{delivery}/"): READ,
    Row("api-delivery-replay", "POST", "webhooks/{webhook}/deliveries/{delivery}/replay/"): (
        ALL,
        NOT_THEIRS,
        NOT_THEIRS,
    ),
}
ELSEWHERE = {
    Row("api-changes", "GET", "changes/"): ALL,
    Row("api-webhook-list", "GET", "webhooks/"): ALL,
    # Nothing is sent to this machine itself.
    Row("api-webhook-list", "POST", "webhooks/", '{"name": "Loop", "target": "https://127.0.0.1/"}'): (400,) * 5,
}


def things(whose, caller, case):
    """A webhook of the caller or of somebody else, and a message it was sent."""
    other = Person.objects.filter(username="listener").first() or make_person(username="listener")
    webhook = make_webhook(caller if whose == OWN else other)
    sent = {"message_id": new_message_id(), "state": "sent", "next_at": NOW, "created_at": NOW}
    return {"webhook": webhook.pk, "delivery": WebhookDelivery.objects.create(webhook=webhook, **sent).pk}
