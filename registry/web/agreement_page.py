"""What the agreement pages show of the latest runs, and the lines about one node on its own page."""

from django.db.models import Case, Count, F, Q, When

from registry.agreement import of_node, shown_confusions
from registry.choices import Measure
from registry.models import AgreementScore, RaterPair
from registry.patterns.judgements import FEWEST_CASES
from registry.web import agreement_rows

MOST_TO_REWRITE = 6
MOST_CONFUSIONS = 12
MOST_OF_NODE = 3


def period_links(runs, chosen):
    """The periods to choose from, with words for each."""
    return [
        {
            "words": "All time" if period == "all" else period.replace("-", " "),
            "url": "?" if period == "all" else f"?period={period}",
            "n": run.n_cases,
            "chosen": period == chosen.period,
        }
        for period, run in runs.items()
    ]


def scheme_rows(run):
    """One row for each scheme, in their order."""
    scores = run.scores.filter(measure=Measure.LABEL, node=None).select_related("scheme")
    return [agreement_rows.row_of(score) for score in scores.order_by("scheme__order", "scheme")]


def severity_rows(run):
    """Realised and potential severity, ordinal."""
    scores = run.scores.exclude(measure=Measure.LABEL).order_by("-measure")
    return [agreement_rows.row_of(score) for score in scores]


def to_rewrite(run):
    """(nodes whose alpha lies below 0.4, lowest first, each with what it is mostly confused with; how many in all)."""
    below = _node_scores(run).filter(alpha__lt=agreement_rows.REWRITE)
    scores = list(below.order_by("alpha", "-n_cases", "pk")[:MOST_TO_REWRITE])
    confused = _confused_with(run, [score.node_id for score in scores])
    rows = [agreement_rows.row_of(score) | {"confused": confused.get(score.node_id)} for score in scores]
    return rows, below.count()


def _node_scores(run):
    return AgreementScore.objects.filter(run=run, measure=Measure.LABEL, node__isnull=False).select_related(
        "node__scheme"
    )


def _confused_with(run, nodes):
    """{node id: {other, n, of}}: what each of these nodes is confused with most."""
    found = {}
    for row in shown_confusions(run).filter(Q(node_a__in=nodes) | Q(node_b__in=nodes)):
        for node, other in ((row.node_a_id, row.node_b), (row.node_b_id, row.node_a)):
            found.setdefault(node, {"other": other, "n": row.n_cases, "of": row.n_together})
    return found


def confusions(run):
    """The nodes that raters choose one for the other most often."""
    return list(shown_confusions(run)[:MOST_CONFUSIONS])


def pairs_by_scheme(run):
    """[(scheme, rows of two raters each)]: who agrees with whom; those with most cases in common first."""
    found = RaterPair.objects.filter(run=run).select_related("scheme", "first", "second")
    grouped = {}
    for pair in found.order_by("scheme__order", "scheme", "-n_cases", "pk"):
        few = pair.n_cases < FEWEST_CASES
        kappa = "" if few or pair.kappa is None else agreement_rows.number(pair.kappa)
        row = {"pair": pair, "few": few, "share": pair.n_agreed / pair.n_judgements, "kappa": kappa}
        grouped.setdefault(pair.scheme, []).append(row)
    return list(grouped.items())


def bottom_line(run, schemes, n_below):
    """The page in one sentence."""
    known = [row for row in schemes if row["score"].alpha is not None]
    firm = sum(row["score"].alpha >= agreement_rows.READINGS[1][0] for row in known)
    cases = f"{run.n_cases:,} {'case has' if run.n_cases == 1 else 'cases have'} been rated by two or more"
    if not known:
        return f"{cases}, too few for any α: it takes {FEWEST_CASES} of one scheme."
    agreed = f"raters agree well enough for conclusions on {firm} of {len(known)} schemes"
    definitions = {0: "no definition lies", 1: "one definition lies"}.get(n_below, f"{n_below} definitions lie")
    return f"{cases}; {agreed}, and {definitions} below 0.4."


def agreement_of_node(node):
    """How far raters agree on one node, for its own page; three queries.

    `row` is None until two raters spoke of a case in one scheme; see agreement_rows.row_of. `confused` holds what it
    is chosen for, or instead of, most often: {other, n, of}.
    """
    run, score, found = of_node(node, most=MOST_OF_NODE)
    if score is None:
        return {"run": run, "row": None, "axis": agreement_rows.axis(), "confused": []}
    confused = [
        {"other": row.node_b if row.node_a_id == node.pk else row.node_a, "n": row.n_cases, "of": row.n_together}
        for row in found
    ]
    return {"run": run, "row": agreement_rows.row_of(score), "axis": agreement_rows.axis(), "confused": confused}


def counts_by_view(run, views):
    """{view: how many nodes of the run}; one query."""
    return _node_scores(run).aggregate(**{view: Count("pk", filter=which) for view, (_, which) in views.items()})


def node_scores(run, which, order, downwards):
    """The nodes of a view in order; what is not shown of a node does not order it, and comes last."""
    column = F(order)
    if order == "n_disputed":
        column = Case(When(n_cases__gte=FEWEST_CASES, then=column))
    order = column.desc(nulls_last=True) if downwards else column.asc(nulls_last=True)
    return _node_scores(run).filter(which).order_by(order, "node__name", "pk")
