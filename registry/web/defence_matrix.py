"""The published matrix on the page of defence in depth: its verdicts, and what a portfolio leaves open."""

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlencode

import numpy as np

from registry.patterns import portfolio
from registry.patterns import safeguard_sentences as sentences
from registry.patterns.number_words import listed
from taxonomy.models import Certainty, Node, ReferenceCell, SchemeKind, Verdict

CODES = {
    Verdict.RESISTANT: portfolio.Verdict.RESISTANT,
    Verdict.VULNERABLE: portfolio.Verdict.VULNERABLE,
    Verdict.UNCERTAIN: portfolio.Verdict.UNCERTAIN,
}
SYMBOLS = {Verdict.RESISTANT: "check", Verdict.VULNERABLE: "cross", Verdict.UNCERTAIN: "question"}
PARAMETER = "t"
FIRST_PORTFOLIO = 3
MOST_OVERLAPS = 2
MOST_ADDITIONS = 10
STATES = {"open": "Open", "unsure": "Open if uncertain is vulnerable", "covered": "Covered"}


@dataclass(frozen=True)
class Mode:
    """A failure mode by its short code, where its name begins with one, and the rest of its name."""

    node: Node
    code: str
    words: str

    @classmethod
    def of(cls, node):
        code, colon, words = node.name.partition(": ")
        return cls(node, code if colon else node.name, words)


class Reference:
    """The matrix as it stands now: techniques and modes in the order of the vocabularies. Two queries."""

    def __init__(self):
        nodes = Node.objects.filter(scheme__kind__in=[SchemeKind.TECHNIQUE, SchemeKind.FAILURE_MODE])
        nodes = nodes.select_related("scheme", "parent").order_by("scheme__order", "order", "pk")
        self.nodes = {node.pk: node for node in nodes}
        cells = ReferenceCell.objects.all()
        self.cells = {(cell.technique_id, cell.failure_mode_id): cell for cell in cells}
        self.techniques = self._named({technique for technique, _ in self.cells})
        self.modes = [Mode.of(node) for node in self._named({mode for _, mode in self.cells})]
        codes = [[self._code(technique.pk, mode.node.pk) for mode in self.modes] for technique in self.techniques]
        shape = (len(self.techniques), len(self.modes))
        self.matrix = portfolio.Matrix(np.array(codes, dtype=np.int8).reshape(shape))

    def _named(self, keys):
        return [node for pk, node in self.nodes.items() if pk in keys]

    def _code(self, technique, mode):
        cell = self.cells.get((technique, mode))
        return CODES[cell.verdict] if cell else portfolio.Verdict.UNCERTAIN

    def every_mode(self, used):
        """The modes of the matrix, and others that cases name (`used`, ids)."""
        known = {mode.node.pk for mode in self.modes}
        return [*self.modes, *(Mode.of(node) for node in self._named(set(used) - known))]

    def every_technique(self, used):
        """Those of the matrix, then what else may be a safeguard; headings of branches only if cases name them."""
        first = {node.pk for node in self.techniques}
        headings = {node.parent_id for node in self.nodes.values()}
        others = [
            node
            for pk, node in self.nodes.items()
            if node.scheme.kind == SchemeKind.TECHNIQUE
            and pk not in first
            and (pk in used or (pk not in headings and node.retired_at is None))
        ]
        return [*self.techniques, *others]

    def verdicts(self, technique, modes):
        """One entry for each mode: the cell with its symbol, None where the matrix has none."""
        cells = [self.cells.get((technique.pk, mode.node.pk)) for mode in modes]
        return [cell and {"cell": cell, "symbol": SYMBOLS[cell.verdict]} for cell in cells]

    def legend(self):
        verdicts = Counter(cell.verdict for cell in self.cells.values())
        certainties = Counter(cell.certainty for cell in self.cells.values())
        return {
            "verdicts": [(verdict, SYMBOLS[verdict], verdicts[verdict]) for verdict in Verdict if verdicts[verdict]],
            "certainties": ", ".join(f"{name} in {certainties[name]}" for name in Certainty if certainties[name]),
            "sources": list(dict.fromkeys(cell.source for cell in self.cells.values())),
        }


def alike(reference):
    """The techniques that share most, as positions: the three that together leave most open. None of a matrix too
    large to compare them all.
    """
    if not portfolio.is_workable(reference.matrix):
        return ()
    return portfolio.most_alike(reference.matrix, FIRST_PORTFOLIO)


