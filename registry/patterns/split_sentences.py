"""A pair of labels in strata, in words: where it lives, and what is left of it once it is split."""

from __future__ import annotations

import math

from .number_words import between, listed, p_words, plain
from .strata import UNKNOWN, Pooled, Reading, Split, SplitReading

PLACES = {
    ("setting", "laboratory"): "in the laboratory",
    ("setting", "production"): "in production",
    ("source", "here"): "among cases logged here",
}
LONGEST_ACRONYM = 5
DIFFERING = 0.05
"""Strata that differ with a smaller p are said to."""
EXPECTED_ELSEWHERE = 3.0
"""Where fewer joint cases would be expected by chance their absence proves little."""


def place_words(dimension: str, stratum: str) -> str:
    """Where a stratum is, within a sentence.

    >>> [place_words(*each) for each in (("setting", "production"), ("source", "aiid"), ("year", "2024"), ("year", ""))]
    ['in production', 'among cases from AIID', 'in 2024', 'where the year is not known']
    """
    if stratum == UNKNOWN:
        return f"where the {dimension} is not known"
    if (dimension, stratum) in PLACES:
        return PLACES[dimension, stratum]
    if dimension == "source":
        return f"among cases from {stratum.upper() if len(stratum) <= LONGEST_ACRONYM else stratum}"
    return f"in {stratum}"


def split_sentence(dimension: str, split: Split, found: SplitReading) -> str:
    """What the strata of one dimension say about a pair, as one sentence.

    >>> import numpy as np
    >>> from .rules import Rules
    >>> from .strata import read
    >>> def of(*counts):
    ...     split = Split(("laboratory", "production"), *map(np.array, zip(*counts)))
    ...     return split_sentence("setting", split, read(split, Rules()))
    >>> of((10, 20, 20, 60), (0, 12, 14, 40))
    'Lives in the laboratory only: all 10 of its cases are there; elsewhere 4.2 would be expected by chance.'
    >>> of((30, 40, 40, 100), (2, 30, 30, 60))
    'The other way round in production (odds ratio 0.0077, 0.0012–0.048).'
    >>> of((64, 80, 80, 100), (4, 20, 20, 100))
    'Vanishes once split by setting: what the strata have in common is an odds ratio of 1.0 (0.42–2.4).'
    """
    words = {
        Reading.UNDIVIDED: _undivided,
        Reading.ONE_ONLY: _one_only,
        Reading.TOO_FEW: _too_few,
        Reading.REVERSED: _reversed,
        Reading.VANISHES: _vanishes,
        Reading.HOLDS: _holds,
        Reading.UNEVEN: _uneven,
    }
    return words[found.reading](dimension, split, found) + "."


def odds_words(odds_ratio: float, low: float, high: float) -> str:
    """An odds ratio with its interval, where it has one.

    >>> odds_words(4.23, 2.08, 12.6), odds_words(math.inf, math.nan, math.nan)
    ('4.2 (2.1–13)', '∞')
    """
    return plain(odds_ratio) + ("" if math.isnan(low) else f" ({between(low, high)})")


def _undivided(dimension: str, split: Split, found: SplitReading) -> str:
    filled = [name for name, n in zip(split.names, split.n, strict=True) if n and name != UNKNOWN]
    if not filled:
        return f"Of no case is the {dimension} known, so that nothing can be split by it"
    return f"All cases whose {dimension} is known lie {place_words(dimension, filled[0])}: nothing to compare with"


def _one_only(dimension: str, split: Split, found: SplitReading) -> str:
    only = found.only or 0
    n = int(split.joint[only])
    lives = "its one case is there" if n == 1 else f"all {n:,} of its cases are there"
    elsewhere = [place for place in range(len(split.names)) if place != only and split.n[place]]
    expected = sum(float(split.k_a[at]) * float(split.k_b[at]) / float(split.n[at]) for at in elsewhere)
    return f"Lives {place_words(dimension, split.names[only])} only: {lives}; {_expected_words(expected)}"


def _expected_words(expected: float) -> str:
    if expected == 0:
        return "elsewhere one of the two labels does not occur"
    if expected < EXPECTED_ELSEWHERE:
        return f"elsewhere only {plain(expected)} would be expected by chance, so that this proves little"
    return f"elsewhere {plain(expected)} would be expected by chance"


def _too_few(dimension: str, split: Split, found: SplitReading) -> str:
    judged = [place_words(dimension, split.names[place]) for place in range(len(split.names)) if found.judged[place]]
    return f"By {dimension} too little to tell: " + (
        f"only {judged[0]} are there enough cases to judge it" if judged else "no stratum has enough cases to judge it"
    )


def _reversed(dimension: str, split: Split, found: SplitReading) -> str:
    return f"The other way round {_against(dimension, split, found)}"


def _vanishes(dimension: str, split: Split, found: SplitReading) -> str:
    return f"Vanishes once split by {dimension}: what the strata have in common is {_common(found.pooled)}"


def _holds(dimension: str, split: Split, found: SplitReading) -> str:
    n = int(found.judged.sum())
    each = "both strata" if n == 2 else f"all {n} strata"
    return f"Holds in {each} that can be judged by {dimension}: {_common(found.pooled)}{_differ(found.pooled)}"


def _uneven(dimension: str, split: Split, found: SplitReading) -> str:
    where = _against(dimension, split, found)
    return f"Not everywhere by {dimension}: not {where}; in common {_common(found.pooled)}{_differ(found.pooled)}"


def _against(dimension: str, split: Split, found: SplitReading) -> str:
    within = found.within
    return listed(
        [
            f"{place_words(dimension, split.names[at])} (odds ratio {plain(float(within.odds_ratio[at]))},"
            f" {between(float(within.low[at]), float(within.high[at]))})"
            for at in found.against
        ]
    )


def _common(pooled: Pooled) -> str:
    if math.isnan(pooled.odds_ratio):
        return "nothing that could be measured"
    tested = f" ({p_words(pooled.p)})" if math.isnan(pooled.low) else ""
    return f"an odds ratio of {odds_words(pooled.odds_ratio, pooled.low, pooled.high)}{tested}"


def _differ(pooled: Pooled) -> str:
    differ = not math.isnan(pooled.differing) and pooled.differing < DIFFERING
    return f"; the strata differ in it ({p_words(pooled.differing)})" if differ else ""
