"""S2 and S3: how strongly two labels go together, and whether it is more than chance.

A table of two labels is [[a, b], [c, d]]: both, first only, second only, neither. Everywhere it is given as
joint = a, k_a = a + b, k_b = a + c and n = a + b + c + d, the form in which cases are counted.

Sources: phi, K. Pearson 1900; lift, R. Agrawal and R. Srikant 1994; Jaccard 1901; one half in each cell,
J. B. S. Haldane 1956 and F. J. Anscombe 1956, with B. Woolf's logarithmic interval 1955; the exact test,
R. A. Fisher, Journal of the Royal Statistical Society 85 (1922), 87-94, two-sided by the probability of tables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from .arrays import Counted, Floats, Ints, whole
from .rates import Z95

SAME_PROBABILITY = 1e-7
"""Two tables whose probabilities differ relatively by less than this count as equally probable."""

_NEGLIGIBLE = 1e-12
_STEPS_BETWEEN_CHECKS = 16


@dataclass(frozen=True, slots=True, eq=False)
class Association:
    """Strength of association, one element a table; NaN where a margin leaves a measure undefined.

    phi in [-1, 1]; lift and odds_ratio with its interval (low, high) on the ratio scale, 1 = independent;
    jaccard in [0, 1].
    """

    phi: Floats
    lift: Floats
    jaccard: Floats
    odds_ratio: Floats
    low: Floats
    high: Floats


def _tables(joint: Counted, k_a: Counted, k_b: Counted, n: Counted) -> tuple[Ints, Ints, Ints, Ints]:
    """The four counts as arrays. Raises ValueError where no 2x2 table has them."""
    joint, k_a, k_b, n = whole(joint, k_a, k_b, n)
    neither = n - k_a - k_b + joint
    if np.any((joint < 0) | (joint > k_a) | (joint > k_b) | (neither < 0)):
        raise ValueError("no 2x2 table has these counts")
    return joint, k_a, k_b, n


def cells(joint: Counted, k_a: Counted, k_b: Counted, n: Counted) -> tuple[Ints, Ints, Ints, Ints]:
    """a, b, c and d of each table. Raises ValueError where no 2x2 table has these counts.

    >>> [int(cell) for cell in cells(11, 12, 13, 18)]
    [11, 1, 2, 4]
    """
    joint, k_a, k_b, n = _tables(joint, k_a, k_b, n)
    return joint, k_a - joint, k_b - joint, n - k_a - k_b + joint


def associate(joint: Counted, k_a: Counted, k_b: Counted, n: Counted) -> Association:
    """S2, element by element. The odds ratio always has one half added to each cell, so it is always finite.

    >>> found = associate(11, 12, 13, 18)
    >>> [round(float(x), 4) for x in (found.phi, found.lift, found.jaccard, found.odds_ratio)]
    [0.6139, 1.2692, 0.7857, 13.8]
    >>> round(float(found.low), 3), round(float(found.high), 1)
    (1.385, 137.5)
    """
    a, b, c, d = (cell.astype(np.float64) for cell in cells(joint, k_a, k_b, n))
    with np.errstate(invalid="ignore", divide="ignore"):
        phi = (a * d - b * c) / (np.sqrt((a + b) * (c + d)) * np.sqrt((a + c) * (b + d)))
        lift = (a + b + c + d) * a / ((a + b) * (a + c))
        jaccard = a / (a + b + c)
    log_odds = np.log((a + 0.5) * (d + 0.5)) - np.log((b + 0.5) * (c + 0.5))
    error = np.sqrt(1 / (a + 0.5) + 1 / (b + 0.5) + 1 / (c + 0.5) + 1 / (d + 0.5))
    return Association(
        phi=np.clip(phi, -1.0, 1.0),
        lift=lift,
        jaccard=jaccard,
        odds_ratio=np.exp(log_odds),
        low=np.exp(log_odds - Z95 * error),
        high=np.exp(log_odds + Z95 * error),
    )


def fisher_exact(joint: Counted, k_a: Counted, k_b: Counted, n: Counted) -> Floats:
    """S3 for a whole family: two-sided p of every table, the sum over all tables with the same margins that are
    at most as probable as the one observed. 1 where a margin is empty. Exact to 1e-9 for n up to a million; takes
    memory in proportion to the number of tables, not to n.

    >>> fisher_exact([11, 8], [12, 10], [13, 9], [18, 16]).round(4)
    array([0.0217, 0.035 ])
    """
    joint, k_a, k_b, n = _tables(joint, k_a, k_b, n)
    rows = np.stack([np.ravel(joint), np.ravel(k_a), np.ravel(k_b), np.ravel(n)])
    return _two_sided(*rows).reshape(joint.shape)


def _two_sided(a: Ints, r: Ints, c: Ints, n: Ints) -> Floats:
    """Two-sided p of flat tables with first cell `a`, first row `r`, first column `c`."""
    # Swap the columns of tables above their mode: every observed table then lies below it, and one direction of
    # the search and of the sum serves all.
    above = a > _mode(r, c, n)
    a, c = np.where(above, r - a, a), np.where(above, n - c, c)
    mirror = _first_as_rare(a, r, c, n)
    # The upper tail from `mirror` is the lower tail of the table with its columns swapped.
    has_mirror = mirror <= np.minimum(r, c)
    tails = _lower_tail(
        np.concatenate([a, (r - mirror)[has_mirror]]),
        np.concatenate([r, r[has_mirror]]),
        np.concatenate([c, (n - c)[has_mirror]]),
        np.concatenate([n, n[has_mirror]]),
    )
    p = tails[: len(a)].copy()
    p[has_mirror] += tails[len(a) :]
    at_mode = _log_weight(_mode(r, c, n), r, c, n) - _log_weight(a, r, c, n) <= SAME_PROBABILITY
    # Below the mode p lacks at least the mode's own probability, and stays below 1.
    return np.where(at_mode, 1.0, p)


def _mode(r: Ints, c: Ints, n: Ints) -> Ints:
    return (r + 1) * (c + 1) // (n + 2)


def _log_weight(x: Ints, r: Ints, c: Ints, n: Ints) -> Floats:
    """Logarithm of the table's probability up to a constant of its margins."""
    return -(
        special.gammaln(x + 1.0)
        + special.gammaln(r - x + 1.0)
        + special.gammaln(c - x + 1.0)
        + special.gammaln(n - r - c + x + 1.0)
    )


