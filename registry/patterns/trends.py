"""S5 and S14: has a count risen or fallen between two stretches of time?

Given k1 + k2 events in all, k1 is binomial with share t1 / (t1 + t2) if nothing changed; its exact interval gives
the interval of the rate ratio (k1 / t1) / (k2 / t2).

Sources: J. Przyborowski and H. Wilenski, Biometrika 31 (1940), 313-323; C. J. Clopper and E. S. Pearson,
Biometrika 26 (1934), 404-413.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from .arrays import Counted, Floats, Ints, whole

RECENT_WEEKS = 4
BASELINE_WEEKS = 26
SAME_PROBABILITY = 1e-7
"""Two counts whose probabilities differ relatively by less than this count as equally probable, as in SciPy."""

Times = float | Sequence[float] | Floats


@dataclass(frozen=True, slots=True, eq=False)
class RateRatio:
    """Two stretches compared, one element a label: `k1` in time `t1` (recent), `k2` in time `t2` (before).

    ratio and its 95 % interval (low, high) on the ratio scale; p two-sided. Without any event the ratio is NaN,
    its interval (0, infinity) and p 1; with none before, ratio and high are infinite.
    """

    k1: Ints
    k2: Ints
    t1: Floats
    t2: Floats
    ratio: Floats
    low: Floats
    high: Floats
    p: Floats


def compare(k1: Counted, t1: Times, k2: Counted, t2: Times) -> RateRatio:
    """S5 and S14, element by element. Times in any one unit, above zero.

    >>> found = compare(12, 1, 4, 1)
    >>> round(float(found.ratio), 4), round(float(found.low), 4), round(float(found.high), 4)
    (3.0, 0.9092, 12.7623)
    >>> round(float(found.p), 4)
    0.0768
    """
    k1, k2 = whole(k1, k2)
    t1 = np.broadcast_to(np.asarray(t1, dtype=np.float64), k1.shape)
    t2 = np.broadcast_to(np.asarray(t2, dtype=np.float64), k1.shape)
    if np.any((k1 < 0) | (k2 < 0)) or not np.all((t1 > 0) & (t2 > 0)):
        raise ValueError("events are counted from zero, in times above zero")
    low, high = _clopper_pearson(k1, k1 + k2)
    with np.errstate(invalid="ignore", divide="ignore"):
        return RateRatio(
            k1=k1,
            k2=k2,
            t1=t1,
            t2=t2,
            ratio=(k1 / t1) / (k2 / t2),
            low=low / (1 - low) * (t2 / t1),
            high=np.where(k2 == 0, np.inf, high / (1 - high) * (t2 / t1)),
            p=_two_sided(k1, k1 + k2, t1 / (t1 + t2)),
        )


def recent_against_before(weekly: Ints, last_week: int) -> RateRatio | None:
    """S5 for every label: the last 4 complete weeks against the 26 before them.

    `weekly` holds counts, labels x weeks (or one row of weeks); `last_week` is the column of the last complete
    week, -1 if none is complete yet; later columns are not read. A shorter history makes a shorter baseline; None
    without any week of baseline. Raises ValueError if `last_week` is not a column.

    >>> weeks = np.full((1, 30), 1)
    >>> weeks[0, 26:] = 4
    >>> found = recent_against_before(weeks, last_week=29)
    >>> found.k1, found.k2, found.ratio, found.p.round(6)
    (array([16]), array([26]), array([4.]), array([5.2e-05]))
    """
    if not -1 <= last_week < weekly.shape[-1]:
        raise ValueError(f"week {last_week} is not among the {weekly.shape[-1]} counted")
    split = last_week + 1 - RECENT_WEEKS
    start = max(0, split - BASELINE_WEEKS)
    if split <= start:
        return None
    recent = weekly[..., split : last_week + 1].sum(axis=-1)
    before = weekly[..., start:split].sum(axis=-1)
    return compare(recent, float(RECENT_WEEKS), before, float(split - start))


def _clopper_pearson(k: Ints, n: Ints) -> tuple[Floats, Floats]:
    """Exact 95 % interval of the share k of n; (0, 1) where n is 0."""
    low = stats.beta.ppf(0.025, np.maximum(k, 1), n - k + 1)
    high = stats.beta.ppf(0.975, k + 1, np.maximum(n - k, 1))
    return np.where(k == 0, 0.0, low), np.where(k == n, 1.0, high)


def _two_sided(k: Ints, n: Ints, share: Floats) -> Floats:
    """Two-sided binomial p: the probability of all counts at most as probable as k."""
    # Count the other outcome where k lies above its expectation: then every k lies below, as in the search.
    above = k > n * share
    k, share = np.where(above, n - k, k), np.where(above, 1 - share, share)
    first_rare = _first_as_rare(k, n, share)
    p = stats.binom.cdf(k, n, share) + stats.binom.sf(first_rare - 1, n, share)
    return np.asarray(np.minimum(p, 1.0), dtype=np.float64)


def _first_as_rare(k: Ints, n: Ints, share: Floats) -> Ints:
    """Smallest count from the expectation upwards that is at most as probable as k, n + 1 where there is none:
    binary search, all elements at once.
    """
    limit = stats.binom.pmf(k, n, share) * (1 + SAME_PROBABILITY)
    low, high = np.ceil(n * share).astype(np.int64), n + 1
    while np.any(low < high):
        middle = (low + high) // 2
        open_ = low < high
        rare = stats.binom.pmf(middle, n, share) <= limit
        high = np.where(open_ & rare, middle, high)
        low = np.where(open_ & ~rare, middle + 1, low)
    return high
