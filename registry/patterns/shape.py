"""The taxonomy as the statistics see it: positions instead of rows, arrays instead of objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .arrays import Codes, Flags, Ints

MOST_SCHEMES = 63
"""A case's schemes are counted as bits of one 64-bit number."""


def _no_pairs() -> Ints:
    return np.empty((0, 2), dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class TaxonomyShape:
    """All nodes of one taxonomy version. A node's position in `node_ids` is its code in every other array.

    node_ids    (nodes,) database ids, strictly increasing
    scheme      (nodes,) scheme of each node, numbered from 0 to n_schemes - 1
    ancestors   (m, 2) ids: (node, one of its ancestors), every level, also through alternative parents
    mapped      (m, 2) ids: (node, node of another scheme that it is the same as or narrower than); exact and close
                mappings are given in both directions
    exclusive   (m, 2) ids in any order: nodes that no case can carry together (`pairs_among` lists a
                single-choice scheme or branch)

    Raises ValueError for ids out of order or unknown, and for more than 63 schemes.
    """

    node_ids: Ints
    scheme: Ints
    n_schemes: int
    ancestors: Ints = field(default_factory=_no_pairs)
    mapped: Ints = field(default_factory=_no_pairs)
    exclusive: Ints = field(default_factory=_no_pairs)

    def __post_init__(self) -> None:
        if self.n_schemes > MOST_SCHEMES:
            raise ValueError(f"at most {MOST_SCHEMES} schemes can be counted together, not {self.n_schemes}")
        if np.any(np.diff(self.node_ids) <= 0):
            raise ValueError("node ids must be strictly increasing")
        if self.scheme.shape != self.node_ids.shape:
            raise ValueError("every node has one scheme")
        if np.any((self.scheme < 0) | (self.scheme >= self.n_schemes)):
            raise ValueError("schemes are numbered from 0 to n_schemes - 1")
        for pairs in (self.ancestors, self.mapped, self.exclusive):
            self.positions(pairs)

    @property
    def n_nodes(self) -> int:
        return len(self.node_ids)

    def positions(self, ids: Codes) -> NDArray[np.int32]:
        """Positions of the nodes with these database ids, in the same shape. Raises ValueError for an unknown id.

        >>> TaxonomyShape(np.array([3, 7, 9]), np.array([0, 0, 1]), 2).positions(np.array([[9, 3]]))
        array([[2, 0]], dtype=int32)
        """
        if ids.size == 0:
            return np.empty(ids.shape, dtype=np.int32)
        top = int(self.node_ids[-1]) if self.n_nodes else -1
        # One slot for each id up to the largest: reading it is far quicker than a search, and ids are small.
        table = np.full(top + 2, -1, dtype=np.int32)
        table[self.node_ids] = np.arange(self.n_nodes, dtype=np.int32)
        if int(ids.min()) < 0 or int(ids.max()) > top:
            raise ValueError("a label names a node that the taxonomy does not have")
        found: NDArray[np.int32] = table[ids]
        if int(found.min()) < 0:
            raise ValueError("a label names a node that the taxonomy does not have")
        return found

    def under(self) -> Flags:
        """(nodes, nodes): whether the first is the second or lies under it."""
        table = np.eye(self.n_nodes, dtype=np.bool_)
        _mark(table, self.positions(self.ancestors))
        return table

    def related_by_definition(self) -> Flags:
        """(nodes, nodes), symmetric: pairs that restate their definitions. Ancestor and descendant, mapped nodes,
        and what follows from both: with x mapped to y, whatever lies under x is also y and all that lies above y.

        >>> shape = TaxonomyShape(
        ...     np.array([1, 2, 3]), np.array([0, 1, 1]), 2, ancestors=np.array([[3, 2]]), mapped=np.array([[1, 3]])
        ... )
        >>> shape.related_by_definition()[0]
        array([ True,  True,  True])
        """
        under = self.under()
        mapped = np.zeros_like(under)
        _mark(mapped, self.positions(self.mapped))
        # Products of 0/1 matrices count the ways from one node to another; float32 lets BLAS do it.
        steps = under.astype(np.float32)
        follows = under | (steps @ mapped.astype(np.float32) @ steps > 0)
        return follows | follows.T

    def excluded_by_definition(self) -> Flags:
        """(nodes, nodes), symmetric: pairs that no case can carry together."""
        table = np.zeros((self.n_nodes, self.n_nodes), dtype=np.bool_)
        _mark(table, self.positions(self.exclusive))
        return table | table.T


def pairs_among(ids: Sequence[int] | Ints) -> Ints:
    """Every pair of these ids once, (m, 2): the exclusive pairs of a single-choice scheme or branch.

    >>> pairs_among([4, 6, 9])
    array([[4, 6],
           [4, 9],
           [6, 9]])
    """
    members = np.asarray(ids, dtype=np.int64)
    first, second = np.triu_indices(len(members), k=1)
    return np.stack([members[first], members[second]], axis=1)


def _mark(table: Flags, pairs: NDArray[np.int32]) -> None:
    table[pairs[:, 0], pairs[:, 1]] = True
