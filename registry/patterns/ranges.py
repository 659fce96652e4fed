"""What the cases of one range add up to, as it is kept between runs.

Ranges are counted apart and their parts put together, so that a run reads again only what has changed, and any
number of workers can count at once.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arrays import Ints
from .behind import Members, members_of
from .blocks import ANSWERS, NEVER, CaseBlock, merge_event_groups
from .counting import Counts, count_units, no_counts
from .shape import TaxonomyShape

Arrays = NDArray[Any]

LAYOUT = 1
"""Raised whenever a part is written in another way."""

DIGEST_BYTES = 32
WARNED = ANSWERS.index("warned")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one block of cases adds up to.

    counts  see `Counts`
    cases   which of its cases carry which nodes
    units   the same of its units; no other than the cases where none of them is part of an event
    leads   (2, m) node (a position, or their number for all units) and days of each warning that came before
    days    first and last day on which one of the cases occurred; NEVER and -NEVER where none is dated
    digest  of everything above
    """

    counts: Counts
    cases: Members
    units: Members
    leads: Ints
    days: tuple[int, int]
    digest: bytes


def part_of(block: CaseBlock, shape: TaxonomyShape, n_weeks: int) -> Part:
    units = merge_event_groups(block)
    counts = count_units(block, units, shape, n_weeks)
    cases = members_of(block, shape.n_nodes)
    of_units = cases if units is block else members_of(units, shape.n_nodes)
    dated = block.days[block.days != NEVER]
    days = (int(dated.min(initial=NEVER)), int(dated.max(initial=-NEVER)))
    leads = _leads(units, shape.n_nodes)
    found = Part(counts=counts, cases=cases, units=of_units, leads=leads, days=days, digest=b"")
    return _signed(found)


def _leads(units: CaseBlock, n_nodes: int) -> Ints:
    """Of units that had been warned of; sorted, so that the order of the cases does not matter."""
    warned = (units.leads >= 0) & (units.answers == WARNED)
    of_codes = np.repeat(np.where(warned, units.leads, -1), units.lengths)
    nodes = np.concatenate([units.codes[of_codes >= 0], np.full(int(warned.sum()), n_nodes)])
    days = np.concatenate([of_codes[of_codes >= 0], units.leads[warned]])
    order = np.lexsort((days, nodes))
    return np.stack([nodes[order], days[order]]).astype(np.int64)


def _signed(part: Part) -> Part:
    seen = hashlib.sha256()
    for name, array in sorted(_arrays(part).items()):
        seen.update(f"{name} {array.dtype.str} {array.shape};".encode())
        seen.update(np.ascontiguousarray(array).tobytes())
    return Part(part.counts, part.cases, part.units, part.leads, part.days, seen.digest())


def _arrays(part: Part) -> dict[str, Arrays]:
    counts = {f"counts.{f.name}": np.asarray(getattr(part.counts, f.name)) for f in fields(Counts)}
    members = _members("cases", part.cases)
    if part.units is not part.cases:
        members |= _members("units", part.units)
    return counts | members | {"leads": part.leads, "days": np.array(part.days)}


def _members(name: str, members: Members) -> dict[str, Arrays]:
    return {f"{name}.{f.name}": np.asarray(getattr(members, f.name)) for f in fields(Members)}


def packed(part: Part) -> bytes:
    """A part as bytes: its digest, then its arrays."""
    buffer = io.BytesIO()
    buffer.write(part.digest)
    np.savez(buffer, allow_pickle=False, **_arrays(part))
    return buffer.getvalue()


def unpacked(content: bytes | memoryview) -> Part:
    """The part that was packed."""
    digest = bytes(content[:DIGEST_BYTES])
    with np.load(io.BytesIO(content[DIGEST_BYTES:]), allow_pickle=False) as kept:
        arrays = dict(kept)
    counts = {f.name: arrays[f"counts.{f.name}"] for f in fields(Counts)}
    counts |= {name: int(counts[name]) for name in ("cases", "units")}
    cases = _kept_members("cases", arrays)
    first, last = arrays["days"].tolist()
    units = _kept_members("units", arrays) if "units.ids" in arrays else cases
    return Part(Counts(**counts), cases, units, arrays["leads"], (first, last), digest)


def _kept_members(name: str, arrays: dict[str, Arrays]) -> Members:
    return Members(
        ids=arrays[f"{name}.ids"],
        bits=arrays[f"{name}.bits"],
        cells=arrays[f"{name}.cells"],
        starts=arrays[f"{name}.starts"],
        sizes=arrays[f"{name}.sizes"],
        sources=tuple(arrays[f"{name}.sources"].tolist()),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """All parts of a run together.

    leads  (2, m) sorted by node, then by days
    days   first and last day, None where no case is dated
    """

    counts: Counts
    cases: tuple[Members, ...]
    units: tuple[Members, ...]
    leads: Ints
    days: tuple[int, int] | None
    digest: bytes


def whole(parts: Sequence[Part], shape: TaxonomyShape, n_weeks: int) -> Whole:
    """Parts of disjoint cases, in any order that is the same in every run; empty ones make no difference."""
    parts = [part for part in parts if part.counts.cases]
    leads = np.concatenate([np.empty((2, 0), dtype=np.int64), *(part.leads for part in parts)], axis=1)
    first = min((part.days[0] for part in parts), default=NEVER)
    last = max((part.days[1] for part in parts), default=-NEVER)
    return Whole(
        counts=sum((part.counts for part in parts), start=no_counts(shape, n_weeks)),
        cases=tuple(part.cases for part in parts),
        units=tuple(part.units for part in parts),
        leads=leads[:, np.lexsort((leads[1], leads[0]))],
        days=None if first == NEVER else (first, last),
        digest=hashlib.sha256(b"".join(part.digest for part in parts)).digest(),
    )