def left_open(reference, chosen, *, uncertain=False):
    return portfolio.residual(reference.matrix, chosen, uncertain=uncertain)


def chosen_in(reference, query):
    """Positions of the techniques that the address names; those that share most where it says nothing."""
    if "portfolio" not in query and PARAMETER not in query:
        return list(alike(reference))
    named = set(query.getlist(PARAMETER))
    return [place for place, node in enumerate(reference.techniques) if node.key in named]


def what_if(reference, chosen):
    """The section on portfolios; None without a matrix."""
    if not reference.techniques:
        return None
    first, second = (left_open(reference, chosen, uncertain=uncertain) for uncertain in (False, True))
    codes = [mode.code for mode in reference.modes]
    names = [node.name for node in reference.techniques]
    more = additions(reference, chosen)
    return {
        "choices": [(node, place in chosen) for place, node in enumerate(reference.techniques)],
        "chosen": [reference.techniques[place] for place in chosen],
        "heading": sentences.open_words([codes[mode] for mode in first], len(codes)),
        "other_reading": sentences.other_reading_words([codes[m] for m in first], [codes[m] for m in second]),
        "rows": [coverage(reference, place, chosen, first, second) for place in range(len(codes))],
        "one_more": more[:MOST_ADDITIONS],
        "n_one_more": len(more) - len(more[:MOST_ADDITIONS]),
        "smallest": smallest(reference, names),
        "overlaps": overlaps(reference, chosen, names),
    }


def coverage(reference, place, chosen, first, second):
    """One failure mode against the portfolio."""
    mode = reference.modes[place]
    verdicts = reference.verdicts
    cells = [verdicts(reference.techniques[technique], [mode])[0] for technique in chosen]
    resisting = sum(bool(cell) and cell["cell"].verdict == Verdict.RESISTANT for cell in cells)
    state = "open" if place in first else "unsure" if place in second else "covered"
    said = f"{resisting} of {len(cells)} resist" if resisting else "none resists"
    return {"mode": mode, "cells": cells, "resisting": said, "state": state}


def additions(reference, chosen):
    """What one more technique would close, under the first reading; and what the second says otherwise."""
    codes = [mode.code for mode in reference.modes]
    rows = []
    for each in portfolio.one_more(reference.matrix, chosen, uncertain=False):
        grown = [*chosen, each.technique]
        unsure = [mode for mode in left_open(reference, grown, uncertain=True) if mode not in each.leaves]
        rows.append(
            {
                "node": reference.techniques[each.technique],
                "url": address(reference, grown),
                "closes": in_words(codes, each.closes),
                "leaves": in_words(codes, each.leaves),
                "unsure": in_words(codes, unsure),
                "n_unsure": len(unsure),
            }
        )
    return rows


def in_words(codes, modes):
    return listed([codes[mode] for mode in modes]) if modes else ""


def address(reference, chosen):
    """The page with this portfolio, on the same address."""
    keys = [(PARAMETER, reference.techniques[place].key) for place in sorted(chosen)]
    return f"?{urlencode([('portfolio', 1), *keys], safe=':')}#what-if"


def smallest(reference, names):
    """The sentence about the smallest portfolios that leave nothing open."""
    unworkable = sentences.unworkable_words(*reference.matrix.verdicts.shape)
    if unworkable:
        return unworkable
    first, second = (portfolio.smallest_portfolios(reference.matrix, uncertain=reading) for reading in (False, True))
    # What closes every mode under the second reading does under the first: those as small are some of these.
    surviving = second if second.size == first.size else portfolio.Smallest(size=first.size, n=0, first=())
    return sentences.smallest_words(_named(first, names), _named(surviving, names))


def _named(found, names):
    return sentences.Portfolios([[names[place] for place in each] for each in found.first], found.n)


def overlaps(reference, chosen, names):
    """The sentence about the closest pairs of the portfolio; empty for fewer than two techniques."""
    shared = portfolio.shared_modes(reference.matrix, uncertain=False)
    pairs = [(a, b) for a, b in combinations(chosen, 2) if not np.isnan(shared[a, b])]
    closest = sorted(pairs, key=lambda pair: -shared[pair])[:MOST_OVERLAPS]
    if not closest:
        return ""
    n_pairs = len(names) * (len(names) - 1) // 2
    named = [(names[a], names[b], float(shared[a, b])) for a, b in closest]
    return sentences.overlap_words(named, portfolio.mean_shared(shared), n_pairs)
