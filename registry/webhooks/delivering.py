"""Sending what is due: each endpoint one message at a time, none of them waiting for another's answer."""

import logging
import random
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from registry.choices import DeliveryState
from registry.models import Webhook, WebhookDelivery
from registry.outbound import posting
from registry.webhooks.messages import message_of

logger = logging.getLogger(__name__)

AT_ONCE = 16
# New messages are taken up for so long; those under way then still end, within the time of one request.
SECONDS = 20
LEASE = timedelta(minutes=2)
# As Standard Webhooks suggests, until a little over a day.
BACK_OFF = [timedelta(seconds=s) for s in (5, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600)]
JITTER = 0.2
# One message that fails says that the others would: the endpoint is left alone for a while, and tried with the next.
LONGEST_REST = timedelta(minutes=5)
GONE, ASKED_TO_WAIT = 410, (429, 503)
# Disabled after so many failures in a row, over so long.
MOST_FAILURES, LONGEST_FAILING = 10, timedelta(days=5)


def send_due(*, now, seconds=SECONDS):
    """Send what is due for up to `seconds`. `now` gives the time; rows are read and written by this thread alone."""
    end = time.monotonic() + seconds
    running = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while True:
            busy = {delivery.webhook_id for delivery in running.values()}
            taking = time.monotonic() < end and len(running) < AT_ONCE
            taken = claim(at=now(), most=AT_ONCE - len(running), but_not=busy) if taking else []
            running |= begin(pool, taken, at=now())
            if not (taken or running):
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED) if running else ((), ())
            for post in done:
                record(running.pop(post), post.result(), at=now())


def begin(pool, taken, *, at):
    """{what is under way: its delivery} of those that may be sent."""
    running = {}
    for delivery in taken:
        message = message_of(delivery, at=at)
        if message is None:
            drop(delivery, at=at)
        else:
            post = pool.submit(posting.post, message.url, body=message.body, headers=message.headers)
            running[post] = delivery
    return running


@transaction.atomic
def claim(*, at, most, but_not=()):
    """Take the oldest due delivery of up to `most` webhooks that nobody sends to now, and hold them for the lease."""
    held = WebhookDelivery.objects.filter(webhook=OuterRef("webhook"), state=DeliveryState.SENDING, next_at__gt=at)
    rested = Q(webhook__not_before=None) | Q(webhook__not_before__lte=at)
    due = WebhookDelivery.objects.filter(
        rested,
        ~Exists(held),
        webhook__active=True,
        state__in=(DeliveryState.DUE, DeliveryState.SENDING),
        next_at__lte=at,
    ).exclude(webhook__in=but_not)
    firsts = list(due.order_by("webhook", "pk").distinct("webhook").values_list("pk", flat=True)[:most])
    # Asked again of the rows themselves, since another worker may have taken them meanwhile.
    rows = WebhookDelivery.objects.select_for_update(skip_locked=True, of=("self",))
    rows = rows.select_related("webhook__owner", "change")
    taken = list(
        rows.filter(pk__in=firsts, state__in=(DeliveryState.DUE, DeliveryState.SENDING), next_at__lte=at).order_by("pk")
    )
    for delivery in taken:
        delivery.state, delivery.next_at = DeliveryState.SENDING, at + LEASE
        delivery.attempts += 1
    WebhookDelivery.objects.bulk_update(taken, ["state", "next_at", "attempts"])
    return taken


def drop(delivery, *, at):
    reason = "Its owner may not see it any more, so it was not sent."
    _still_ours(delivery).update(state=DeliveryState.DROPPED, next_at=at, error=reason, excerpt="", status=None)


@transaction.atomic
def record(delivery, outcome, *, at):
    """Write down how an attempt went and what follows from it; nothing if another worker has it by now."""
    seen = {"tried_at": at, "status": outcome.status, "milliseconds": outcome.milliseconds}
    seen |= {"error": outcome.error[:500], "excerpt": outcome.excerpt}
    state, wait_for = next_of(delivery, outcome)
    if not _still_ours(delivery).update(state=state, next_at=at + (wait_for or timedelta(0)), **seen):
        return
    webhook = Webhook.objects.filter(pk=delivery.webhook_id)
    if outcome.delivered:
        webhook.filter(failures__gt=0).update(failures=0, failing_since=None, not_before=None)
        return
    rest = min(wait_for or LONGEST_REST, LONGEST_REST)
    if outcome.retry_after is not None and outcome.status in ASKED_TO_WAIT:
        rest = wait_for or timedelta(seconds=outcome.retry_after)
    webhook.update(failures=F("failures") + 1, not_before=at + rest)
    webhook.filter(failing_since=None).update(failing_since=at)
    disable_where_hopeless(webhook, outcome, at=at)


def next_of(delivery, outcome):
    """(state, how long to wait) after an attempt; no time where there is no further one."""
    if outcome.delivered:
        return DeliveryState.SENT, None
    if outcome.status == GONE or delivery.attempts > len(BACK_OFF):
        return DeliveryState.FAILED, None
    pause = BACK_OFF[delivery.attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - spreads, hides nothing
    if outcome.status in ASKED_TO_WAIT and outcome.retry_after is not None:
        pause = max(pause, timedelta(seconds=outcome.retry_after))
    return DeliveryState.DUE, pause


def disable_where_hopeless(webhook, outcome, *, at):
    """Stop sending to an endpoint that says it is gone, or has not answered for days. Its page says so."""
    why = "It answered 410: gone." if outcome.status == GONE else ""
    failing = webhook.filter(failures__gte=MOST_FAILURES, failing_since__lte=at - LONGEST_FAILING)
    if not why and failing.exists():
        why = f"{MOST_FAILURES} messages in a row failed over {LONGEST_FAILING.days} days."
    if why and webhook.filter(active=True).update(active=False, disabled_at=at, disabled_because=why):
        logger.warning("webhook %s is disabled: %s", webhook.values_list("pk", flat=True).first(), why)


def _still_ours(delivery):
    return WebhookDelivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING, attempts=delivery.attempts)
