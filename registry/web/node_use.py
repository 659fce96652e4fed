"""How a node is used in the cases a reader sees, as its page draws it."""

from registry import node_use
from registry.web import pictures

MOST_SIBLINGS = 8
MOST_YEARS = 44
MOST_OTHER_LABELS = 8
AXIS_LABELS = 5
EDGE = 6  # per cent of the width within which a label would stick out


def beside_siblings(node, siblings, counts):
    """`node` and its most used siblings, in the order of the tree; at most MOST_SIBLINGS others."""
    others = sorted((each for each in siblings if each.pk != node.pk), key=lambda each: -counts.get(each.pk, 0))
    kept = {node.pk, *(each.pk for each in others[:MOST_SIBLINGS])}
    return [each for each in siblings if each.pk in kept]


def over_time(cases, person, node, rows, counts):
    """Cases by year of occurrence for each node of `rows`; None where no dated case carries any of them.

    Here and below: as far as `person` may know, who may be a rater blind to some of `cases`.
    """
    by_node = node_use.by_year(cases, person, [each.pk for each in rows])
    years = {year for counted in by_node.values() for year in counted}
    if not years:
        return None
    last = max(years)
    shown = range(max(min(years), last - MOST_YEARS + 1), last + 1)
    drawn = [
        {
            "node": each,
            "now": each.pk == node.pk,
            "count": counts.get(each.pk, 0),
            "bars": pictures.bars([(str(year), by_node[each.pk][year]) for year in shown]),
        }
        for each in rows
    ]
    earlier = sum(n for counted in by_node.values() for year, n in counted.items() if year < shown[0])
    return {"rows": drawn, "ticks": _axis(shown), "earlier": earlier, "first": shown[0]}


def _axis(years):
    """Up to five years, at a percentage of the width of the bars."""
    places = sorted({round(i * (len(years) - 1) / (AXIS_LABELS - 1)) for i in range(AXIS_LABELS)})
    middles = [100 * (place + 0.5) / len(years) for place in places]
    return [
        {
            "x": f"{pictures.decimal(0 if middle < EDGE else 100 if middle > 100 - EDGE else middle)}%",
            "anchor": "start" if middle < EDGE else "end" if middle > 100 - EDGE else "middle",
            "label": str(years[place]),
        }
        for place, middle in zip(places, middles, strict=True)
    ]


def other_labels(cases, person, node, nodes, left_out):
    """What else the node's cases carry, most often first; see node_use.beside."""
    counts = node_use.beside(cases, person, node, left_out)
    others = sorted((each for each in nodes if each.pk in counts), key=lambda each: -counts[each.pk])
    largest = max((counts[each.pk] for each in others), default=0)
    return [
        {"node": each, "n": counts[each.pk], "length": pictures.length(counts[each.pk], largest=largest)}
        for each in others[:MOST_OTHER_LABELS]
    ]


def how_sure(cases, person, node):
    """What node_use.how_sure says, with the lengths to draw the bands in."""
    found = node_use.how_sure(cases, person, node)
    return found | {"segments": _segments([(band, found[band]) for band in ("high", "medium", "low")])}


def _segments(bands, width=100):
    total, x, segments = sum(n for _, n in bands), 0, []
    for band, n in bands:
        if n:
            length = width * n / total
            segments.append({"css": band, "x": pictures.decimal(x), "width": pictures.decimal(length)})
            x += length
    return segments
