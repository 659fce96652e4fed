"""The weekly chart as SVG, and the picture of it that a mail carries."""

import resvg_py

from registry.digests.wording import counted, listed

WIDTH, HEIGHT = 536, 96
BASE, TOP = 92, 5
# Middle tones that read on white and on a dark page alike: a mail's picture cannot follow the reader's theme.
BEFORE, RECENT = "#8090aa", "#6f87e8"
PATTERN = (
    '<pattern id="{name}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<line x1="1.5" y1="0" x2="1.5" y2="5" stroke="{colour}" stroke-width="{width}"/></pattern>'
)


def weekly_svg(weeks):
    """One column a week: recent ones in colour, a dashed mean of those before. It may stand in a page as it is.

    Hatched means not known: an unfinished week, and the time before the first case was logged.
    """
    step = WIDTH / len(weeks.counts)
    tallest = max(*weeks.counts, weeks.mean or 0, 1)
    parts = [
        PATTERN.format(name="weekly-unfinished", colour=RECENT, width="2.4"),
        PATTERN.format(name="weekly-unknown", colour=BEFORE, width="0.9"),
    ]
    parts = [f"<defs>{''.join(parts)}</defs>"]
    if weeks.n_unknown:
        parts.append(_box(0, TOP, weeks.n_unknown * step - 2, BASE - TOP, 'fill="url(#weekly-unknown)" opacity="0.55"'))
    if weeks.mean is not None:
        y = BASE - (BASE - TOP) * weeks.mean / tallest
        x1, x2 = weeks.n_unknown * step, (len(weeks.counts) - weeks.n_recent) * step
        parts.append(_line(x1, x2, y, 'stroke-dasharray="3 3"'))
    for place, count in enumerate(weeks.counts):
        if count:
            height = max((BASE - TOP) * count / tallest, 1.5)
            parts.append(_box(place * step + 1.5, BASE - height, step - 3, height, _paint(weeks, place)))
    parts.append(_line(0, WIDTH, BASE + 0.5, ""))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img"><title>{weekly_words(weeks)}</title>{"".join(parts)}</svg>'
    )


def weekly_png(weeks):
    """The chart at twice its size on a clear ground."""
    return bytes(resvg_py.svg_to_bytes(svg_string=weekly_svg(weeks), width=2 * WIDTH, skip_system_fonts=True))


def weekly_words(weeks):
    """The chart for those who do not see it, to be read before its caption."""
    recent = weeks.counts[-weeks.n_recent :]
    dates = f"From {weeks.first:%-d %B} to {weeks.last:%-d %B}"
    words = [f"{dates}: the last {weeks.n_recent} of {len(weeks.counts)} weeks bring {listed(recent)} cases."]
    if weeks.n_baseline:
        before = weeks.counts[weeks.n_unknown : -weeks.n_recent]
        words.append(f"The {counted(weeks.n_baseline, 'week')} before: from {min(before)} to {max(before)} a week.")
    if weeks.incomplete:
        words.append("The last week is not over.")
    return " ".join(words)


def weekly_caption(weeks):
    """What stands below the chart: what its columns, its line and its hatching mean."""
    words = ["Cases logged per week."]
    if weeks.mean is not None:
        words.append(f"Dashed: the mean of {weeks.n_baseline} weeks, {weeks.mean:.1f}.")
    if weeks.n_unknown:
        words.append("Hatched at the left: before the first case was logged.")
    if weeks.incomplete:
        words.append("Hatched at the right: not over.")
    return " ".join(words)


def _paint(weeks, place):
    last = len(weeks.counts) - 1
    if place == last and weeks.incomplete:
        return f'fill="url(#weekly-unfinished)" stroke="{RECENT}" stroke-width="1"'
    return f'fill="{RECENT if place > last - weeks.n_recent else BEFORE}"'


def _box(x, y, width, height, paint):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" {paint}/>'


def _line(x1, x2, y, dashes):
    return f'<line x1="{x1:.1f}" x2="{x2:.1f}" y1="{y:.1f}" y2="{y:.1f}" stroke="{BEFORE}" {dashes}/>'
