"""What no digest can be."""

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
