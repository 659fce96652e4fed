"""Flagged pairs in the strata of their events: by setting, source and year."""

from dataclasses import dataclass

import numpy as np

from registry.choices import Dimension
from registry.models import PatternSplit
from registry.patterns import strata
from registry.patterns.number_words import listed
from registry.patterns.rules import Rules
from registry.patterns.split_sentences import odds_words, place_words, split_sentence
from registry.patterns.strata import Reading
from registry.web import pictures
from registry.web.counted_links import of_pair_url
from registry.web.strata_words import HEADINGS, stratum_words

WIDTH = 204
SETTINGS = {"laboratory": "laboratory", "production": "production", "unknown": strata.UNKNOWN}


@dataclass(frozen=True)
class Stratum:
    """One line of a split: its counts, its own odds ratio where it can be judged, and its joint cases where a filter
    can name them.
    """

    words: str
    joint: int
    k_a: int
    k_b: int
    n: int
    common: str
    whisker: dict | None
    url: str


@dataclass(frozen=True)
class SplitTable:
    """One pair by one dimension: the strata that hold a joint case or can be judged, what they have in common, and
    what it says. `n_empty` strata hold neither; `n_in_them` events lie in these.
    """

    dimension: Dimension
    rows: list
    pooled: strata.Pooled
    whisker: dict | None
    common: str
    sentence: str
    n_empty: int
    n_in_them: int

    @property
    def heading(self):
        return HEADINGS[self.dimension]


def joint_by_setting(splits):
    """How many joint cases lie in which setting, from the splits of one pair; None where it was not split."""
    if Dimension.SETTING not in splits:
        return None
    split = splits[Dimension.SETTING]
    counts = dict(zip(split.names, split.joint.tolist(), strict=True))
    return {word: counts.get(name, 0) for word, name in SETTINGS.items()}


def split_phrases(splits, rules):
    """Where a pair lives if not everywhere, in a few words for each dimension that tells."""
    found = ((dimension, splits[dimension], strata.read(splits[dimension], rules)) for dimension in splits)
    return tuple(words for each in found if (words := phrase_of(*each)))


def phrase_of(dimension, split, found):
    """Where the strata of one dimension show that a pair lives, in a few words; empty where nothing tells."""
    if found.reading == Reading.ONE_ONLY:
        n = int(split.joint[found.only])
        return f"{place_words(dimension, split.names[found.only])} only: {n:,} of {n:,}"
    if found.reading == Reading.REVERSED:
        places = [place_words(dimension, split.names[place]) for place in found.against]
        return f"the other way round {listed(places)}"
    if found.reading == Reading.VANISHES:
        return f"vanishes once split by {dimension}"
    return ""


def splits_of(pairs, dimensions=tuple(Dimension)):
    """{pair id: {dimension: Split}} of those pairs that were split, the flagged ones; one query."""
    found = {pair.pk: {} for pair in pairs}
    if not any(pair.flagged for pair in pairs):
        return found
    for row in PatternSplit.objects.filter(pair__in=list(found), dimension__in=dimensions):
        found[row.pair_id][Dimension(row.dimension)] = split_of(row)
    return found


def split_of(row):
    counts = (np.array(column, dtype=np.int64) for column in (row.joint, row.k_a, row.k_b, row.n))
    return strata.Split(tuple(row.strata), *counts)


def tables_of(pair, run):
    """The SplitTables of one pair, by setting, source and year; none for a pair that was not split."""
    rules = Rules.kept(run.rules)
    splits = splits_of([pair])[pair.pk]
    return [table_of(pair, dimension, splits[dimension], rules) for dimension in Dimension if dimension in splits]


def table_of(pair, dimension, split, rules):
    found = strata.read(split, rules)
    n_strata = len(split.names)
    shown = [place for place in range(n_strata) if split.joint[place] or found.judged[place]]
    n_shown = sum(int(split.n[place]) for place in shown)
    # Where all cases lie in one stratum there is nothing to have in common.
    divided = found.reading != Reading.UNDIVIDED
    return SplitTable(
        dimension=dimension,
        rows=[_stratum(pair, dimension, split, found, place) for place in shown],
        pooled=found.pooled,
        whisker=whisker_of(found.pooled.odds_ratio, found.pooled.low, found.pooled.high) if divided else None,
        common=odds_words(found.pooled.odds_ratio, found.pooled.low, found.pooled.high) if divided else "",
        sentence=split_sentence(dimension, split, found),
        n_empty=n_strata - len(shown),
        n_in_them=int(split.n.sum()) - n_shown,
    )


def _stratum(pair, dimension, split, found, place):
    odds = [float(part[place]) for part in (found.within.odds_ratio, found.within.low, found.within.high)]
    judged, name = bool(found.judged[place]), split.names[place]
    return Stratum(
        stratum_words(dimension, name),
        *(int(part[place]) for part in (split.joint, split.k_a, split.k_b, split.n)),
        common=odds_words(*odds) if judged else "",
        whisker=whisker_of(*odds) if judged else None,
        url=of_pair_url(pair, dimension, name) if split.joint[place] else "",
    )


def whisker_of(odds_ratio, low, high, *, width=WIDTH):
    if not all(np.isfinite(value) and value > 0 for value in (odds_ratio, low, high)):
        return None
    return pictures.whisker(estimate=odds_ratio, low=low, high=high, width=width)
