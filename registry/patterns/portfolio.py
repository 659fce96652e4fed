"""S12: which failure modes techniques share by the published matrix, and what a portfolio of them leaves open.

Everything is computed under two readings of "uncertain": as resistant, and as vulnerable. A cell that the matrix does
not have is uncertain too.

Source: the matrix and the question of shared failure modes, L. Dung and F. Mai 2025, arXiv:2510.11235.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import comb

import numpy as np
from numpy.typing import NDArray

from .arrays import Flags, Floats, Ints

MOST_TECHNIQUES, MOST_MODES = 200, 14
"""What compares every choice of techniques is worked out up to here; it doubles with every mode."""

MOST_LISTED = 50
"""So many of the smallest portfolios are named."""

IMPOSSIBLE = 1000


class Verdict(IntEnum):
    RESISTANT = 0
    VULNERABLE = 1
    UNCERTAIN = 2


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """`verdicts` (techniques, modes) as codes of Verdict."""

    verdicts: NDArray[np.int8]

    def vulnerable(self, *, uncertain: bool) -> Flags:
        """(techniques, modes); `uncertain`: whether an uncertain cell is read as vulnerable.

        >>> Matrix(np.array([[0, 1, 2]], dtype=np.int8)).vulnerable(uncertain=True)
        array([[False,  True,  True]])
        """
        read = [Verdict.VULNERABLE, Verdict.UNCERTAIN] if uncertain else [Verdict.VULNERABLE]
        return np.isin(self.verdicts, read)


def shared_modes(matrix: Matrix, *, uncertain: bool) -> Floats:
    """(techniques, techniques): Jaccard of the sets of modes each is vulnerable to; NaN where both sets are empty.

    >>> shared_modes(Matrix(np.array([[1, 1, 0], [1, 1, 1]], dtype=np.int8)), uncertain=False).round(4)
    array([[1.    , 0.6667],
           [0.6667, 1.    ]])
    """
    sets = matrix.vulnerable(uncertain=uncertain).astype(np.int64)
    both = sets @ sets.T
    sizes = sets.sum(axis=1)
    either = sizes[:, None] + sizes[None, :] - both
    with np.errstate(invalid="ignore"):
        return np.asarray(both / either, dtype=np.float64)


def mean_shared(shared: Floats) -> float:
    """Mean over the pairs of different techniques for which it is defined; NaN without any.

    >>> mean_shared(np.array([[1.0, 0.5], [0.5, 1.0]]))
    0.5
    """
    pairs = shared[np.triu_indices(len(shared), k=1)]
    defined = pairs[~np.isnan(pairs)]
    return float(defined.mean()) if len(defined) else float("nan")


def residual(matrix: Matrix, chosen: Sequence[int], *, uncertain: bool) -> tuple[int, ...]:
    """The modes that every chosen technique is vulnerable to. Without a technique that is every mode.

    >>> residual(Matrix(np.array([[1, 1, 0], [0, 1, 2]], dtype=np.int8)), [0, 1], uncertain=False)
    (1,)
    """
    open_ = matrix.vulnerable(uncertain=uncertain)[list(chosen)].all(axis=0)
    return tuple(np.flatnonzero(open_).tolist())


@dataclass(frozen=True, slots=True)
class OneMore:
    """What adding one technique would do: the modes it closes and those still open."""

    technique: int
    closes: tuple[int, ...]
    leaves: tuple[int, ...]


def one_more(matrix: Matrix, chosen: Sequence[int], *, uncertain: bool) -> list[OneMore]:
    """Every technique that would close something, the one that leaves the fewest open first.

    >>> one_more(Matrix(np.array([[1, 1], [0, 1], [0, 0]], dtype=np.int8)), [0], uncertain=False)[0]
    OneMore(technique=2, closes=(0, 1), leaves=())
    """
    before = residual(matrix, chosen, uncertain=uncertain)
    found = []
    for technique in range(len(matrix.verdicts)):
        after = residual(matrix, [*chosen, technique], uncertain=uncertain)
        if len(after) < len(before):
            closes = tuple(mode for mode in before if mode not in after)
            found.append(OneMore(technique=technique, closes=closes, leaves=after))
    return sorted(found, key=lambda each: (len(each.leaves), each.technique))


@dataclass(frozen=True, slots=True)
class Smallest:
    """The smallest portfolios that leave nothing open: of what size, how many there are, and the first of them.

    `size` is None, and `n` 0, where every technique together still leaves something open.
    """

    size: int | None
    n: int
    first: tuple[tuple[int, ...], ...]


def is_workable(matrix: Matrix) -> bool:
    """Whether what compares every choice of techniques is worked out for a matrix of this size."""
    techniques, modes = matrix.verdicts.shape
    return bool(techniques <= MOST_TECHNIQUES and modes <= MOST_MODES)


def smallest_portfolios(matrix: Matrix, *, uncertain: bool, most: int = MOST_LISTED) -> Smallest:
    """The smallest portfolios, at most `most` of them by name, in order. The matrix is workable.

    The work grows with the techniques times two to the power of the modes, and never with the number of portfolios:
    they are counted by inclusion and exclusion over the sets of modes, and only those that are named are built.

    >>> smallest_portfolios(Matrix(np.array([[1, 0], [0, 1], [0, 1]], dtype=np.int8)), uncertain=False)
    Smallest(size=2, n=2, first=((0, 1), (0, 2)))
    """
    if not is_workable(matrix):
        raise ValueError("too many techniques or modes to compare every choice")
    closes = _as_bits(~matrix.vulnerable(uncertain=uncertain))
    every = (1 << matrix.verdicts.shape[1]) - 1
    if np.bitwise_or.reduce(closes, initial=0) != every:
        return Smallest(size=None, n=0, first=())
    fewest = _fewest(closes, every)
    size = int(fewest[0, every])
    return Smallest(size=size, n=_n_portfolios(closes, every, size), first=_first(closes, fewest, every, most))


def most_alike(matrix: Matrix, size: int) -> tuple[int, ...]:
    """The first `size` techniques that together leave most modes open, "uncertain" read as resistant; all of them
    where there are fewer. The matrix is workable.

    >>> most_alike(Matrix(np.array([[0, 1], [1, 0], [1, 1], [1, 0]], dtype=np.int8)), 2)
    (0, 2)
    """
    if not is_workable(matrix):
        raise ValueError("too many techniques or modes to compare every choice")
    weak = _as_bits(matrix.vulnerable(uncertain=False))
    size = min(size, len(weak))
    sets = np.arange(1 << matrix.verdicts.shape[1])
    # Column by column, so that the techniques times the sets are never held at once.
    shared = sum(((sets & bits) == sets for bits in weak.tolist()), start=np.zeros(len(sets), dtype=np.int64))
    open_ = np.where(shared >= size, np.bitwise_count(sets).astype(np.int64), -1)
    found = (np.flatnonzero((weak & bits) == bits)[:size].tolist() for bits in sets[open_ == open_.max()])
    return tuple(min(found))


def _as_bits(flags: Flags) -> Ints:
    """Each row as one number, the first column its lowest bit."""
    return np.asarray(flags.astype(np.int64) @ (1 << np.arange(flags.shape[1], dtype=np.int64)), dtype=np.int64)


def _fewest(closes: Ints, every: int) -> NDArray[np.int16]:
    """(techniques + 1, sets of modes): how few of the techniques from the row's on close the set; IMPOSSIBLE if none
    of them together do.
    """
    sets = np.arange(every + 1)
    fewest = np.full((len(closes) + 1, every + 1), IMPOSSIBLE, dtype=np.int16)
    fewest[-1, 0] = 0
    for place in range(len(closes) - 1, -1, -1):
        fewest[place] = np.minimum(fewest[place + 1], fewest[place + 1][sets & ~closes[place]] + 1)
    return np.minimum(fewest, IMPOSSIBLE)


def _n_portfolios(closes: Ints, every: int, size: int) -> int:
    """How many portfolios of `size` close every mode: those of any techniques, less those that leave a set open."""
    sets = np.arange(every + 1)
    outside = sum(((sets & bits) == 0 for bits in closes.tolist()), start=np.zeros(len(sets), dtype=np.int64))
    sign = 1 - 2 * (np.bitwise_count(sets).astype(np.int64) % 2)
    weights = np.zeros(len(closes) + 1, dtype=np.int64)
    np.add.at(weights, outside, sign)
    return sum(weight * comb(n, size) for n, weight in enumerate(weights.tolist()))


def _first(closes: Ints, fewest: NDArray[np.int16], every: int, most: int) -> tuple[tuple[int, ...], ...]:
    """The first portfolios in order: every step keeps to those that can still be completed."""
    found: list[tuple[int, ...]] = []
    # Portfolios begun: the techniques chosen, the next that may be, what is open. The last one is grown first.
    begun: list[tuple[tuple[int, ...], int, int]] = [((), 0, every)]
    while begun and len(found) < most:
        chosen, place, open_ = begun.pop()
        if not open_:
            found.append(chosen)
            continue
        left = int(fewest[place, open_])
        without, with_it = int(fewest[place + 1, open_]), open_ & ~int(closes[place])
        if without == left:
            begun.append((chosen, place + 1, open_))
        if int(fewest[place + 1, with_it]) + 1 == left:
            begun.append(((*chosen, place), place + 1, with_it))
    return tuple(found)
