"""Asking for digests, changing, pausing and stopping them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from registry.actions import subscriptions
from registry.choices import About, Cadence, Visibility
from registry.models import Case, Population, SavedView, Subscription
from tests.factories import make_case, make_node, make_person, make_team, make_view

pytestmark = pytest.mark.django_db

WISH = {"weekday": 4, "hour": 18, "time_zone": "UTC"}


@pytest.fixture
def subscription(reader, now):
    return subscriptions.subscribe(person=reader, by=reader, at=now)


@pytest.fixture
def team(reader):
    team = make_team(reader, name="Evaluations")
    team.email = "evaluations@example.org"
    team.save()
    return team


def subscribe(person, now, **wishes):
    return subscriptions.subscribe(person=person, by=person, at=now, **wishes)


def refused(person, now, **wishes):
    """{field: messages} of a wish that is refused."""
    with pytest.raises(ValidationError) as found:
        subscribe(person, now, **wishes)
    return found.value.message_dict


def test_a_subscription_to_everything_comes_on_monday_morning_unless_asked_otherwise(subscription, now):
    schedule = (subscription.about, subscription.cadence, subscription.weekday, subscription.hour)

    assert schedule == ("everything", "weekly", 0, 7)
    assert (subscription.time_zone, subscription.active, subscription.created_at) == ("UTC", True, now)


def test_subscribing_takes_the_persons_own_time_zone(reader, now):
    reader.time_zone = "Europe/Berlin"

    assert subscribe(reader, now).time_zone == "Europe/Berlin"


def test_one_person_follows_several_things_at_several_rhythms(subscription, reader, now):
    make_case(nodes=[node := make_node()])
    for wishes in (
        {"cadence": Cadence.DAILY},
        {"about": About.QUEUE},
        {"about": About.BRANCH, "node": node},
        {"about": About.SYSTEM, "system": Case.objects.get().systems.get()},
        {"about": About.VIEW, "view": make_view(reader)},
    ):
        subscribe(reader, now, **wishes)

    assert Subscription.objects.filter(person=reader, active=True).count() == 6


def test_the_same_twice_is_refused(subscription, reader, now):
    with pytest.raises(ValidationError, match="comes every week already") as found:
        subscribe(reader, now, weekday=3)

    assert (found.value.code, Subscription.objects.get().weekday) == ("unique", 0)


def test_taking_up_a_stopped_subscription_begins_anew(subscription, reader, now):
    subscriptions.pause(subscription=subscription, until=now + timedelta(days=9), by=reader, at=now)
    subscriptions.unsubscribe(subscription=subscription, by=reader, at=now)

    again = subscribe(reader, now + timedelta(days=30), weekday=3)

    again.refresh_from_db()
    assert (again.pk, again.active, again.created_at) == (subscription.pk, True, now + timedelta(days=30))
    assert (again.weekday, again.paused_until) == (3, None)


def test_starting_again_keeps_schedule_and_conditions(reader, now):
    stopped = subscribe(reader, now, cadence=Cadence.MONTHLY, day=15, max_q=0.05)
    subscriptions.unsubscribe(subscription=stopped, by=reader, at=now)
    stopped.refresh_from_db()

    again = subscriptions.start_again(subscription=stopped, by=reader, at=now + timedelta(days=1))

    kept = (again.pk, again.active, again.cadence, again.day, again.max_q, again.created_at)
    assert kept == (stopped.pk, True, "monthly", 15, 0.05, now + timedelta(days=1))


def test_stopping_twice_is_stopping(subscription, reader, now):
    for _ in range(2):
        subscriptions.unsubscribe(subscription=subscription, by=reader, at=now)

    assert Subscription.objects.get().active is False


def test_a_changed_wish_is_kept_with_its_history(subscription, reader, now):
    wishes = WISH | {"cadence": Cadence.HOURLY, "only_if_moved": True, "min_debt": 0}

    changed = subscriptions.change_subscription(subscription=subscription, by=reader, at=now, **wishes)

    changed.refresh_from_db()
    assert {name: getattr(changed, name) for name in wishes} == wishes
    event = changed.events.order_by("-pgh_id").first()
    assert event.pgh_context.metadata == {"person": reader.pk, "action": "change_subscription"}


def test_what_it_follows_is_not_changed(subscription, reader, now):
    with pytest.raises(TypeError, match="about"):
        subscriptions.change_subscription(subscription=subscription, by=reader, at=now, about=About.QUEUE)


@pytest.mark.parametrize(
    ("field", "wishes"),
    [
        ("weekday", {"weekday": 7}),
        ("hour", {"hour": 24}),
        ("hour", {"hour": -1}),
        ("day", {"day": 29, "cadence": "monthly"}),
        ("day", {"day": 0}),
        ("time_zone", {"time_zone": "Mars/Olympus_Mons"}),
        ("cadence", {"cadence": "yearly"}),
        ("cadence", {"cadence": "hourly"}),
        ("max_q", {"max_q": 0.0}),
        ("max_q", {"max_q": 1.0}),
        ("max_q", {"max_q": float("nan")}),
        ("min_debt", {"min_debt": -1}),
        ("min_debt", {"min_debt": 2**31}),
        ("max_q", {"max_q": 0.1, "about": "queue"}),
    ],
)
def test_a_wish_that_cannot_be_is_refused_at_its_field(field, wishes, reader, now):
    assert list(refused(reader, now, **wishes)) == [field]


def test_a_change_that_cannot_be_is_refused_at_its_field(reader, now):
    queue = subscribe(reader, now, about=About.QUEUE)

    with pytest.raises(ValidationError) as found:
        subscriptions.change_subscription(subscription=queue, by=reader, at=now, max_q=0.05)

    assert list(found.value.message_dict) == ["max_q"]


@pytest.mark.parametrize(("about", "field"), [("view", "view"), ("branch", "node"), ("system", "system")])
def test_what_is_followed_has_to_be_named(about, field, reader, now):
    assert list(refused(reader, now, about=about)) == [field]


def test_only_what_is_followed_is_named(reader, now):
    assert list(refused(reader, now, node=make_node())) == ["node"]


def test_a_view_of_somebody_else_is_followed_only_while_it_is_shared(reader, now):
    view = make_view(make_person(), shared=False)
    assert refused(reader, now, about=About.VIEW, view=view) == {"view": ["There is no such view that you may use."]}

    SavedView.objects.update(shared=True)

    assert subscribe(reader, now, about=About.VIEW, view=view).view == view


def test_a_system_is_followed_only_by_those_who_see_a_case_with_it(reader, now):
    system = make_case(visibility=Visibility.NAMED).systems.get()
    assert list(refused(reader, now, about=About.SYSTEM, system=system)) == ["system"]

    make_case(visibility=Visibility.EVERYONE)

    assert subscribe(reader, now, about=About.SYSTEM, system=system).system == system


def test_there_is_an_end_to_how_many_one_has(reader, now):
    rows = [Subscription(person=reader, created_at=now, about="branch", node=make_node()) for _ in range(30)]
    Subscription.objects.bulk_create(rows)

    with pytest.raises(ValidationError, match="30 subscriptions are the most"):
        subscribe(reader, now)
    subscriptions.unsubscribe(subscription=rows[0], by=reader, at=now)

    assert subscribe(reader, now).active is True


def test_changing_to_a_rhythm_that_is_taken_is_refused(subscription, reader, now):
    daily = subscribe(reader, now, cadence=Cadence.DAILY)
    weekly = {"by": reader, "at": now, "cadence": Cadence.WEEKLY}

    with pytest.raises(ValidationError, match="comes every week already"):
        subscriptions.change_subscription(subscription=daily, **weekly)
    subscriptions.unsubscribe(subscription=subscription, by=reader, at=now)
    with pytest.raises(ValidationError, match="came every week was stopped"):
        subscriptions.change_subscription(subscription=daily, **weekly)


class TestPause:
    def test_nothing_falls_due_until_then(self, subscription, reader, now):
        until = now + timedelta(days=14)

        paused = subscriptions.pause(subscription=subscription, until=until, by=reader, at=now)
        assert (paused.paused_until, paused.active) == (until, True)

        resumed = subscriptions.resume(subscription=subscription, by=reader, at=now)
        assert resumed.paused_until is None

    @pytest.mark.parametrize("days", [0, -1, 367])
    def test_it_ends_within_a_year(self, days, subscription, reader, now):
        with pytest.raises(ValidationError) as found:
            subscriptions.pause(subscription=subscription, until=now + timedelta(days=days), by=reader, at=now)

        assert list(found.value.message_dict) == ["paused_until"]


class TestRights:
    def test_others_cannot_change_pause_or_stop_it(self, subscription, analyst, now):
        signature = {"subscription": subscription, "by": analyst, "at": now}

        for action, values in (
            (subscriptions.change_subscription, WISH),
            (subscriptions.pause, {"until": now + timedelta(days=1)}),
            (subscriptions.resume, {}),
            (subscriptions.unsubscribe, {}),
            (subscriptions.start_again, {}),
        ):
            with pytest.raises(PermissionDenied):
                action(**signature, **values)
        with pytest.raises(PermissionDenied):
            subscriptions.subscribe(person=subscription.person, by=analyst, at=now, cadence=Cadence.DAILY)

    def test_an_administrator_may_stop_it(self, subscription, administrator, now):
        stopped = subscriptions.unsubscribe(subscription=subscription, by=administrator, at=now)

        assert stopped.active is False

    def test_one_reads_ones_own_and_those_of_ones_teams(self, subscription, team, reader, analyst, now):
        of_team = subscribe(reader, now, team=team)
        subscribe(analyst, now)

        assert set(subscriptions.subscriptions_for(reader)) == {subscription, of_team}
        team.members.create(person=analyst)
        assert of_team in subscriptions.subscriptions_for(analyst)
        team.members.filter(person=reader).delete()
        assert list(subscriptions.subscriptions_for(reader)) == [subscription]


class TestTeams:
    def test_any_member_changes_what_their_team_gets(self, team, reader, analyst, now):
        of_team = subscribe(reader, now, team=team)
        team.members.create(person=analyst)

        changed = subscriptions.change_subscription(subscription=of_team, by=analyst, at=now, hour=9)

        assert (changed.hour, changed.person) == (9, reader)

    def test_who_is_no_member_has_no_say_even_over_their_own(self, team, reader, analyst, administrator, now):
        of_team = subscribe(reader, now, team=team)
        team.members.filter(person=reader).delete()

        for person in (reader, analyst):
            with pytest.raises(PermissionDenied, match="members of the team"):
                subscriptions.unsubscribe(subscription=of_team, by=person, at=now)
        with pytest.raises(PermissionDenied):
            subscribe(reader, now, team=team, cadence=Cadence.DAILY)
        assert subscriptions.unsubscribe(subscription=of_team, by=administrator, at=now).active is False

    def test_a_team_gets_the_same_once_whoever_asks(self, team, reader, analyst, now):
        team.members.create(person=analyst)
        of_team = subscribe(reader, now, team=team)

        with pytest.raises(ValidationError, match="team gets a digest of this every week already"):
            subscribe(analyst, now, team=team)
        subscriptions.unsubscribe(subscription=of_team, by=analyst, at=now)

        assert subscribe(analyst, now, team=team).pk != of_team.pk

    def test_a_team_needs_an_address(self, team, reader, now):
        team.email = ""
        team.save()

        assert list(refused(reader, now, team=team)) == ["team"]

    def test_a_team_has_no_queue(self, team, reader, now):
        assert list(refused(reader, now, team=team, about=About.QUEUE)) == ["team"]

    def test_a_private_view_and_a_confidential_system_are_not_for_a_team(self, team, reader, now):
        system = make_case(visibility=Visibility.NAMED, reporter=reader).systems.get()

        assert list(refused(reader, now, team=team, about=About.VIEW, view=make_view(reader))) == ["view"]
        assert list(refused(reader, now, team=team, about=About.SYSTEM, system=system)) == ["system"]


class TestPopulations:
    def test_who_may_label_gets_runs_over_what_they_follow(self, analyst, now):
        make_case()

        subscribe(analyst, now, about=About.SYSTEM, system=Case.objects.get().systems.get())

        assert list(Population.objects.values_list("query", "asked_by")) == [("system=code-agent", analyst.pk)]

    def test_for_a_reader_none_is_made(self, reader, now):
        make_case()

        subscribe(reader, now, about=About.SYSTEM, system=Case.objects.get().systems.get())

        assert Population.objects.count() == 0
