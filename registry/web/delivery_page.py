"""What the page of the delivery of digests shows."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from registry.choices import About, DigestState
from registry.digests import archive, clock, delivery
from registry.digests.periods import WEEK
from registry.digests.wishes import followed
from registry.web.pictures import bars

MOST_ROWS = 50
MOST_AGAIN = 20
# A private view may say, and a system be named by, what an administrator is not to see.
UNNAMED = {About.VIEW: "A saved view", About.SYSTEM: "A system", About.QUEUE: "What waits for them"}
# Beat asks every half minute and the planner every two minutes.
SILENT = timedelta(minutes=10)


def delivery_page(*, at):
    """Everything the page names, at the time `at` of the database."""
    late, undelivered = delivery.overdue(at=at), delivery.undelivered()
    by_hour = delivery.sent_by_hour(at=at)
    processes = [_process(name, when, at) for name, when in clock.last_seen().items()]
    return {
        "processes": processes,
        "silent": [process for process in processes if process["silent"]],
        "mails_reach_readers": archive.mails_reach_readers(),
        "overdue": [_named(row, row.subscription) for row in late[:MOST_ROWS]],
        "n_overdue": len(late),
        "undelivered": [_undelivered(digest) for digest in undelivered[:MOST_ROWS]],
        "n_undelivered": undelivered.count(),
        "again": [_again(row) for row in delivery.sent_again(most=MOST_AGAIN)],
        "states": [(DigestState(state).label, n) for state, n in delivery.states_since(at - WEEK).items()],
        "hours": bars([(f"{timezone.localtime(hour):%H:%M}", n) for hour, n in by_hour], width=720, height=48),
        "n_day": sum(n for _, n in by_hour),
        "n_busiest": max(n for _, n in by_hour),
    }


def _process(name, when, at):
    return {"name": name.capitalize(), "at": when, "silent": when is None or at - when > SILENT}


def _named(row, subscription):
    """`row` with whom it goes to and what it is about."""
    what = UNNAMED.get(subscription.about)
    return {"row": row, "to": subscription.team or subscription.person, "followed": what or followed(subscription)}


def _undelivered(digest):
    """A digest with the page on which its address is put right."""
    team, person = digest.subscription.team, digest.subscription.person
    what, owner = ("team", team) if team else ("person", person)
    return _named(digest, digest.subscription) | {
        "period": archive.period_of(digest),
        "address": digest.address or owner.email,
        "owner_url": reverse(f"admin:registry_{what}_change", args=[owner.pk]),
        "uncertain": digest.state == DigestState.UNCERTAIN,
    }


def _again(row):
    return _named(row, row.digest.subscription) | {"period": archive.period_of(row.digest)}