def _first_as_rare(a: Ints, r: Ints, c: Ints, n: Ints) -> Ints:
    """Smallest x above the mode that is at most as probable as `a`; one more than the largest table where none
    is. Binary search, all tables at once: beyond the mode probabilities only fall.
    """
    limit = _log_weight(a, r, c, n) + SAME_PROBABILITY
    low, high = _mode(r, c, n) + 1, np.minimum(r, c) + 1
    while np.any(low < high):
        # Where low has reached high the middle may lie one past the last table; the result is not used there.
        middle = np.minimum((low + high) // 2, np.minimum(r, c))
        rare = _log_weight(middle, r, c, n) <= limit
        open_ = low < high
        high = np.where(open_ & rare, middle, high)
        low = np.where(open_ & ~rare, middle + 1, low)
    return high


def _probability(a: Ints, r: Ints, c: Ints, n: Ints) -> Floats:
    """Hypergeometric probability of each table, as a quotient of binomial ones.

    Sums of log factorials lose nine digits at a million cases and SciPy's hypergeom takes 0.1 ms a table at ten
    thousand (it multiplies primes); binomial probabilities (C. Loader 2000) are quick and keep full precision.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        share = c / n
        part = stats.binom.pmf(a, r, share) * stats.binom.pmf(c - a, n - r, share)
        return np.asarray(part / stats.binom.pmf(c, n, share), dtype=np.float64)


def _lower_tail(a: Ints, r: Ints, c: Ints, n: Ints) -> Floats:
    """Probability of `a` or less, `a` below the mode: neighbours' ratios, multiplied and summed downwards from
    `a` until the rest is negligible. A loop over terms, all tables in each step; finished tables leave.
    """
    sums = np.ones(len(a))
    active = np.arange(len(a))
    x, diagonal = a.astype(np.float64), (n - r - c).astype(np.float64)
    row, column = r + 1.0, c + 1.0
    term, total = np.ones(len(a)), np.ones(len(a))
    while len(active):
        for _ in range(_STEPS_BETWEEN_CHECKS):
            term *= x * (diagonal + x) / ((row - x) * (column - x))
            total += term
            x -= 1
        # Ratios only fall on the way down, so the rest is below the geometric series of the next one. Past the
        # smallest table the term has become zero and stays so.
        ratio = x * (diagonal + x) / ((row - x) * (column - x))
        going_on = term * ratio > _NEGLIGIBLE * total * (1 - ratio)
        if not going_on.all():
            sums[active[~going_on]] = total[~going_on]
            active, x, diagonal = active[going_on], x[going_on], diagonal[going_on]
            row, column = row[going_on], column[going_on]
            term, total = term[going_on], total[going_on]
    return sums * _probability(a, r, c, n)
