"""How a node is used in the cases a reader sees, counted: over time, beside other labels, and how surely.

Everything as far as `person` may know, who may be a rater blind to some of `cases`.
"""

from collections import Counter

from django.db.models import Count, Func, Q
from django.db.models.functions import ExtractYear

from registry import facets
from registry.blind import PUBLIC, carries, is_open_to, known_path
from registry.choices import Stance
from registry.models import Classification, Label
from registry.models.case import NO_DATE

# Confidence in words: the bounds of what counts as low and as high.
LOW, HIGH = 33, 67


class Unnest(Func):
    """One row for each element of an array."""

    function = "unnest"
    set_returning = True


def by_year(cases, person, wanted):
    """{node id: {year of occurrence: cases}} for each of `wanted` (ids); undated cases are left out."""
    dated = cases.order_by().filter(node_path__overlap=wanted, occurred_on__gt=NO_DATE)
    rows = dated.annotate(carried=Unnest(known_path(person)), year=ExtractYear("occurred_on"))
    by_node = {node: Counter() for node in wanted}
    for node, year, n in rows.values_list("carried", "year").annotate(n=Count("pk")):
        if node in by_node:
            by_node[node][year] = n
    return by_node


def beside(cases, person, node, left_out):
    """{node id: cases} of what else the node's cases carry; estimated above 12,000 cases.

    Counted as the case list counts, with what lies below each label; offered are the labels that were
    agreed themselves, and none of `left_out` (ids above or below `node`).
    """
    carrying, factor = facets.manageable(cases.filter(carries(person, [node.pk])))
    agreed = Classification.objects.filter(case__in=carrying.values("pk")).exclude(node__in={node.pk, *left_out})
    if open_to := is_open_to(person, "case"):
        agreed = agreed.filter(Q(method__in=PUBLIC) | open_to)
    agreed = set(agreed.values_list("node", flat=True).distinct())
    counts = facets.scaled(facets.count_nodes(carrying, person), factor) if agreed else {}
    return {number: counts[number] for number in agreed}


def how_sure(cases, person, node):
    """How sure the raters were who said that the agreed cases carry the node: labels, raters, bands of confidence."""
    carrying = cases.order_by().filter(node_path__contains=[node.pk]).values("pk")
    said = Label.objects.filter(node=node, stance=Stance.PRESENT, submitted_at__isnull=False, case__in=carrying)
    return said.filter(is_open_to(person, "case")).aggregate(
        labels=Count("pk"),
        raters=Count("rater", distinct=True),
        cases=Count("case", distinct=True),
        high=Count("pk", filter=Q(confidence__gte=HIGH)),
        medium=Count("pk", filter=Q(confidence__gt=LOW, confidence__lt=HIGH)),
        low=Count("pk", filter=Q(confidence__lte=LOW)),
        unstated=Count("pk", filter=Q(confidence__isnull=True)),
    )
