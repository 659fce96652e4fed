"""What the case list shows, prepared for its template."""

from django.db.models import Prefetch
from django.urls import reverse

from registry.choices import Kind
from registry.models import CaseSystem
from registry.models.case import NARRATIVE_FIELDS
from registry.web.blind import seen_classifications
from registry.web.facets import header_words
from registry.web.node_rows import nodes_in_order
from registry.web.pictures import histogram
from registry.web.selection import status_choices
from taxonomy.models import SeverityTier

PER_PAGE = 50
NO_SEVERITY = -1
UNSEEN = (
    *NARRATIVE_FIELDS,
    "search",
    "node_path",
    "predictability_reason",
    "realised_rationale",
    "potential_rationale",
)
SORTS = (
    ("-occurred_at", "Occurred, newest first"),
    ("occurred_at", "Occurred, oldest first"),
    ("-severity", "Potential severity"),
    ("-reported_at", "Logged last"),
    ("-updated_at", "Changed last"),
    ("-id", "Number, highest first"),
    ("id", "Number, lowest first"),
)


def rows_for(cases, person):
    """`cases` with what a row shows, and without what it does not."""
    labels = Prefetch("classifications", seen_classifications(person), to_attr="seen")
    systems = Prefetch("case_systems", CaseSystem.objects.select_related("system").order_by("pk"))
    return cases.defer(*UNSEEN).select_related("potential_severity").prefetch_related(labels, systems)


def context(person, chosen, page, counts):
    tiers = list(SeverityTier.objects.order_by("-rank"))
    return {
        "selection": chosen,
        "rows": page.rows,
        "page": {
            "previous_url": page.previous and chosen.address(cursor=page.previous),
            "next_url": page.next and chosen.address(cursor=page.next),
        },
        "views": views(person, chosen),
        "counts": counts,
        "header": header_words(counts),
        "tiers": tiers,
        "chart": chart(counts.timeline, tiers),
        "facets": facets(chosen, counts, tiers),
        "schemes": schemes(chosen, counts),
        "sorts": SORTS,
        "columns": sortable_columns(chosen),
        "kept": kept_parameters(chosen),
    }


def chart(timeline, tiers):
    lowest_first = [(NO_SEVERITY, "unset", "not set"), *((t.rank, t.colour, t.name) for t in reversed(tiers))]
    return histogram(timeline.columns, tiers=lowest_first)


def facets(chosen, counts, tiers):
    """Each facet's name, words and values: (value, words, count, whether chosen), those with cases only."""
    severities = [(tier.slug, tier.name, tier.rank) for tier in tiers]
    statuses = [(value, label, value) for value, label in status_choices()]
    kinds = [(value, label, value) for value, label in Kind.choices]
    return [
        facet("severity", "Potential severity", severities, chosen, counts, "severity_rank"),
        facet("status", "Status", statuses, chosen, counts, "status"),
        facet("kind", "Kind", kinds, chosen, counts, "kind"),
    ]


def facet(name, label, values, chosen, counts, group):
    picked, numbers = chosen.chosen[group], counts.groups[group]
    options = [
        {"value": value, "label": text, "count": numbers.get(key, 0), "chosen": key in picked}
        for value, text, key in values
    ]
    return {"name": name, "label": label, "options": options}


def schemes(chosen, counts):
    """The schemes with the nodes found under the other filters, and those already chosen."""
    groups = nodes_in_order()
    for group in groups:
        for row in group.rows:
            row.count, row.chosen = counts.nodes.get(row.node.pk, 0), row.node.pk in chosen.node_ids
        group.rows = [row for row in group.rows if row.count or row.chosen]
    return [group for group in groups if group.rows]


def kept_parameters(chosen):
    """The parameters the form has no field for, so that choosing a facet does not lose them."""
    own = {"q", "severity", "status", "kind", "label__all"}
    return [(name, value) for name, values in chosen.parameters.lists() if name not in own for value in values]


def views(person, chosen):
    """The tabs: (words, address, whether it is the one shown)."""
    address, shown = reverse("case-list"), chosen.parameters.urlencode()
    tabs = [("All", ""), ("In triage", "status=triage"), ("In review", "status=review")]
    tabs.append(("Mine", f"owner={person.username}"))
    return [{"label": label, "url": f"{address}?{query}", "current": query == shown} for label, query in tabs]


def sortable_columns(chosen):
    """Address and direction of the columns one may sort by."""
    newest = chosen.ordering == "-occurred_at"
    return {
        "severity": {
            "url": chosen.address(ordering="-severity"),
            "direction": "descending" if chosen.ordering == "-severity" else "",
        },
        "occurred": {
            "url": chosen.address(ordering="occurred_at" if newest else "-occurred_at"),
            "direction": {"-occurred_at": "descending", "occurred_at": "ascending"}.get(chosen.ordering, ""),
        },
    }
