"""S7 to S9: how often safeguards missed, whether they miss together, and what the others do if one fails.

One row is one combination of outcomes and how many events had it. A row is complete for some techniques where the
outcome of every one of them is known; only such rows are compared, so n differs from pair to pair. All of it describes
recorded incidents: P(missed | incident), not P(missed).

Sources: Wilson 1927 for a rate; the interval of a ratio by the delta method on its logarithm, A. Agresti, Categorical
Data Analysis, 3rd edition 2013, section 16.1; M. Fréchet 1935 for what margins alone allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from .arrays import Flags, Floats, Ints
from .association import associate, fisher_exact
from .multiplicity import attracting_q, q_values
from .rates import Z95, wilson
from .rules import Rules

FEWEST_KNOWN = 5
"""A technique with fewer known outcomes is left out of S8 to S11."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """What techniques made of events.

    missed, known   (rows, techniques); missed only where known
    weight          (rows,) how many events had this combination

    Raises ValueError where the arrays do not fit together.
    """

    missed: Flags
    known: Flags
    weight: Ints

    def __post_init__(self) -> None:
        if self.missed.ndim != 2 or self.missed.shape != self.known.shape or len(self.missed) != len(self.weight):
            raise ValueError("one weight a row, and one outcome of each technique")
        if np.any(self.missed & ~self.known) or np.any(self.weight < 0):
            raise ValueError("what missed is known, and nothing happened less than never")

    @property
    def n_techniques(self) -> int:
        return int(self.missed.shape[1])

    def enough(self, fewest: int = FEWEST_KNOWN) -> Flags:
        """(techniques,): whether enough outcomes are known for S8 to S11."""
        return self.weight @ self.known >= fewest


def outcomes_of(
    missed: Sequence[Sequence[int]], caught: Sequence[Sequence[int]], n: Sequence[int], techniques: Sequence[int]
) -> Outcomes:
    """Outcomes from the techniques that missed and those that caught it, row by row; others are not read.

    >>> outcomes_of([[7]], [[9]], [3], [7, 8, 9]).known
    array([[ True, False,  True]])
    """
    place = {technique: at for at, technique in enumerate(techniques)}
    tables = np.zeros((2, len(n), len(place)), dtype=np.bool_)
    for table, rows in zip(tables, (missed, caught), strict=True):
        for at, row in enumerate(rows):
            table[at, [place[technique] for technique in row if technique in place]] = True
    return Outcomes(missed=tables[0], known=tables[0] | tables[1], weight=np.asarray(n, dtype=np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class MissRates:
    """S7, one element a technique: missed k of the n events in which its outcome is known, with Wilson's interval."""

    k: Ints
    n: Ints
    low: Floats
    high: Floats


def miss_rates(outcomes: Outcomes) -> MissRates:
    """S7.

    >>> found = miss_rates(outcomes_of([[1], []], [[], [1]], [13, 6], [1]))
    >>> int(found.k[0]), int(found.n[0]), round(float(found.low[0]), 4), round(float(found.high[0]), 4)
    (13, 19, 0.4601, 0.8464)
    """
    k, n = outcomes.weight @ outcomes.missed, outcomes.weight @ outcomes.known
    low, high = wilson(k, n)
    return MissRates(k=k, n=n, low=low, high=high)


@dataclass(frozen=True, slots=True, eq=False)
class JointMisses:
    """S8, one element a pair of techniques (positions a < b), on the n rows complete for both.

    k of n missed both, with Wilson's interval (low, high); `expected` is the share that independent misses would
    give; ratio = share / expected with its interval; phi; p by Fisher and q over all tested pairs, NaN where not
    tested. `flagged` by the rules of the run, as pairs of labels are: see `attracting_q`.
    """

    a: Ints
    b: Ints
    k: Ints
    k_a: Ints
    k_b: Ints
    n: Ints
    low: Floats
    high: Floats
    expected: Floats
    ratio: Floats
    ratio_low: Floats
    ratio_high: Floats
    phi: Floats
    p: Floats
    q: Floats
    flagged: Flags


