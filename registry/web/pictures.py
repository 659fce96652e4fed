"""Numbers become coordinates: pure functions behind the SVG pictures of the pages.

Each returns the dictionary its partial in templates/partials draws. Lengths are user units of the SVG's view box.
"""

from math import log10

WHISKER_AXIS = (0.1, 1000.0)
WHISKER_WIDTH = 204
WHISKER_TICKS = ((0.1, "0.1"), (1, "1"), (10, "10"), (100, "100"), (1000, "1,000"))
WIDEST_COLUMN = 48
TREND_WIDTH, TREND_HEIGHT, TREND_LEFT, TREND_BASE, TREND_TOP = 236, 88, 4, 70, 4


def decimal(value):
    """One decimal is finer than a pixel; whole numbers stay whole."""
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def histogram(columns, *, tiers, width=840, height=118, labels=7):
    """Stacked columns by severity, for partials/_histogram.html.

    `columns`: (label, {rank: count}) in order of time; `tiers`: (rank, colour token, name) from the lowest up.
    The tallest column fills the height; at most `labels` columns are labelled. The columns stretch with the
    page, so ticks stand at a percentage of the width.
    """
    base = height - 20
    names = [label for label, _ in columns]
    totals = [sum(counts.values()) for _, counts in columns]
    step = min(width / max(len(columns), 1), WIDEST_COLUMN)
    stacks = [
        _stack(label, counts, tiers=tiers, left=i * step, step=step, base=base, scale=(base - 4) / max([*totals, 1]))
        for i, (label, counts) in enumerate(columns)
    ]
    return {
        "width": width,
        "height": height,
        "base": base,
        "label_y": height - 4,
        "bars": [bar for stack in stacks for bar in stack],
        "ticks": _ticks(names, share=100 * step / width, at_most=labels),
        "description": _histogram_words(names, totals),
    }


def _stack(label, counts, *, tiers, left, step, base, scale):
    """One column from the ground up, lowest tier first."""
    gap = min(5, step * 0.16)
    stack, y = [], base
    for rank, token, name in tiers:
        if count := counts.get(rank, 0):
            y -= count * scale
            place = {"x": decimal(left + gap / 2), "y": decimal(y), "width": decimal(step - gap)}
            words = {"tier": token, "title": f"{label}: {count} {name}"}
            stack.append({**place, "height": decimal(count * scale), **words})
    return stack


def _ticks(labels, *, share, at_most):
    every = -(-len(labels) // at_most) if labels else 1
    kept = range(0, len(labels), every)
    return [
        {"x": f"{decimal(i * share)}%", "label": labels[i], "css": "every-other" if n % 2 else ""}
        for n, i in enumerate(kept)
    ]


def _histogram_words(labels, totals):
    if not any(totals):
        return "No case in this time"
    most = totals.index(max(totals))
    total = sum(totals)
    return (
        f"{total} {'case' if total == 1 else 'cases'} from {labels[0]} to {labels[-1]}; "
        f"most, {totals[most]}, at {labels[most]}"
    )


def _whisker_x(value, *, axis, width):
    low, high = log10(axis[0]), log10(axis[1])
    inner = width - 2 * 12.9
    return decimal(12.9 + inner * (min(max(log10(value), low), high) - low) / (high - low))


def _whisker_ticks(*, axis, width):
    kept = [(value, label) for value, label in WHISKER_TICKS if axis[0] <= value <= axis[1]]
    anchors = {kept[0][0]: "start", kept[-1][0]: "end"}
    return [
        {
            "x": _whisker_x(value, axis=axis, width=width),
            "label": label,
            "one": value == 1,
            "anchor": anchors.get(value, "middle"),
        }
        for value, label in kept
    ]


def whisker_axis(*, axis=WHISKER_AXIS, width=WHISKER_WIDTH):
    """The shared scale above a column of whiskers, for partials/_whisker_axis.html."""
    ticks = _whisker_ticks(axis=axis, width=width)
    # On a narrow one the last two words would run into each other.
    return {"width": width, "ticks": ticks if width >= WHISKER_WIDTH else [*ticks[:-2], ticks[-1]]}


def whisker(*, estimate, low, high, previous=None, axis=WHISKER_AXIS, width=WHISKER_WIDTH):
    """An odds ratio with its 95 % interval on a log axis, for partials/_whisker.html.

    All values are ratios above zero; what lies beyond the axis is cut and marked with an arrow. `previous` is
    the estimate of the run before, drawn hollow.
    """
    place = {"axis": axis, "width": width}
    words = f"Odds ratio {_figures(estimate)}, 95 % interval {_figures(low)} to {_figures(high)}"
    return {
        "width": width,
        "ticks": _whisker_ticks(**place),
        "low": 0 if low < axis[0] else _whisker_x(low, **place),
        "high": width if high > axis[1] else _whisker_x(high, **place),
        "cut_low": low < axis[0],
        "cut_high": high > axis[1],
        "point": _whisker_x(estimate, **place),
        "previous": None if previous is None else _whisker_x(previous, **place),
        "title": words if previous is None else f"{words}; in the previous run {_figures(previous)}",
    }


def _figures(ratio):
    """Two or three figures: 0.05, 2.7, 27, 1,300."""
    if ratio >= 100:
        return f"{float(f'{ratio:.2g}'):,.0f}"
    return f"{ratio:.0f}" if ratio >= 20 else f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}"


