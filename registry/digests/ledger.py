"""The ledger of digests: one row per subscription and period, and the only changes of its state.

due → handing → sent, refused or uncertain; a temporary failure goes back to due, in the end to failed.
A mail is handed over only while its row says `handing`, and that is committed before. A row left there
by a dead worker becomes `uncertain`: the mail may have gone out, so nothing repeats it by itself.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Max, Min, OuterRef, Q

from registry.choices import DigestState
from registry.digests.compose import compose
from registry.digests.periods import WEEK, latest_moment
from registry.digests.render import render
from registry.models import Digest, PatternRun, Subscription

logger = logging.getLogger(__name__)

# A changed weekday or time zone must not bring two digests on each other's heels.
FEWEST_DAYS_BETWEEN = timedelta(days=3)
# Longer than any task may run, so whoever began to hand it over is surely gone.
LONGEST_HANDING = timedelta(minutes=6)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
MOST_ATTEMPTS = 14  # with these waits: a little over 24 hours


@dataclass(frozen=True)
class Outcome:
    """What the mail server made of one mail; `DUE` means that it may be tried again."""

    state: DigestState
    error: str = ""


def plan(*, at):
    """Make the rows that are owed at `at`, and return their numbers; safe to run at any time and at once.

    Late rather than missed, but only the latest period: it reaches back to the end of the last digest
    that was sent. What an older row still owes is thereby told, so that row is given up.
    """
    owed = [digest for subscription in _planned_for(at) if (digest := _owed(subscription, at))]
    Digest.objects.bulk_create(owed, ignore_conflicts=True)
    made = Digest.objects.filter(message_id__in=[digest.message_id for digest in owed])
    later = made.filter(subscription=OuterRef("subscription"), period_end__gt=OuterRef("period_end"))
    Digest.objects.filter(Exists(later), state=DigestState.DUE).update(
        state=DigestState.FAILED, error="It was not sent in time; the next digest covers its period too."
    )
    return sorted(made.values_list("pk", flat=True))


def _planned_for(at):
    # What was sent before a pause is no base: whoever comes back starts anew.
    past = Q(digests__period_end__lte=at, digests__period_end__gte=F("created_at"))
    return Subscription.objects.filter(active=True, person__is_active=True).annotate(
        first_start=Min("digests__period_start", filter=past),
        last_planned=Max("digests__period_end", filter=past),
        last_sent=Max("digests__period_end", filter=past & Q(digests__state=DigestState.SENT)),
    )


def _owed(subscription, at):
    """The unsaved row that `subscription` is owed at `at`, or None."""
    moment = latest_moment(
        weekday=subscription.weekday, hour=subscription.hour, time_zone=subscription.time_zone, at=at
    )
    if moment < subscription.created_at:
        return None
    if subscription.last_planned and subscription.last_planned > moment - FEWEST_DAYS_BETWEEN:
        return None
    return Digest(
        subscription=subscription,
        person_id=subscription.person_id,
        period_start=subscription.last_sent or subscription.first_start or moment - WEEK,
        period_end=moment,
        not_before=at,
        message_id=f"<{uuid4().hex}@{mail_domain()}>",
        created_at=at,
    )


def mail_domain():
    """The part behind the @ of our own address."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def due(*, at):
    """Numbers of the digests to send at `at`, the oldest first."""
    digests = Digest.objects.filter(state=DigestState.DUE, not_before__lte=at)
    return list(digests.order_by("not_before", "pk").values_list("pk", flat=True))


@transaction.atomic(durable=True)
def take(*, digest_id, at):
    """Compose a due digest with the reader's rights as they are now, and mark it as being handed over.

    Returns the row, in state `handing` when it may be mailed; None when it is not due or another
    worker has it.
    """
    digests = Digest.objects.select_related("subscription", "person").filter(
        pk=digest_id, state=DigestState.DUE, not_before__lte=at
    )
    digest = digests.select_for_update(skip_locked=True, of=("self",)).first()
    if digest is None:
        return None
    if not (digest.subscription.active and digest.person.is_active):
        return _record(digest, Outcome(DigestState.FAILED, "The subscription was stopped before it was sent."), at=at)
    digest.attempts += 1
    try:
        with transaction.atomic():
            _write(digest)
    except Exception as error:
        # One reader's digest that cannot be written must not keep the others from theirs.
        logger.exception("digest %s cannot be composed", digest.pk)
        return _record(digest, Outcome(DigestState.DUE, f"It could not be composed: {error}"), at=at)
    digest.state, digest.handed_at, digest.error = DigestState.HANDING, at, ""
    digest.save(force_update=True)
    return digest


def _write(digest):
    digest.run = PatternRun.objects.standard().first()
    written = render(compose(digest=digest, run=digest.run), chart_name=chart_name(digest))
    digest.subject, digest.text, digest.html, digest.chart = written.subject, written.text, written.html, written.chart


def chart_name(digest):
    """The Content-ID of the chart: unique in the world, as the standard wants, because the Message-ID is."""
    return f"chart.{digest.message_id.strip('<>')}"


@transaction.atomic
def record(*, digest, outcome, at):
    """Write down what became of a digest that was handed over."""
    return _record(Digest.objects.select_for_update().get(pk=digest.pk), outcome, at=at)


def _record(digest, outcome, *, at):
    digest.state, digest.error = outcome.state, outcome.error[:2000]
    digest.sent_at = at if outcome.state == DigestState.SENT else None
    if outcome.state == DigestState.DUE and digest.attempts >= MOST_ATTEMPTS:
        digest.state = DigestState.FAILED
    elif outcome.state == DigestState.DUE:
        digest.not_before = at + min(FIRST_WAIT * 2 ** (digest.attempts - 1), LONGEST_WAIT)
    digest.save(force_update=True)
    return digest


def doubt(*, at):
    """Mark as uncertain what was begun to be handed over and never finished; returns how many."""
    stuck = Digest.objects.filter(state=DigestState.HANDING, handed_at__lt=at - LONGEST_HANDING)
    return stuck.update(
        state=DigestState.UNCERTAIN, error="The worker died while handing it over; it may have been delivered."
    )
