"""How far raters agree, as words and pictures."""

from registry.patterns.judgements import FEWEST_CASES
from registry.web.pictures import decimal

# What an alpha means, from the highest bound down; 0.8 and 0.667 are Krippendorff's (2004, page 241).
REWRITE = 0.4
READINGS = (
    (0.8, "ok", "Reliable", "Labels can be counted on."),
    (0.667, "", "Tentative", "Enough for cautious conclusions."),
    (REWRITE, "warn", "Weak", "Read counts of it with doubt."),
)
AXIS = (-0.25, 1.0)
TICKS = ((0, "0"), (REWRITE, "0.4"), (0.8, "0.8"), (1, "1"))
WIDTH = 184
MARGIN = 9


def _x(value):
    low, high = AXIS
    return decimal(MARGIN + (WIDTH - 2 * MARGIN) * (min(max(value, low), high) - low) / (high - low))


def _ticks():
    return [{"x": _x(value), "label": label, "one": value == REWRITE, "anchor": "middle"} for value, label in TICKS]


def axis():
    """The scale above a column of alphas, for partials/_whisker_axis.html; the marked line is 0.4."""
    return {"width": WIDTH, "ticks": _ticks()}


def whisker_of(score):
    """Alpha with its interval for partials/_whisker.html; None where there is no alpha."""
    if score.alpha is None:
        return None
    low, high = (score.alpha, score.alpha) if score.low is None else (score.low, score.high)
    reach = "no interval" if score.low is None else f"95 % interval {number(low)} to {number(high)}"
    return {
        "width": WIDTH,
        "ticks": _ticks(),
        "low": 0 if low < AXIS[0] else _x(low),
        "high": _x(high),
        "cut_low": low < AXIS[0],
        "cut_high": False,
        "point": _x(score.alpha),
        "previous": None,
        "title": f"Alpha {number(score.alpha)}, {reach}",
    }


def number(value):
    """Two decimals with a true minus sign.

    >>> number(-0.041)
    '−0.04'
    """
    words = f"{value:.2f}"
    return "0.00" if words == "-0.00" else words.replace("-", "−")


def row_of(score):
    """One score with everything a table shows of it."""
    known = score.alpha is not None
    return {
        "score": score,
        "few": score.n_cases < FEWEST_CASES,
        "alpha": number(score.alpha) if known else "",
        "interval": f"{number(score.low)} to {number(score.high)}" if score.low is not None else "",
        "whisker": whisker_of(score),
        "below": known and score.alpha < REWRITE,
        **reading_of(score),
    }


def reading_of(score):
    """What the number means: `kind` of a tag, one `word`, and a sentence, `why`."""
    if score.n_cases < FEWEST_CASES:
        return _said("guess", "Too few", f"No α below {FEWEST_CASES} cases that two raters spoke of.")
    if score.alpha is None:
        return _said("guess", "All the same", "Everybody said the same everywhere, so there is nothing to agree about.")
    if score.alpha < REWRITE:
        if score.low is None:
            return _said("bad", "Rewrite", "No interval: too few cases vary.")
        if score.high >= REWRITE:
            return _said("bad", "Rewrite", "Below 0.4, though the interval reaches above it.")
        return _said("bad", "Rewrite", "Surely below 0.4: the words do not tell raters what to say.")
    kind, word, why = next((kind, word, why) for bound, kind, word, why in READINGS if score.alpha >= bound)
    if score.low is None:
        none = "nobody differed" if not score.n_disputed else "too few cases vary"
        return _said(kind, word, f"No interval: {none}.")
    if score.low < REWRITE:
        return _said(kind, word, "The interval reaches below 0.4: too few cases to be sure.")
    return _said(kind, word, why)


def _said(kind, word, why):
    return {"kind": kind, "word": word, "why": why}
