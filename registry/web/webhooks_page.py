"""What the pages of webhooks show: how each fares, and what it was sent."""

from registry.actions.webhooks import webhook_for, webhooks_of
from registry.changes import reference_of
from registry.choices import ChangeOf, DeliveryState
from registry.models.change import Change
from registry.paging import BadCursor, page_of
from registry.web.forms.webhook import KINDS

PER_PAGE = 30
# (word, kind of the tag, symbol) for each state of a delivery.
STATES = {
    DeliveryState.DUE: ("Waiting", "guess", ""),
    DeliveryState.SENDING: ("Being sent", "guess", ""),
    DeliveryState.SENT: ("Arrived", "ok", "check"),
    DeliveryState.FAILED: ("Given up", "bad", "warning"),
    DeliveryState.DROPPED: ("Not sent", "warn", "warning"),
}
OVER = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DROPPED)


def own_webhooks(person):
    found = webhooks_of(person).filter(owner=person).order_by("name", "pk")
    return [{"webhook": webhook, "health": health_of(webhook), "kinds": kinds_of(webhook)} for webhook in found]


def own_webhook(person, number):
    """One's own, also for administrators: they read of others' over REST."""
    return webhook_for(person, number, to_change=True)


def health_of(webhook):
    """(word, kind, symbol) that says at a glance whether messages arrive."""
    if webhook.disabled_at:
        return "Disabled", "bad", "warning"
    if not webhook.active:
        return "Paused", "warn", ""
    if webhook.failures:
        return f"Failing, {webhook.failures} in a row", "bad", "warning"
    return "On", "ok", "check"


def kinds_of(webhook):
    return [word for kind, word in KINDS.items() if kind in webhook.kinds]


def deliveries_of(webhook, cursor):
    """A page of what it was sent, the latest first; a cursor that does not work shows the first page."""
    rows = webhook.deliveries.select_related("change")
    paging = {"ordering": f"webhook{webhook.pk}", "fields": ("-id",), "limit": PER_PAGE}
    try:
        page = page_of(rows, cursor=cursor or None, **paging)
    except BadCursor:
        page = page_of(rows, **paging)
    return {
        "deliveries": [shown(delivery) for delivery in page.rows],
        "page": {
            "previous_url": page.previous and f"?cursor={page.previous}#log",
            "next_url": page.next and f"?cursor={page.next}#log",
        },
    }


def shown(delivery):
    word, kind, symbol = STATES[DeliveryState(delivery.state)]
    if delivery.state == DeliveryState.DUE and delivery.attempts:
        word, kind = "Will be tried again", "warn"
    number = delivery.change.case_number if delivery.change else None
    return {
        "delivery": delivery,
        "case": reference_of(number) if number else None,
        "linked": delivery.state != DeliveryState.DROPPED,
        "word": word,
        "kind": kind,
        "symbol": symbol,
        "tells": tells(delivery.change) if delivery.change else "Test message",
        "over": delivery.state in OVER,
    }


def tells(change: Change):
    return f"{ChangeOf(change.what).label} {change.action}"
