"""S1: a rate k of n with its Wilson 95 % interval.

Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference. Journal of the
American Statistical Association 22 (1927), 209-212.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Counted, Floats, whole

Z95 = 1.959963984540054
"""The normal distribution's 97.5 % point: every interval of the product covers 95 %."""


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate: `k` of `n` cases, the share and its interval, all in [0, 1]."""

    k: int
    n: int
    share: float
    low: float
    high: float


def wilson(k: Counted, n: Counted) -> tuple[Floats, Floats]:
    """Wilson 1927; k of n, element by element; returns (low, high) in [0, 1], NaN where n is 0.

    Raises ValueError where k is negative or above n.

    >>> low, high = wilson([13, 0], [19, 0])
    >>> low.round(4), high.round(4)
    (array([0.4601,    nan]), array([0.8464,    nan]))
    """
    k, n = whole(k, n)
    if np.any((k < 0) | (k > n)):
        raise ValueError("a rate is k of n with 0 <= k <= n")
    with np.errstate(invalid="ignore", divide="ignore"):
        share = k / n
        middle = share + Z95**2 / (2 * n)
        half = Z95 * np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
        low = (middle - half) / (1 + Z95**2 / n)
        high = (middle + half) / (1 + Z95**2 / n)
    # At the ends the formula gives 0 and 1 exactly; rounding must not push the estimate out of its interval.
    low = np.where(k == 0, np.where(n == 0, np.nan, 0.0), low)
    high = np.where(k == n, np.where(n == 0, np.nan, 1.0), high)
    return low, high


def rate(k: int, n: int) -> Rate:
    """One rate as a record. Raises ValueError for n = 0: there is no rate of no cases.

    >>> rate(5, 20)
    Rate(k=5, n=20, share=0.25, low=0.11186..., high=0.46870...)
    """
    if n == 0:
        raise ValueError("there is no rate of no cases")
    low, high = wilson(k, n)
    return Rate(k=k, n=n, share=k / n, low=float(low), high=float(high))
