"""What a split of a pair says, for each reading."""

import numpy as np
import pytest

from registry.patterns.rules import Rules
from registry.patterns.split_sentences import place_words, split_sentence
from registry.patterns.strata import Reading, Split, read

ATTRACTS = (30, 40, 40, 100)
MORE = (38, 40, 40, 100)
AVOIDS = (2, 30, 30, 60)
BELOW = (7, 20, 20, 50)
SMALL = (2, 3, 3, 12)
NEVER_PART = (6, 6, 6, 12)
NONE = (0, 0, 0, 0)


def said(*tables, dimension="setting", names=("laboratory", "production")):
    split = Split(names, *np.array(tables, dtype=np.int64).T)
    return split_sentence(dimension, split, read(split, Rules()))


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        (
            ((10, 20, 20, 60), (0, 12, 14, 40)),
            "Lives in the laboratory only: all 10 of its cases are there; elsewhere 4.2 would be expected by chance.",
        ),
        (
            ((0, 6, 6, 40), (3, 20, 20, 60)),
            "Lives in production only: all 3 of its cases are there; elsewhere only 0.90 would be expected by chance, "
            "so that this proves little.",
        ),
        (
            ((1, 20, 20, 60), (0, 0, 6, 40)),
            "Lives in the laboratory only: its one case is there; elsewhere one of the two labels does not occur.",
        ),
        (
            (ATTRACTS, NONE),
            "All cases whose setting is known lie in the laboratory: nothing to compare with.",
        ),
        (
            (ATTRACTS, SMALL),
            "By setting too little to tell: only in the laboratory are there enough cases to judge it.",
        ),
        ((SMALL, SMALL), "By setting too little to tell: no stratum has enough cases to judge it."),
        ((ATTRACTS, AVOIDS), "The other way round in production (odds ratio 0.0077, 0.0012–0.048)."),
        (
            ((64, 80, 80, 100), (4, 20, 20, 100)),
            "Vanishes once split by setting: what the strata have in common is an odds ratio of 1.0 (0.42–2.4).",
        ),
        (
            (ATTRACTS, ATTRACTS),
            "Holds in both strata that can be judged by setting: an odds ratio of 15 (7.5–30).",
        ),
        (
            (ATTRACTS, MORE),
            "Holds in both strata that can be judged by setting: an odds ratio of 36 (16–79); the strata differ in it "
            "(p < 0.001).",
        ),
        (
            (NEVER_PART, NEVER_PART),
            "Holds in both strata that can be judged by setting: an odds ratio of ∞ (p < 0.001).",
        ),
        (
            ((5, 5, 9, 10), (5, 5, 9, 10)),
            "Vanishes once split by setting: what the strata have in common is an odds ratio of ∞ (p = 0.16).",
        ),
    ],
)
def test_each_reading_by_setting(tables, sentence):
    assert said(*tables) == sentence


def test_a_pair_that_does_not_hold_everywhere_says_where_not():
    sentence = said(ATTRACTS, ATTRACTS, BELOW, BELOW, dimension="year", names=("2023", "2024", "2025", "2026"))

    assert sentence == (
        "Not everywhere by year: not in 2025 (odds ratio 0.72, 0.23–2.3) and in 2026 (odds ratio 0.72, 0.23–2.3); "
        "in common an odds ratio of 4.0 (2.5–6.4); the strata differ in it (p < 0.001)."
    )


def test_all_strata_are_counted_where_more_than_two_hold():
    sentence = said(ATTRACTS, ATTRACTS, ATTRACTS, dimension="source", names=("aiid", "here", "mit"))

    assert sentence.startswith("Holds in all 3 strata that can be judged by source: ")


def test_without_a_known_stratum_nothing_can_be_split():
    assert said(ATTRACTS, names=("",)) == "Of no case is the setting known, so that nothing can be split by it."


def test_what_lives_elsewhere_counts_the_unknown():
    sentence = said((0, 12, 14, 40), ATTRACTS, NONE, names=("", "laboratory", "production"))

    # With one stratum known there is nothing to compare, however many cases are of unknown setting.
    assert sentence == "All cases whose setting is known lie in the laboratory: nothing to compare with."


@pytest.mark.parametrize(
    ("dimension", "stratum", "words"),
    [
        ("setting", "laboratory", "in the laboratory"),
        ("source", "here", "among cases logged here"),
        ("source", "aiid", "among cases from AIID"),
        ("source", "partner-list", "among cases from partner-list"),
        ("source", "", "where the source is not known"),
        ("year", "2024", "in 2024"),
    ],
)
def test_a_stratum_is_named_as_a_place(dimension, stratum, words):
    assert place_words(dimension, stratum) == words


def test_every_reading_has_been_said():
    tables = {
        Reading.UNDIVIDED: (ATTRACTS, NONE),
        Reading.ONE_ONLY: (ATTRACTS, (0, 12, 14, 40)),
        Reading.TOO_FEW: (ATTRACTS, SMALL),
        Reading.REVERSED: (ATTRACTS, AVOIDS),
        Reading.VANISHES: ((64, 80, 80, 100), (4, 20, 20, 100)),
        Reading.HOLDS: (ATTRACTS, ATTRACTS),
        Reading.UNEVEN: (MORE, BELOW),
    }

    assert set(tables) == set(Reading)
    assert len({said(*each) for each in tables.values()}) == len(Reading)
