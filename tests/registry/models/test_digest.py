"""What no subscription and no digest can be."""

from datetime import timedelta

import pytest

from registry.models import Digest, Subscription
from tests.factories import NOW, make_person
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def subscription(db):
    return Subscription.objects.create(person=make_person(), created_at=NOW)


def digest(subscription, **values):
    values = {
        "person": subscription.person,
        "period_start": NOW - timedelta(days=7),
        "period_end": NOW,
        "not_before": NOW,
        "message_id": "<1@registry>",
        "created_at": NOW,
    } | values
    return Digest(subscription=subscription, **values)


def test_a_person_subscribes_once(subscription):
    with refused_by("registry_subscription_one_per_person"):
        Subscription.objects.bulk_create([Subscription(person=subscription.person, created_at=NOW)])


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_subscription_weekday_known", {"weekday": 7}),
        ("registry_subscription_hour_of_day", {"hour": 24}),
    ],
)
def test_a_subscription_refuses(subscription, constraint, values):
    with refused_by(constraint):
        Subscription.objects.update(**values)


def test_a_period_has_one_digest(subscription):
    Digest.objects.bulk_create([digest(subscription)])

    with refused_by("registry_digest_once_per_period"):
        Digest.objects.bulk_create([digest(subscription, period_start=NOW - timedelta(days=6))])


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_digest_period_forwards", {"period_start": NOW}),
        ("registry_digest_sent_at_iff_sent", {"state": "sent"}),
        ("registry_digest_sent_at_iff_sent", {"sent_at": NOW}),
        ("registry_digest_state_known", {"state": "lost"}),
    ],
)
def test_a_digest_refuses(subscription, constraint, values):
    with refused_by(constraint):
        Digest.objects.bulk_create([digest(subscription, **values)])
