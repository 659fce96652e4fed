"""Rates of systems in words: how many cases for so much use, and why rates are not ranked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .exposure import ExposureRate
from .number_words import between, counted, listed, p_words, plain
from .trends import RateRatio

UNITS = {
    "deployments": ("deployment", "deployments"),
    "evaluation-runs": ("evaluation run", "evaluation runs"),
    "conversations": ("conversation", "conversations"),
}
SCALES = {1: "", 1_000: "thousand ", 1_000_000: "million ", 1_000_000_000: "billion "}
MOST_NAMED = 5


def scale_of(rates: ExposureRate) -> int:
    """Per how many units the rates of one unit are best told: the smallest scale that makes the largest rate 1 or
    more, so that all of them can be compared. Where no case was counted at all the upper ends decide.

    >>> from .exposure import rates
    >>> scale_of(rates([18, 2], [8_400_000, 40_000_000])), scale_of(rates(3, 2)), scale_of(rates(0, 10))
    (1000000, 1, 1000)
    """
    ends = rates.rate if rates.k.any() else rates.high
    known = ends[~np.isnan(ends)]
    largest = float(known.max()) if known.size else 0.0
    return next((scale for scale in SCALES if largest * scale >= 1), max(SCALES)) if largest else 1


def rate_words(rate: ExposureRate, unit: str, *, n_outside: int = 0, scale: int | None = None) -> str:
    """One rate (arrays of one element) with its interval and its cases; `n_outside` lie in months without a record.

    >>> from .exposure import rates
    >>> rate_words(rates(18, 8_400_000), "conversations", n_outside=2)
    '2.1 per million conversations (1.3–3.4), 18 cases; 2 more where use is not recorded'
    >>> rate_words(rates(0, 8_400_000), "conversations", scale=1_000_000)
    'at most 0.44 per million conversations, no case'
    >>> rate_words(rates(0, 0), "conversations", n_outside=4)
    'no use recorded in conversations; 4 cases cannot be divided by it'
    """
    k, exposure = int(rate.k.item()), rate.exposure.item()
    if exposure == 0:
        n = k + n_outside
        return f"no use recorded in {UNITS[unit][1]}" + (f"; {counted(n, 'case')} cannot be divided by it" if n else "")
    outside = f"; {n_outside:,} more where use is not recorded" if n_outside else ""
    scale = scale or scale_of(rate)
    low, middle, high = (float(bound.item()) * scale for bound in (rate.low, rate.rate, rate.high))
    if k == 0:
        return f"at most {plain(high)} per {_unit(unit, scale)}, no case{outside}"
    return f"{plain(middle)} per {_unit(unit, scale)} ({between(low, high)}), {counted(k, 'case')}{outside}"


def ratio_words(one: str, other: str, found: RateRatio) -> str:
    """How two rates compare (arrays of one element).

    >>> from .trends import compare
    >>> ratio_words("Alpha", "Beta", compare(12, 1, 4, 1))
    'Alpha has 3.0 times the rate of Beta (0.91–13, p = 0.077)'
    >>> ratio_words("Alpha", "Beta", compare(0, 1, 0, 1))
    'Neither Alpha nor Beta has a case in the months whose use is recorded'
    """
    if found.k1.item() + found.k2.item() == 0:
        return f"Neither {one} nor {other} has a case in the months whose use is recorded"
    interval = between(found.low.item(), found.high.item())
    return f"{one} has {plain(found.ratio.item())} times the rate of {other} ({interval}, {p_words(found.p.item())})"


def refusal_words(without: Sequence[str], unit: str) -> str:
    """Why the rates of one unit are not ranked; empty if they may be. `without` names the systems that have cases but
    no recorded use.

    >>> refusal_words(["Alpha", "Beta"], "conversations")
    'Not ranked: Alpha and Beta have cases, but nobody recorded their use in conversations.'
    >>> refusal_words([], "conversations")
    ''
    """
    if not without:
        return ""
    named = list(without[:MOST_NAMED])
    if len(without) > MOST_NAMED:
        named.append(counted(len(without) - MOST_NAMED, "other system"))
    have, their = ("has", "its") if len(without) == 1 else ("have", "their")
    return f"Not ranked: {listed(named)} {have} cases, but nobody recorded {their} use in {UNITS[unit][1]}."


def _unit(unit: str, scale: int) -> str:
    one, many = UNITS[unit]
    return one if scale == 1 else SCALES[scale] + many
