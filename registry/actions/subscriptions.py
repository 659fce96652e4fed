"""Asking for digests, changing when and on which conditions they come, pausing and stopping them.

What a subscription follows and whom it goes to stay: for anything else there is another subscription, so that each
digest can be compared with the one before.
"""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Q

from registry.actions.following import require_followable
from registry.actions.populations import keep_population_of
from registry.actions.signing import check, lock, signed
from registry.choices import About, Cadence
from registry.models import Person, Subscription, Team, TeamMember
from registry.models.subscription import LAST_DAY

FOLLOWED = ("about", "view", "node", "system", "team")
SCHEDULE = ("cadence", "weekday", "day", "hour", "time_zone")
CONDITIONS = ("only_if_moved", "max_q", "min_debt", "min_severity")
# The rows that words about a subscription need.
NAMED = ("person", "team", "view", "node__scheme", "system", "min_severity")
MOST_SUBSCRIPTIONS = 30
LONGEST_PAUSE = timedelta(days=366)


def subscriptions_for(person):
    """One's own, and those of the teams one is a member of."""
    return Subscription.objects.filter(theirs(person)).select_related(*NAMED)


def theirs(person, prefix=""):
    """Of subscriptions, or of rows that have one at `prefix`: what `person` reads and may change."""
    member = Exists(TeamMember.objects.filter(team=OuterRef(f"{prefix}team"), person=person))
    return Q(**{f"{prefix}team": None, f"{prefix}person": person}) | Q(member)


@signed
def subscribe(*, person, by, at, **wishes):
    """Send `person`, or the team that `wishes` name, digests of what they follow, from now on.

    `wishes` are fields of a subscription: FOLLOWED, SCHEDULE and CONDITIONS; everything, on Monday morning, unless
    they say otherwise. One that was stopped is taken up again. Raises ValidationError by field; its code is `unique`
    where there is such a subscription already.
    """
    _refuse_unknown(wishes, FOLLOWED + SCHEDULE + CONDITIONS)
    # Whoever asks for two at once gets them one after the other, and is counted each time.
    Person.objects.select_for_update().get(pk=person.pk)
    wish = Subscription(person=person, created_at=at, **{"time_zone": person.time_zone} | wishes)
    _require_right(by, wish)
    require_followable(wish)
    _check(wish)
    stopped = _alike(wish).select_for_update(of=("self",)).first()
    if stopped is not None and stopped.active:
        raise _taken(stopped)
    _require_room(person)
    wish.pk = stopped and stopped.pk
    wish.save(force_insert=stopped is None, force_update=stopped is not None)
    keep_population_of(subscription=wish, by=by, at=at)
    return wish


@signed
def change_subscription(*, subscription, by, at, **wishes):
    """Change when it comes and on which conditions. A digest that is already written is not moved."""
    _refuse_unknown(wishes, SCHEDULE + CONDITIONS)
    subscription = _held(subscription, by)
    for name, value in wishes.items():
        setattr(subscription, name, value)
    _check(subscription)
    if (same := _alike(subscription).first()) is not None:
        raise _taken(same)
    subscription.save(force_update=True)
    return subscription


@signed
def revise_subscription(*, subscription, by, at, **values):
    """Change wishes and `paused_until`, whichever `values` name, at once; None ends a pause."""
    wishes = {name: value for name, value in values.items() if name != "paused_until"}
    if wishes or not values:
        subscription = change_subscription(subscription=subscription, by=by, at=at, **wishes)
    if values.get("paused_until"):
        return pause(subscription=subscription, until=values["paused_until"], by=by, at=at)
    return resume(subscription=subscription, by=by, at=at) if "paused_until" in values else subscription


@signed
def pause(*, subscription, until, by, at):
    """Let nothing fall due before `until`; the next digest then covers it all."""
    subscription = _held(subscription, by)
    if not at < until <= at + LONGEST_PAUSE:
        raise ValidationError({"paused_until": "Choose a day to come, at most a year ahead."})
    subscription.paused_until = until
    subscription.save(force_update=True)
    return subscription


@signed
def resume(*, subscription, by, at):
    """End a pause; the next digest covers it. Safe to repeat."""
    subscription = _held(subscription, by)
    subscription.paused_until = None
    subscription.save(force_update=True)
    return subscription


@signed
def start_again(*, subscription, by, at):
    """Take up a stopped subscription as it was; nothing is owed for the time between."""
    wishes = {name: getattr(subscription, name) for name in FOLLOWED + SCHEDULE + CONDITIONS}
    return subscribe(person=subscription.person, by=by, at=at, **wishes)


@signed
def unsubscribe(*, subscription, by, at):
    """Stop the digest; what is owed and not handed over yet is not sent. Safe to repeat."""
    subscription = _held(subscription, by)
    subscription.active = False
    subscription.save(force_update=True)
    return subscription


def _refuse_unknown(wishes, known):
    if unknown := sorted(set(wishes) - set(known)):
        raise TypeError(f"These are not asked for: {', '.join(unknown)}.")


def _held(subscription, by):
    """The row as it stands, locked, if `by` may change it."""
    subscription = lock(subscription)
    _require_right(by, subscription)
    return subscription


def _require_right(by, subscription):
    if by.is_administrator:
        return
    if subscription.team_id is None and subscription.person_id != by.pk:
        raise PermissionDenied("Only the person themselves and administrators change a subscription.")
    if subscription.team_id and not TeamMember.objects.filter(team=subscription.team_id, person=by).exists():
        raise PermissionDenied("Only members of the team and administrators change what it gets.")


def _require_room(person):
    if Subscription.objects.filter(person=person, active=True).count() >= MOST_SUBSCRIPTIONS:
        raise ValidationError(f"{MOST_SUBSCRIPTIONS} subscriptions are the most. Stop one first.")


def _check(subscription):
    check(subscription)
    problems = {}
    if subscription.hour not in range(24):
        problems["hour"] = "The hour is 0 to 23."
    if subscription.day not in range(1, LAST_DAY + 1):
        problems["day"] = f"The day of the month is 1 to {LAST_DAY}."
    if subscription.max_q is not None and not 0 < subscription.max_q < 1:
        problems["max_q"] = "q lies between 0 and 1."
    if subscription.max_q is not None and subscription.about == About.QUEUE:
        problems["max_q"] = "What waits for one person has no patterns."
    if subscription.cadence == Cadence.HOURLY and not subscription.has_conditions:
        problems["cadence"] = "Say below what must have happened for a mail at once."
    if problems:
        raise ValidationError(problems)


def _alike(subscription):
    """Others to the same at the same rhythm: of this person, running or stopped, and the team's that run."""
    same = {name: getattr(subscription, name) for name in (*FOLLOWED, "cadence")}
    whose = Q(person=subscription.person_id)
    if subscription.team_id:
        # Two members at once ask one after the other.
        Team.objects.select_for_update().get(pk=subscription.team_id)
        whose |= Q(active=True)
    return Subscription.objects.filter(whose, **same).exclude(pk=subscription.pk).order_by("-active", "pk")


def _taken(known):
    rhythm = known.get_cadence_display().lower()
    if not known.active:
        words = f"A digest of this that came {rhythm} was stopped. Start that one again instead."
    elif known.team_id:
        words = f"The team gets a digest of this {rhythm} already. Change that one."
    else:
        words = f"A digest of this comes {rhythm} already. Change that one."
    return ValidationError(words, code="unique")
