"""How many events for so much use: rates of systems, and when they may be compared.

Sources: F. Garwood, Fiducial limits for the Poisson distribution, Biometrika 28 (1936), 437-442; for the ratio of two
rates see `trends`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import special

from .arrays import Counted, Floats, Ints, whole
from .trends import RateRatio, Times, compare


class SystemUse(Protocol):
    """What is read of one system in one unit: events in the months for which its use is recorded, events outside
    them, and its use in all of those months, 0 where nobody recorded any.
    """

    n: int
    n_outside: int
    amount: int


@dataclass(frozen=True, slots=True, eq=False)
class ExposureRate:
    """Events per unit of exposure, one element a system; (low, high) covers 95 %. NaN where exposure is 0."""

    k: Ints
    exposure: Floats
    rate: Floats
    low: Floats
    high: Floats


def garwood(k: Counted) -> tuple[Floats, Floats]:
    """Exact 95 % interval (low, high) of the mean of a Poisson count, element by element.

    >>> low, high = garwood([0, 18])
    >>> low.round(4), high.round(4)
    (array([ 0.    , 10.6679]), array([ 3.6889, 28.4478]))
    """
    (k,) = whole(k)
    if np.any(k < 0):
        raise ValueError("events are counted from zero")
    # The incomplete gamma function is half of chi-squared, which the literature uses; at k = 0 it has no lower end.
    count = k.astype(np.float64)
    low = np.where(k == 0, 0.0, special.gammaincinv(np.maximum(count, 1.0), 0.025))
    return low, np.asarray(special.gammaincinv(count + 1, 0.975))


def rates(k: Counted, exposure: Times) -> ExposureRate:
    """k events in so much exposure, element by element. Raises ValueError for a negative number.

    >>> found = rates(18, 8_400_000)
    >>> [round(float(x) * 1_000_000, 2) for x in (found.rate, found.low, found.high)]
    [2.14, 1.27, 3.39]
    """
    low, high = garwood(k)
    (k,) = whole(k)
    amount = np.broadcast_to(np.asarray(exposure, dtype=np.float64), k.shape)
    if not np.all(amount >= 0):
        raise ValueError("exposure is counted from zero")
    used = np.where(amount > 0, amount, np.nan)
    return ExposureRate(k=k, exposure=amount, rate=k / used, low=low / used, high=high / used)


def ratio(one: SystemUse, other: SystemUse) -> RateRatio:
    """How many times the rate of the other system the one has, with its exact interval and p.

    Raises ValueError where one of them has no exposure.
    """
    return compare(one.n, float(one.amount), other.n, float(other.amount))


def without_exposure(systems: Iterable[SystemUse]) -> list[int]:
    """Positions of the systems that have events but no exposure to divide them by.

    >>> from types import SimpleNamespace as Use
    >>> without_exposure([Use(n=3, n_outside=1, amount=900), Use(n=0, n_outside=4, amount=0)])
    [1]
    """
    return [place for place, system in enumerate(systems) if system.amount == 0 and system.n + system.n_outside > 0]


def may_rank(systems: Iterable[SystemUse]) -> bool:
    """Whether rates of these systems may stand in an order: every one with events has its exposure recorded.

    Without that the systems nobody measured would be missing from the top.
    """
    return not without_exposure(systems)
