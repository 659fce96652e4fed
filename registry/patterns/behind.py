"""The cases behind a pair: which cases carry which nodes, one bit each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .arrays import Codes, Ints


class CasesBehind:
    """Remembers block by block which cases carry which nodes: a million cases of 200 nodes take 25 MB.

    Asking the database for each pair again costs more than reading all cases once.
    """

    def __init__(self, n_nodes: int) -> None:
        self.n_nodes = n_nodes
        self._blocks: list[tuple[Codes, NDArray[np.uint8]]] = []

    def add(self, ids: Codes, codes: Codes, lengths: Codes) -> None:
        """Cases with these ids, (cases,); `codes` and `lengths` as in `CaseBlock`."""
        carries = np.zeros((self.n_nodes, len(ids)), dtype=np.bool_)
        carries[codes, np.repeat(np.arange(len(ids)), lengths)] = True
        self._blocks.append((ids, np.packbits(carries, axis=1)))

    def newest(self, a: int, b: int, *, most: int) -> Ints:
        """Ids of the cases that carry both nodes (positions), the highest first, at most so many.

        >>> behind = CasesBehind(3)
        >>> behind.add(np.array([5, 9, 7]), np.array([0, 2, 0, 2, 1]), np.array([2, 2, 1]))
        >>> behind.newest(0, 2, most=10)
        array([9, 5])
        """
        found = [ids[_places(bits[a] & bits[b], len(ids))] for ids, bits in self._blocks]
        ids = np.concatenate([np.empty(0, dtype=np.int64), *found])
        return np.sort(ids)[::-1][:most]


def _places(bits: NDArray[np.uint8], n: int) -> Ints:
    """Positions of the bits that are set, among the first n."""
    return np.flatnonzero(np.unpackbits(bits, count=n))
