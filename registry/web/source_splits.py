"""Flagged pairs by where their records come from, and which of them stand without their largest source."""

from dataclasses import dataclass

import numpy as np
from django.db.models import F

from registry.choices import Dimension
from registry.models import PatternPair
from registry.patterns import strata
from registry.patterns.rules import Rules
from registry.patterns.splitting import OTHERS
from registry.web import pictures
from registry.web.counted_links import of_pair_url
from registry.web.numbers import page_asked
from registry.web.pattern_rows import rows_of, with_nodes
from registry.web.pattern_splits import splits_of, whisker_of
from registry.web.strata_words import stratum_words

MOST_SOURCES = 5
MOST_PAIRS = 200
PER_PAGE = 25
WIDTH = 124
# What becomes of a pair without the source that holds most of its events: (kind of tag, word, what it means).
STANDS = ("ok", "stands", "without their largest source the interval of the pooled odds ratio still lies above 1")
FALLS = ("warn", "does not stand", "without their largest source the interval reaches 1")
TOO_FEW = ("guess", "cannot be told", "too few joint cases, or none to compare with, are left without it")
NOT_SPLIT = ("guess", "not split", "this run did not split them by source")
STANDINGS = (STANDS, FALLS, TOO_FEW, NOT_SPLIT)


@dataclass(frozen=True)
class Rest:
    """What is left of a pair without the source that holds most of the events to which both schemes were applied."""

    source: str
    joint: int
    pooled: strata.Pooled | None
    standing: tuple

    @property
    def source_words(self):
        return stratum_words(Dimension.SOURCE, self.source)


@dataclass(frozen=True)
class SourceRow:
    """One flagged pair: (joint, n, odds ratio or None, address or none) by source, and the rest without the largest."""

    row: object
    cells: list
    rest: Rest
    whisker: dict | None


def flagged_pairs(run):
    """The flagged pairs of a run, labels that attract each other most first, at most MOST_PAIRS."""
    pairs = PatternPair.objects.filter(run=run, flagged=True).order_by(F("effect").desc(nulls_last=True), "pk")
    return list(with_nodes(pairs)[:MOST_PAIRS])


def source_view(run, page_text):
    """What templates/patterns/sources.html draws: pairs that stand first, then those that do not, then the others."""
    pairs, rules = flagged_pairs(run), Rules.kept(run.rules)
    splits = _by_source(pairs)
    rests = {pair.pk: without_largest(splits[pair.pk], rules) for pair in pairs}
    # What can be told stands first; the sort keeps the strongest first within each.
    pairs.sort(key=lambda pair: STANDINGS.index(rests[pair.pk].standing))
    names, n_others = columns_of(splits.values())
    page = page_asked(page_text, last=max(-(-len(pairs) // PER_PAGE), 1))
    shown = pairs[(page - 1) * PER_PAGE : page * PER_PAGE]
    rows = [
        SourceRow(
            row=row,
            cells=_cells(row.pair, splits[row.pair.pk], names, rules, with_others=bool(n_others)),
            rest=rests[row.pair.pk],
            whisker=_whisker(rests[row.pair.pk]),
        )
        for row in rows_of(shown, run)
    ]
    standings = [rest.standing for rest in rests.values()]
    return {
        "rows": rows,
        "axis": pictures.whisker_axis(width=WIDTH),
        "heads": [stratum_words(Dimension.SOURCE, name) for name in names] + _others_words(n_others),
        "n_left_out": run.n_flagged - len(pairs),
        "tally": [(*each, standings.count(each)) for each in STANDINGS],
        "pages": {
            "previous_url": f"?page={page - 1}" if page > 1 else "",
            "next_url": f"?page={page + 1}" if page * PER_PAGE < len(pairs) else "",
        },
        "summary": f"{(page - 1) * PER_PAGE + 1:,}–{min(page * PER_PAGE, len(pairs)):,} of {len(pairs):,} pairs",
    }


def _by_source(pairs):
    return {pk: found.get(Dimension.SOURCE) for pk, found in splits_of(pairs, [Dimension.SOURCE]).items()}


def columns_of(splits):
    """(the sources with most events behind these splits, the largest first; how many more there are)."""
    counts = {}
    for split in splits:
        for name, n in zip(split.names, split.n.tolist(), strict=True) if split else ():
            counts[name] = counts.get(name, 0) + n
    names = sorted((name for name in counts if counts[name]), key=lambda name: (-counts[name], name))
    return names[:MOST_SOURCES], len(names[MOST_SOURCES:])


def _others_words(n):
    return [f"{n} others"] if n > 1 else ["One other"] if n else []


def without_largest(split, rules):
    """The Rest of one pair; a pair that is not found again in the other sources may be the habit of one list."""
    if split is None:
        return Rest(source="", joint=0, pooled=None, standing=NOT_SPLIT)
    # Those that stand together as one are no source.
    largest = int(np.where(np.array(split.names) == OTHERS, -1, split.n).argmax())
    joint, k_a, k_b, n = (np.delete(part, largest) for part in (split.joint, split.k_a, split.k_b, split.n))
    left = {"source": split.names[largest], "joint": int(joint.sum())}
    if left["joint"] < rules.min_joint:
        return Rest(**left, pooled=None, standing=TOO_FEW)
    pooled = strata.pool(joint, k_a, k_b, n)
    if np.isnan(pooled.low):
        return Rest(**left, pooled=None, standing=TOO_FEW)
    return Rest(**left, pooled=pooled, standing=STANDS if pooled.low > 1 else FALLS)


def _whisker(rest):
    found = rest.pooled
    return whisker_of(found.odds_ratio, found.low, found.high, width=WIDTH) if found else None


def _cells(pair, split, names, rules, *, with_others):
    """(joint, n, odds ratio or None where it cannot be judged, address of the joint cases or none) in each of these
    sources; and in the others together, where an odds ratio would mix them.
    """
    if split is None:
        return []
    found = strata.read(split, rules)
    place = {name: at for at, name in enumerate(split.names)}
    cells = []
    for name in names:
        at = place.get(name)
        odds = float(found.within.odds_ratio[at]) if at is not None and found.judged[at] else None
        joint = int(split.joint[at]) if at is not None else 0
        url = of_pair_url(pair, Dimension.SOURCE, name) if joint else ""
        cells.append((joint, int(split.n[at]) if at is not None else 0, odds, url))
    rest = [at for name, at in place.items() if name not in names]
    others = (int(split.joint[rest].sum()), int(split.n[rest].sum()), None, "")
    return [*cells, others] if with_others else cells


CSV_HEADS = ("Label", "With", "Source", "Both", "First", "Second", "Events", "Largest source", "Without it")


def csv_rows(run):
    """A line for each flagged pair and source, with what becomes of the pair without its largest source."""
    rules, pairs = Rules.kept(run.rules), flagged_pairs(run)
    splits = _by_source(pairs)
    for pair in pairs:
        split = splits[pair.pk]
        rest = without_largest(split, rules)
        for place, name in enumerate(split.names if split else ()):
            counts = [int(part[place]) for part in (split.joint, split.k_a, split.k_b, split.n)]
            yield [pair.node_a.name, pair.node_b.name, name, *counts, rest.source, rest.standing[1]]
