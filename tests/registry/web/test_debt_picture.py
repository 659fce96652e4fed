"""The burn-up picture: its scale, its columns and its words."""

from datetime import UTC, datetime, timedelta

import pytest

from registry.web.debt_picture import burn_up_picture, round_up

START = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


def drawn(*values):
    return burn_up_picture([(START + timedelta(weeks=place), value) for place, value in enumerate(values)])


@pytest.mark.parametrize(("value", "ceiling"), [(0, 1), (0.03, 0.03), (7, 7), (10.5, 20), (99, 100), (2310, 3000)])
def test_the_scale_ends_at_a_number_with_one_figure(value, ceiling):
    assert round_up(value) == pytest.approx(ceiling)


def test_what_is_accepted_stands_above_what_is_owed():
    week = drawn((100, 50, 3))["weeks"][0]

    assert week["carried_y"] + week["carried_height"] == week["owed_y"]
    assert week["owed_y"] + week["owed_height"] == 168
    assert week["owed_height"] == pytest.approx(2 * week["carried_height"])


def test_the_words_say_from_where_to_where_and_when_most():
    assert drawn((10, 0, 1), (1200, 0, 9), (5, 2, 1))["description"] == (
        "Debt went from 10 to 5.0 in 2 weeks; it was highest, 1,200, on 11 May 2026"
    )


def test_every_fourth_week_is_named_and_the_last_always():
    assert [tick["place"] for tick in drawn(*[(1, 0, 1)] * 27)["ticks"]] == [2, 6, 10, 14, 18, 22, 26]


def test_nothing_owed_is_drawn_flat():
    assert {week["owed_height"] for week in drawn((0, 0, 0), (0, 0, 0))["weeks"]} == {0}
