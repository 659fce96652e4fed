"""The queue of cases to look at again after a change of a node, as far as the reader may know what they carried."""

from urllib.parse import urlencode

from registry import access, blind
from registry.choices import Right, TaxonomyChangeKind
from registry.node_changes import SHOWN
from registry.paging import page_of
from registry.relabelling import known_relabels, labelled_by, targets_of
from registry.web.cursors import neighbours
from registry.web.numbers import whole

PER_PAGE = 30
STATES = {"waiting": "Waiting", "done": "Done"}
MINE = {"": "Everybody’s", "me": "Cases I labelled"}


def list_context(person, query):
    """One page of the queue; raises paging.BadCursor."""
    state = query.get("state") if query.get("state") in STATES else "waiting"
    mine = "me" if query.get("rater") == "me" else ""
    number = query.get("change", "")
    rows = known_relabels(person).filter(done_at__isnull=state == "waiting")
    if mine:
        rows = rows.filter(labelled_by(person))
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
        "page": neighbours(page, kept),
    }


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
    targets = targets_of(relabels)
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
