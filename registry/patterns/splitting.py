"""Pairs in the strata of their events: by setting, by source and by year.

A unit lies in one stratum of each dimension, so that the tables of a pair add up to its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .arrays import Floats, Ints
from .behind import Members, cells_of
from .blocks import NO_YEAR, SETTINGS
from .shape import TaxonomyShape

DIMENSIONS = ("setting", "source", "year")
MOST_STRATA = 12
"""More sources or years than this are told as the largest 11 and all others together."""

OTHERS = "others"
UNKNOWN = ""


@dataclass(frozen=True, slots=True, eq=False)
class Strata:
    """The strata of one dimension in a run.

    names   in the order shown
    events  how many events lie in each
    column  for each block the stratum of each of its cells
    """

    names: tuple[str, ...]
    events: Ints
    column: tuple[Ints, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Splits:
    """The tables of pairs in the strata of one dimension, each (pairs, strata)."""

    joint: Ints
    k_a: Ints
    k_b: Ints
    n: Ints


def strata_of(blocks: Sequence[Members]) -> dict[str, Strata]:
    """How all units lie in the strata of each dimension."""
    return {dimension: _strata(blocks, row) for row, dimension in enumerate(DIMENSIONS)}


def _strata(blocks: Sequence[Members], row: int) -> Strata:
    events: Counter[str] = Counter()
    named = [_names(block, row) for block in blocks]
    for block, names in zip(blocks, named, strict=True):
        for name, size in zip(names, block.sizes.tolist(), strict=True):
            events[name] += size
    shown = _shown(events, row)
    place = {name: at for at, name in enumerate(shown)}
    rest = place.get(OTHERS, 0)
    columns = [np.array([place.get(name, rest) for name in names], dtype=np.int64) for names in named]
    totals = np.zeros(len(shown), dtype=np.int64)
    for block, column in zip(blocks, columns, strict=True):
        np.add.at(totals, column, block.sizes)
    return Strata(names=shown, events=totals, column=tuple(columns))


def _names(block: Members, row: int) -> list[str]:
    codes = block.cells[row].tolist()
    if DIMENSIONS[row] == "year":
        return [UNKNOWN if code == NO_YEAR else str(code) for code in codes]
    names = SETTINGS if DIMENSIONS[row] == "setting" else block.sources
    return [names[code] for code in codes]


def _shown(events: Counter[str], row: int) -> tuple[str, ...]:
    """The strata in the order shown: settings as listed, the largest sources first, years as they follow; the rest
    and what is not known last.
    """
    known = [name for name in events if name != UNKNOWN]
    if DIMENSIONS[row] == "setting":
        return tuple(name for name in SETTINGS if name in events)
    last = [UNKNOWN] * (UNKNOWN in events)
    by_size = sorted(known, key=lambda name: (name == OTHERS, -events[name], name))
    if len(known) + len(last) > MOST_STRATA:
        by_size, last = by_size[: MOST_STRATA - 1 - len(last)], [OTHERS, *last]
    return (*(sorted(by_size, key=_year) if DIMENSIONS[row] == "year" else by_size), *last)


def _year(name: str) -> int:
    return int(name)


def split_pairs(
    blocks: Sequence[Members], shape: TaxonomyShape, strata: dict[str, Strata], a: Ints, b: Ints
) -> dict[str, Splits]:
    """The table of each pair (positions a and b) in every stratum, by dimension.

    As in a pair's own table, n counts the units to which the schemes of both nodes were applied, and k_a and k_b
    are counted among those.
    """
    scheme_a, scheme_b = shape.scheme[a], shape.scheme[b]
    # Behind the nodes stand the schemes: a unit carries a scheme if it carries a node of it.
    applied = [_with_schemes(block, shape) for block in blocks]
    nodes = shape.n_nodes
    tables = {
        "joint": cells_of(blocks, a, b),
        "k_a": _each_once(applied, a, nodes + scheme_b),
        "k_b": _each_once(applied, b, nodes + scheme_a),
        "n": _each_once(applied, nodes + scheme_a, nodes + scheme_b),
    }
    return {
        dimension: Splits(**{name: _by_stratum(cells, found) for name, cells in tables.items()})
        for dimension, found in strata.items()
    }


def _with_schemes(block: Members, shape: TaxonomyShape) -> Members:
    """The same with one more row of bits for each scheme."""
    rows = [
        np.bitwise_or.reduce(block.bits[shape.scheme == scheme], axis=0, keepdims=True)
        for scheme in range(shape.n_schemes)
    ]
    return replace(block, bits=np.concatenate([block.bits, *rows]))


def _each_once(blocks: Sequence[Members], first: Ints, second: Ints) -> list[Ints]:
    """`cells_of`, with pairs of rows that occur often counted once."""
    rows, place = np.unique(np.stack([first, second]), axis=1, return_inverse=True)
    return [cells[place.ravel()] for cells in cells_of(blocks, rows[0], rows[1])]


def _by_stratum(cells: list[Ints], strata: Strata) -> Ints:
    """(pairs, strata) from (pairs, cells) of each block."""
    total: Ints = np.zeros((1, len(strata.names)), dtype=np.int64)
    for counted, column in zip(cells, strata.column, strict=True):
        total = total + (counted.astype(np.float64) @ _one_hot(column, len(strata.names))).astype(np.int64)
    return total


def _one_hot(column: Ints, width: int) -> Floats:
    """(cells, strata): 1 where the cell lies in the stratum. In float64 BLAS multiplies; exact up to 2**53."""
    table: NDArray[np.float64] = np.zeros((len(column), width))
    table[np.arange(len(column)), column] = 1
    return table
