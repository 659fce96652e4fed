"""How debt rose and fell by weeks: coordinates for debt/_burn_up.html."""

from math import floor, log10

from django.utils import timezone

from registry.web.pictures import decimal

WIDTH, HEIGHT, LEFT, TOP, BASE = 900, 196, 52, 12, 168
EVERY = 4


def burn_up_picture(points):
    """`points`: (time, (owed, carried, cases)) in order of time, one a week. What is carried stands above."""
    most = max((owed + carried for _, (owed, carried, _) in points), default=0)
    ceiling = round_up(most)
    step = (WIDTH - LEFT) / max(len(points), 1)
    weeks = [
        week(place, at, values, left=LEFT + place * step, step=step, ceiling=ceiling)
        for place, (at, values) in enumerate(points)
    ]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "base": BASE,
        "label_y": HEIGHT - 8,
        "weeks": weeks,
        "ticks": [row for row in weeks if (len(weeks) - 1 - row["place"]) % EVERY == 0],
        "lines": [{"y": y_of(part * ceiling, ceiling), "label": figure(part * ceiling)} for part in (0.5, 1)],
        "description": description(weeks),
    }


def week(place, at, values, *, left, step, ceiling):
    owed, carried, n = values
    owed_y, top = y_of(owed, ceiling), y_of(owed + carried, ceiling)
    return {
        "place": place,
        "at": at,
        "day": timezone.localdate(at),
        "owed": owed,
        "carried": carried,
        "n": n,
        "x": decimal(left + step * 0.14),
        "middle": decimal(left + step / 2),
        "width": decimal(step * 0.72),
        "owed_y": owed_y,
        "owed_height": decimal(BASE - owed_y),
        "carried_y": top,
        "carried_height": decimal(owed_y - top),
    }


def y_of(value, ceiling):
    return decimal(BASE - (BASE - TOP) * value / ceiling)


def round_up(value):
    """The next number with one figure, so that the scale reads well; 1 where there is nothing.

    >>> round_up(2310), round_up(0), round_up(7)
    (3000, 1, 7)
    """
    if value <= 0:
        return 1
    unit = 10 ** floor(log10(value))
    rounded = -(-value // unit) * unit
    return int(rounded) if rounded >= 1 else rounded


def figure(value):
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def description(weeks):
    first, last = weeks[0], weeks[-1]
    most = max(weeks, key=lambda row: row["owed"])
    words = f"Debt went from {figure(first['owed'])} to {figure(last['owed'])} in {len(weeks) - 1} weeks"
    return f"{words}; it was highest, {figure(most['owed'])}, on {most['day']:%-d %B %Y}"