def trend(counts, *, recent, incomplete, ceiling, labels, baseline_band=None, recent_band=None):
    """Weekly counts with the mean before and now, for partials/_trend.html.

    `counts`: one per week in order of time; the last `incomplete` may still grow: they are hatched and left out of
    the comparison of the `recent` complete weeks with those before. `ceiling`: the count at the top of the panel,
    shared by all panels of a page. `labels`: words for the first week and for the first recent one. Bands: (low,
    high) cases a week. Add name, scheme, headline, detail and interval before drawing.
    """
    n = len(counts)
    step = (TREND_WIDTH - 2 * TREND_LEFT) / max(n, 1)
    left = [decimal(TREND_LEFT + i * step) for i in range(n + 1)]
    complete = n - incomplete
    split, right = left[complete - recent], left[-1]
    return {
        "width": TREND_WIDTH,
        "height": TREND_HEIGHT,
        "left": TREND_LEFT,
        "right": right,
        "base": TREND_BASE + 0.5,
        "label_y": TREND_HEIGHT - 4,
        "bars": _trend_bars(counts, left=left, step=step, recent=recent, incomplete=incomplete, ceiling=ceiling),
        "bands": _trend_bands(left, complete, split, baseline_band, recent_band, ceiling),
        "means": _trend_means(counts[:complete], left=left, recent=recent, ceiling=ceiling),
        "ticks": [
            {"x": TREND_LEFT, "label": labels[0], "anchor": "start"},
            {"x": split, "label": labels[1], "anchor": "middle"},
        ],
        "description": _trend_words(counts, recent=recent, incomplete=incomplete),
    }


def _trend_y(count, ceiling):
    return TREND_BASE - (TREND_BASE - TREND_TOP) * min(count / max(ceiling, 1), 1)


def _trend_bars(counts, *, left, step, recent, incomplete, ceiling):
    bars = []
    for i, count in enumerate(counts):
        if not count:
            continue
        y = _trend_y(count, ceiling)
        from_end = len(counts) - i
        css = "week unsure" if from_end <= incomplete else "week now" if from_end <= incomplete + recent else "week"
        bars.append(
            {
                "x": decimal(left[i] + step * 0.13),
                "y": decimal(y),
                "width": decimal(step * 0.74),
                "height": decimal(TREND_BASE - y),
                "css": css,
                "title": f"{count}",
            }
        )
    return bars


