"""What a pattern run says of safeguards, for the page of defence in depth: rates, joint misses, effective layers."""

from dataclasses import dataclass
from math import isnan
from urllib.parse import urlencode

import numpy as np
from django.urls import reverse

from registry.models import PatternLayers, PatternMiss
from registry.patterns import layers, safeguards
from registry.patterns import safeguard_sentences as sentences
from registry.patterns.number_words import listed
from registry.patterns.rules import Rules
from registry.patterns.sentences import q_words, share_words

MOST_DRAWN, MOST_LISTED = 10, 100
FEWEST_ROWS = 5
LEFT, WIDTH = 1.5, 97.0


class Recorded:
    """The safeguards of one run, by techniques in the order given. Two queries; without a run nothing is recorded."""

    def __init__(self, run, reference):
        self.run, self.rules = run, Rules.kept(run.rules) if run else Rules()
        rows = PatternLayers.objects.filter(run=run).order_by("pk").values_list("missed", "caught", "n") if run else []
        self.combinations = list(rows)
        self.misses = list(PatternMiss.objects.filter(run=run).defer("case_ids").order_by("pk")) if run else []
        used = {pk for missed, caught, _ in self.combinations for pk in (*missed, *caught)}
        used |= {row.technique_id for row in self.misses}
        self.techniques = reference.every_technique(used)
        self.modes = reference.every_mode({row.failure_mode_id for row in self.misses if row.failure_mode_id})
        missed, caught, n = zip(*self.combinations, strict=True) if self.combinations else ((), (), ())
        self.outcomes = safeguards.outcomes_of(missed, caught, n, [node.pk for node in self.techniques])
        self.rates = safeguards.miss_rates(self.outcomes)
        self.enough = np.flatnonzero(self.outcomes.enough()).tolist()

    @property
    def n_events(self):
        return int(self.outcomes.weight.sum())

    def names(self, places):
        return [self.techniques[place].name for place in places]

    def places(self, keys):
        """Positions of the techniques with these keys, of those with enough known outcomes."""
        return [place for place in self.enough if self.techniques[place].key in keys]

    def cases(self, **techniques):
        """Address of the cases behind a number: `missed`, `caught` and `judged` are positions."""
        query = {"layers": self.run.pk}
        for name, places in techniques.items():
            query[name] = ",".join(self.techniques[place].key for place in places)
        return f"{reverse('case-list')}?{urlencode(query, safe=':,')}"


def rate_of(k, n, low, high, *, rules):
    """A share as the page shows it; without interval where a rule hides it."""
    hidden = n < rules.min_rate_n
    return share_words(int(k), int(n), *((None, None) if hidden else (float(low), float(high))))


def outcome_rows(recorded, reference):
    """One row for each technique: the matrix, how often it missed, and by which mode."""
    by_cell = {(row.technique_id, row.failure_mode_id, row.absent): row for row in recorded.misses}
    covered = {node.pk for node in reference.techniques}
    return [
        outcome_row(recorded, place, by_cell)
        | {
            "node": node,
            "published": node.pk in covered,
            "verdicts": reference.verdicts(node, reference.modes),
        }
        for place, node in enumerate(recorded.techniques)
    ]


def outcome_row(recorded, place, by_cell):
    node, rates = recorded.techniques[place], recorded.rates
    k, n = int(rates.k[place]), int(rates.n[place])
    rows = [by_cell.get((node.pk, mode.node.pk, False)) for mode in recorded.modes]
    # No miss by a mode is known only where it is said of other misses by which mode they came about.
    zero_is_known = any(rows) or (n > 0 and k == 0)
    most = max((row.n for row in rows if row), default=0)
    return {
        "k": k,
        "n": n,
        "share": rate_of(k, n, rates.low[place], rates.high[place], rules=recorded.rules),
        "missed_url": recorded.cases(missed=[place]) if n else "",
        "known_url": recorded.cases(judged=[place]) if n else "",
        "modes": [mode_cell(row, most, zero_is_known) for row in rows],
        "unsaid": by_cell.get((node.pk, None, False)),
        "absent": by_cell.get((node.pk, None, True)),
    }


