"""What the case list shows, prepared for its template."""

from django.db.models import Prefetch

from registry import search
from registry.blind import seen_classifications
from registry.choices import STATUS_WORDS, Kind, Status
from registry.facets import FREQUENT, header_words
from registry.filter_words import NAMES
from registry.filters import DEFAULT_ORDERING, MISSING
from registry.models import CaseSystem
from registry.models.case import NARRATIVE_FIELDS
from registry.web.node_rows import nodes_in_order
from registry.web.pictures import histogram
from registry.web.view_tabs import tabs, view_words
from taxonomy.models import SeverityTier

PER_PAGE = 50
NO_SEVERITY = -1
UNSEEN = (
    *NARRATIVE_FIELDS,
    "search",
    "node_path",
    "text_bands",
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
RELEVANCE_WORDS = "Relevance"
PERIODS = (("-7d", "7 d", "7 days"), ("-30d", "30 d", "30 days"), ("-90d", "90 d", "90 days"), ("-365d", "1 y", "year"))
# The filters that the form has a field for; others travel in hidden ones.
IN_FORM = {"q", "severity", "status", "kind", "label__all", "system", "owner", "reporter", "missing"}
SINGLE_IN_FORM = ("confidence__gte", "occurred__gte", "occurred__lte")


def rows_for(cases, person):
    """`cases` with what a row shows, and without what it does not."""
    labels = Prefetch("classifications", seen_classifications(person), to_attr="seen")
    systems = Prefetch("case_systems", CaseSystem.objects.select_related("system").order_by("pk"))
    return cases.defer(*UNSEEN).select_related("potential_severity").prefetch_related(labels, systems)


def add_snippets(rows, words):
    """Give each row the passage that holds the words, and its title with them marked."""
    found = search.snippets([case.pk for case in rows], words)
    for case in rows:
        case.snippet = found.get(case.pk)


def context(person, chosen, page, counts):
    tiers = list(SeverityTier.objects.order_by("-rank"))
    return {
        "selection": chosen,
        "rows": page.rows,
        "page": {
            "previous_url": page.previous and chosen.address(cursor=page.previous),
            "next_url": page.next and chosen.address(cursor=page.next),
        },
        "views": tabs(person, chosen),
        "view_words": view_words(person, chosen),
        "counts": counts,
        "header": header_words(counts),
        "tiers": tiers,
        "chart": chart(counts.timeline, tiers),
        "facets": facets(chosen, counts, tiers),
        "schemes": schemes(chosen, counts),
        "frequent": [frequent(name, NAMES[name], chosen, counts) for name in FREQUENT],
        "periods": periods(chosen),
        "missing": missing(chosen),
        "sorts": sorts(chosen),
        "ranked_only": search.RANKED if is_bounded(chosen, counts) else 0,
        "columns": sortable_columns(chosen),
        "kept": kept_parameters(chosen),
    }


def is_bounded(chosen, counts):
    """Whether some cases that match are not ranked, and so not listed."""
    return chosen.ordering == search.RELEVANCE and counts.total > search.RANKED


def chart(timeline, tiers):
    lowest_first = [(NO_SEVERITY, "unset", "not set"), *((t.rank, t.colour, t.name) for t in reversed(tiers))]
    return histogram(timeline.columns, tiers=lowest_first)


def facets(chosen, counts, tiers):
    """Each facet's name, words and values: (value, words, count, whether chosen), those with cases only."""
    severities = [(tier.slug, tier.name, tier.rank) for tier in tiers]
    statuses = [(value, STATUS_WORDS[value], value) for value in Status.values]
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


def frequent(name, label, chosen, counts):
    """A facet of too many values: the most frequent among what is found, and those chosen."""
    picked = dict(
        chosen.people(name) if name != "system" else ((text, text) for text in chosen.cleaned["system"] or ())
    )
    folded = {value.lower() for value in picked}
    options = [
        {"value": value, "label": text, "count": n, "chosen": value.lower() in folded}
        for value, text, n in counts.frequent[name]
    ]
    shown = {option["value"].lower() for option in options}
    # “Me” and a system's other name stand beside the rows that they find.
    more = [
        {"value": value, "label": text, "count": None, "chosen": True}
        for value, text in picked.items()
        if value.lower() not in shown
    ]
    return {"name": name, "label": label, "options": more + options, "open": bool(picked)}


def schemes(chosen, counts):
    """The schemes with the nodes found under the other filters, and those already chosen."""
    groups = nodes_in_order()
    for group in groups:
        for row in group.rows:
            row.count, row.chosen = counts.nodes.get(row.node.pk, 0), row.node.pk in chosen.node_ids
        group.rows = [row for row in group.rows if row.count or row.chosen]
    return [group for group in groups if group.rows]


def periods(chosen):
    """The relative dates one click away, and what the two date fields hold."""
    first, last = (chosen.cleaned.get(name) for name in ("occurred__gte", "occurred__lte"))
    asked = chosen.parameters.get("occurred__gte", "")
    return {
        "quick": [
            {"label": label, "words": words, "url": chosen.address(occurred__gte=value, occurred__lte=None)}
            | {"current": asked == value}
            for value, label, words in PERIODS
        ],
        # A relative day stays relative: it travels in a hidden field until a date is typed.
        "first": first.isoformat() if first and not asked.startswith("-") else "",
        "last": last.isoformat() if last and not chosen.parameters.get("occurred__lte", "").startswith("-") else "",
    }


def missing(chosen):
    picked = set(chosen.cleaned.get("missing") or ())
    options = [{"value": value, "label": label, "chosen": value in picked} for value, label in MISSING]
    return {"options": options, "open": bool(picked)}


def sorts(chosen):
    """(value, words, whether chosen); the order that is the list's own has no value, so that words can change it."""
    known = ((chosen.default_ordering, RELEVANCE_WORDS), *SORTS) if chosen.words else SORTS
    return [
        {"value": "" if value == chosen.default_ordering else value, "label": label, "chosen": value == chosen.ordering}
        for value, label in known
    ]


def kept_parameters(chosen):
    """The parameters the form has no field for, so that choosing a facet does not lose them."""
    kept = []
    for name, values in chosen.parameters.lists():
        if name in SINGLE_IN_FORM:
            values = [value for value in values if value.startswith("-")]
        kept += [(name, value) for value in values if name not in IN_FORM]
    if chosen.view:
        kept += [("view", chosen.view.slug), ("edited", "1")]
    elif chosen.opened:
        kept.append(("view", chosen.opened))
    return kept


def sortable_columns(chosen):
    """Address and direction of the columns one may sort by."""
    newest = chosen.ordering == DEFAULT_ORDERING
    return {
        "severity": {
            "url": chosen.address(ordering="-severity"),
            "direction": "descending" if chosen.ordering == "-severity" else "",
        },
        "occurred": {
            "url": chosen.address(ordering="occurred_at" if newest else DEFAULT_ORDERING),
            "direction": {DEFAULT_ORDERING: "descending", "occurred_at": "ascending"}.get(chosen.ordering, ""),
        },
    }
