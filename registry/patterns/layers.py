"""S10 and S11: how likely all of m layers fail, and how many independent layers they amount to.

Two measures of effective layers, named apart because they answer different questions: Kish's counts independent
votes, the logarithmic one says how far the chance that all fail has really fallen.

Sources: J. G. Skellam 1948 for the beta-binomial; L. Kish, Survey Sampling, 1965, for the design effect.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .arrays import Floats

Shares = float | Sequence[float] | Floats


def all_fail(m: int, p: Shares, rho: Shares) -> Floats:
    """S10, element by element: the chance that all of m layers fail, each with chance p, mean correlation rho.

    prod over i < m of (a + i) / (a + b + i) with a = p (1 - rho) / rho and b = (1 - p) (1 - rho) / rho, multiplied
    out by rho, so that rho = 0 (p to the power of m) and rho = 1 (p) are its values and not special cases.

    Raises ValueError for m < 1, p outside [0, 1] and rho outside [0, 1]: the beta-binomial has no negative
    correlation.

    >>> all_fail(3, 0.1, [0, 0.3, 1]).round(5)
    array([0.001  , 0.01907, 0.1    ])
    """
    p, rho = _checked(m, p, rho)
    chance = p.copy()
    for i in range(1, m):
        chance = chance * (p * (1 - rho) + i * rho) / (1 - rho + i * rho)
    return chance


def kish_layers(m: int, rho: Shares) -> Floats:
    """S11 after Kish: m / (1 + (m - 1) rho); m where rho is not above 0.

    >>> kish_layers(3, [0.3, 0.0, -0.2]).round(4)
    array([1.875, 3.   , 3.   ])
    """
    _, rho = _checked(m, 0.0, np.maximum(rho, 0.0))
    return m / (1 + (m - 1) * rho)


def log_layers(m: int, p: Shares, rho: Shares) -> Floats:
    """S11 by logarithms: ln all_fail / ln p; m where rho is not above 0, NaN where p is 0 or 1: there is nothing to
    be reduced.

    >>> log_layers(3, 0.1, [0.3, 0.0, -0.2]).round(4)
    array([1.7197, 3.    , 3.    ])
    """
    p, rho = _checked(m, p, np.maximum(rho, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log(all_fail(m, p, rho)) / np.log(p)
    return np.where((p <= 0) | (p >= 1), np.nan, np.where(rho == 0, float(m), found))


def _checked(m: int, p: Shares, rho: Shares) -> tuple[Floats, Floats]:
    shares, correlations = np.broadcast_arrays(np.asarray(p, dtype=np.float64), np.asarray(rho, dtype=np.float64))
    if m < 1:
        raise ValueError("there is at least one layer")
    if not np.all((shares >= 0) & (shares <= 1)):
        raise ValueError("a chance lies in [0, 1]")
    if not np.all((correlations >= 0) & (correlations <= 1)):
        raise ValueError("the correlation lies in [0, 1]; a negative one has no beta-binomial")
    return shares, correlations
