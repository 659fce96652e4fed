"""How many events could have been foreseen, how long before they had been warned of, and what would have caught most.

Sources: E. B. Wilson 1927 for a share, see `rates`; W. R. Thompson, On confidence ranges for the median and other
expectation distributions for populations of unknown distribution form, Annals of Mathematical Statistics 7 (1936),
122-128, for the interval of a median by order statistics.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from .rates import Rate, rate

FEWEST_FOR_INTERVAL = 6
"""Of fewer values even the smallest and the largest are no 95 % interval of the median: 1 - 2 / 2**5 is 0.9375."""


@dataclass(frozen=True, slots=True)
class Foresight:
    """How foreseeable a set of events was; events of which nobody has said so are in no share.

    foreseeable  those foreseeable, warned of or not, of those judged; None where none was judged
    warned       of these, how many had been warned of
    unknown      events not judged
    """

    foreseeable: Rate | None
    warned: int
    unknown: int


@dataclass(frozen=True, slots=True)
class LeadTime:
    """Days from a warning to the event: the median of n, and its interval (low, high), None below 6 values."""

    n: int
    median: float
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Catch:
    """What one thing alone would have caught of n events, and what it adds to those that come before it."""

    place: int
    caught: int
    added: int


def foresight(*, warned: int, foreseeable: int, not_foreseeable: int, unknown: int) -> Foresight:
    """The share foreseeable of the events judged. `foreseeable` counts those of which nobody had warned.

    >>> found = foresight(warned=12, foreseeable=9, not_foreseeable=13, unknown=20)
    >>> found.foreseeable.k, found.foreseeable.n, round(found.foreseeable.low, 4), round(found.foreseeable.high, 4)
    (21, 34, 0.4504, 0.761)
    """
    judged = warned + foreseeable + not_foreseeable
    share = rate(warned + foreseeable, judged) if judged else None
    return Foresight(foreseeable=share, warned=warned, unknown=unknown)


def lead_time(days: Sequence[int]) -> LeadTime | None:
    """The median, and the narrowest interval between two order statistics, equally far from both ends, that covers
    the median of the distribution in at least 95 of 100 samples, whatever that distribution is. None without a value.

    >>> lead_time([700, 30, 410, 90, 365, 800, 10, 500])
    LeadTime(n=8, median=387.5, low=10, high=800)
    """
    if not days:
        return None
    ordered = sorted(days)
    n = len(ordered)
    median = float(np.median(ordered))
    if n < FEWEST_FOR_INTERVAL:
        return LeadTime(n=n, median=median, low=None, high=None)
    # The largest r with P(fewer than r of n lie below the median) below 2.5 %, which it never is exactly.
    r = int(stats.binom.ppf(0.025, n, 0.5))
    return LeadTime(n=n, median=median, low=ordered[r - 1], high=ordered[n - r])


def catching_most(caught: NDArray[np.bool_], weight: Sequence[int] | None = None) -> list[Catch]:
    """Which would have caught most: columns of `caught`, (events, candidates), the best first.

    Each following one is the one that adds most to those before it, equal ones by what they catch alone, then in the
    order given; those that catch nothing are left out. `weight` says how many events a row stands for. Source of the
    choice one by one: G. L. Nemhauser, L. A. Wolsey and M. L. Fisher, Mathematical Programming 14 (1978), 265-294.

    >>> catching_most(np.array([[1, 1, 0], [1, 1, 0], [1, 0, 0], [0, 0, 1]], dtype=bool))
    [Catch(place=0, caught=3, added=3), Catch(place=2, caught=1, added=1), Catch(place=1, caught=2, added=0)]
    """
    rows = np.ones(len(caught), dtype=np.int64) if weight is None else np.asarray(weight, dtype=np.int64)
    alone = rows @ caught
    waiting = np.flatnonzero(alone).tolist()
    found = []
    while waiting:
        adds = {place: int(rows @ caught[:, place]) for place in waiting}
        best = max(waiting, key=lambda place: (adds[place], alone[place], -place))
        found.append(Catch(place=best, caught=int(alone[best]), added=adds[best]))
        rows = np.where(caught[:, best], 0, rows)
        waiting.remove(best)
    return found
