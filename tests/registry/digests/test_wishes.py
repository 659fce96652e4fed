"""What a subscription says in words, and when the next digest comes."""

from datetime import timedelta

import pytest

from registry.choices import About, Cadence
from registry.digests import wishes
from taxonomy.models import SeverityTier
from tests.factories import NOW, make_case, make_node, make_person, make_team, make_view
from tests.registry.digests.builders import END, make_subscription

pytestmark = pytest.mark.django_db


def test_each_says_what_it_follows(reader):
    system = make_case().systems.get()
    view, node = make_view(reader, "Frontier agents"), make_node(name="Inner misalignment")
    followed = [
        make_subscription(person=reader, about=about, **values)
        for about, values in (
            (About.EVERYTHING, {}),
            (About.VIEW, {"view": view}),
            (About.BRANCH, {"node": node}),
            (About.SYSTEM, {"system": system}),
            (About.QUEUE, {}),
        )
    ]

    assert [wishes.followed(each) for each in followed] == [
        "Everything",
        "View “Frontier agents”",
        "Branch Inner misalignment",
        "System code-agent",
        "Your queue",
    ]


def test_a_retired_branch_says_so():
    node = make_node(name="Simulator exploit", retired_at=NOW)

    assert wishes.followed(make_subscription(about=About.BRANCH, node=node)) == "Branch Simulator exploit (retired)"


def test_of_a_view_that_is_not_shared_any_more_not_even_the_name_is_told(reader):
    view = make_view(make_person(), "Unannounced model", shared=False)
    taken, deleted = (
        make_subscription(person=reader, about=About.VIEW, view=view),
        make_subscription(person=reader, about=About.VIEW, view=None),
    )

    assert [wishes.followed(each) for each in (taken, deleted)] == ["A view that is gone"] * 2


def test_conditions_are_one_sentence():
    high = SeverityTier.objects.get(slug="high")
    all_four = make_subscription(only_if_moved=True, max_q=0.05, min_debt=1200, min_severity=high)

    assert wishes.conditions(all_four) == (
        "Only if a pattern moves, or a case comes in, changes or is closed, q of a pattern falls below 0.05, "
        "debt rises above 1,200 or a case of at least high potential severity comes in"
    )
    assert wishes.conditions(make_subscription(min_debt=0)) == "Only if debt rises above 0"
    assert wishes.conditions(make_subscription()) == ""


def test_the_next_digest_is_told_on_the_readers_own_clock():
    subscription = make_subscription(time_zone="Pacific/Auckland")

    assert wishes.next_in_words(subscription, at=END) == (
        "Monday, 30 November",
        "Monday, 30 November at 07:00 (Pacific/Auckland)",
    )


def test_a_stopped_one_and_one_that_looks_every_hour_have_no_moment_to_tell():
    stopped = make_subscription(active=False)
    hourly = make_subscription(cadence=Cadence.HOURLY, only_if_moved=True)

    assert [wishes.next_in_words(each, at=END) for each in (stopped, hourly)] == [("", "")] * 2
    assert (wishes.next_at(stopped, at=END), wishes.next_at(hourly, at=END)) == (None, END + timedelta(hours=1))


def test_after_a_pause_the_first_moment_counts_even_where_the_pause_ends_at_it():
    monday = END + timedelta(days=14)
    ends_then = make_subscription(paused_until=monday)
    ends_later = make_subscription(paused_until=monday + timedelta(seconds=1))

    moments = [wishes.next_at(each, at=END) for each in (ends_then, ends_later)]

    assert moments == [monday, monday + timedelta(days=7)]


def test_a_team_is_shown_with_what_it_gets(reader):
    team = make_team(reader)
    subscription = make_subscription(person=reader, team=team, paused_until=END + timedelta(days=2), hour=8)

    shown = wishes.shown(subscription, at=END)

    assert shown == {
        "subscription": subscription,
        "followed": "Everything",
        "schedule": "Mondays at 08:00 (UTC)",
        "conditions": "",
        "next": "Monday, 30 November at 08:00 (UTC)",
        "next_day": "Monday, 30 November",
        "paused": True,
        "until": "25 November 2026",
    }
