"""Rates per use of a run: one table with a picture for each unit, and why systems may not stand in an order."""

from calendar import monthrange

from registry.actions.exposures import month_words
from registry.models import PatternExposure
from registry.patterns import exposure
from registry.patterns.exposure_rows import MOST_WITHOUT
from registry.patterns.exposure_sentences import SCALES, UNITS, scale_of
from registry.patterns.number_words import plain
from registry.picking import SYSTEMS, seen
from registry.web.counted_links import cases_url
from registry.web.pictures import decimal

WIDTH, MARGIN = 204, 13
# An interval may reach beyond the axis, which ends at so many times the largest rate.
REACH = 4
NAMED = 5
HEADS = [
    *("unit", "rank", "system", "events_in_recorded_months", "events_outside", "use", "months_recorded"),
    *("first_month", "last_month", "rate", "rate_low", "rate_high"),
]


def exposure_tables(run, person):
    """A dictionary for each unit of the run. Systems that `person` may not know of any more stay without a name."""
    known = known_to(person, run)
    rows = list(PatternExposure.objects.filter(run=run).select_related("system").order_by("system__name", "system"))
    return [_table(run, unit, [row for row in rows if row.unit == unit], known) for unit in UNITS if _any(rows, unit)]


def known_to(person, run):
    """The numbers of those systems of the run that `person` may know of now."""
    kept = PatternExposure.objects.filter(run=run).values("system")
    return set(seen(person, SYSTEMS).filter(pk__in=kept).values_list("pk", flat=True))


def _any(rows, unit):
    return any(row.unit == unit for row in rows)


def _table(run, unit, kept, known):
    found = exposure.rates([row.n for row in kept], [float(row.amount) for row in kept])
    measured = [(row, *_numbers(found, place)) for place, row in enumerate(kept) if row.amount]
    without = [kept[place] for place in exposure.without_exposure(kept)]
    ranked = exposure.may_rank(kept)
    shown = [row for row in measured if row[0].system_id in known]
    if ranked:
        shown.sort(key=lambda row: (-row[1], row[0].system.name))
    scale = scale_of(found)
    axis = axis_end(row[1:] for row in shown) * scale
    return {
        "unit": unit,
        "words": UNITS[unit][1],
        "per": per_words(unit, scale),
        "axis": {"width": WIDTH, "ticks": _ticks(axis)},
        "rows": [
            _row(*row, scale=scale, axis=axis, rank=place if ranked else None) | {"url": months_url(run, row[0])}
            for place, row in enumerate(shown, 1)
        ],
        "ranked": ranked,
        "missing": named(without, known),
        "n_hidden": len(measured) - len(shown),
    }


def _numbers(found, place):
    return float(found.rate[place]), float(found.low[place]), float(found.high[place])


def _row(kept, rate, low, high, *, scale, axis, rank):
    rate, low, high = rate * scale, low * scale, high * scale
    return {
        "rank": rank,
        "system": kept.system,
        "n": kept.n,
        "n_outside": kept.n_outside,
        "amount": kept.amount,
        "months": months_words(kept.months),
        "rate": plain(rate),
        "interval": f"{plain(low)} to {plain(high)}",
        "whisker": whisker(rate, low, high, end=axis),
    }


def months_url(run, kept):
    """The cases of the system in the months recorded; empty without any, or where months between are missing."""
    first, last = kept.months[0], kept.months[-1]
    if not kept.n or 12 * (last.year - first.year) + last.month - first.month >= len(kept.months):
        return ""
    until = last.replace(day=monthrange(last.year, last.month)[1])
    return cases_url(run, system=kept.system.name, occurred__gte=first.isoformat(), occurred__lte=until.isoformat())


def named(rows, known):
    """Those without use to divide by: the first few by name, the most events first, and how many more."""
    rows = sorted(rows, key=lambda row: (-(row.n + row.n_outside), row.system.name))
    shown = [row for row in rows if row.system_id in known][:NAMED]
    capped = len(rows) >= MOST_WITHOUT
    return {"n": len(rows), "shown": shown, "more": len(rows) - len(shown), "capped": capped}


def axis_end(rates):
    """Where the axis ends: the largest upper end, unless one wide interval would press all others together."""
    rates = list(rates)
    highest, widest = max((rate for rate, _, _ in rates), default=0), max((high for *_, high in rates), default=1)
    return min(widest, REACH * highest) if highest else widest


def whisker(rate, low, high, *, end):
    """A rate with its 95 % interval on a straight axis from 0, for partials/_whisker.html."""
    return {
        "width": WIDTH,
        "ticks": _ticks(end),
        "low": _x(low, end),
        "high": WIDTH if high > end else _x(high, end),
        "cut_low": False,
        "cut_high": high > end,
        "point": _x(rate, end),
        "previous": None,
        "title": f"{plain(rate)}, 95 % interval {plain(low)} to {plain(high)}",
    }


def _x(value, end):
    return decimal(MARGIN + (WIDTH - 2 * MARGIN) * min(value / end, 1))


def _ticks(end):
    return [
        {"x": _x(value, end), "label": plain(value) if value else "0", "one": value == 0, "anchor": "middle"}
        for value in (0, end / 2, end)
    ]


def per_words(unit, scale):
    """
    >>> per_words("conversations", 1_000_000), per_words("deployments", 1)
    ('per million conversations', 'per deployment')
    """
    one, many = UNITS[unit]
    return f"per {one}" if scale == 1 else f"per {SCALES[scale]}{many}"


def months_words(months):
    """
    >>> from datetime import date
    >>> months_words([date(2026, 1, 1), date(2026, 3, 1)]), months_words([date(2026, 1, 1)])
    ('2 months, 2026-01 to 2026-03', '1 month, 2026-01')
    """
    if len(months) == 1:
        return f"1 month, {month_words(months[0])}"
    return f"{len(months)} months, {month_words(months[0])} to {month_words(months[-1])}"


def csv_rows(run, person):
    """The rows of every unit in full, those without recorded use among them; rates are per single use."""
    known = known_to(person, run)
    kept = PatternExposure.objects.filter(run=run).select_related("system").order_by("unit", "system__name", "system")
    by_unit = {}
    for row in kept:
        by_unit.setdefault(row.unit, []).append(row)
    for rows in by_unit.values():
        yield from _file_rows(rows, known)


def _file_rows(rows, known):
    found = exposure.rates([row.n for row in rows], [float(row.amount) for row in rows])
    ranked = exposure.may_rank(rows)
    order = sorted(
        range(len(rows)), key=lambda at: (-(found.rate[at] if rows[at].amount else -1), rows[at].system.name)
    )
    places = order if ranked else range(len(rows))
    rank = 0
    for at in places:
        row = rows[at]
        if row.system_id not in known:
            continue
        rank += bool(row.amount)
        numbers = _numbers(found, at) if row.amount else (None, None, None)
        first, last = (month_words(row.months[0]), month_words(row.months[-1])) if row.months else (None, None)
        place = rank if ranked and row.amount else None
        yield (
            *(row.unit, place, row.system.name, row.n, row.n_outside, row.amount if row.months else None),
            *(len(row.months), first, last, *numbers),
        )