def mode_cell(row, most, zero_is_known):
    if row is None:
        return {"css": "z" if zero_is_known else "x", "n": 0 if zero_is_known else None, "row": None, "words": ""}
    partial = f"; {row.n_partial} of them partly stopped" if row.n_partial else ""
    return {"css": "m" if row.n == most else "some", "n": row.n, "row": row, "words": f"{row.n} by this mode{partial}"}


def across(share):
    """A share from 0 to 1 as the place on the axis that all rows have in common."""
    return f"{LEFT + WIDTH * share:.2f}%"


TICKS = [{"x": across(share / 100), "words": f"{share} %"} for share in (0, 20, 40, 60, 80, 100)]


@dataclass(frozen=True)
class JointRow:
    """One line of the picture: observed with its interval against a tick, and the words beside it."""

    name: str
    k: int
    n: int
    share: float
    low: float
    high: float
    expected: float
    detail: str
    missed_url: str
    known_url: str
    words: str
    flagged: bool = False

    @property
    def place(self):
        shares = {name: getattr(self, name) for name in ("share", "low", "high", "expected")}
        return {name: across(share) for name, share in shares.items()}


def drawn(k, n, low, high, expected, **values):
    words = (
        f"{values['name']}: observed {k / n:.0%}, interval {low:.0%} to {high:.0%}; {values.pop('tick')} {expected:.0%}"
    )
    return JointRow(
        k=int(k), n=int(n), share=k / n, low=float(low), high=float(high), expected=float(expected), words=words,
        **values,
    )  # fmt: skip


def joint_section(recorded):
    """The pairs, those that miss together most first; None where fewer than two have enough known outcomes."""
    if len(recorded.enough) < 2:
        return None
    found = safeguards.joint_misses(recorded.outcomes, recorded.rules)
    order = [int(at) for at in np.lexsort((-found.n, -found.phi)) if found.n[at] >= recorded.rules.min_rate_n]
    tested = found.q[~np.isnan(found.q)].tolist()
    return {
        "rows": [pair_row(recorded, found, at) for at in order[:MOST_LISTED]],
        "n_rows": len(order),
        "n_few": len(found.n) - len(order),
        "n_drawn": min(MOST_DRAWN, len(order)),
        "family": sentences.family_words(tested, int(found.flagged.sum()), recorded.rules),
    }


def pair_row(recorded, found, at):
    places = [int(found.a[at]), int(found.b[at])]
    parts = [] if found.k[at] < recorded.rules.min_joint else [f"{found.ratio[at]:.2f}×"]
    q = None if isnan(found.q[at]) else float(found.q[at])
    parts += [f"φ {sentences.signed_words(float(found.phi[at]))}", q_words(q)]
    return drawn(
        found.k[at],
        found.n[at],
        found.low[at],
        found.high[at],
        found.expected[at],
        tick="expected if independent",
        name=listed(recorded.names(places)),
        detail=", ".join(parts),
        missed_url=recorded.cases(missed=places),
        known_url=recorded.cases(judged=places),
        flagged=bool(found.flagged[at]),
    )


def layers_in(recorded, query):
    """The layers the address chooses, as positions; else as many of the best known ones as have complete rows."""
    chosen = recorded.places(set(query.getlist("l")))
    if len(chosen) >= 2:
        return chosen
    kept = sorted(recorded.enough, key=lambda place: (-recorded.rates.n[place], place))
    while len(kept) > 2:
        found = safeguards.all_missed(recorded.outcomes, kept)
        if found and found.n >= FEWEST_ROWS:
            break
        kept.pop()
    return sorted(kept)


