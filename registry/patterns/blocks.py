"""Cases to be counted as flat arrays, no object per case.

The unit is the event group: several cases of one event count once, with the union of their labels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Codes, Flags, Ints

SETTINGS = ("laboratory", "production", "")
"""What the codes of settings mean; empty where it is not known."""

HERE = "here"
"""The source of cases that were not imported."""

ANSWERS = ("warned", "foreseeable", "not_foreseeable", "unknown")
"""What the codes of answers to whether it could have been foreseen mean."""

NO_ANSWER = ANSWERS.index("unknown")
NO_YEAR = 0
NEVER = np.iinfo(np.int32).max
"""The day of a case without a date; PostgreSQL's own `infinity`."""


@dataclass(frozen=True, slots=True, eq=False)
class CaseBlock:
    """Cases to be counted. `codes` holds the labels of all cases, one case after another.

    codes    (labels,) positions of nodes in the taxonomy, ancestors included, strictly increasing inside a case
    lengths  (cases,) number of codes of each case
    weeks    (cases,) column of the weekly counts, -1 for a case that falls in none
    groups   (cases,) number of the event group, -1 for a case that stands alone
    ids      (cases,) number of the case
    strata   (3, cases) setting, a place in SETTINGS; source, a place in `sources`; year, 0 where it is not known
    answers  (cases,) whether it could have been foreseen, a place in ANSWERS
    leads    (cases,) days from a warning to the event, -1 where one of them is not known
    delays   (cases,) weeks from the week of the event to that of its report, -1 where they are not measured
    days     (cases,) first day of the event in days since the beginning of 2000, NEVER where it is not known
    sources  names of the sources

    The cases of one event group must be in one block: blocks are counted apart and their counts added.
    """

    codes: Codes
    lengths: Codes
    weeks: Codes
    groups: Codes
    ids: Codes
    strata: Codes
    answers: Codes
    leads: Codes
    delays: Codes
    days: Codes
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        columns = (self.weeks, self.groups, self.ids, *self.strata, self.answers, self.leads, self.delays, self.days)
        if any(column.shape != self.lengths.shape for column in columns):
            raise ValueError("every column of a case has one element for each case")
        if int(self.lengths.sum()) != len(self.codes):
            raise ValueError("the lengths of the cases do not add up to the codes given")

    @classmethod
    def of_labels(cls, codes: Codes, lengths: Codes, weeks: Codes, groups: Codes) -> CaseBlock:
        """Cases of which nothing but their labels, weeks and events is known, numbered from 1."""
        n = len(lengths)
        nothing = np.full(n, -1, dtype=np.int64)
        return cls(
            codes=codes,
            lengths=lengths,
            weeks=weeks,
            groups=groups,
            ids=np.arange(1, n + 1),
            strata=np.tile([[SETTINGS.index("")], [0], [NO_YEAR]], n),
            answers=np.full(n, NO_ANSWER),
            leads=nothing,
            delays=nothing,
            days=np.full(n, NEVER),
            sources=(HERE,),
        )


def merge_event_groups(block: CaseBlock) -> CaseBlock:
    """The same block with one entry for each event: the union of its cases' codes, in its earliest known week.

    Its number and strata are those of its case with the smallest number; an answer and a lead those of the first of
    its cases that has one. Delays are of reports, not of events: none is kept.

    >>> block = CaseBlock.of_labels(np.array([0, 2, 1, 2]), np.array([2, 2]), np.array([5, 3]), np.array([8, 8]))
    >>> merged = merge_event_groups(block)
    >>> merged.codes, merged.lengths, merged.weeks
    (array([0, 1, 2]), array([3]), array([3]))
    """
    grouped = block.groups >= 0
    if not grouped.any():
        return block
    names, event = np.unique(block.groups[grouped], return_inverse=True)
    codes, lengths = _united(block, grouped, event, len(names))
    ids = block.ids[grouped]
    first = _first(event, ids, np.ones(len(ids), dtype=np.bool_))
    answers, leads = block.answers[grouped], block.leads[grouped]
    nothing = np.full(int((~grouped).sum()) + len(names), -1, dtype=np.int64)

    def joined(column: Codes, of_events: Codes) -> Codes:
        return np.concatenate([column[..., ~grouped], of_events], axis=-1)

    return CaseBlock(
        codes=codes,
        lengths=lengths,
        weeks=joined(block.weeks, _earliest(block.weeks[grouped], event, len(names))),
        groups=nothing,
        ids=joined(block.ids, ids[first]),
        strata=joined(block.strata, block.strata[:, grouped][:, first]),
        answers=joined(block.answers, answers[_first(event, ids, answers != NO_ANSWER)]),
        leads=joined(block.leads, leads[_first(event, ids, leads >= 0)]),
        delays=nothing,
        days=joined(block.days, block.days[grouped][first]),
        sources=block.sources,
    )


def _united(block: CaseBlock, grouped: Flags, event: Ints, n_events: int) -> tuple[Codes, Codes]:
    """(codes, lengths) of the cases that stand alone and, after them, of the events."""
    of_group = np.repeat(grouped, block.lengths)
    width = int(block.codes.max(initial=0)) + 1
    keys = np.unique(np.repeat(event, block.lengths[grouped]) * width + block.codes[of_group])
    codes = np.concatenate([block.codes[~of_group], keys % width])
    return codes, np.concatenate([block.lengths[~grouped], np.bincount(keys // width, minlength=n_events)])


def _earliest(weeks: Codes, event: Ints, n_events: int) -> Ints:
    """The earliest known week of each event, -1 where none is known."""
    never = np.iinfo(np.int64).max
    earliest = np.full(n_events, never)
    np.minimum.at(earliest, event, np.where(weeks < 0, never, weeks.astype(np.int64)))
    return np.where(earliest == never, -1, earliest)


def _first(event: Ints, ids: Codes, known: Flags) -> Ints:
    """For each event the place of its case with the smallest number among those that are `known`, or among all of
    them where none is.
    """
    order = np.lexsort((ids, ~known, event))
    return order[np.flatnonzero(np.diff(event[order], prepend=-1))]
