"""From label codes to counts: cases as flat arrays, no object per case.

The unit is the event group: several cases of one event count once. A label is absent only where its scheme was
applied to the unit, that is where the unit carries a label of that scheme; elsewhere it is unknown and the unit is
left out of that pair's table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from .arrays import Codes, Ints
from .blocks import ANSWERS, CaseBlock, merge_event_groups
from .shape import TaxonomyShape

_AT_ONCE = 1 << 20
"""Pair codes (or cells) held at once: bounds the memory whatever the number of cases; larger was no faster."""


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """What a block of cases adds up to; all int64. Counts of disjoint blocks add up with `+`.

    cases         cases read
    units         what is left when the cases of an event count once
    node_where    (nodes, schemes) units that carry the node, among those to which the scheme was applied
    both_applied  (schemes, schemes) units to which both schemes were applied
    joint         (nodes, nodes) units that carry both nodes; above the diagonal only
    weekly        (nodes, weeks) units that carry the node, by week
    weekly_units  (weeks,) all units, by week
    answers       (nodes, ANSWERS) units that carry the node, by whether it could have been foreseen
    answers_units (ANSWERS,) all units, by the same
    delays        (weeks, weeks) cases, by the week of the event and how many weeks later they were reported
    """

    cases: int
    units: int
    node_where: Ints
    both_applied: Ints
    joint: Ints
    weekly: Ints
    weekly_units: Ints
    answers: Ints
    answers_units: Ints
    delays: Ints

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def no_counts(shape: TaxonomyShape, n_weeks: int) -> Counts:
    """The counts of no case: the start of every sum."""

    def zeros(*size: int) -> Ints:
        return np.zeros(size, dtype=np.int64)

    nodes, schemes = shape.n_nodes, shape.n_schemes
    return Counts(
        cases=0,
        units=0,
        node_where=zeros(nodes, schemes),
        both_applied=zeros(schemes, schemes),
        joint=zeros(nodes, nodes),
        weekly=zeros(nodes, n_weeks),
        weekly_units=zeros(n_weeks),
        answers=zeros(nodes, len(ANSWERS)),
        answers_units=zeros(len(ANSWERS)),
        delays=zeros(n_weeks, n_weeks),
    )


def count_cases(block: CaseBlock, shape: TaxonomyShape, n_weeks: int) -> Counts:
    """Counts of one block. Raises ValueError for codes that are no position in `shape` or not increasing inside
    a case, for weeks outside -1 .. n_weeks - 1, and for reports after the last week.

    >>> shape = TaxonomyShape(np.array([1, 2, 3]), np.array([0, 0, 1]), 2)
    >>> labels, lengths, weeks = np.array([0, 2, 1, 2, 0]), np.array([2, 2, 1]), np.array([0, 0, 1])
    >>> counts = count_cases(CaseBlock.of_labels(labels, lengths, weeks, np.array([-1] * 3)), shape, n_weeks=2)
    >>> counts.joint[0, 2], counts.node_where[:, 1], counts.both_applied[0, 1], counts.weekly_units
    (np.int64(1), array([1, 1, 2]), np.int64(2), array([2, 1]))
    """
    return count_units(block, merge_event_groups(block), shape, n_weeks)


def count_units(block: CaseBlock, units: CaseBlock, shape: TaxonomyShape, n_weeks: int) -> Counts:
    """The same where the units, `merge_event_groups(block)`, are at hand."""
    _require_within(block.codes, 0, shape.n_nodes, "codes")
    _require_within(block.weeks, -1, n_weeks, "weeks")
    _require_within(block.answers, 0, len(ANSWERS), "answers")
    parts = (_count_same_length(*some, shape, n_weeks) for some in _by_length(units))
    total = sum(parts, start=no_counts(shape, n_weeks))
    return replace(total, cases=len(block.lengths), delays=_delays(block, n_weeks))


def _delays(block: CaseBlock, n_weeks: int) -> Ints:
    """(weeks, weeks): cases by the week of the event and the weeks until it was reported."""
    measured = (block.weeks >= 0) & (block.delays >= 0)
    weeks, delays = block.weeks[measured].astype(np.int64), block.delays[measured]
    _require_within(weeks + delays, 0, n_weeks, "reports")
    return np.bincount(weeks * n_weeks + delays, minlength=n_weeks**2).reshape(n_weeks, n_weeks)


def _require_within(values: Codes, start: int, end: int, what: str) -> None:
    if values.size and not (start <= int(values.min()) and int(values.max()) < end):
        raise ValueError(f"{what} lie from {start} to {end - 1}")


def _by_length(block: CaseBlock) -> Iterator[tuple[NDArray[np.intp], Codes, Codes]]:
    """Units of one length at a time, at most `_AT_ONCE` pairs: (codes (length, units), weeks (units,), answers
    (units,)). With one length a plain rectangle of codes replaces a loop over cases.
    """
    starts = np.cumsum(block.lengths, dtype=np.int64) - block.lengths
    longest = int(block.lengths.max(initial=0))
    # NumPy sorts 16-bit numbers by counting, several times faster than wider ones.
    order = np.argsort(block.lengths.astype(np.min_scalar_type(longest)), kind="stable")
    per_length = np.bincount(block.lengths, minlength=longest + 1)
    for length, members in enumerate(np.split(order, np.cumsum(per_length)[:-1])):
        step = max(1, _AT_ONCE // max(1, length * (length - 1) // 2, length))
        for at in range(0, len(members), step):
            some = members[at : at + step]
            yield _rectangle(block.codes, starts[some], length), block.weeks[some], block.answers[some]


def _rectangle(codes: Codes, starts: Ints, length: int) -> NDArray[np.intp]:
    """(length, units): the codes of units that start at `starts`, the first code of all units in the first row."""
    found = np.empty((length, len(starts)), dtype=np.intp)
    for place in range(length):
        found[place] = codes.take(starts + place)
        if place and np.any(found[place] <= found[place - 1]):
            raise ValueError("the codes of a case must be strictly increasing")
    return found


def _count_same_length(
    codes: NDArray[np.intp], weeks: Codes, answers: Codes, shape: TaxonomyShape, n_weeks: int
) -> Counts:
    node_where, both_applied = _by_scheme(codes, shape)
    # A week of -1 is counted in a column of its own that is then dropped. One count of weeks and answers together
    # costs half as much as one of each.
    column = np.where(weeks < 0, n_weeks, weeks) * len(ANSWERS) + answers
    columns = (n_weeks + 1) * len(ANSWERS)
    of_nodes = np.bincount((codes * columns + column).ravel(), minlength=shape.n_nodes * columns)
    of_nodes = of_nodes.reshape(shape.n_nodes, n_weeks + 1, len(ANSWERS))
    of_units = np.bincount(column, minlength=columns).reshape(n_weeks + 1, len(ANSWERS))
    return Counts(
        cases=codes.shape[1],
        units=codes.shape[1],
        node_where=node_where,
        both_applied=both_applied,
        joint=_joint(codes, shape.n_nodes),
        weekly=of_nodes[:, :n_weeks].sum(axis=2),
        weekly_units=of_units[:n_weeks].sum(axis=1),
        answers=of_nodes.sum(axis=1),
        answers_units=of_units.sum(axis=0),
        delays=np.zeros((n_weeks, n_weeks), dtype=np.int64),
    )


def _joint(codes: NDArray[np.intp], n_nodes: int) -> Ints:
    """(nodes, nodes): units with both nodes, by one count of pair codes first * nodes + second."""
    length, units = codes.shape
    pairs = np.empty((length * (length - 1) // 2, units), dtype=np.intp)
    at = 0
    for i in range(length - 1):
        np.add(codes[i + 1 :], codes[i] * n_nodes, out=pairs[at : at + length - 1 - i])
        at += length - 1 - i
    return np.bincount(pairs.ravel(), minlength=n_nodes**2).reshape(n_nodes, n_nodes)


def _by_scheme(codes: NDArray[np.intp], shape: TaxonomyShape) -> tuple[Ints, Ints]:
    """(node_where, both_applied) of units of one length.

    The schemes applied to a unit are bits of one number, its mask. Few masks occur, so counting nodes by mask and
    adding masks up by scheme costs one count instead of one for each scheme.
    """
    bit = np.left_shift(np.int64(1), shape.scheme)
    masks = np.zeros(codes.shape[1], dtype=np.int64)
    for row in codes:
        masks |= bit[row]
    seen, mask = _numbered(masks, shape.n_schemes)
    if len(seen) > 1 and len(seen) * shape.n_nodes > 4 * _AT_ONCE:
        half = codes.shape[1] // 2
        left, right = _by_scheme(codes[:, :half], shape), _by_scheme(codes[:, half:], shape)
        return left[0] + right[0], left[1] + right[1]
    by_mask = np.bincount((codes * len(seen) + mask).ravel(), minlength=shape.n_nodes * len(seen))
    units = np.bincount(mask, minlength=len(seen))
    applied = (seen[:, None] >> np.arange(shape.n_schemes) & 1).astype(np.float64)
    # In float64 BLAS multiplies; exact up to 2**53 units.
    node_where = by_mask.reshape(shape.n_nodes, len(seen)) @ applied
    return node_where.astype(np.int64), (applied.T * units @ applied).astype(np.int64)


def _numbered(masks: Ints, n_bits: int) -> tuple[Ints, Ints]:
    """The distinct masks in order, and for each mask its place among them."""
    if n_bits > 16:
        seen = np.unique(masks)
        return seen, np.searchsorted(seen, masks)
    occurs = np.bincount(masks, minlength=1 << n_bits) > 0
    return np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[masks]
