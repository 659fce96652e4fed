"""How a node is used in the cases a reader sees: over time, beside other labels, and how surely."""

from collections import Counter

from django.db.models import Count, Func, Q
from django.db.models.functions import ExtractYear

from registry.blind import PUBLIC, carries, is_open_to, known_path
from registry.choices import Stance
from registry.models import Classification, Label
from registry.models.case import NO_DATE
from registry.web import facets, pictures

MOST_SIBLINGS = 8
MOST_YEARS = 44
MOST_OTHER_LABELS = 8
AXIS_LABELS = 5
EDGE = 6  # per cent of the width within which a label would stick out
# Confidence in words: the bounds of what counts as low and as high.
LOW, HIGH = 33, 67


class Unnest(Func):
    """One row for each element of an array."""

    function = "unnest"
    set_returning = True


def beside_siblings(node, siblings, counts):
    """`node` and its most used siblings, in the order of the tree; at most MOST_SIBLINGS others."""
    others = sorted((each for each in siblings if each.pk != node.pk), key=lambda each: -counts.get(each.pk, 0))
    kept = {node.pk, *(each.pk for each in others[:MOST_SIBLINGS])}
    return [each for each in siblings if each.pk in kept]


def over_time(cases, person, node, rows, counts):
    """Cases by year of occurrence for each node of `rows`; None where no dated case carries any of them.

    Here and below: as far as `person` may know, who may be a rater blind to some of `cases`.
    """
    by_node = _by_year(cases, person, [each.pk for each in rows])
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


def _by_year(cases, person, wanted):
    dated = cases.order_by().filter(node_path__overlap=wanted, occurred_on__gt=NO_DATE)
    rows = dated.annotate(carried=Unnest(known_path(person)), year=ExtractYear("occurred_on"))
    by_node = {node: Counter() for node in wanted}
    for node, year, n in rows.values_list("carried", "year").annotate(n=Count("pk")):
        if node in by_node:
            by_node[node][year] = n
    return by_node


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
    """What else the node's cases carry, most often first; estimated above 12,000 cases.

    Counted as the case list counts, with what lies below each label; offered are the labels that were
    agreed themselves, and none of `left_out` (ids above or below `node`).
    """
    carrying, factor = facets.manageable(cases.filter(carries(person, [node.pk])))
    agreed = Classification.objects.filter(case__in=carrying.values("pk")).exclude(node__in={node.pk, *left_out})
    if open_to := is_open_to(person, "case"):
        agreed = agreed.filter(Q(method__in=PUBLIC) | open_to)
    agreed = set(agreed.values_list("node", flat=True).distinct())
    counts = facets.scaled(facets.count_nodes(carrying, person), factor) if agreed else {}
    others = sorted((each for each in nodes if each.pk in agreed), key=lambda each: -counts[each.pk])
    largest = max((counts[each.pk] for each in others), default=0)
    return [
        {"node": each, "n": counts[each.pk], "length": pictures.length(counts[each.pk], largest=largest)}
        for each in others[:MOST_OTHER_LABELS]
    ]


def how_sure(cases, person, node):
    """How sure the raters were who said that the agreed cases carry the node: labels, raters, bands of confidence."""
    carrying = cases.order_by().filter(node_path__contains=[node.pk]).values("pk")
    said = Label.objects.filter(node=node, stance=Stance.PRESENT, submitted_at__isnull=False, case__in=carrying)
    found = said.filter(is_open_to(person, "case")).aggregate(
        labels=Count("pk"),
        raters=Count("rater", distinct=True),
        cases=Count("case", distinct=True),
        high=Count("pk", filter=Q(confidence__gte=HIGH)),
        medium=Count("pk", filter=Q(confidence__gt=LOW, confidence__lt=HIGH)),
        low=Count("pk", filter=Q(confidence__lte=LOW)),
        unstated=Count("pk", filter=Q(confidence__isnull=True)),
    )
    return found | {"segments": _segments([(band, found[band]) for band in ("high", "medium", "low")])}


def _segments(bands, width=100):
    total, x, segments = sum(n for _, n in bands), 0, []
    for band, n in bands:
        if n:
            length = width * n / total
            segments.append({"css": band, "x": pictures.decimal(x), "width": pictures.decimal(length)})
            x += length
    return segments
