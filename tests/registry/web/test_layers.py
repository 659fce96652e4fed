"""The picture of safeguards: what is drawn for each outcome, and where the way ends."""

from itertools import pairwise
from types import SimpleNamespace

import pytest

from registry.web.layers import picture


def row(name="Filter", *, deployed="yes", outcome="missed"):
    return SimpleNamespace(technique=SimpleNamespace(name=name), deployed=deployed, outcome=outcome)


@pytest.mark.parametrize(
    ("values", "kind", "words", "n_parts"),
    [
        ({"outcome": "missed"}, "hole", "missed it", 2),
        ({"outcome": "partial"}, "fork", "stopped part of it", 2),
        ({"outcome": "caught"}, "stop", "caught it", 1),
        ({"outcome": "unknown"}, "unknown", "not known what it did", 1),
        ({"deployed": "unknown", "outcome": "unknown"}, "unknown", "not known what it did", 1),
        ({"deployed": "no", "outcome": "unknown"}, "ghost", "not in place", 1),
        ({"deployed": "no", "outcome": "not-exercised"}, "ghost", "not in place", 1),
    ],
)
def test_each_outcome_has_a_plate_of_its_own(values, kind, words, n_parts):
    (plate,) = picture([row(**values)])["plates"]

    assert (plate["kind"], plate["words"], len(plate["parts"])) == (kind, words, n_parts)


def test_the_way_goes_through_what_missed_it_and_ends_at_what_caught_it():
    drawn = picture([row("One"), row("Two", outcome="caught"), row("Three", outcome="missed")])

    assert len(drawn["plates"]) == 3
    assert [line["bar"] != "" for line in drawn["lines"]] == [False, True]
    assert drawn["end"] is None


def test_the_way_is_uncertain_behind_what_is_unknown_until_the_next_that_met_it():
    drawn = picture([row(outcome="unknown"), row(), row()])

    assert [line["css"] for line in drawn["lines"]] == ["go", "go maybe", "go"]
    assert drawn["end"]["css"] == "go"


def test_what_got_through_says_so():
    drawn = picture([row("One"), row("Two", outcome="partial")])

    assert drawn["description"] == (
        "2 safeguards in the order the behaviour met them. One: missed it; Two: stopped part of it. "
        "Nothing that is known stopped all of it."
    )


def test_what_was_not_exercised_is_left_out():
    assert picture([row(outcome="not-exercised")]) is None
    assert len(picture([row(outcome="not-exercised"), row()])["plates"]) == 1


def test_a_long_name_is_cut_below_its_plate_and_whole_in_words():
    name = "Iterated distillation and amplification"

    drawn = picture([row(name)])

    assert drawn["plates"][0]["name"] == "Iterated distillation a…"
    assert name in drawn["description"]


def test_plates_stand_apart_within_the_picture():
    drawn = picture([row() for _ in range(13)])

    places = [plate["x"] for plate in drawn["plates"]]
    assert {after - before for before, after in pairwise(places)} == {168}
    assert places[-1] + 92 == drawn["width"]
