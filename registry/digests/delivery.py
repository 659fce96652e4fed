"""How digests fare, for those who keep the registry running: what is late and why, what needs a decision, figures."""

from collections import namedtuple
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef, Sum
from django.db.models.functions import TruncHour

from registry.choices import DigestState, JobState
from registry.digests.ledger import OPEN, TRIED_AGAIN
from registry.digests.planning import owed_at
from registry.models import Digest, Job, Subscription

LATE = timedelta(minutes=10)
NOT_PLANNED = "The planner has not looked at it yet."
NOT_TAKEN = "No mail worker has taken it up yet."
HALF_WAY = "A worker is handing it over, or died while doing so."

# What a subscription is called by.
NAMED = ("person", "team", "view", "node", "system")
OF_DIGEST = tuple(f"subscription__{name}" for name in NAMED)

Again = namedtuple("Again", "digest by at")


@dataclass(frozen=True)
class Overdue:
    """One digest that should have gone out more than ten minutes ago."""

    subscription: Subscription
    since: datetime
    why: str
    attempts: int = 0
    next_try: datetime | None = None


def overdue(*, at):
    """Everything that is overdue at `at`, the oldest first: what is not planned, not taken up, or put off."""
    planned = Digest.objects.filter(state__in=OPEN).select_related(*OF_DIGEST).defer("text", "html", "chart")
    found = [late for digest in planned if (late := _late(digest)).since < at - LATE]
    owed = {digest.subscription_id: digest.period_end for digest in owed_at(at - LATE)}
    named = Subscription.objects.filter(pk__in=owed).select_related(*NAMED)
    found += [Overdue(subscription, owed[subscription.pk], NOT_PLANNED) for subscription in named]
    return sorted(found, key=lambda late: (late.since, late.subscription.pk))


def _late(digest):
    # One that is sent again waits since somebody asked for that.
    asked_again = digest.attempts == 0 and digest.not_before > digest.created_at
    since = digest.not_before if asked_again else digest.period_end
    if digest.state == DigestState.HANDING:
        return Overdue(digest.subscription, since, HALF_WAY, digest.attempts)
    if digest.attempts == 0:
        return Overdue(digest.subscription, since, NOT_TAKEN)
    return Overdue(digest.subscription, since, digest.error, digest.attempts, digest.not_before)


def undelivered():
    """Digests that did not surely arrive and that no later one stands for, the latest first: they may be sent again."""
    later = Digest.objects.filter(subscription=OuterRef("subscription"), period_end__gt=OuterRef("period_end"))
    digests = Digest.objects.filter(
        ~Exists(later.exclude(state=DigestState.QUIET)), state__in=TRIED_AGAIN, subscription__active=True
    )
    return digests.select_related(*OF_DIGEST).defer("text", "html", "chart").order_by("-period_end", "-pk")


def sent_again(*, most):
    """The latest digests that an administrator let be sent again: Again(digest as it stands, by, at)."""
    kind = ContentType.objects.get_for_model(Digest)
    entries = LogEntry.objects.filter(content_type=kind).select_related("user").order_by("-action_time", "-pk")[:most]
    digests = Digest.objects.select_related(*OF_DIGEST).defer("text", "html", "chart")
    digests = digests.in_bulk({int(entry.object_id) for entry in entries})
    # A quiet hour makes way for the next one.
    kept = [(digests.get(int(entry.object_id)), entry) for entry in entries]
    return [Again(digest, entry.user, entry.action_time) for digest, entry in kept if digest]


def states_since(start=None):
    """{state: how many digests made since `start`, or ever}, every state in the order in which they follow."""
    digests = Digest.objects.filter(created_at__gte=start) if start else Digest.objects.all()
    found = dict(digests.order_by().values_list("state").annotate(n=Count("pk")))
    return {state: found.get(state, 0) for state in DigestState}


def sent_by_hour(*, at, hours=24):
    """[(hour, mails that the mail server took in it)] of the last hours up to `at`, the oldest first."""
    last = at.replace(minute=0, second=0, microsecond=0)
    first = last - timedelta(hours=hours - 1)
    sent = Digest.objects.filter(sent_at__gte=first).annotate(hour=TruncHour("sent_at"))
    found = dict(sent.order_by().values_list("hour").annotate(n=Count("pk")))
    return [(hour, found.get(hour, 0)) for hour in (first + timedelta(hours=n) for n in range(hours))]


def attempts_ever():
    return Digest.objects.aggregate(n=Sum("attempts"))["n"] or 0


def jobs_by_state():
    found = dict(Job.objects.order_by().values_list("state").annotate(n=Count("pk")))
    return {state: found.get(state, 0) for state in JobState}
