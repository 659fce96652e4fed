"""How foreseeable the events of a run were, label by label, and what would have caught most."""

from dataclasses import dataclass

import numpy as np

from registry.models import PatternForesight, PatternMiss
from registry.patterns.foresight import Foresight, LeadTime, catching_most, foresight, lead_time
from registry.patterns.foresight_sentences import foresight_sentence
from registry.patterns.rules import Rules
from registry.patterns.sentences import share_words
from registry.web import node_rows, pictures

FIRST_SCHEME = "misalignment-causes"
MOST_CAUGHT = 10


@dataclass(frozen=True)
class ForesightRow:
    """One label, or all events where it has no node: the share foreseeable, and how long before it was warned."""

    name: str
    url: str
    depth: int
    n: int
    found: Foresight
    lead: LeadTime | None
    bar: dict | None
    share: str
    warned: str

    @property
    def judged(self):
        return self.found.foreseeable.n if self.found.foreseeable else 0


@dataclass(frozen=True)
class CatchRow:
    """One technique that was not in place although it was expected to catch the event."""

    node: object
    n: int
    added: int | None
    length: float


def foresight_page(run, *, scheme=""):
    """What templates/patterns/foresight.html draws: all events, the labels of one scheme, and the ranking."""
    kept = list(PatternForesight.objects.filter(run=run).select_related("node__scheme"))
    by_node = {row.node_id: row for row in kept}
    schemes = sorted({row.node.scheme for row in kept if row.node_id}, key=lambda each: (each.order, each.name))
    chosen = next((each for each in schemes if each.slug == scheme), None)
    chosen = chosen or next((each for each in schemes if each.slug == FIRST_SCHEME), schemes[0] if schemes else None)
    fewest = Rules.kept(run.rules).min_rate_n
    everything = row_of(by_node[None], fewest) if None in by_node else None
    return {
        "everything": everything,
        "sentence": foresight_sentence(everything.found, everything.lead, min_rate_n=fewest) if everything else "",
        "rows": [row_of(by_node[each.node.pk], fewest, each.depth) for each in _in_order(chosen, by_node)],
        "schemes": schemes,
        "scheme": chosen,
        "axis": pictures.share_axis(),
        "fewest": fewest,
        "caught": ranking(run),
    }


def _in_order(scheme, by_node):
    """Rows of the nodes of this scheme as its tree shows them, also of those that have been retired since."""
    if scheme is None:
        return []
    of_scheme = [row.node for row in by_node.values() if row.node_id and row.node.scheme_id == scheme.pk]
    children = {}
    here = {node.pk for node in of_scheme}
    for node in sorted(of_scheme, key=lambda each: (each.order, each.name)):
        parent = node.parent_id if node.parent_id in here else None
        children.setdefault((scheme.pk, parent), []).append(node)
    return node_rows.below(children, scheme.pk, None, 0)


def row_of(kept, fewest, depth=0):
    """One kept row in words and as a picture; a share of fewer than `fewest` events is hidden."""
    counts = (kept.warned, kept.foreseeable, kept.not_foreseeable, kept.unknown)
    found = foresight(
        warned=kept.warned,
        foreseeable=kept.foreseeable,
        not_foreseeable=kept.not_foreseeable,
        unknown=kept.unknown,
    )
    rate = found.foreseeable
    shown = rate is not None and rate.n >= fewest
    return ForesightRow(
        name=kept.node.name if kept.node_id else "All events",
        url=kept.node.get_absolute_url() if kept.node_id else "",
        depth=min(depth, 4),
        n=sum(counts),
        found=found,
        lead=lead_time(kept.lead_days),
        bar=pictures.share(share=rate.share, low=rate.low, high=rate.high) if shown else None,
        share=share_words(rate.k, rate.n, rate.low, rate.high) if shown else "",
        warned=f"{kept.warned:,} of {rate.n:,}" if rate else "",
    )


def ranking(run):
    """What would have caught most: techniques that were expected to catch an event and were not in place.

    `added` counts the events that those above would not have caught; it is left out where the cases kept with a row
    are not one for each event.
    """
    rows = list(
        PatternMiss.objects.filter(run=run, absent=True).select_related("technique__scheme").order_by("-n", "technique")
    )
    if any(len(row.case_ids) != row.n for row in rows):
        order = [(row, None) for row in rows]
    else:
        order = [(rows[each.place], each.added) for each in catching_most(_caught(rows))]
    most = max((row.n for row in rows), default=0)
    return [
        CatchRow(row.technique, row.n, added, pictures.length(row.n, largest=most, width=120))
        for row, added in order[:MOST_CAUGHT]
    ]


def _caught(rows):
    """(cases, techniques): which would have caught which."""
    sets = [set(row.case_ids) for row in rows]
    cases = sorted(set().union(*sets))
    table = [[number in each for each in sets] for number in cases]
    return np.array(table, dtype=np.bool_).reshape(len(cases), len(rows))


CSV_HEADS = (
    "Label",
    "Scheme",
    "Events",
    "Foreseeable and warned",
    "Foreseeable",
    "Not foreseeable",
    "Not judged",
    "Share foreseeable",
    "Low",
    "High",
    "Warnings with both days",
    "Median days before",
    "Days low",
    "Days high",
)


def csv_rows(run):
    """Every label of every scheme, all events first."""
    fewest = Rules.kept(run.rules).min_rate_n
    kept = PatternForesight.objects.filter(run=run).select_related("node__scheme")
    for row in sorted(
        kept, key=lambda each: (each.node_id is not None, each.node_id and each.node.scheme.order, each.pk)
    ):
        shown = row_of(row, fewest)
        rate = shown.found.foreseeable if shown.share else None
        label = (row.node.name, row.node.scheme.name) if row.node_id else ("All events", "")
        counts = (shown.n, row.warned, row.foreseeable, row.not_foreseeable, row.unknown)
        share = (rate.share, rate.low, rate.high) if rate else (None, None, None)
        lead = (
            (shown.lead.n, shown.lead.median, shown.lead.low, shown.lead.high) if shown.lead else (0, None, None, None)
        )
        yield [*label, *counts, *share, *lead]


CAUGHT_HEADS = ("Technique", "Events", "Adds to those above")


def csv_caught(run):
    return ([row.node.name, row.n, row.added] for row in ranking(run))
