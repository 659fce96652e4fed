"""Asking for the weekly digest, changing it and stopping it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from registry.actions import subscriptions
from registry.models import Subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def subscription(reader, now):
    return subscriptions.subscribe(person=reader, by=reader, at=now)


def test_a_subscription_comes_on_monday_morning_unless_asked_otherwise(subscription, now):
    schedule = (subscription.weekday, subscription.hour, subscription.time_zone)

    assert (schedule, subscription.active, subscription.created_at) == ((0, 7, "UTC"), True, now)


def test_subscribing_takes_the_persons_own_time_zone(reader, now):
    reader.time_zone = "Europe/Berlin"

    assert subscriptions.subscribe(person=reader, by=reader, at=now).time_zone == "Europe/Berlin"


def test_subscribing_twice_keeps_one_subscription(subscription, reader, now):
    again = subscriptions.subscribe(person=reader, by=reader, at=now + timedelta(days=1), weekday=3)

    assert (again.pk, again.weekday, again.created_at) == (subscription.pk, 3, now)


def test_taking_up_a_stopped_subscription_begins_anew(subscription, reader, now):
    subscriptions.unsubscribe(subscription=subscription, by=reader, at=now)

    again = subscriptions.subscribe(person=reader, by=reader, at=now + timedelta(days=30))

    assert (again.pk, again.active, again.created_at) == (subscription.pk, True, now + timedelta(days=30))


def test_stopping_twice_is_stopping(subscription, reader, now):
    for _ in range(2):
        subscriptions.unsubscribe(subscription=subscription, by=reader, at=now)

    assert Subscription.objects.get().active is False


def test_a_changed_schedule_is_kept_with_its_history(subscription, reader, now):
    wish = {"weekday": 4, "hour": 18, "time_zone": "America/New_York"}

    changed = subscriptions.change_subscription(subscription=subscription, by=reader, at=now, **wish)

    assert str(changed) == "Rena Reader, Friday 18:00 America/New_York"
    event = changed.events.order_by("-pgh_id").first()
    assert event.pgh_context.metadata == {"person": reader.pk, "action": "change_subscription"}


@pytest.mark.parametrize(
    ("field", "value"), [("weekday", 7), ("hour", 24), ("hour", -1), ("time_zone", "Mars/Olympus_Mons")]
)
def test_a_schedule_that_cannot_be_is_refused_at_its_field(field, value, subscription, reader, now):
    wish = {"weekday": 4, "hour": 18, "time_zone": "UTC"} | {field: value}

    with pytest.raises(ValidationError) as refused:
        subscriptions.change_subscription(subscription=subscription, by=reader, at=now, **wish)

    assert list(refused.value.message_dict) == [field]


def test_others_cannot_change_or_stop_it(subscription, analyst, now):
    wish = {"weekday": 4, "hour": 18, "time_zone": "UTC"}

    with pytest.raises(PermissionDenied):
        subscriptions.change_subscription(subscription=subscription, by=analyst, at=now, **wish)
    with pytest.raises(PermissionDenied):
        subscriptions.unsubscribe(subscription=subscription, by=analyst, at=now)
    with pytest.raises(PermissionDenied):
        subscriptions.subscribe(person=subscription.person, by=analyst, at=now)


def test_an_administrator_may_stop_it(subscription, administrator, now):
    stopped = subscriptions.unsubscribe(subscription=subscription, by=administrator, at=now)

    assert stopped.active is False
