"""How late cases are reported, and how many of the last weeks are therefore not yet complete.

Whoever looks today has not seen the reports still to come, so that short delays are seen too often: a delay is
seen only if it is shorter than the time since the event. Time is turned round, which makes of this right truncation
a left truncation: g(d), the chance that a delay is d given that it is at most d, is n(d) of r(d), where n(d) cases
have delay d and r(d) have at most d and occurred early enough for d to have been seen. The share reported within d
is the product of 1 - g(j) over all longer delays j.

Sources: S. W. Lagakos, L. M. Barraj and V. De Gruttola, Nonparametric analysis of truncated survival data, with
application to AIDS, Biometrika 75 (1988), 515-523; J. D. Kalbfleisch and J. F. Lawless, Journal of the American
Statistical Association 84 (1989), 360-372.

Delays longer than the table cannot be seen in it: shares are of the cases that are reported within it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .arrays import Flags, Floats, Ints, whole

COMPLETE_SHARE = 0.9
"""A week is complete when so large a share of its cases is expected to be there."""

MIN_CASES = 30
"""Fewest cases from which a lag is measured."""

MIN_AT_RISK = 10
"""Fewest cases among which a delay is judged: of one old case that was long in coming nothing follows."""


@dataclass(frozen=True, slots=True, eq=False)
class Lag:
    """How late cases are reported.

    weeks         weeks within which nine in ten are reported; None where too few cases tell
    cases         cases from which this was measured
    incomplete    the last weeks, the current one included, of whose cases fewer than nine in ten are expected to be
                  there; 1 where the lag is not known, since the current week is never over
    share_by_age  (weeks,) expected share of a week's cases that is there by now; age 0 is the current week. NaN where
                  the lag is not known. At an age that share can only be higher: reports of the current week are not
                  counted on.
    """

    weeks: int | None
    cases: int
    incomplete: int
    share_by_age: Floats


def measure(triangle: NDArray[np.integer]) -> Lag:
    """The lag from `triangle`, (weeks of occurrence, weeks of delay), square, its last row the current week.

    A delay is counted between the Mondays of two weeks: 0 for a case reported in the week in which it occurred. What
    was reported in the current week is left out, since that week is not over. Raises ValueError for a table that is
    not square, or that holds negative counts or reports from the future.

    Of 10, 6 and 4 cases in the first week those later to come are missing in the second and third; seen as they are,
    42 of 46 would have been reported within two weeks:

    >>> lag = measure(np.array([[10, 6, 4, 0], [10, 6, 1, 0], [10, 2, 0, 0], [3, 0, 0, 0]]))
    >>> lag.weeks, lag.cases, lag.incomplete, lag.share_by_age.round(4)
    (3, 46, 3, array([0. , 0.5, 0.8, 1. ]))
    """
    triangle, over = _checked(triangle)
    delayed, at_risk = _seen(triangle, over)
    judged = np.flatnonzero(at_risk >= MIN_AT_RISK)
    longest = int(judged.max(initial=-1))
    cases = int(delayed[: longest + 1].sum())
    if cases < MIN_CASES:
        return Lag(weeks=None, cases=cases, incomplete=1, share_by_age=np.full(len(triangle), np.nan))
    share = np.ones(len(triangle))
    share[0] = 0.0
    share[1 : longest + 2] = _reported_within(delayed[: longest + 1], at_risk[: longest + 1])
    # The longest delay judged lies inside the table, so that one share always is 1.
    weeks = int(np.flatnonzero(share >= COMPLETE_SHARE)[0])
    return Lag(weeks=weeks, cases=cases, incomplete=weeks, share_by_age=share)


def _checked(triangle: NDArray[np.integer]) -> tuple[Ints, Flags]:
    """The table, and which of its cells lie in weeks that are over."""
    (counts,) = whole(triangle)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError("a table of delays has as many weeks of delay as of occurrence")
    reported = np.add.outer(np.arange(len(counts)), np.arange(len(counts)))
    if np.any(counts < 0) or np.any(counts[reported >= len(counts)]):
        raise ValueError("a table of delays holds no negative count and no report from the future")
    return counts, reported < len(counts) - 1


def _seen(triangle: Ints, over: Flags) -> tuple[Ints, Ints]:
    """n(d) and r(d) of every delay."""
    seen = np.where(over, triangle, 0)
    return seen.sum(axis=0), np.where(over, seen.cumsum(axis=1), 0).sum(axis=0)


def _reported_within(delayed: Ints, at_risk: Ints) -> Floats:
    """Share reported within each delay, of those that are within the last of them."""
    # Where no case is at risk all of those with a longer delay had exactly that one: the share is 0 already.
    left = (at_risk - delayed) / np.maximum(at_risk, 1)
    return np.append(np.cumprod(left[:0:-1])[::-1], 1.0)
