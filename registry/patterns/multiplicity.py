"""S4: many tests at once.

Source: Y. Benjamini, Y. Hochberg, Controlling the false discovery rate: a practical and powerful approach to
multiple testing. Journal of the Royal Statistical Society B 57 (1995), 289-300.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .arrays import Floats


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


def family_size(p: Floats) -> int:
    """The number of tests behind a family of q values: printed beside them.

    >>> family_size(np.array([0.01, np.nan, 0.04]))
    2
    """
    return int(np.count_nonzero(~np.isnan(p)))
