"""S13: which nodes raters choose one for the other.

Two nodes are confused on a unit where one rater chose the first and not the second, and another the second and not
the first, both having judged both. Who chose both nodes, or neither, confuses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .agreement import MISSING
from .arrays import Codes, Flags, Ints
from .rater_pairs import RowPairs


@dataclass(frozen=True, slots=True, eq=False)
class Confusions:
    """Items a < b; `units` on which they were confused; `together`, on which any rater chose either."""

    a: Ints
    b: Ints
    units: Ints
    together: Ints


def confusions(values: Codes, units: Codes, pairs: RowPairs, *, chosen: int) -> Confusions:
    """Which items of `values` (rows, items), see `agreement.tally`, were chosen one for the other.

    Two raters of one unit, each with another of three items:

    >>> from registry.patterns.rater_pairs import row_pairs
    >>> values = np.array([[1, 0, 0], [0, 0, 1]])
    >>> found = confusions(values, np.array([0, 0]), row_pairs(np.array([0, 0]), np.array([0, 1])), chosen=1)
    >>> found.a.tolist(), found.b.tolist(), found.units.tolist(), found.together.tolist()
    ([0], [2], [1], [1])
    """
    n_items = values.shape[1]
    one, other = values[pairs.first], values[pairs.second]
    both = (one != MISSING) & (other != MISSING)
    a, b, at = _crossed(both & (one == chosen) & (other != chosen), both & (other == chosen) & (one != chosen))
    low, high, where = np.minimum(a, b), np.maximum(a, b), units[pairs.first[at]].astype(np.int64)
    # However many raters part over two items on one unit, the unit counts once.
    once = np.unique((where * n_items + low) * n_items + high)
    codes, counts = np.unique(once % (n_items * n_items), return_counts=True)
    low, high = codes // n_items, codes % n_items
    compared = np.isin(units, units[pairs.first])
    said = _said(values[compared] == chosen, units[compared])
    together = np.array([np.count_nonzero(said[:, i] | said[:, j]) for i, j in zip(low, high, strict=True)], dtype=int)
    return Confusions(a=low, b=high, units=counts.astype(np.int64), together=together.astype(np.int64))


def _crossed(left: Flags, right: Flags) -> tuple[Ints, Ints, Ints]:
    """Every item of `left` with every item of `right` of the same row: (items, items, rows)."""
    row, item = np.nonzero(left)
    other_row, other_item = np.nonzero(right)
    starts = np.searchsorted(other_row, row, side="left")
    lengths = np.searchsorted(other_row, row, side="right") - starts
    within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    place = np.repeat(starts, lengths) + within
    return (
        np.repeat(item, lengths).astype(np.int64),
        other_item[place].astype(np.int64),
        np.repeat(row, lengths).astype(np.int64),
    )


def _said(is_chosen: Flags, units: Codes) -> NDArray[np.bool_]:
    """(units, items): whether any rater of the unit chose the item."""
    _, place = np.unique(units, return_inverse=True)
    said = np.zeros((int(place.max(initial=-1)) + 1, is_chosen.shape[1]), dtype=np.bool_)
    row, item = np.nonzero(is_chosen)
    said[place[row], item] = True
    return said
