"""Which cases carry which nodes, one bit each: the cases behind a pair, and a pair in the strata of its cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .arrays import Codes, Ints
from .blocks import NO_YEAR, CaseBlock

MOST_CASES_KEPT = 500
"""Of the cases behind one number so many are kept with it, the newest."""

WORD = 64
PAIRS_AT_ONCE = 256
"""Pairs whose bits are held at once: half a megabyte for a block of 65,536 cases."""

Words = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """The cases (or units) of a block, those of equal strata side by side, each such cell from a whole word on.

    ids      (places,) number of the case, 0 at the places left empty
    bits     (nodes, words) whether the case at a place carries the node; 64 places a word
    cells    (3, cells) codes of setting, source and year, see `CaseBlock`
    starts   (cells,) first word of each cell
    sizes    (cells,) cases in each cell
    sources  names of the sources

    A million cases of 200 nodes take 25 MB.
    """

    ids: Codes
    bits: Words
    cells: Ints
    starts: Ints
    sizes: Ints
    sources: tuple[str, ...]

    def holding(self, first: Ints, second: Ints) -> Words:
        """(pairs, words): the places that carry both of each pair of nodes."""
        return self.bits[first] & self.bits[second]

    def by_cell(self, rows: Words) -> Ints:
        """(rows, cells): how many bits of each row are set in each cell."""
        if not len(self.starts):
            return np.zeros((len(rows), 0), dtype=np.int64)
        return np.add.reduceat(np.bitwise_count(rows), self.starts, axis=1, dtype=np.int64)


def members_of(block: CaseBlock, n_nodes: int) -> Members:
    """The cases of a block, whatever their order in it.

    >>> block = CaseBlock.of_labels(np.array([0, 2, 0]), np.array([2, 1]), np.array([0, 0]), np.array([-1, -1]))
    >>> members = members_of(block, 3)
    >>> members.ids[:3], members.bits.tolist(), members.cells.T.tolist(), members.sizes
    (array([1, 2, 0]), [[3], [0], [1]], [[2, 0, 0]], array([2]))
    """
    cells, cell = _cells(block.strata)
    sizes = np.bincount(cell, minlength=cells.shape[1])
    words = -(-sizes // WORD)
    starts = np.cumsum(words) - words
    order = np.lexsort((block.ids, cell))
    within = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.repeat(starts * WORD, sizes) + within
    places = int(words.sum()) * WORD
    ids = np.zeros(places, dtype=block.ids.dtype)
    ids[place] = block.ids
    carries = np.zeros((n_nodes, places), dtype=np.bool_)
    carries[block.codes, np.repeat(place, block.lengths)] = True
    bits = np.packbits(carries, axis=1, bitorder="little").view(np.uint64)
    return Members(ids=ids, bits=bits, cells=cells, starts=starts, sizes=sizes, sources=block.sources)


def _cells(strata: Codes) -> tuple[Ints, Ints]:
    """(the different columns of `strata`, in order; the place of each column among them)."""
    setting, source, year = strata.astype(np.int64)
    sources, years = int(source.max(initial=0)) + 1, int(year.max(initial=NO_YEAR)) + 1
    key = (setting * sources + source) * years + year
    seen, place = np.unique(key, return_inverse=True)
    return np.stack([seen // years // sources, seen // years % sources, seen % years]), place


def newest(blocks: Iterable[Members], a: int, b: int, *, most: int) -> Ints:
    """Ids of the cases that carry both nodes (positions), the highest first, at most so many.

    >>> labels, lengths, nothing = np.array([0, 2, 0, 2, 1]), np.array([2, 2, 1]), np.array([-1] * 3)
    >>> newest([members_of(CaseBlock.of_labels(labels, lengths, nothing, nothing), 3)], 0, 2, most=10)
    array([2, 1])
    """
    found = [block.ids[_places(block.bits[a] & block.bits[b])] for block in blocks]
    ids = np.concatenate([np.empty(0, dtype=np.int64), *found])
    return np.sort(ids)[::-1][:most]


def _places(words: Words) -> Ints:
    """Positions of the bits that are set."""
    return np.flatnonzero(np.unpackbits(words.view(np.uint8), bitorder="little"))


def cells_of(blocks: Sequence[Members], first: Ints, second: Ints) -> list[Ints]:
    """For each block (pairs, cells): how many carry both nodes of each pair."""
    found = []
    for block in blocks:
        starts = range(0, len(first), PAIRS_AT_ONCE)
        some = (slice(start, start + PAIRS_AT_ONCE) for start in starts)
        counted = [block.by_cell(block.holding(first[part], second[part])) for part in some]
        found.append(np.concatenate(counted) if counted else np.zeros((0, len(block.sizes)), dtype=np.int64))
    return found
