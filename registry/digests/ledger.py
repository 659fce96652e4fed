"""The ledger of digests: one row per subscription and period, and the only changes of its state.

due → handing → sent, refused or uncertain; quiet where nothing happened that its reader wanted to hear of; a temporary
failure goes back to due, in the end to failed. A mail is handed over only while its row says `handing`, and that is
committed before. A row left there by a dead worker becomes `uncertain`: the mail may have gone out, so nothing repeats
it by itself.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q

from registry.actions.signing import StepRefused, signed
from registry.actions.subscriptions import theirs
from registry.choices import Cadence, DigestState
from registry.digests.compose import compose
from registry.digests.planning import base_of, mark_overtaken, message_id, owed_at, period_for
from registry.digests.render import render
from registry.models import Digest, Subscription

logger = logging.getLogger(__name__)

# Longer than any task may run, so whoever began to hand it over is surely gone.
LONGEST_HANDING = timedelta(minutes=6)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
MOST_ATTEMPTS = 14  # with these waits: a little over 24 hours
# Clocks of several machines differ by less.
AHEAD = timedelta(hours=1)

STOPPED = "The subscription was stopped before it was sent."
PAUSED = "The subscription was paused before it was sent; the next digest covers its period too."
TOLD = "A digest that its reader asked for meanwhile covers its period."
NO_ADDRESS = "The team has no address any more."
RAN_AHEAD = "The clock ran ahead when it was written; the next digest covers its period."


OPEN = (DigestState.DUE, DigestState.HANDING)
TRIED_AGAIN = (DigestState.UNCERTAIN, DigestState.REFUSED, DigestState.FAILED)


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
    owed = owed_at(at)
    Digest.objects.bulk_create(owed, ignore_conflicts=True)
    made = Digest.objects.filter(
        state=DigestState.DUE, not_before=at, message_id__in=[digest.message_id for digest in owed]
    )
    numbers = sorted(made.values_list("pk", flat=True))
    mark_overtaken()
    return numbers


def set_right(*, at):
    """Undo what was written while the database's clock ran ahead; safe to run at any time.

    Only for the true time of now: what is ahead of `at` cannot be. A digest of such a period told what there was, but
    not of that period: it stays in the archive, and does not keep the true one from falling due when that time comes.
    """
    Subscription.objects.filter(created_at__gt=at + AHEAD).update(created_at=at)
    digests = Digest.objects.exclude(state=DigestState.HANDING).filter(period_end__gt=at + AHEAD)
    for number, digest in enumerate(digests.only("period_start").order_by("pk")):
        end = at + timedelta(microseconds=number)
        Digest.objects.filter(pk=digest.pk).update(
            asked=True,
            period_start=min(digest.period_start, at - timedelta(microseconds=1)),
            period_end=end,
            state=DigestState.FAILED,
            sent_at=None,
            error=RAN_AHEAD,
        )
    put_off = Digest.objects.filter(state=DigestState.DUE, not_before__gt=at + LONGEST_WAIT + AHEAD)
    put_off.update(not_before=at)


def due(*, at):
    """Numbers of the digests to send at `at`, the oldest first."""
    digests = Digest.objects.filter(state=DigestState.DUE, not_before__lte=at)
    return list(digests.order_by("not_before", "pk").values_list("pk", flat=True))


@transaction.atomic(durable=True)
def take(*, digest_id, at):
    """Compose a due digest with the reader's rights as they are now, and mark it as being handed over.

    Returns the row, in state `handing` when it may be mailed; None when it is not due, another worker has it, or
    another digest of its subscription is being handed over.
    """
    digest = _due_and_free(digest_id, at)
    if digest is None:
        return None
    if outcome := _not_to_be_sent(digest, at):
        return _record(digest, outcome, at=at)
    digest.attempts += 1
    try:
        with transaction.atomic():
            content = _write(digest)
    except Exception as error:
        # One reader's digest that cannot be written must not keep the others from theirs.
        logger.exception("digest %s cannot be composed", digest.pk)
        return _record(digest, Outcome(DigestState.DUE, f"It could not be composed: {error}"), at=at)
    digest.is_last = content.gone
    if digest.subscription.has_conditions and not (content.reasons or content.gone or digest.asked):
        return _keep_quiet(digest, at=at)
    digest.state, digest.handed_at, digest.error = DigestState.HANDING, at, ""
    digest.save(force_update=True)
    return digest


def _due_and_free(number, at):
    """The row, locked with its subscription: two digests of one would tell the same."""
    digests = Digest.objects.filter(pk=number, state=DigestState.DUE, not_before__lte=at)
    digests = digests.select_related("subscription__team", "person")
    # A stronger lock of the subscription would keep the planner from adding to it.
    digest = digests.select_for_update(skip_locked=True, no_key=True, of=("self", "subscription")).first()
    handing = digest and digest.subscription.digests.filter(state=DigestState.HANDING)
    return None if digest is None or handing.exists() else digest


def _not_to_be_sent(digest, at):
    """The Outcome of a digest that nobody waits for any more; moves its start to where its reader was told last."""
    subscription = digest.subscription
    if not subscription.active or not (subscription.team_id or digest.person.is_active):
        return Outcome(DigestState.FAILED, STOPPED)
    if subscription.paused_until and subscription.paused_until > at and not digest.asked:
        return Outcome(DigestState.FAILED, PAUSED)
    if not address_of(subscription):
        return Outcome(DigestState.REFUSED, NO_ADDRESS)
    base = base_of(subscription, at=at)
    if base and base >= digest.period_end:
        return Outcome(DigestState.FAILED, TOLD)
    digest.period_start = base or digest.period_start
    return None


def _write(digest):
    content = compose(digest=digest)
    digest.run, digest.address = content.run, address_of(digest.subscription)
    written = render(content, chart_name=chart_name(digest))
    digest.subject, digest.text, digest.html, digest.chart = written.subject, written.text, written.html, written.chart
    return content


def address_of(subscription):
    """Where its mails go now."""
    return subscription.team.email if subscription.team else subscription.person.email


def chart_name(digest):
    """The Content-ID of the chart: unique in the world, as the standard wants, because the Message-ID is."""
    return f"chart.{digest.message_id.strip('<>')}"


def _keep_quiet(digest, *, at):
    digest.subject = digest.text = digest.html = digest.address = ""
    digest.chart = b""
    if digest.subscription.cadence == Cadence.HOURLY:
        # Its period reaches back over theirs; a year of hours would fill the table.
        digest.subscription.digests.filter(state=DigestState.QUIET, period_end__lt=digest.period_end).delete()
    return _record(digest, Outcome(DigestState.QUIET), at=at)


@transaction.atomic
def record(*, digest, outcome, at):
    """Write down what became of a digest that was handed over. One that said its last ends the subscription."""
    if outcome.state == DigestState.SENT and digest.is_last:
        Subscription.objects.filter(pk=digest.subscription_id).update(active=False)
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
    begun = Q(handed_at__lt=at - LONGEST_HANDING) | Q(handed_at__gt=at + LONGEST_HANDING)
    return Digest.objects.filter(begun, state=DigestState.HANDING).update(
        state=DigestState.UNCERTAIN, error="The worker died while handing it over; it may have been delivered."
    )


@signed
def ask_for_now(*, subscription, by, at):
    """The digest from where its reader was told last until `at`, due at once. Safe to repeat: one is under way at most.

    It keeps no regular one from falling due, and the next begins where it ends.
    """
    if not (by.is_administrator or Subscription.objects.filter(theirs(by), pk=subscription.pk).exists()):
        raise PermissionDenied("Only those who get a digest ask for it.")
    # Whoever presses twice waits here, and then finds the first.
    subscription = Subscription.objects.select_for_update(of=("self",), no_key=True).get(pk=subscription.pk)
    if not subscription.active:
        raise ValidationError("This subscription is stopped; start it again first.")
    under_way = subscription.digests.filter(asked=True, state__in=OPEN).first()
    if under_way is not None:
        return under_way
    start, end = period_for(subscription, at=at)
    return Digest.objects.create(
        subscription=subscription,
        person_id=subscription.person_id,
        asked=True,
        period_start=start,
        period_end=end,
        not_before=at,
        message_id=message_id(),
        created_at=at,
    )


@signed
def send_again(*, digest, by, at):
    """Let an uncertain, refused or failed digest be tried once more, under its old Message-ID and written anew.

    Only the latest of its subscription: any later one covers its period. Who asked is kept in the administration's log.
    """
    if not by.is_administrator:
        raise PermissionDenied("Only administrators send a digest again.")
    digest = Digest.objects.select_related("subscription").select_for_update(of=("self",)).get(pk=digest.pk)
    if refusal := why_not_again(digest):
        raise StepRefused(refusal)
    words = f"Sent again: {digest.get_state_display().lower()} before. {digest.error}"
    digest.state, digest.not_before, digest.attempts, digest.handed_at = DigestState.DUE, at, 0, None
    digest.save(force_update=True)
    LogEntry.objects.create(
        user=by,
        action_time=at,
        content_type=ContentType.objects.get_for_model(Digest),
        object_id=digest.pk,
        object_repr=str(digest)[:200],
        action_flag=CHANGE,
        change_message=words,
    )
    return digest


def why_not_again(digest):
    """Why this digest must not be tried again, in a sentence; empty where it may."""
    if digest.state not in TRIED_AGAIN:
        return "Only a digest that is uncertain, refused or failed is sent again."
    if not digest.subscription.active:
        return "The subscription was stopped."
    later = digest.subscription.digests.filter(period_end__gt=digest.period_end)
    if later.exclude(state=DigestState.QUIET).exists():
        return "A later digest of this subscription covers its period."
    return ""
