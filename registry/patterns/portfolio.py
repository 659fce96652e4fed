"""S12: which failure modes techniques share by the published matrix, and what a portfolio of them leaves open.

Everything is computed under two readings of "uncertain": as resistant, and as vulnerable. A cell that the matrix does
not have is uncertain too.

Source: the matrix and the question of shared failure modes, L. Dung and F. Mai 2025, arXiv:2510.11235.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from .arrays import Flags, Floats


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


def smallest_portfolios(matrix: Matrix, *, uncertain: bool) -> list[tuple[int, ...]]:
    """All portfolios of the smallest size that leave nothing open, in order; none where every technique together
    still does.

    >>> smallest_portfolios(Matrix(np.array([[1, 0], [0, 1], [0, 1]], dtype=np.int8)), uncertain=False)
    [(0, 1), (0, 2)]
    """
    resists = ~matrix.vulnerable(uncertain=uncertain)
    if not resists.any(axis=0).all():
        return []
    for size in range(len(resists) + 1):
        if found := _covers(resists, frozenset(), size):
            return sorted(tuple(sorted(each)) for each in found)
    raise AssertionError("all techniques together cover every mode")


def _covers(resists: Flags, chosen: frozenset[int], left: int) -> set[frozenset[int]]:
    """The portfolios that `chosen` grows to with `left` more techniques and that leave nothing open.

    Branches on the open mode that the fewest techniques resist: one of those must come in.
    """
    open_ = ~resists[list(chosen)].any(axis=0)
    if not open_.any():
        return {chosen}
    if left == 0:
        return set()
    # Fewer than all resist an open mode, or there is nothing chosen and every mode is open.
    choices = np.where(open_, resists.sum(axis=0), len(resists))
    candidates = np.flatnonzero(resists[:, int(choices.argmin())]).tolist()
    return set().union(*(_covers(resists, chosen | {each}, left - 1) for each in candidates))
