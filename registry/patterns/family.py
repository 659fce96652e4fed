"""Which pairs of labels make up the family of tests, and why the others do not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from .arrays import Ints
from .counting import Counts
from .rules import Rules
from .shape import TaxonomyShape


class PairState(IntEnum):
    """Why a pair was tested or not. The first reason that holds, in the order related, exclusive, too few."""

    TESTED = 0
    RELATED = 1
    EXCLUSIVE = 2
    TOO_FEW = 3


@dataclass(frozen=True, slots=True, eq=False)
class PairCounts:
    """Every pair of nodes once, as arrays of one length: positions a < b, and the counts of its table.

    n counts the units to which the schemes of both nodes were applied; joint, k_a and k_b are counted among those.
    """

    a: Ints
    b: Ints
    joint: Ints
    k_a: Ints
    k_b: Ints
    n: Ints


def pair_counts(counts: Counts, shape: TaxonomyShape) -> PairCounts:
    """The table of every pair, nodes * (nodes - 1) / 2 of them, in the order (0, 1), (0, 2), ..."""
    a, b = np.triu_indices(shape.n_nodes, k=1)
    scheme_a, scheme_b = shape.scheme[a], shape.scheme[b]
    return PairCounts(
        a=a,
        b=b,
        joint=counts.joint[a, b],
        k_a=counts.node_where[a, scheme_b],
        k_b=counts.node_where[b, scheme_a],
        n=counts.both_applied[scheme_a, scheme_b],
    )


def pair_states(pairs: PairCounts, shape: TaxonomyShape, rules: Rules) -> NDArray[np.int8]:
    """The `PairState` of every pair, as int8."""
    related = shape.related_by_definition()[pairs.a, pairs.b]
    exclusive = shape.excluded_by_definition()[pairs.a, pairs.b]
    testable = rules.testable(pairs.k_a, pairs.k_b, pairs.n)
    reasons = [related, exclusive, ~testable]
    answers = [PairState.RELATED, PairState.EXCLUSIVE, PairState.TOO_FEW]
    return np.select(reasons, answers, PairState.TESTED).astype(np.int8)