def joint_misses(outcomes: Outcomes, rules: Rules, fewest: int = FEWEST_KNOWN) -> JointMisses:
    """S8 for every pair of techniques with enough known outcomes.

    >>> rows = outcomes_of([[1, 2], [1], [2], []], [[], [2], [1], [1, 2]], [11, 1, 2, 4], [1, 2])
    >>> found = joint_misses(rows, Rules())
    >>> [round(float(x[0]), 4) for x in (found.ratio, found.phi, found.p, found.q)]
    [1.2692, 0.6139, 0.0217, 0.0217]
    """
    a, b = _pairs(outcomes.enough(fewest))
    both = outcomes.known[:, a] & outcomes.known[:, b]
    first, second = outcomes.missed[:, a] & both, outcomes.missed[:, b] & both
    k, k_a, k_b, n = (outcomes.weight @ table for table in (first & second, first, second, both))
    measured = associate(k, k_a, k_b, n)
    tested = rules.testable(k_a, k_b, n)
    p = np.full(len(a), np.nan)
    p[tested] = fisher_exact(k[tested], k_a[tested], k_b[tested], n[tested])
    q = q_values(p)
    low, high = wilson(k, n)
    ratios = [_ratio(outcomes, [int(x), int(y)]) for x, y in zip(a, b, strict=True)]
    ratio, ratio_low, ratio_high = np.array(ratios, dtype=np.float64).reshape(-1, 3).T
    with np.errstate(invalid="ignore", divide="ignore"):
        expected, discovery_q = (k_a / n) * (k_b / n), attracting_q(p, k, k_a * k_b / n)
    return JointMisses(
        a=a,
        b=b,
        k=k,
        k_a=k_a,
        k_b=k_b,
        n=n,
        low=low,
        high=high,
        expected=expected,
        ratio=ratio,
        ratio_low=ratio_low,
        ratio_high=ratio_high,
        phi=measured.phi,
        p=p,
        q=q,
        flagged=rules.flagged(discovery_q, k, measured.low),
    )


