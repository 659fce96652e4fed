"""S6: which pairs of labels emerge, and why.

A pair emerges in the run in which it is flagged for the first time, or in which it first has as many joint cases as a
flag needs, both since the run compared with. Ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol, TypeVar

TESTED = "tested"


class Emergence(StrEnum):
    """Why a pair emerges.

    FLAGGED    its q fell below the threshold for the first time, and it is flagged still
    SUPPORTED  its joint cases first reached the fewest that a flag needs, and there are more than expected
    """

    FLAGGED = "flagged"
    SUPPORTED = "supported"


class KeptPair(Protocol):
    """What is read of a pair as a run keeps it; `first_flagged` and `first_supported` are numbers of runs."""

    state: str
    flagged: bool
    joint: int
    expected: float | None
    first_flagged: int | None
    first_supported: int | None


Pair = TypeVar("Pair", bound=KeptPair)


def emergence(pair: KeptPair, compared_with: int | None) -> Emergence | None:
    """Why the pair emerges since the run of number `compared_with`, None if it does not.

    In a first run, compared with none, everything is new and nothing emerges. Pairs out of the family of tests never
    emerge, nor do pairs found together less often than expected, which among failures is no finding.

    >>> from types import SimpleNamespace as Kept
    >>> pair = Kept(state="tested", flagged=True, joint=4, expected=0.7, first_flagged=42, first_supported=40)
    >>> emergence(pair, 41).value, emergence(pair, 42), emergence(pair, None)
    ('flagged', None, None)
    """
    if compared_with is None or pair.state != TESTED:
        return None
    if pair.flagged and _since(pair.first_flagged, compared_with):
        return Emergence.FLAGGED
    if _since(pair.first_supported, compared_with) and pair.expected is not None and pair.joint > pair.expected:
        return Emergence.SUPPORTED
    return None


def emerging(pairs: Iterable[Pair], compared_with: int | None) -> list[tuple[Pair, Emergence]]:
    """The pairs that emerge, those newly flagged first, otherwise in the order given."""
    found = [(pair, why) for pair in pairs if (why := emergence(pair, compared_with)) is not None]
    return sorted(found, key=lambda each: each[1] != Emergence.FLAGGED)


def _since(first: int | None, run: int) -> bool:
    return first is not None and first > run
