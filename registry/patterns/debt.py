"""Alignment debt: what unfinished analyses weigh, replayed from spans of history. No database, no clock.

The debt of a case = severity weight × age in weeks × missing steps of the analysis, while it is open. Times are
whole microseconds of one clock; a span holds from `since` (in) to `until` (out).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

WEEK = 7 * 24 * 3600 * 1_000_000
FOR_EVER = int(np.iinfo(np.int64).max)
# Nobody owns the case.
NOBODY = -1


def debt(*, weight: float, weeks: float, missing: int) -> float:
    """What one open case owes.

    >>> round(debt(weight=4, weeks=0.7, missing=2), 1)
    5.6
    >>> debt(weight=8, weeks=3, missing=0)
    0
    """
    return weight * weeks * missing


def weeks_between(earlier: int, later: int) -> float:
    """Weeks as a fraction; never less than none.

    >>> weeks_between(0, WEEK // 2)
    0.5
    >>> weeks_between(WEEK, 0)
    0.0
    """
    return max(later - earlier, 0) / WEEK


@dataclass(frozen=True)
class Spans:
    """When something was true of which case; a case may have several, and they may overlap."""

    case: Ints
    since: Ints
    until: Ints

    def at(self, time: int) -> Ints:
        """The cases it was true of at `time`.

        >>> spans = Spans(np.array([7, 8]), np.array([0, 10]), np.array([10, FOR_EVER]))
        >>> spans.at(9).tolist(), spans.at(10).tolist()
        ([7], [8])
        """
        return self.case[(self.since <= time) & (time < self.until)]


@dataclass(frozen=True)
class History:
    """How cases stood while they were open: one entry of `open` and of the arrays beside it for each state of a case.

    `missing` counts the steps besides the cause; `labelled` says when a cause was agreed and `accepted` when
    somebody carried the debt.
    """

    open: Spans
    reported: Ints
    weight: Floats
    missing: Ints
    owner: Ints
    labelled: Spans
    accepted: Spans


@dataclass(frozen=True)
class Standing:
    """The open cases at one time, one place in each array: what each owes, and why."""

    case: Ints
    owner: Ints
    weight: Floats
    weeks: Floats
    missing: Ints
    debt: Floats
    accepted: Flags

    def total(self) -> float:
        """What all owe, without what somebody carries."""
        return float(self.debt[~self.accepted].sum())

    def carried(self) -> float:
        """What is accepted for the time being."""
        return float(self.debt[self.accepted].sum())

    def count(self) -> int:
        """How many cases owe something that nobody carries."""
        return int(((self.debt > 0) & ~self.accepted).sum())


def standing_at(history: History, time: int) -> Standing:
    """What each case that was open at `time` owed then.

    >>> one = Spans(np.array([7]), np.array([0]), np.array([FOR_EVER]))
    >>> never = Spans(*(np.array([], dtype=np.int64) for _ in range(3)))
    >>> history = History(one, np.array([0]), np.array([4.0]), np.array([1]), np.array([NOBODY]), never, never)
    >>> standing_at(history, WEEK).total()
    8.0
    >>> standing_at(history, WEEK // 2).total()
    4.0
    """
    held = (history.open.since <= time) & (time < history.open.until)
    case = history.open.case[held]
    weeks = np.maximum(time - history.reported[held], 0) / WEEK
    missing = history.missing[held] + ~np.isin(case, history.labelled.at(time))
    weight = history.weight[held]
    return Standing(
        case=case,
        owner=history.owner[held],
        weight=weight,
        weeks=weeks,
        missing=missing,
        debt=weight * weeks * missing,
        accepted=np.isin(case, history.accepted.at(time)),
    )


def burn_up(history: History, times: Sequence[int]) -> list[tuple[float, float, int]]:
    """At each of `times`: (what was owed, what was carried beside it, by how many cases it was owed)."""
    standings = (standing_at(history, time) for time in times)
    return [(standing.total(), standing.carried(), standing.count()) for standing in standings]