def _pairs(among: Flags) -> tuple[Ints, Ints]:
    pairs = np.array(list(combinations(np.flatnonzero(among).tolist(), 2)), dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _ratio(outcomes: Outcomes, chosen: Sequence[int]) -> tuple[float, float, float]:
    """(share in which all of `chosen` missed) / (product of their shares), and its interval; on complete rows.

    NaN where one of them never missed. No interval where the ratio cannot be anything else: all but one always missed.
    """
    missed, weight = _complete(outcomes, chosen)
    n = int(weight.sum())
    k = int(weight[missed.all(axis=1)].sum())
    shares = (weight @ missed) / n if n else np.zeros(len(chosen))
    product = float(np.prod(shares))
    if not product:
        return np.nan, np.nan, np.nan
    if k == 0:
        return 0.0, 0.0, float(wilson(0, n)[1]) / product
    ratio = k / n / product
    # What each row adds to the logarithm of the ratio; its mean is 1 - m, its variance that of the logarithm times n.
    slope = missed.all(axis=1) * (n / k) - (missed / shares).sum(axis=1)
    variance = float(weight @ (slope - (1 - len(chosen))) ** 2) / n**2
    if variance < 1e-15:
        return ratio, np.nan, np.nan
    reach = float(np.exp(Z95 * np.sqrt(variance)))
    return ratio, ratio / reach, ratio * reach


def _complete(outcomes: Outcomes, chosen: Sequence[int]) -> tuple[Flags, Ints]:
    """(missed, weight) of the rows in which the outcome of every one of `chosen` is known."""
    places = list(chosen)
    rows = outcomes.known[:, places].all(axis=1)
    return outcomes.missed[rows][:, places], outcomes.weight[rows]


@dataclass(frozen=True, slots=True)
class AllMissed:
    """S9 of a set of techniques: all missed k of the n rows complete for them, with Wilson's interval (low, high).

    margins        share that each of them missed, on those rows
    product        what independent misses would give; ratio = (k/n) / product with its interval, NaN where undefined
    least, most    Fréchet: what these margins allow whatever the dependence
    mean_phi       mean over the pairs whose phi is defined; NaN where none is
    """

    k: int
    n: int
    low: float
    high: float
    margins: tuple[float, ...]
    product: float
    ratio: float
    ratio_low: float
    ratio_high: float
    least: float
    most: float
    mean_phi: float

    @property
    def share(self) -> float:
        return self.k / self.n


def all_missed(outcomes: Outcomes, chosen: Sequence[int]) -> AllMissed | None:
    """S9; None without a complete row. `chosen` are positions, two or more; raises ValueError for fewer.

    >>> rows = outcomes_of([[1, 2], [1], [2], []], [[], [2], [1], [1, 2]], [11, 1, 2, 4], [1, 2])
    >>> found = all_missed(rows, [0, 1])
    >>> found.k, found.n, round(found.product, 4), round(found.least, 4), round(found.most, 4)
    (11, 18, 0.4815, 0.3889, 0.6667)
    """
    if len(set(chosen)) < 2:
        raise ValueError("layers are two or more")
    missed, weight = _complete(outcomes, chosen)
    n = int(weight.sum())
    if n == 0:
        return None
    k, margins = int(weight[missed.all(axis=1)].sum()), (weight @ missed) / n
    low, high = wilson(k, n)
    ratio, ratio_low, ratio_high = _ratio(outcomes, chosen)
    return AllMissed(
        k=k,
        n=n,
        low=float(low),
        high=float(high),
        margins=tuple(margins.tolist()),
        product=float(np.prod(margins)),
        ratio=ratio,
        ratio_low=ratio_low,
        ratio_high=ratio_high,
        least=max(0.0, float(margins.sum()) - (len(margins) - 1)),
        most=float(margins.min()),
        mean_phi=_mean_phi(missed, weight, n),
    )


def _mean_phi(missed: Flags, weight: Ints, n: int) -> float:
    a, b = np.triu_indices(missed.shape[1], k=1)
    phi = associate(weight @ (missed[:, a] & missed[:, b]), weight @ missed[:, a], weight @ missed[:, b], n).phi
    defined = phi[~np.isnan(phi)]
    return float(defined.mean()) if len(defined) else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class IfOneFails:
    """How often each technique missed where one of them did (k of n), and where that one caught it (k_else of
    n_else); Wilson's intervals of both. The one itself has n = 0.
    """

    k: Ints
    n: Ints
    low: Floats
    high: Floats
    k_else: Ints
    n_else: Ints
    low_else: Floats
    high_else: Floats


def if_one_fails(outcomes: Outcomes, failed: int) -> IfOneFails:
    """The others, given a miss of the technique at position `failed`.

    >>> rows = outcomes_of([[1, 2], [1], [2], []], [[], [2], [1], [1, 2]], [11, 1, 2, 4], [1, 2])
    >>> found = if_one_fails(rows, 0)
    >>> found.k.tolist(), found.n.tolist(), found.k_else.tolist(), found.n_else.tolist()
    ([0, 11], [0, 12], [0, 2], [0, 6])
    """
    others = outcomes.known.copy()
    others[:, failed] = False
    missed_too = outcomes.missed & others
    given = outcomes.weight * outcomes.missed[:, failed]
    otherwise = outcomes.weight * (outcomes.known[:, failed] & ~outcomes.missed[:, failed])
    k, n, k_else, n_else = given @ missed_too, given @ others, otherwise @ missed_too, otherwise @ others
    low, high = wilson(k, n)
    low_else, high_else = wilson(k_else, n_else)
    return IfOneFails(k, n, low, high, k_else, n_else, low_else, high_else)
