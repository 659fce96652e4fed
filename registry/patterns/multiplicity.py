"""S4: many tests at once.

Source: Y. Benjamini, Y. Hochberg, Controlling the false discovery rate: a practical and powerful approach to
multiple testing. Journal of the Royal Statistical Society B 57 (1995), 289-300.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .arrays import Floats, Ints


def q_values(p: Sequence[float] | Floats) -> Floats:
    """Benjamini-Hochberg q of every p of one family. NaN marks a pair that was not tested: it stays NaN and does
    not count into the family's size. q is at least p, at most 1, and keeps the order of the p values.

    Raises ValueError for a p outside [0, 1].

    >>> q_values([0.01, float("nan"), 0.04, 0.03]).round(4)
    array([0.03,  nan, 0.04, 0.04])
    """
    given = np.asarray(p, dtype=np.float64)
    tested = np.flatnonzero(~np.isnan(given))
    found = given[tested]
    if np.any((found < 0) | (found > 1)):
        raise ValueError("a p value lies in [0, 1]")
    order = np.argsort(found)
    size = len(found)
    # p * (size / rank), not p * size / rank: the largest p then keeps its value to the last digit, so q >= p.
    raised = found[order] * (size / np.arange(1, size + 1))
    smallest_above = np.minimum.accumulate(raised[::-1])[::-1]
    q = np.full(given.shape, np.nan)
    q[tested[order]] = np.minimum(smallest_above, 1.0)
    return q


def attracting_q(p: Floats, joint: Ints, expected: Floats) -> Floats:
    """q of the same family where only pairs with more joint cases than expected can be discoveries; at least q.

    Pairs found together less often than expected are never called a pattern. Counted as discoveries they would still
    raise the share of false ones among the patterns above the threshold: each lets more of the others pass. Their p
    is taken as 1, which leaves the p of a pair that is independent too large rather than too small.

    >>> p, joint, expected = np.array([0.001, 0.002, 0.06]), np.array([1, 2, 9]), np.array([8.0, 9.0, 5.0])
    >>> q_values(p).round(4), attracting_q(p, joint, expected).round(4)
    (array([0.003, 0.003, 0.06 ]), array([1.  , 1.  , 0.18]))
    """
    return q_values(np.where(np.isnan(p) | (joint > expected), p, 1.0))


def family_size(p: Floats) -> int:
    """The number of tests behind a family of q values: printed beside them.

    >>> family_size(np.array([0.01, np.nan, 0.04]))
    2
    """
    return int(np.count_nonzero(~np.isnan(p)))
