"""What changed: the feed to read, and webhooks that bring it."""

from api.routing import NUMBER, route
from api.views import changes, webhooks

DELIVERY = r"(?P<delivery>\d{1,18})"
ONE = rf"webhooks/{NUMBER}"

routes = [
    route("changes", changes.Changes, "changes"),
    route("webhooks", webhooks.WebhookList, "webhook-list"),
    route(ONE, webhooks.OneWebhook, "webhook"),
    route(f"{ONE}/rotate-secret", webhooks.WebhookSecret, "webhook-secret"),
    route(f"{ONE}/test", webhooks.WebhookTest, "webhook-test"),
    route(f"{ONE}/replay", webhooks.WebhookReplay, "webhook-replay"),
    route(f"{ONE}/deliveries", webhooks.DeliveryList, "delivery-list"),
    route(f"{ONE}/deliveries/{DELIVERY}", webhooks.OneDelivery, "delivery"),
    route(f"{ONE}/deliveries/{DELIVERY}/replay", webhooks.DeliveryReplay, "delivery-replay"),
]
