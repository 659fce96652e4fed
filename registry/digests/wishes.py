"""What a subscription says, in words: what it follows, on which conditions, and when the next digest comes."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from registry.choices import About, Cadence
from registry.digests.periods import next_moment, schedule_in_words
from registry.digests.wording import listed, one_line

INSTANT = timedelta(microseconds=1)


def followed(subscription):
    """What it follows, by its name and without asking for a case."""
    return WORDS[subscription.about](subscription)


def is_gone(subscription):
    """Whether it follows a view that was deleted, or that its reader may not use any more: a team uses shared ones."""
    view, own = subscription.view, subscription.team_id is None
    mine = view and (view.shared or (own and view.owner_id == subscription.person_id))
    return subscription.about == About.VIEW and not mine


def _view(subscription):
    if is_gone(subscription):
        return "A view that is gone"
    return f"View “{one_line(subscription.view.name, at_most=60)}”"


def _branch(subscription):
    retired = " (retired)" if subscription.node.retired_at else ""
    return f"Branch {subscription.node.name}{retired}"


WORDS = {
    About.EVERYTHING: lambda subscription: "Everything",
    About.VIEW: _view,
    About.BRANCH: _branch,
    About.SYSTEM: lambda subscription: f"System {one_line(subscription.system.name, at_most=60)}",
    About.QUEUE: lambda subscription: "Your queue",
}


def conditions(subscription):
    """“Only if q of a pattern falls below 0.05 or debt rises above 40”; empty where every digest is sent."""
    met = []
    if subscription.only_if_moved:
        met.append("a pattern moves, or a case comes in, changes or is closed")
    if subscription.max_q is not None:
        met.append(f"q of a pattern falls below {subscription.max_q:g}")
    if subscription.min_debt is not None:
        met.append(f"debt rises above {subscription.min_debt:,}")
    if subscription.min_severity_id is not None:
        met.append(f"a case of at least {subscription.min_severity.name.lower()} potential severity comes in")
    return f"Only if {listed(met, last='or')}" if met else ""


def is_paused(subscription, *, at):
    return subscription.paused_until is not None and subscription.paused_until > at


def next_at(subscription, *, at):
    """When it falls due next, in UTC; None once it is stopped."""
    if not subscription.active:
        return None
    after = subscription.paused_until - INSTANT if is_paused(subscription, at=at) else at
    return next_moment(subscription, at=after)


def next_in_words(subscription, *, at):
    """(the day, the moment with its zone) of the same on the reader's own clock: “Monday, 23 November”, “Monday,
    23 November at 07:00 (Europe/London)”. Both are empty when none is coming at a moment that can be told.
    """
    if not subscription.active or subscription.cadence == Cadence.HOURLY:
        return "", ""
    moment = next_at(subscription, at=at).astimezone(ZoneInfo(subscription.time_zone))
    day = f"{moment:%A, %-d %B}"
    return day, f"{day} at {moment:%H:%M} ({subscription.time_zone})"


def shown(subscription, *, at):
    """A subscription as lists and pages show it."""
    schedule = schedule_in_words(subscription)
    next_day, next_words = next_in_words(subscription, at=at)
    return {
        "subscription": subscription,
        "followed": followed(subscription),
        "schedule": f"{schedule[:1].upper()}{schedule[1:]}",
        "conditions": conditions(subscription),
        "next": next_words,
        "next_day": next_day,
        "paused": is_paused(subscription, at=at),
        "until": subscription.paused_until and f"{local_day(subscription.paused_until, subscription):%-d %B %Y}",
    }


def local_day(moment, subscription):
    return moment.astimezone(ZoneInfo(subscription.time_zone)).date()
