"""What no subscription can be."""

import pytest

from registry.choices import About, Cadence
from registry.models import Subscription
from tests.factories import NOW, make_case, make_node, make_person, make_team, make_view
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def subscription(db):
    return Subscription.objects.create(person=make_person(), created_at=NOW)


def again(subscription, **values):
    Subscription.objects.bulk_create([Subscription(person=subscription.person, created_at=NOW, **values)])


def test_the_same_is_followed_once_at_one_rhythm(subscription):
    again(subscription, cadence=Cadence.DAILY)
    again(subscription, team=make_team())

    with refused_by("registry_subscription_once"):
        again(subscription, weekday=3)


def test_several_may_have_lost_their_view(subscription):
    views = [make_view(subscription.person), make_view(subscription.person)]
    for view in views:
        again(subscription, about=About.VIEW, view=view)

    for view in views:
        view.delete()

    assert Subscription.objects.filter(about=About.VIEW, view=None).count() == 2


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_subscription_weekday_known", {"weekday": 7}),
        ("registry_subscription_hour_of_day", {"hour": 24}),
        ("registry_subscription_day_of_month", {"day": 0}),
        ("registry_subscription_day_of_month", {"day": 29}),
        ("registry_subscription_max_q_is_a_share", {"max_q": 0}),
        ("registry_subscription_max_q_is_a_share", {"max_q": 1}),
        ("registry_subscription_hourly_has_a_reason", {"cadence": "hourly"}),
        ("registry_subscription_node_named", {"about": "branch"}),
        ("registry_subscription_system_named", {"about": "system"}),
        ("registry_subscription_about_known", {"about": "gossip"}),
        ("registry_subscription_cadence_known", {"cadence": "yearly"}),
    ],
)
def test_a_subscription_refuses(subscription, constraint, values):
    with refused_by(constraint):
        Subscription.objects.update(**values)


def test_a_team_has_no_queue(subscription):
    with refused_by("registry_subscription_queue_is_personal"):
        Subscription.objects.update(about=About.QUEUE, team=make_team())


def test_what_is_named_is_what_is_followed(subscription):
    for constraint, values in (
        ("registry_subscription_view_fits", {"view": make_view(subscription.person)}),
        ("registry_subscription_node_fits", {"node": make_node()}),
        ("registry_subscription_system_fits", {"system": make_case().systems.get()}),
    ):
        with refused_by(constraint):
            Subscription.objects.update(**values)


@pytest.mark.parametrize(
    "condition", [{"only_if_moved": True}, {"max_q": 0.05}, {"min_debt": 0}, {"min_severity_id": 3}]
)
def test_any_condition_is_a_reason_to_look_every_hour(subscription, condition):
    Subscription.objects.update(cadence="hourly", **condition)

    assert Subscription.objects.get().has_conditions is True


def test_without_a_condition_every_digest_is_sent(subscription):
    assert subscription.has_conditions is False
