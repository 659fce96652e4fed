"""From the feed to rows of the ledger: what each webhook is owed."""

from django.db import transaction

from registry import changes
from registry.actions.webhooks import new_message_id
from registry.models import Webhook, WebhookDelivery

AT_ONCE = 500
# The next beat goes on; one webhook with much to hear of must not keep the others waiting.
MOST_ROUNDS = 4


def plan(*, at):
    """Write a delivery for each change that an active webhook has not been told of."""
    changes.place()
    for number in Webhook.objects.filter(active=True).order_by("pk").values_list("pk", flat=True):
        for _ in range(MOST_ROUNDS):
            if not plan_for(number, at=at):
                break


@transaction.atomic
def plan_for(number, *, at):
    """Write the next deliveries of one webhook and go on in the feed, both or neither; whether more waits."""
    held = Webhook.objects.select_for_update(skip_locked=True, of=("self",)).select_related("owner")
    webhook = held.filter(pk=number, active=True).first()
    if webhook is None:
        return False
    page = changes.page_for(webhook.owner, since=webhook.position, limit=AT_ONCE, what=webhook.kinds)
    if page.until == webhook.position:
        return False
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(webhook=webhook, change=told.row, message_id=new_message_id(), next_at=at, created_at=at)
        for told in page.rows
    )
    Webhook.objects.filter(pk=number).update(position=page.until)
    return page.more
