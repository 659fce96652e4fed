"""S13: how two raters agree: per cent agreement and Cohen's kappa, for all pairs of raters at once.

Source: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960),
37-46. Over several nodes, observed and expected disagreement are summed, each node with its own margins, as in
H. De Vries and others, Field Methods 20 (2008), 272-282: the pooled kappa.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .agreement import MISSING
from .arrays import Codes, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class RowPairs:
    """Two rows of ratings of one unit: positions of the rows; the rater of `first` has the smaller number."""

    first: Ints
    second: Ints


@dataclass(frozen=True, slots=True, eq=False)
class PairScores:
    """One element for each pair of raters that judged something in common; raters first < second.

    units       on how many units
    judgements  how many items they both judged, over all those units
    agreed      on how many of them they said the same
    kappa       NaN where chance alone would have them agree always
    """

    first: Ints
    second: Ints
    units: Ints
    judgements: Ints
    agreed: Ints
    kappa: Floats


def row_pairs(units: Codes, raters: Codes) -> RowPairs:
    """Every two rows of one unit. A rater has one row a unit.

    >>> pairs = row_pairs(np.array([5, 7, 5, 5]), np.array([2, 1, 1, 3]))
    >>> sorted(zip(pairs.first.tolist(), pairs.second.tolist()))
    [(0, 3), (2, 0), (2, 3)]
    """
    order = np.lexsort((raters, units))
    of_unit = units[order]
    found: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []
    for apart in range(1, len(order)):
        start = np.flatnonzero(of_unit[:-apart] == of_unit[apart:])
        if not len(start):
            break
        found.append((order[start], order[start + apart]))
    first, second = (np.concatenate([each[side] for each in found] or [order[:0]]) for side in (0, 1))
    return RowPairs(first=first.astype(np.int64), second=second.astype(np.int64))


def pair_scores(values: Codes, raters: Codes, pairs: RowPairs, *, n_values: int) -> PairScores:
    """How each two raters agree over the items of `values` (rows, items), see `agreement.tally`."""
    one, other = values[pairs.first], values[pairs.second]
    both = (one != MISSING) & (other != MISSING)
    spoke = both.any(axis=1)
    one, other, both = one[spoke], other[spoke], both[spoke]
    width = int(raters.max(initial=0)) + 1
    codes = raters[pairs.first][spoke].astype(np.int64) * width + raters[pairs.second][spoke]
    people, place = np.unique(codes, return_inverse=True)
    tables = _tables(one, other, both, place, n_pairs=len(people), n_values=n_values)
    judgements = tables.sum(axis=(1, 2, 3))
    agreed = np.trace(tables, axis1=2, axis2=3).sum(axis=1)
    return PairScores(
        first=people // width,
        second=people % width,
        units=np.bincount(place, minlength=len(people)).astype(np.int64),
        judgements=judgements,
        agreed=agreed,
        kappa=pooled_kappa(tables),
    )


def _tables(
    one: Codes, other: Codes, both: NDArray[np.bool_], place: NDArray[np.intp], *, n_pairs: int, n_values: int
) -> Ints:
    """(pairs of raters, items, values of the first, values of the second)."""
    n_items = one.shape[1]
    item = place[:, None] * n_items + np.arange(n_items)
    cells = (item * n_values + one) * n_values + other
    counts = np.bincount(cells[both], minlength=n_pairs * n_items * n_values**2)
    return counts.reshape(n_pairs, n_items, n_values, n_values).astype(np.int64)


def pooled_kappa(tables: Ints) -> Floats:
    """Cohen's kappa over the items of (..., items, V, V), pooled; with one item it is Cohen's own.

    abacabcaba against abbcabcaaa: they agree on 8 of 10, chance would give 3.8.

    >>> table = np.array([[[4, 1, 0], [1, 2, 0], [0, 0, 2]]])
    >>> round(float(pooled_kappa(table)), 4)
    0.6774
    """
    n = tables.sum(axis=(-2, -1))
    differ = n - np.trace(tables, axis1=-2, axis2=-1)
    by_chance = (tables.sum(axis=-1) * tables.sum(axis=-2)).sum(axis=-1)
    expected = (n - by_chance / np.maximum(n, 1)).sum(axis=-1)
    varied = expected > 0
    return np.where(varied, 1 - differ.sum(axis=-1) / np.where(varied, expected, 1), np.nan)
