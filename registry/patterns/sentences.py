"""A pattern in words: plain sentences that the pages and the digest share.

Plain strings, no markup. What a rule hides is left out: a share without an interval, a ratio below three cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from .emerging import Emergence, KeptPair
from .lag import MIN_CASES
from .number_words import counted, listed, percent, plain


class Named(Protocol):
    name: str


class PairRow(Protocol):
    """What is read of a kept pair: counts, Wilson interval of joint of n, lift, q, and how it moved."""

    node_a: Named
    node_b: Named
    state: str
    joint: int
    n: int
    rate_low: float | None
    rate_high: float | None
    lift: float | None
    odds_high: float | None
    q: float | None
    movement: str
    joint_before: int | None
    q_before: float | None


@dataclass(frozen=True, slots=True)
class PairWords:
    """The parts of a pair's sentence, so that a page may set the counts in bold.

    name      the two labels
    counts    how many cases carry both, of how many
    evidence  share with interval, times the expected, q; begins with a space or a comma, empty if all is hidden
    change    against the run compared with; begins with a comma or semicolon, empty if nothing is to be said
    """

    name: str
    counts: str
    evidence: str
    change: str

    @property
    def sentence(self) -> str:
        return f"{self.name}: {self.counts}{self.evidence}{self.change}."


def pair_words(pair: PairRow, *, max_q: float, compared: bool) -> PairWords:
    """The sentence of one pair. `max_q` is the threshold of its run, `compared` whether that run had one before it."""
    return PairWords(
        name=pair_name(pair),
        counts=f"{pair.joint:,} of {pair.n:,} {'case' if pair.n == 1 else 'cases'}",
        evidence=_evidence(pair),
        change=_change(pair, max_q) if compared else "",
    )


STANDINGS = {"new": "Newly flagged", "stronger": "Grew stronger", "weaker": "Grew weaker"}


def standing_words(pair: PairRow) -> str:
    """What a flagged pair's movement means, to follow its sentence; empty where its sentence says so.

    >>> from types import SimpleNamespace as Kept
    >>> standing_words(Kept(movement="new", q_before=0.29)), standing_words(Kept(movement="gone", q_before=0.01))
    ('Newly flagged; was q = 0.29.', '')
    >>> standing_words(Kept(movement="new", q_before=None))
    'Newly flagged; was not tested.'
    """
    standing = STANDINGS.get(pair.movement, "")
    return f"{standing}; was {q_words(pair.q_before)}." if standing else ""


def pair_name(pair: PairRow) -> str:
    return f"{pair.node_a.name} with {pair.node_b.name}"


def share_words(k: int, n: int, low: float | None, high: float | None) -> str:
    """A share with its 95 % interval in whole per cent; empty where a rule hides it (no interval).

    >>> share_words(14, 61, 0.1428, 0.3492)
    '23\\u202f%, 14–35'
    """
    if low is None or high is None or n == 0:
        return ""
    return f"{percent(k / n)}, {100 * low:.0f}–{100 * high:.0f}"


def q_words(q: float | None) -> str:
    """
    >>> q_words(0.0004), q_words(0.009), q_words(0.29), q_words(None)
    ('q < 0.001', 'q = 0.009', 'q = 0.29', 'not tested')
    """
    if q is None:
        return "not tested"
    if q < 0.001:
        return "q < 0.001"
    return f"q = {q:.3f}" if q < 0.0995 else f"q = {q:.2f}"


def movement_words(counts: Mapping[str, int], *, compared_with: int | None) -> str:
    """The bottom line of a run: how many pairs are new, stronger, weaker and gone since the run compared with.

    >>> movement_words({"new": 2, "gone": 1}, compared_with=38)
    'Since run 38, 2 pairs newly pass the threshold and 1 no longer does.'
    >>> movement_words({"new": 1}, compared_with=None)
    'This is the first run: 1 pair passes the threshold.'
    """
    new, gone = counts.get("new", 0), counts.get("gone", 0)
    if compared_with is None:
        return f"This is the first run: {_pairs(new)} {'pass' if new > 1 else 'passes'} the threshold."
    passes = "passes" if new == 1 else "pass"
    phrases = [f"{_pairs(new)} newly {passes} the threshold"] if new else []
    for movement in ("stronger", "weaker"):
        if n := counts.get(movement, 0):
            phrases.append(f"{n if phrases else _pairs(n)} grew {movement}")
    if gone:
        passes = "does" if gone == 1 else "do"
        if not new:
            passes = f"{'passes' if gone == 1 else 'pass'} the threshold"
        phrases.append(f"{gone if phrases else _pairs(gone)} no longer {passes}")
    if not phrases:
        return f"Nothing has moved since run {compared_with}."
    return f"Since run {compared_with}, {listed(phrases)}."


def is_fewer(pair: PairRow, max_q: float) -> bool:
    """Whether the labels are found together less often than expected, by more than chance; see `Rules.fewer`."""
    return pair.q is not None and pair.q < max_q and pair.odds_high is not None and pair.odds_high < 1


FEWER_CAUTION = (
    "Found together less often than expected is no finding: cases are recorded because something failed, and among"
    " those independent causes look opposed (Berkson)."
)
"""Printed where such pairs are shown apart."""


def emerging_words(pair: KeptPair, why: Emergence) -> str:
    """Why a pair emerges, to follow its sentence.

    >>> from types import SimpleNamespace as Kept
    >>> pair = Kept(joint=3, expected=0.4, q=0.29, first_flagged=42, first_supported=41, flagged=False)
    >>> emerging_words(pair, Emergence.FLAGGED), emerging_words(pair, Emergence.SUPPORTED)
    ('first flagged in run 42', 'enough joint cases for the first time in run 41: 3, where 0.40 were expected')
    """
    if why == Emergence.FLAGGED:
        return f"first flagged in run {pair.first_flagged}"
    expected = f", where {plain(pair.expected)} were expected" if pair.expected is not None else ""
    return f"enough joint cases for the first time in run {pair.first_supported}: {pair.joint:,}{expected}"


def lag_sentence(weeks: int | None, cases: int, incomplete: int) -> str:
    """How late cases are reported, and what that leaves incomplete, from the numbers of a run.

    >>> lag_sentence(3, 212, 3)
    'Nine in ten cases arrive within 3 weeks, measured on 212; the last 3 weeks are incomplete.'
    >>> lag_sentence(None, 12, 1)
    'How late cases arrive is not known: 12 dated cases tell, 30 are needed. The current week is not over.'
    >>> lag_sentence(40, 212, 26)
    'Nine in ten cases arrive within 40 weeks, measured on 212; the last 26 weeks and some before them are incomplete.'
    """
    if weeks is None:
        tell = "tells" if cases == 1 else "tell"
        needed = f"{counted(cases, 'dated case')} {tell}, {MIN_CASES} are needed"
        return f"How late cases arrive is not known: {needed}. The current week is not over."
    # A run leaves out no more weeks than it can spare.
    before = " and some before them" if weeks > incomplete else ""
    last = "week is" if incomplete == 1 else f"{incomplete} weeks{before} are"
    return (
        f"Nine in ten cases arrive within {counted(weeks, 'week')}, measured on {cases:,}; the last {last} incomplete."
    )


def _pairs(n: int) -> str:
    return "no pair" if n == 0 else f"{n:,} {'pair' if n == 1 else 'pairs'}"


def _evidence(pair: PairRow) -> str:
    share = share_words(pair.joint, pair.n, pair.rate_low, pair.rate_high)
    parts = [f" ({share})" if share else ""]
    if pair.lift is not None:
        parts.append(f", {pair.lift:.1f} times the expected")
    parts.append(f", {_test(pair)}")
    return "".join(parts)


def _test(pair: PairRow) -> str:
    reasons = {"related": "related by definition", "exclusive": "exclude one another by definition"}
    return reasons.get(pair.state) or q_words(pair.q)


def _change(pair: PairRow, max_q: float) -> str:
    # A run keeps no row for an untested pair that no case carried.
    before = pair.joint_before or 0
    if pair.movement == "gone":
        return _gone(pair, before, max_q)
    if pair.movement == "new" and pair.joint <= before:
        return f", {_against(pair.joint, before)}: flagged because other cases moved the odds"
    return f", {_against(pair.joint, before)}" if pair.state == "tested" else ""


def _gone(pair: PairRow, before: int, max_q: float) -> str:
    if is_fewer(pair, max_q):
        return f", no longer flagged: fewer than expected is no finding; {_against(pair.joint, before)}"
    was = f" (before: {q_words(pair.q_before)})" if pair.q_before is not None else ""
    if pair.q is not None and pair.q < max_q:
        return f", no longer flagged{was}; {_against(pair.joint, before)}"
    return f", no longer below {max_q:g}{was}; {_against(pair.joint, before)}"


def _against(now: int, before: int) -> str:
    if now == before:
        return f"still {now:,}"
    return f"{'up' if now > before else 'down'} from {before:,}"
