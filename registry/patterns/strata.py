"""One pair of labels in strata: does it hold in each, or is it the work of what the strata stand for?

The common odds ratio is a weighted mean over the strata, sum(ad / n) / sum(bc / n). A pair that comes about only
because both labels are frequent in one stratum has a common odds ratio of 1, whatever it looks like in all cases
together (Simpson). A stratum is judged on its own only where a table of its size would be tested.

Sources: N. Mantel and W. Haenszel, Journal of the National Cancer Institute 22 (1959), 719-748, for the common odds
ratio and its test; J. Robins, N. Breslow and S. Greenland, Biometrics 42 (1986), 311-323, for the interval;
N. E. Breslow and N. E. Day, Statistical Methods in Cancer Research I (1980), 142, for the test of equal odds ratios;
E. H. Simpson, Journal of the Royal Statistical Society B 13 (1951), 238-241.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import stats

from .arrays import Counted, Flags, Floats, Ints
from .association import Association, associate, cells
from .rates import Z95
from .rules import Rules

UNKNOWN = ""
"""The stratum of events of which it is not known: pooled like any other, never judged or named on its own."""


class Reading(StrEnum):
    """What a split says. The first that holds, in the order UNDIVIDED, ONE_ONLY, TOO_FEW, REVERSED, VANISHES, HOLDS,
    UNEVEN; `SENTENCES` says when each does.
    """

    UNDIVIDED = "undivided"
    ONE_ONLY = "one-only"
    TOO_FEW = "too-few"
    REVERSED = "reversed"
    VANISHES = "vanishes"
    HOLDS = "holds"
    UNEVEN = "uneven"


SENTENCES = (
    "A stratum is judged where its cases and labels would be enough for a test; what is unknown is not.",
    "There is nothing to split if all cases of known stratum lie in one.",
    "A pair lives in one stratum only if all its joint cases lie there and other strata have cases too.",
    "There is too little to tell if fewer than two strata can be judged.",
    "A pair is reversed if in a stratum that can be judged the interval of the odds ratio lies below 1.",
    "A pair vanishes once split if the interval of the common odds ratio of all strata (Mantel–Haenszel) reaches 1.",
    "A pair holds if every stratum that can be judged has more joint cases than expected; it is uneven if one has not.",
)
"""The rules of a reading, printed beside it."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """What is common to all strata.

    odds_ratio  0 or infinite where no stratum has both a and d, or both b and c; NaN where none has either
    low, high   its 95 % interval, NaN where the odds ratio is 0, infinite or NaN
    p           of independence within the strata; NaN where every stratum has an empty margin
    differing   p of equal odds ratios in all strata; NaN below two strata without an empty margin, or without interval
    """

    odds_ratio: float
    low: float
    high: float
    p: float
    differing: float


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """One pair of labels by the strata of one dimension; arrays of one length, counts as in `association`."""

    names: tuple[str, ...]
    joint: Ints
    k_a: Ints
    k_b: Ints
    n: Ints

    def __post_init__(self) -> None:
        if not len(self.names) == len(self.joint) == len(self.k_a) == len(self.k_b) == len(self.n):
            raise ValueError("every stratum has a name and four counts")


@dataclass(frozen=True, slots=True, eq=False)
class SplitReading:
    """What a split says, and from what.

    within   S2 in each stratum
    judged   the strata that can be judged on their own
    against  positions of the strata judged in which the labels do not attract each other: those in which they avoid
             each other where the pair is REVERSED, otherwise those with at most as many joint cases as expected
    only     position of the stratum in which all joint cases lie, None where there is no such one
    """

    reading: Reading
    pooled: Pooled
    within: Association
    judged: Flags
    against: tuple[int, ...]
    only: int | None


def pool(joint: Counted, k_a: Counted, k_b: Counted, n: Counted) -> Pooled:
    """The common odds ratio of one pair, whose table in each stratum is one element.

    Twice as likely in the first stratum as in the second, but independent within each, and so not together:

    >>> pool([64, 4], [80, 20], [80, 20], [100, 100]).odds_ratio
    1.0
    >>> round(float(associate(68, 100, 100, 200).odds_ratio), 4)
    4.4424
    """
    a, b, c, d = (cell.astype(np.float64) for cell in cells(joint, k_a, k_b, n))
    # One event alone says nothing of two labels.
    several = a + b + c + d > 1
    a, b, c, d = a[several], b[several], c[several], d[several]
    size = a + b + c + d
    along, across = a * d / size, b * c / size
    odds_ratio = _quotient(along.sum(), across.sum())
    low = high = differing = np.nan
    if 0 < odds_ratio < np.inf:
        error = _error((a + d) / size, (b + c) / size, along, across)
        low, high = odds_ratio * np.exp(-Z95 * error), odds_ratio * np.exp(Z95 * error)
        differing = _differing(odds_ratio, a, a + b, a + c, size)
    return Pooled(
        odds_ratio=odds_ratio,
        low=float(low),
        high=float(high),
        p=_independent_within(a, a + b, a + c, size),
        differing=float(differing),
    )


def read(split: Split, rules: Rules) -> SplitReading:
    """What the strata of one pair say; the pair attracts in all cases together, or there is nothing to split.

    >>> def of(*counts):
    ...     return read(Split(("laboratory", "production"), *map(np.array, zip(*counts))), Rules()).reading.value
    >>> of((30, 40, 40, 100), (30, 40, 40, 100)), of((10, 20, 20, 60), (0, 6, 6, 40))
    ('holds', 'one-only')
    >>> of((64, 80, 80, 100), (4, 20, 20, 100)), of((30, 40, 40, 100), (2, 30, 30, 60))
    ('vanishes', 'reversed')
    """
    within = associate(split.joint, split.k_a, split.k_b, split.n)
    named = np.array([name != UNKNOWN for name in split.names], dtype=np.bool_)
    judged = named & rules.testable(split.k_a, split.k_b, split.n)
    pooled = pool(split.joint, split.k_a, split.k_b, split.n)
    only = _only(split, named)
    reading, against = _reading(split, pooled, within, named=named, judged=judged, only=only)
    return SplitReading(
        reading=reading,
        pooled=pooled,
        within=within,
        judged=judged,
        against=tuple(int(place) for place in np.flatnonzero(against)),
        only=only,
    )


def _reading(
    split: Split, pooled: Pooled, within: Association, *, named: Flags, judged: Flags, only: int | None
) -> tuple[Reading, Flags]:
    """The reading, and the strata that speak against the pair."""
    # Of a table of exactly as many joint cases as expected the half in each cell makes an odds ratio above 1.
    avoiding, not_attracting = judged & (within.high < 1), judged & (split.joint * split.n <= split.k_a * split.k_b)
    if np.count_nonzero(named & (split.n > 0)) < 2:
        return Reading.UNDIVIDED, not_attracting
    if only is not None:
        return Reading.ONE_ONLY, not_attracting
    if np.count_nonzero(judged) < 2:
        return Reading.TOO_FEW, not_attracting
    if avoiding.any():
        return Reading.REVERSED, avoiding
    if not _attracts(pooled):
        return Reading.VANISHES, not_attracting
    return (Reading.UNEVEN if not_attracting.any() else Reading.HOLDS), not_attracting


def _only(split: Split, named: Flags) -> int | None:
    """Position of the one named stratum with all the joint cases."""
    places = np.flatnonzero(split.joint)
    return int(places[0]) if len(places) == 1 and named[places[0]] else None


def _attracts(pooled: Pooled) -> bool:
    """Whether the labels attract each other within the strata; by the test where the odds ratio has no interval."""
    if np.isnan(pooled.low):
        return np.isinf(pooled.odds_ratio) and pooled.p < 0.05
    return pooled.low > 1


def _quotient(above: float, below: float) -> float:
    if below > 0:
        return float(above / below)
    return float("inf") if above > 0 else float("nan")


def _error(same: Floats, other: Floats, along: Floats, across: Floats) -> float:
    """Robins, Breslow and Greenland's standard error of the logarithm of the common odds ratio."""
    r, s = along.sum(), across.sum()
    variance = (
        (same * along).sum() / (2 * r**2)
        + (same * across + other * along).sum() / (2 * r * s)
        + (other * across).sum() / (2 * s**2)
    )
    return float(np.sqrt(variance))