def layers_section(recorded, chosen):
    """How many independent layers the chosen ones amount to; None where fewer than two have enough outcomes."""
    if len(chosen) < 2:
        return None
    choices = [(recorded.techniques[place], place in chosen) for place in recorded.enough]
    found = safeguards.all_missed(recorded.outcomes, chosen)
    section = {"choices": choices, "m": len(chosen), "n": found.n if found else 0, "row": None}
    if found is None or found.n < recorded.rules.min_rate_n:
        return section
    # Where nothing correlates, or nothing is defined, all are counted: see the sentence beside the numbers.
    rho = 0.0 if isnan(found.mean_phi) else min(found.mean_phi, 1.0)
    mean = sum(found.margins) / len(chosen)
    measures = [
        ("Kish", float(layers.kish_layers(len(chosen), rho))),
        ("ln", float(layers.log_layers(len(chosen), mean, rho))),
    ]
    return section | {
        "row": all_row(recorded, found, chosen),
        "measures": [
            {"name": name, "layers": value, "tiles": tiles(value, len(chosen))}
            for name, value in measures
            if not isnan(value)
        ],
        "mean": mean,
        "dependence": sentences.dependence_words(found.mean_phi, len(chosen), found.n),
        "found": found,
    }


def all_row(recorded, found, chosen):
    ratio = f"{found.ratio:.2f}×, " if found.k >= recorded.rules.min_joint else ""
    return drawn(
        found.k,
        found.n,
        found.low,
        found.high,
        found.product,
        tick="expected if independent",
        name=f"All {sentences.number_words(len(chosen))} layers chosen",
        detail=f"{ratio}bounds {100 * found.least:.0f}–{100 * found.most:.0f} %",
        missed_url=recorded.cases(missed=chosen),
        known_url=recorded.cases(judged=chosen),
    )


def tiles(value, m):
    """`m` tiles, filled up to `value`: where each begins and how much of it is full."""
    return [{"x": 0.5 + place * 46, "fill": round(40 * min(max(value - place, 0), 1), 1)} for place in range(m)]


def fails_in(recorded, query):
    """The technique that is taken to fail: the one the address names, else the one that missed most often."""
    named = recorded.places({query.get("fails", "")})
    return named[0] if named else max(recorded.enough, key=lambda place: recorded.rates.k[place], default=None)


def fails_section(recorded, failed):
    """What the others did where one failed, against what they did where it caught it; None without enough outcomes."""
    if failed is None or len(recorded.enough) < 2:
        return None
    found = safeguards.if_one_fails(recorded.outcomes, failed)
    rows = [fails_row(recorded, found, failed, place) for place in recorded.enough if place != failed]
    return {
        "choices": [(recorded.techniques[place], place == failed) for place in recorded.enough],
        "node": recorded.techniques[failed],
        "n": int(recorded.rates.k[failed]),
        "url": recorded.cases(missed=[failed]),
        "rows": rows,
    }


def fails_row(recorded, found, failed, place):
    k, n, k_else, n_else = (int(getattr(found, name)[place]) for name in ("k", "n", "k_else", "n_else"))
    rules = recorded.rules
    return {
        "node": recorded.techniques[place],
        "k": k,
        "n": n,
        "share": rate_of(k, n, found.low[place], found.high[place], rules=rules),
        "k_else": k_else,
        "n_else": n_else,
        "share_else": rate_of(k_else, n_else, found.low_else[place], found.high_else[place], rules=rules),
        "url": recorded.cases(missed=[failed, place]),
        "known_url": recorded.cases(missed=[failed], judged=[place]),
        "url_else": recorded.cases(caught=[failed], missed=[place]),
        "known_url_else": recorded.cases(caught=[failed], judged=[place]),
        "place": places_of(found, place, n, n_else, rules=rules),
        "words": f"{recorded.techniques[place].name}: missed too in {k} of {n}; in {k_else} of {n_else} where it was"
        f" caught by {recorded.techniques[failed].name}",
    }


def places_of(found, place, n, n_else, *, rules):
    """Where the line of one technique lies on the axis; None where too few are known to draw one."""
    if n < rules.min_rate_n:
        return None
    shares = {"share": found.k[place] / n, "low": found.low[place], "high": found.high[place]}
    if n_else >= rules.min_rate_n:
        shares["expected"] = found.k_else[place] / n_else
    return {name: across(float(share)) for name, share in shares.items()}
