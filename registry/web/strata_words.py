"""The strata of events in words, and how a run's events lie in them."""

from dataclasses import dataclass

from registry.choices import Dimension
from registry.patterns.blocks import HERE
from registry.patterns.reading import told_apart
from registry.patterns.split_sentences import LONGEST_ACRONYM
from registry.patterns.splitting import OTHERS

HEADINGS = {Dimension.SETTING: "Setting", Dimension.SOURCE: "Source", Dimension.YEAR: "Year"}
WORDS = {
    (Dimension.SETTING, "laboratory"): "Laboratory",
    (Dimension.SETTING, "production"): "Production",
    (Dimension.SETTING, ""): "Setting not known",
    (Dimension.SOURCE, HERE): "Logged here",
    (Dimension.SOURCE, OTHERS): "Other sources",
    (Dimension.YEAR, ""): "Year not known",
    (Dimension.YEAR, OTHERS): "Other years",
}
DOMINANT = 0.5


@dataclass(frozen=True)
class Largest:
    """The stratum that holds most of the known events of a dimension."""

    name: str
    words: str
    n: int
    of: int

    @property
    def is_database(self):
        return is_database(self.name)

    @property
    def dominates(self):
        return self.n > DOMINANT * self.of


def is_database(source):
    """Whether a stratum of the sources is one database by its own name: no word of ours, and not in quotes."""
    return source not in ("", HERE, OTHERS) and source not in map(told_apart, (HERE, OTHERS))


def stratum_words(dimension, name):
    """A stratum as a heading says it; a short name of a source is written as an acronym."""
    known = WORDS.get((dimension, name))
    if known or dimension != Dimension.SOURCE:
        return known or name
    return name.upper() if len(name) <= LONGEST_ACRONYM else name


def shares(run):
    """{dimension: [(words, events)]} of a run, most events first and what is not known last; runs before strata
    were counted have none.
    """
    return {
        dimension: [
            (stratum_words(dimension, name), n)
            for name, n in sorted(counts.items(), key=lambda each: (not each[0], -each[1]))
        ]
        for dimension, counts in run.strata.items()
    }


def largest_source(run):
    """The source that most events of the run come from; None where sources were not counted."""
    counts = run.strata.get(Dimension.SOURCE, {})
    if not counts:
        return None
    name = min(counts, key=lambda each: (-counts[each], each))
    return Largest(name, stratum_words(Dimension.SOURCE, name), counts[name], sum(counts.values()))
