"""The queue of cases to look at again after a change of a node, as far as the reader may know what they carried."""

from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q

from registry import access, blind
from registry.choices import Right, TaxonomyChangeKind
from registry.models import Classification, Label, Relabel, TaxonomyChange
from registry.paging import page_of
from registry.web.node_change_page import SHOWN
from registry.web.numbers import whole

PER_PAGE = 30
STATES = {"waiting": "Waiting", "done": "Done"}
MINE = {"": "Everybody’s", "me": "Cases I labelled"}


def known_relabels(person):
    """What waits, or waited, of the cases whose labels `person` may know: theirs to see, and open or published."""
    published = Classification.objects.filter(
        case=OuterRef("case"), node=OuterRef("change__node"), method__in=blind.PUBLIC
    )
    open_to = blind.is_open_to(person, "case")
    rows = Relabel.objects.filter(case__in=access.visible_to(person))
    # After a split or a retirement every case that carries the node waits. After a merge only those wait whose labels
    # stand against it, so that to be listed tells what was said.
    told_by_node = Q(Exists(published), change__kind__in=(TaxonomyChangeKind.SPLIT, TaxonomyChangeKind.RETIRE))
    return rows.filter(open_to | told_by_node) if open_to else rows


def list_context(person, query):
    """One page of the queue; raises paging.BadCursor."""
    state = query.get("state") if query.get("state") in STATES else "waiting"
    mine = "me" if query.get("rater") == "me" else ""
    number = query.get("change", "")
    rows = known_relabels(person).filter(done_at__isnull=state == "waiting")
    if mine:
        rows = rows.filter(Exists(labels_of_old().filter(rater=person)))
    if whole(number) is not None:
        rows = rows.filter(change=whole(number))
    rows = rows.select_related("case", "change__node__scheme", "change__made_by", "done_by")
    rows = rows.only(
        "done_at", "done_by__name", "change__kind", "change__reason", "change__made_at", "change__made_by__name",
        "change__node__name", "change__node__slug", "change__node__scheme__slug", "change__node__scheme__name",
        "case__owner", "case__reporter", *(f"case__{name}" for name in SHOWN if name != "potential_severity"),
    )  # fmt: skip
    page = page_of(rows, ordering="-id", fields=("-id",), limit=PER_PAGE, cursor=query.get("cursor"))
    kept = {"state": state, "rater": mine, "change": number if whole(number) is not None else ""}
    kept = {name: value for name, value in kept.items() if value}
    return {
        "rows": _with_choices(person, page.rows),
        "state": state,
        "states": [(value, words, _link(kept | {"state": value})) for value, words in STATES.items()],
        "mine": mine,
        "raters": [(value, words, _link(kept | {"rater": value})) for value, words in MINE.items()],
        "one_change": page.rows[0].change if page.rows and "change" in kept else None,
        "filtered": mine or "change" in kept,
        "page": {
            "previous_url": page.previous and _link(kept | {"cursor": page.previous}),
            "next_url": page.next and _link(kept | {"cursor": page.next}),
        },
    }


def labels_of_old():
    """Of relabels: the submitted labels that the case has of the old node."""
    return Label.objects.filter(case=OuterRef("case"), node=OuterRef("change__node"), submitted_at__isnull=False)


def _link(query):
    return "?" + urlencode({name: value for name, value in query.items() if value})


def _with_choices(person, relabels):
    """Each relabel with what `person` may know was said of the old node, what may stand for it, and who may label."""
    labels = blind.submitted_labels(person).filter(
        case__in={row.case_id for row in relabels}, node__in={row.change.node_id for row in relabels}
    )  # fmt: skip
    said = {}
    for label in labels.select_related("rater").order_by("rater__name"):
        said.setdefault((label.case_id, label.node_id), []).append(label)
    targets = _targets(relabels)
    for row in relabels:
        row.said = said.get((row.case_id, row.change.node_id), [])
        row.targets = targets.get(row.change_id, [])
        row.may_label = access.may(person, Right.LABEL, row.case)
        row.why = WHY[row.change.kind]
    return relabels


WHY = {
    TaxonomyChangeKind.SPLIT: "was split",
    TaxonomyChangeKind.RETIRE: "was retired",
    TaxonomyChangeKind.MERGE: "was merged, but the labels of this case stand against that",
    TaxonomyChangeKind.REPLACE: "was replaced, but the labels of this case stand against that",
    TaxonomyChangeKind.MOVE: "was moved",
}


def _targets(relabels):
    """{change id: the nodes that may stand for the old one}; they are of its scheme."""
    schemes = {row.change_id: row.change.node.scheme for row in relabels}
    through = TaxonomyChange.targets.through
    pairs = through.objects.filter(taxonomychange__in=schemes).select_related("node").order_by("node__order", "pk")
    found = {}
    for pair in pairs:
        pair.node.scheme = schemes[pair.taxonomychange_id]
        found.setdefault(pair.taxonomychange_id, []).append(pair.node)
    return found


def n_waiting(person, node):
    """How many cases wait because of `node`, of those `person` may know."""
    return known_relabels(person).filter(Q(change__node=node), done_at=None).count()
