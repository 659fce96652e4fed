"""Which digests are owed, and where each begins: a question to the rows there are, asked anew every time."""

from datetime import timedelta
from email.utils import parseaddr
from uuid import uuid4

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Subquery

from registry.choices import Cadence, DigestState
from registry.digests.periods import DAY, HALF_A_DAY, HOUR, WEEK, latest_moment
from registry.models import Digest, Subscription

# How far a first digest looks back.
LENGTHS = {Cadence.HOURLY: HOUR, Cadence.DAILY: DAY, Cadence.WEEKLY: WEEK, Cadence.MONTHLY: 30 * DAY}
# A changed schedule or time zone must not bring two digests on each other's heels.
LEAST_BETWEEN = {Cadence.HOURLY: HOUR, Cadence.DAILY: HALF_A_DAY, Cadence.WEEKLY: 3 * DAY, Cadence.MONTHLY: 10 * DAY}
# A mail server that said no for good is not asked again every hour.
AFTER_REFUSAL = DAY


def owed_at(at):
    """The unsaved rows that are owed at `at`, in a single query."""
    return [digest for subscription in _planned_for(at) if (digest := _owed(subscription, at))]


def _planned_for(at):
    running = Subscription.objects.filter(Q(team__isnull=False) | Q(person__is_active=True), active=True)
    return _with_past(running.exclude(paused_until__gt=at), at)


def _with_past(subscriptions, at):
    """Each is answered from the index of its own rows; an aggregate would read every digest there ever was.

    What was sent before a subscription was stopped is no base: whoever comes back starts anew.
    """
    past = Digest.objects.filter(
        subscription=OuterRef("pk"), period_end__lte=at, period_end__gte=OuterRef("created_at")
    )
    latest = past.filter(asked=False).order_by("-period_end")
    return subscriptions.annotate(
        first_start=Subquery(past.filter(asked=False).order_by("period_end").values("period_start")[:1]),
        last_planned=Subquery(latest.values("period_end")[:1]),
        last_state=Subquery(latest.values("state")[:1]),
        last_sent=Subquery(past.filter(state=DigestState.SENT).order_by("-period_end").values("period_end")[:1]),
    )


def _owed(subscription, at):
    """The unsaved row that `subscription` is owed at `at`, or None."""
    moment = latest_moment(subscription, at=at)
    if moment < max(subscription.created_at, subscription.paused_until or subscription.created_at):
        return None
    if subscription.last_planned and moment < subscription.last_planned + _least_between(subscription):
        return None
    start = _start(subscription, moment)
    if start >= moment:
        return None  # its reader asked, and was told
    return Digest(
        subscription=subscription,
        person_id=subscription.person_id,
        period_start=start,
        period_end=moment,
        not_before=at,
        message_id=message_id(),
        created_at=at,
    )


def _least_between(subscription):
    least = LEAST_BETWEEN[subscription.cadence]
    return max(least, AFTER_REFUSAL) if subscription.last_state == DigestState.REFUSED else least


def _start(subscription, end):
    return subscription.last_sent or subscription.first_start or end - LENGTHS[subscription.cadence]


def period_for(subscription, *, at):
    """(start, end) of what a digest written at `at` covers; `subscription` need not be saved."""
    known = _with_past(Subscription.objects.filter(pk=subscription.pk), at - timedelta(microseconds=1)).first()
    return (_start(known, at) if known else at - LENGTHS[subscription.cadence]), at


def base_of(subscription, *, at):
    """The end of the last digest that its reader surely received since they subscribed; None before the first."""
    sent = subscription.digests.filter(
        state=DigestState.SENT, period_end__lte=at, period_end__gte=subscription.created_at
    )
    return sent.order_by("-period_end").values_list("period_end", flat=True).first()


def mark_overtaken():
    """Give up what is due while a later regular digest of the subscription stands for its period too."""
    later = Digest.objects.filter(
        subscription=OuterRef("subscription"), period_end__gt=OuterRef("period_end"), asked=False
    ).exclude(state=DigestState.QUIET)
    Digest.objects.filter(Exists(later), state=DigestState.DUE).update(
        state=DigestState.FAILED, error="It was not sent in time; the next digest covers its period too."
    )


def message_id():
    """A new one; it stays with its digest however often that is tried."""
    return f"<{uuid4().hex}@{mail_domain()}>"


def mail_domain():
    """The part behind the @ of our own address."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
