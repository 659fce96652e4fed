"""The heat map: the most used nodes of one scheme against those of others, as a table."""

from dataclasses import dataclass

from registry.choices import PairState
from registry.models import PatternNode, PatternPair
from registry.patterns.sentences import pair_name, q_words
from registry.web.counted_links import cases_url

MOST_ROWS = 14
MOST_COLUMNS = 22
MOST_COLUMN_SCHEMES = 4
FIRST_ROWS = "mechanism"
ALL = "all"
NOT_TESTED = "not tested"
READ_AS = {state: "tested" if state == PairState.TESTED else NOT_TESTED for state in PairState} | {
    PairState.RELATED: "related by definition"
}
LONG_FROM = 1000
# Lift from which a colour begins: from the strongest downwards.
STEPS = ((4, "m3"), (2, "m2"), (1.25, "m1"), (0.8, "as"), (0.5, "f1"), (0, "f2"))


@dataclass(frozen=True)
class Cell:
    """One crossing; `pair` is None where the run kept nothing: not tested, and no case has both."""

    pair: PatternPair | None
    css: str
    words: str


@dataclass(frozen=True)
class HeatMap:
    """Row nodes with their cells, column nodes grouped by scheme, and the choice of schemes."""

    schemes: list
    rows_scheme: object
    columns_slug: str
    groups: list
    rows: list
    n_pairs: int
    n_flagged: int


def heat_map(run, *, rows="", columns=""):
    """The map for these scheme slugs; unknown ones fall back to the default. None where no label was counted."""
    used = list(
        PatternNode.objects.filter(run=run, k__gt=0)
        .select_related("node__scheme")
        .order_by("node__scheme__order", "-k", "node__order", "pk")
    )
    if not used:
        return None
    by_scheme = {}
    for each in used:
        each.url = cases_url(run, label__all=each.node.key)
        by_scheme.setdefault(each.node.scheme, []).append(each)
    schemes = list(by_scheme)
    across = _named(schemes, rows) or _named(schemes, FIRST_ROWS) or schemes[0]
    chosen = _named(schemes, columns)
    down = by_scheme[across][:MOST_ROWS]
    groups = _groups(by_scheme, [chosen] if chosen else [each for each in schemes if each != across] or [across])
    cells = _cells(run, down, [each for _, members in groups for each in members])
    lines = [(row, [[cells[row.node_id, each.node_id] for each in members] for _, members in groups]) for row in down]
    pairs = {cell.pair.pk: cell.pair for cell in cells.values() if cell.pair and cell.pair.state == PairState.TESTED}
    return HeatMap(
        schemes=schemes,
        rows_scheme=across,
        columns_slug=chosen.slug if chosen else ALL,
        groups=groups,
        rows=lines,
        n_pairs=len(pairs),
        n_flagged=sum(pair.flagged for pair in pairs.values()),
    )


CSV_HEADS = ("Label", "With", "Scheme of it", "Both", "Cases", "Expected", "q", "Read as")


def csv_rows(heat):
    """Every cell of the map as a line; what was not tested has no number but the count."""
    for row, groups in heat.rows:
        across = [(scheme, each) for scheme, members in heat.groups for each in members]
        for (scheme, column), cell in zip(across, [cell for cells in groups for cell in cells], strict=True):
            pair = cell.pair
            numbers = (pair.joint, pair.n, pair.expected, pair.q) if pair else (None, None, None, None)
            yield [row.node.name, column.node.name, scheme.name, *numbers, READ_AS[pair.state] if pair else NOT_TESTED]


def _named(schemes, slug):
    return next((scheme for scheme in schemes if scheme.slug == slug), None)


def _groups(by_scheme, schemes):
    """(scheme, its most used nodes) of at most four schemes that share the columns."""
    schemes = schemes[:MOST_COLUMN_SCHEMES]
    left, groups = MOST_COLUMNS, []
    for place, scheme in enumerate(sorted(schemes, key=lambda each: len(by_scheme[each]))):
        # What a small scheme leaves free goes to the larger ones.
        share = left // (len(schemes) - place)
        members = by_scheme[scheme][:share]
        left -= len(members)
        groups.append((scheme, members))
    return sorted(groups, key=lambda group: schemes.index(group[0]))


def _cells(run, down, across):
    rows, columns = {each.node_id for each in down}, {each.node_id for each in across}
    kept = PatternPair.objects.filter(run=run, node_a__in=rows | columns, node_b__in=rows | columns)
    kept = kept.select_related("node_a", "node_b").defer("case_ids")
    pairs = {(pair.node_a_id, pair.node_b_id): pair for pair in kept}
    return {(row, column): _cell(pairs.get((min(row, column), max(row, column)))) for row in rows for column in columns}


def _cell(pair):
    if pair is None:
        return Cell(None, "not", "not tested, no case has both")
    words = f"{pair_name(pair)}: {pair.joint} of {pair.n} cases"
    if pair.state == PairState.RELATED:
        return Cell(pair, "rel", f"{words}, related by definition")
    if pair.state != PairState.TESTED:
        return Cell(pair, "not", f"{words}, not tested")
    flag = "; flagged" if pair.flagged else ""
    return Cell(pair, _tint(pair), f"{words}, {pair.expected:.1f} expected, {q_words(pair.q)}{flag}")


def _tint(pair):
    flag = " flag" if pair.flagged else ""
    if pair.joint >= LONG_FROM:
        flag += " long"
    if pair.joint == 0:
        return f"q0{flag}"
    if pair.lift is None:
        return f"few{flag}"
    return next(css for bound, css in STEPS if pair.lift >= bound) + flag