def _independent_within(a: Floats, r: Floats, c: Floats, n: Floats) -> float:
    """Mantel and Haenszel's p, without correction for continuity."""
    variance = (r * (n - r) * c * (n - c) / (n**2 * (n - 1))).sum()
    if variance == 0:
        return float("nan")
    return float(stats.chi2.sf((a - r * c / n).sum() ** 2 / variance, 1))


def _differing(odds_ratio: float, a: Floats, r: Floats, c: Floats, n: Floats) -> float:
    """Breslow and Day's p of equal odds ratios, over the strata without an empty margin."""
    informative = (r > 0) & (r < n) & (c > 0) & (c < n)
    if np.count_nonzero(informative) < 2:
        return float("nan")
    a, r, c, n = a[informative], r[informative], c[informative], n[informative]
    expected = _expected(odds_ratio, r, c, n)
    variance = 1 / (1 / expected + 1 / (r - expected) + 1 / (c - expected) + 1 / (n - r - c + expected))
    return float(stats.chi2.sf(((a - expected) ** 2 / variance).sum(), len(a) - 1))


def _expected(odds_ratio: float, r: Floats, c: Floats, n: Floats) -> Floats:
    """First cell of the tables with these margins and this odds ratio: x (n - r - c + x) = odds (r - x) (c - x)."""
    linear = n - r - c + odds_ratio * (r + c)
    # Of the two roots the one that lies inside the table, in the form that does not divide by 0 at an odds ratio of 1.
    return 2 * odds_ratio * r * c / (linear + np.sqrt(linear**2 - 4 * (odds_ratio - 1) * odds_ratio * r * c))