def _trend_bands(left, complete, split, baseline, recent, ceiling):
    bands = []
    if complete < len(left) - 1:
        bands.append(
            {"css": "unknown", "x": left[complete], "y": 2, "width": decimal(left[-1] - left[complete])}
            | {"height": TREND_BASE - 2}
        )
    for band, css, x1, x2 in ((baseline, "band", left[0], split), (recent, "band now", split, left[complete])):
        if band is not None:
            low, high = (_trend_y(value, ceiling) for value in band)
            bands.append(
                {"css": css, "x": x1, "y": decimal(high), "width": decimal(x2 - x1), "height": decimal(low - high)}
            )
    return bands


def _trend_means(counts, *, left, recent, ceiling):
    before, now = counts[: len(counts) - recent], counts[len(counts) - recent :]
    spans = ((before, "mean", left[0], left[len(before)]), (now, "mean now", left[len(before)], left[len(counts)]))
    return [
        {"css": css, "x1": x1, "x2": x2, "y": decimal(_trend_y(sum(part) / len(part), ceiling))}
        for part, css, x1, x2 in spans
        if part
    ]


def _trend_words(counts, *, recent, incomplete):
    complete = len(counts) - incomplete
    now, before = sum(counts[complete - recent : complete]), sum(counts[: complete - recent])
    words = f"{now} in the last {recent} complete weeks, {before} in the {complete - recent} before"
    return f"{words}; {sum(counts[complete:])} so far in what is incomplete" if incomplete else words


def bars(counts, *, width=396, height=30, ceiling=None):
    """One row of small columns, for partials/_bars.html. `counts`: (label, count) in order of time."""
    base = height - 1
    tallest = max([ceiling or 0, *(count for _, count in counts), 1])
    step = width / max(len(counts), 1)
    columns = [
        {
            "x": decimal(i * step + step * 0.11),
            "y": decimal(base - (base - 2) * count / tallest),
            "width": decimal(step * 0.78),
            "height": decimal((base - 2) * count / tallest),
            "title": f"{label}: {count}",
        }
        for i, (label, count) in enumerate(counts)
        if count
    ]
    shown = ", ".join(column["title"] for column in columns)
    return {"width": width, "height": height, "base": base + 0.5, "bars": columns, "description": shown or "None"}


def length(count, *, largest, width=100):
    """Length of a horizontal bar: `largest` fills `width`; anything above zero stays visible."""
    return 0 if not count else max(decimal(width * count / max(largest, 1)), 2)


def steps(*, done, total, width=260):
    """A strip of `total` steps, the first `done` filled, for partials/_steps.html."""
    step = width / max(total, 1)
    strip = []
    for i in range(total):
        if i < done:
            strip.append({"css": "done", "x": decimal(i * step), "y": 0, "width": decimal(step - 3), "height": 6})
        else:
            strip.append(
                {"css": "open", "x": decimal(i * step + 0.5), "y": 0.5, "width": decimal(step - 4), "height": 5}
            )
    return {"width": width, "steps": strip, "description": f"{done} of {total} steps done"}


SHARE_WIDTH, SHARE_MARGIN = 160, 9


def _share_x(value):
    return decimal(SHARE_MARGIN + (SHARE_WIDTH - 2 * SHARE_MARGIN) * value)


def _share_ticks():
    return [
        {"x": _share_x(value), "label": f"{100 * value:.0f} %", "one": False, "anchor": "middle"}
        for value in (0, 0.5, 1)
    ]


def share_axis():
    """The scale from 0 to 100 % above a column of shares, for partials/_whisker_axis.html."""
    return {"width": SHARE_WIDTH, "ticks": _share_ticks()}


def share(*, share, low, high):
    """A share with its 95 % interval, all in [0, 1], on a straight axis, for partials/_whisker.html."""
    return {
        "width": SHARE_WIDTH,
        "ticks": _share_ticks(),
        "low": _share_x(low),
        "high": _share_x(high),
        "cut_low": False,
        "cut_high": False,
        "point": _share_x(share),
        "previous": None,
        "title": f"{100 * share:.0f} per cent, 95 % interval {100 * low:.0f} to {100 * high:.0f}",
    }
