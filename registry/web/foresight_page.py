"""How foreseeable the events of a run were, label by label, and what would have caught most."""

from dataclasses import dataclass

import numpy as np
from django.urls import reverse

from registry import access
from registry.choices import Predictability
from registry.models import PatternForesight, PatternMiss
from registry.patterns.foresight import Foresight, LeadTime, catching_most, foresight, lead_time
from registry.patterns.foresight_sentences import foresight_sentence, median_words
from registry.patterns.rules import Rules
from registry.patterns.sentences import share_words
from registry.web import node_rows, pictures
from registry.web.counted_links import cases_url

FIRST_SCHEME = "misalignment-causes"
MOST_CAUGHT = 10
# What the cases behind each number were judged; those of all events whatever that was.
FORESEEN = [Predictability.WARNED.value, Predictability.FORESEEABLE.value]
OPENS = {
    "n": [],
    "judged": [*FORESEEN, Predictability.NOT_FORESEEABLE.value],
    "foreseeable": FORESEEN,
    "warned": [Predictability.WARNED.value],
}


@dataclass(frozen=True)
class ForesightRow:
    """One label, or all events where it has no node: the share foreseeable, and how long before it was warned.

    `urls`: the cases behind its numbers, by the name of the number; empty texts where no filter names them.
    """

    name: str
    url: str
    depth: int
    n: int
    found: Foresight
    lead: LeadTime | None
    bar: dict | None
    share: str
    warned: str
    urls: dict

    @property
    def judged(self):
        return self.found.foreseeable.n if self.found.foreseeable else 0

    @property
    def k(self):
        return self.found.foreseeable.k if self.found.foreseeable else 0

    @property
    def median(self):
        return median_words(self.lead) if self.lead else ""


@dataclass(frozen=True)
class CatchRow:
    """One technique that was not in place although it was expected to catch the event."""

    node: object
    n: int
    added: int | None
    length: float
    url: str


def foresight_page(run, *, scheme=""):
    """What templates/patterns/foresight.html draws: all events, the labels of one scheme, and the ranking."""
    kept = list(PatternForesight.objects.filter(run=run).select_related("node__scheme"))
    by_node = {row.node_id: row for row in kept}
    schemes = sorted({row.node.scheme for row in kept if row.node_id}, key=lambda each: (each.order, each.name))
    chosen = next((each for each in schemes if each.slug == scheme), None)
    chosen = chosen or next((each for each in schemes if each.slug == FIRST_SCHEME), schemes[0] if schemes else None)
    fewest = Rules.kept(run.rules).min_rate_n
    everything = row_of(by_node[None], run) if None in by_node else None
    return {
        "everything": everything,
        "sentence": foresight_sentence(everything.found, everything.lead, min_rate_n=fewest) if everything else "",
        "rows": [row_of(by_node[each.node.pk], run, each.depth) for each in _in_order(chosen, by_node)],
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


def row_of(kept, run, depth=0):
    """One kept row of `run` in words and as a picture; a share of fewer events than its rules ask for is hidden."""
    counts = (kept.warned, kept.foreseeable, kept.not_foreseeable, kept.unknown)
    found = foresight(
        warned=kept.warned,
        foreseeable=kept.foreseeable,
        not_foreseeable=kept.not_foreseeable,
        unknown=kept.unknown,
    )
    rate = found.foreseeable
    shown = rate is not None and rate.n >= Rules.kept(run.rules).min_rate_n
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
        urls=_urls(kept, run),
    )


def _urls(kept, run):
    label = {"label__all": kept.node.key} if kept.node_id else {}
    judged = {name: {"predictability": answers} if answers else {} for name, answers in OPENS.items()}
    return {name: cases_url(run, **label, **answers) for name, answers in judged.items()}


def ranking(run):
    """What would have caught most: techniques that were expected to catch an event and were not in place.

    `added` counts the events that those above would not have caught. It is left out where that cannot be told: where
    not every case is kept with its row, or the cases of a row are other events by now than those counted.
    """
    rows = list(
        PatternMiss.objects.filter(run=run, absent=True).select_related("technique__scheme").order_by("-n", "technique")
    )
    events = _events(rows)
    if any(len(found) != row.n for found, row in zip(events, rows, strict=True)):
        order = [(row, None) for row in rows]
    else:
        order = [(rows[each.place], each.added) for each in catching_most(_caught(events))]
    most = max((row.n for row in rows), default=0)
    return [
        CatchRow(
            node=row.technique,
            n=row.n,
            added=added,
            length=pictures.length(row.n, largest=most, width=120),
            url=f"{reverse('case-list')}?miss={row.pk}",
        )
        for row, added in order[:MOST_CAUGHT]
    ]


def _events(rows):
    """For each row the set of its events: several cases of one event are one. Of cases that are not counted any more
    nothing is read, so that they stand alone.
    """
    cases = {number for row in rows for number in row.case_ids}
    grouped = access.counted_cases().filter(pk__in=cases, event_group__isnull=False)
    event = {pk: -group for pk, group in grouped.values_list("pk", "event_group")}
    return [{event.get(number, number) for number in row.case_ids} for row in rows]


def _caught(sets):
    """(events, techniques): which would have caught which."""
    events = sorted(set().union(*sets))
    table = [[event in each for each in sets] for event in events]
    return np.array(table, dtype=np.bool_).reshape(len(events), len(sets))


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
    kept = PatternForesight.objects.filter(run=run).select_related("node__scheme")
    for row in sorted(
        kept, key=lambda each: (each.node_id is not None, each.node_id and each.node.scheme.order, each.pk)
    ):
        shown = row_of(row, run)
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
