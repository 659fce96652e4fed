"""Asking for the weekly digest, changing when it comes, and stopping it."""

from django.core.exceptions import PermissionDenied, ValidationError

from registry.actions.signing import check, signed
from registry.choices import Weekday
from registry.models import Subscription


@signed
def subscribe(*, person, by, at, weekday=Weekday.MONDAY, hour=7, time_zone=None):
    """Send `person` the digest every week from the next such moment on; also takes up a stopped subscription."""
    _require_right(by, person)
    subscription = _locked(person=person) or Subscription(person=person)
    if not subscription.active or subscription.pk is None:
        subscription.created_at = at  # nothing is owed for the time before, or for the pause
    subscription.active = True
    return _set(subscription, weekday=weekday, hour=hour, time_zone=time_zone or person.time_zone)


@signed
def change_subscription(*, subscription, by, at, weekday, hour, time_zone):
    """Move the digest to another weekday, hour or time zone. A digest that is already written is not moved."""
    _require_right(by, subscription.person)
    return _set(_locked(pk=subscription.pk), weekday=weekday, hour=hour, time_zone=time_zone)


@signed
def unsubscribe(*, subscription, by, at):
    """Stop the digest; what is owed and not handed over yet is not sent. Safe to repeat."""
    _require_right(by, subscription.person)
    subscription = _locked(pk=subscription.pk)
    subscription.active = False
    subscription.save(force_update=True)
    return subscription


def _require_right(by, person):
    if by.pk != person.pk and not by.is_administrator:
        raise PermissionDenied("Only the person themselves and administrators change a subscription.")


def _locked(**which):
    return Subscription.objects.select_for_update(of=("self",)).select_related("person").filter(**which).first()


def _set(subscription, *, weekday, hour, time_zone):
    subscription.weekday, subscription.hour, subscription.time_zone = weekday, hour, time_zone
    check(subscription)
    if subscription.hour not in range(24):
        raise ValidationError({"hour": "The hour is 0 to 23."})
    subscription.save()
    return subscription
