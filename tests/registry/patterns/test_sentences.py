"""Patterns in words: what is said, and what a rule hides."""

from dataclasses import dataclass, replace

import pytest

from registry.patterns.emerging import Emergence
from registry.patterns.sentences import (
    emerging_words,
    is_fewer,
    lag_sentence,
    movement_words,
    pair_words,
    q_words,
    share_words,
)


@dataclass(frozen=True)
class Named:
    name: str


@dataclass(frozen=True)
class Pair:
    node_a: Named = Named("Proxy optimisation")
    node_b: Named = Named("Weak red teaming")
    state: str = "tested"
    joint: int = 14
    n: int = 61
    rate_low: float | None = 0.1428
    rate_high: float | None = 0.3492
    lift: float | None = 2.6
    odds_high: float | None = 9.1
    q: float | None = 0.01
    movement: str = "stronger"
    joint_before: int | None = 9
    q_before: float | None = 0.04


PAIR = Pair()


def sentence(pair, *, compared=True):
    return pair_words(pair, max_q=0.1, compared=compared).sentence


def test_a_pattern_reads_as_a_sentence():
    assert sentence(PAIR) == (
        "Proxy optimisation with Weak red teaming: 14 of 61 cases (23\u202f%, 14–35), "
        "2.6 times the expected, q = 0.010, up from 9."
    )


def test_without_a_run_to_compare_with_nothing_is_said_of_a_change():
    assert sentence(PAIR, compared=False).endswith("q = 0.010.")


def test_hidden_share_and_ratio_are_left_out():
    pair = replace(PAIR, joint=2, n=4, rate_low=None, rate_high=None, lift=None, q=None)

    assert sentence(pair, compared=False) == "Proxy optimisation with Weak red teaming: 2 of 4 cases, not tested."


def test_a_pair_related_by_definition_says_so_instead_of_a_test():
    words = pair_words(replace(PAIR, state="related", q=None), max_q=0.1, compared=True)

    assert (words.evidence, words.change) == (
        " (23\u202f%, 14–35), 2.6 times the expected, related by definition",
        "",
    )


def test_a_pair_flagged_without_a_new_case_says_what_moved_it():
    words = pair_words(replace(PAIR, movement="new", joint_before=14), max_q=0.1, compared=True)

    assert words.change == ", still 14: flagged because other cases moved the odds"


def test_a_pair_that_went_above_the_threshold_names_it_and_the_q_before():
    words = pair_words(
        replace(PAIR, movement="gone", joint=3, joint_before=3, q=0.29, q_before=0.099), max_q=0.1, compared=True
    )

    assert words.change == ", no longer below 0.1 (before: q = 0.099); still 3"


def test_a_pair_that_went_for_another_reason_does_not_blame_the_threshold():
    words = pair_words(
        replace(PAIR, movement="gone", joint=2, joint_before=3, q=0.05, q_before=0.02), max_q=0.1, compared=True
    )

    assert words.change == ", no longer flagged (before: q = 0.020); down from 3"


def test_a_pair_that_went_because_fewer_than_expected_is_no_finding_says_so():
    fewer = replace(PAIR, movement="gone", joint=2, joint_before=3, q=0.05, q_before=0.02, odds_high=0.9)

    words = pair_words(fewer, max_q=0.1, compared=True)

    assert words.change == ", no longer flagged: fewer than expected is no finding; down from 3"


@pytest.mark.parametrize(
    ("q", "odds_high", "fewer"),
    [(0.05, 0.9, True), (0.1, 0.9, False), (0.05, 1.0, False), (None, 0.9, False), (0.05, None, False)],
)
def test_fewer_than_expected_needs_q_and_an_interval_below_1(q, odds_high, fewer):
    assert is_fewer(replace(PAIR, q=q, odds_high=odds_high), 0.1) == fewer


@dataclass(frozen=True)
class Emerging:
    state: str = "tested"
    flagged: bool = True
    joint: int = 3
    expected: float | None = 0.42
    first_flagged: int | None = 42
    first_supported: int | None = 41


def test_why_a_pair_emerges():
    assert [emerging_words(Emerging(), why) for why in Emergence] == [
        "first flagged in run 42",
        "enough joint cases for the first time in run 41: 3, where 0.42 were expected",
    ]
    assert emerging_words(Emerging(expected=None), Emergence.SUPPORTED).endswith("in run 41: 3")


@pytest.mark.parametrize(
    ("lag", "sentence"),
    [
        (
            (3, 212, 3),
            "Nine in ten cases arrive within 3 weeks, measured on 212; the last 3 weeks are incomplete.",
        ),
        ((1, 1200, 1), "Nine in ten cases arrive within 1 week, measured on 1,200; the last week is incomplete."),
        (
            (None, 12, 1),
            "How late cases arrive is not known: 12 dated cases tell, 30 are needed. The current week is not over.",
        ),
        (
            (None, 1, 1),
            "How late cases arrive is not known: 1 dated case tells, 30 are needed. The current week is not over.",
        ),
    ],
)
def test_how_late_cases_arrive(lag, sentence):
    assert lag_sentence(*lag) == sentence


def test_a_pair_that_the_run_before_did_not_keep_rises_from_none():
    words = pair_words(replace(PAIR, movement="new", joint_before=None), max_q=0.1, compared=True)

    assert words.change == ", up from 0"


@pytest.mark.parametrize(
    ("q", "words"),
    [(None, "not tested"), (0.0, "q < 0.001"), (0.0994, "q = 0.099"), (0.0996, "q = 0.10"), (1.0, "q = 1.00")],
)
def test_q_is_printed_as_exactly_as_it_matters(q, words):
    assert q_words(q) == words


def test_a_share_of_nothing_is_not_printed():
    assert share_words(0, 0, 0.0, 1.0) == ""


@pytest.mark.parametrize(
    ("counts", "compared_with", "words"),
    [
        ({"new": 104}, None, "This is the first run: 104 pairs pass the threshold."),
        ({}, None, "This is the first run: no pair passes the threshold."),
        ({}, 7, "Nothing has moved since run 7."),
        ({"new": 1}, 7, "Since run 7, 1 pair newly passes the threshold."),
        ({"weaker": 7, "gone": 6}, 7, "Since run 7, 7 pairs grew weaker and 6 no longer pass the threshold."),
        ({"gone": 1}, 7, "Since run 7, 1 pair no longer passes the threshold."),
        (
            {"new": 31, "stronger": 8, "weaker": 3, "gone": 1},
            7,
            "Since run 7, 31 pairs newly pass the threshold, 8 grew stronger, 3 grew weaker and 1 no longer does.",
        ),
    ],
)
def test_the_bottom_line_counts_what_moved(counts, compared_with, words):
    assert movement_words(counts, compared_with=compared_with) == words
