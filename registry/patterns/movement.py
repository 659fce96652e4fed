"""What moved: each pair's status against the previous run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from .arrays import Flags, Floats, Ints


class Movement(IntEnum):
    """A pair's status against the previous run.

    NONE      flagged in neither run
    NEW       flagged now, not before
    STRONGER  flagged in both, with more joint cases and q at least halved
    WEAKER    flagged in both, q at least doubled
    GONE      flagged before, not now
    STEADY    flagged in both, anything else
    """

    NONE = 0
    NEW = 1
    STRONGER = 2
    WEAKER = 3
    GONE = 4
    STEADY = 5


@dataclass(frozen=True, slots=True, eq=False)
class RunPairs:
    """Pairs of one run as they are kept, arrays of one length: database ids of the nodes, a < b, each pair once.

    A run may be kept without the pairs that have no joint case and no flag; they count as joint 0, not flagged.
    """

    a: Ints
    b: Ints
    joint: Ints
    q: Floats
    flagged: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """Statuses of the present pairs, in their order, and what the present run no longer has.

    movement          int8, the `Movement` of each pair
    without_new_case  newly flagged although no joint case was added: other cases moved the odds, say so
    vanished          positions in the previous run of flagged pairs that the present run does not contain
    """

    movement: NDArray[np.int8]
    without_new_case: Flags
    vanished: Ints


@dataclass(frozen=True, slots=True, eq=False)
class FirstTimes:
    """Since which run pairs are known, arrays of one length: numbers of runs, 0 for never.

    flagged    the first run that flagged the pair
    supported  the first run in which it had as many joint cases as a flag needs
    """

    flagged: Ints
    supported: Ints


def no_times() -> FirstTimes:
    none = np.empty(0, dtype=np.int64)
    return FirstTimes(flagged=none, supported=none)


def no_pairs() -> RunPairs:
    """The run before the first."""
    none = np.empty(0, dtype=np.int64)
    return RunPairs(a=none, b=none, joint=none, q=np.empty(0), flagged=np.empty(0, dtype=np.bool_))


def moved(present: RunPairs, previous: RunPairs) -> Moved:
    """Status of every present pair against the previous run; without one, give `no_pairs()`: all flags are new.

    >>> one, two = np.array([1]), np.array([2])
    >>> before = RunPairs(one, two, np.array([9]), np.array([0.04]), np.array([True]))
    >>> now = RunPairs(one, two, np.array([14]), np.array([0.01]), np.array([True]))
    >>> Movement(moved(now, before).movement[0]).name
    'STRONGER'
    """
    in_previous, in_present = _matched(present, previous)
    joint_before = np.zeros(len(present.a), dtype=np.int64)
    q_before = np.full(len(present.a), np.nan)
    flagged_before = np.zeros(len(present.a), dtype=np.bool_)
    joint_before[in_present] = previous.joint[in_previous]
    q_before[in_present] = previous.q[in_previous]
    flagged_before[in_present] = previous.flagged[in_previous]

    more_cases = present.joint > joint_before
    both = present.flagged & flagged_before
    new = present.flagged & ~flagged_before
    # q can be 0 in both runs: half and double of nothing are no movement, hence the strict comparison.
    stronger = both & more_cases & (present.q <= q_before / 2)
    weaker = both & (present.q >= q_before * 2) & (present.q > q_before)
    gone = ~present.flagged & flagged_before
    movement = np.select(
        [new, stronger, weaker, gone, both],
        [Movement.NEW, Movement.STRONGER, Movement.WEAKER, Movement.GONE, Movement.STEADY],
        Movement.NONE,
    ).astype(np.int8)
    lost = previous.flagged.copy()
    lost[in_previous] = False
    return Moved(movement=movement, without_new_case=new & ~more_cases, vanished=np.flatnonzero(lost))


def _matched(present: RunPairs, previous: RunPairs) -> tuple[Ints, Ints]:
    """(positions in previous, positions in present) of the pairs that both runs have."""
    width = max(int(present.b.max(initial=0)), int(previous.b.max(initial=0))) + 1
    _, in_present, in_previous = np.intersect1d(
        present.a * width + present.b,
        previous.a * width + previous.b,
        assume_unique=True,
        return_indices=True,
    )
    return in_previous, in_present
