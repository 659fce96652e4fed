"""Cases on which raters differ and nobody has decided yet, the weightiest first.

A rater speaks of a node by a submitted label, or by having gone through its scheme without labelling it, which says
absent. A node is disputed where somebody says present and somebody else absent or unsure. Its disagreement is the
share of pairs of raters of whom one says present and the other does not. A case weighs

    sum of the disagreement of its disputed nodes x (1 + rank of its potential severity),

where the rank runs from 0 (none) to 4 (critical) and a severity that is not set counts as 2 (moderate).
"""

from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count

from registry import access, blind
from registry.choices import RatingState, Stance, Status
from registry.models import Case, Rating
from registry.models.case import NARRATIVE_FIELDS
from taxonomy.models import Node

PER_PAGE = 25
UNSET_RANK = 2
MOST_NODES = 4
FORMULA = "disagreement × severity: the disagreement of each disputed node added up, times one plus the severity rank"

DISPUTED = """
WITH visible AS MATERIALIZED ({cases}),
rated AS MATERIALIZED (
    SELECT r.id, r.case_id, r.rater_id, r.opened_at FROM registry_rating r
    JOIN visible ON visible.id = r.case_id WHERE r.state = %s
),
compared AS MATERIALIZED (
    SELECT case_id, (array_agg(opened_at ORDER BY opened_at))[2] AS since
    FROM rated GROUP BY case_id HAVING count(*) > 1
),
said AS (
    SELECT l.case_id, l.node_id, n.scheme_id,
           count(*) FILTER (WHERE l.stance = %s) AS present, count(*) AS spoke,
           array_agg(rated.id) AS raters
    FROM registry_label l
    JOIN compared ON compared.case_id = l.case_id
    JOIN rated ON rated.case_id = l.case_id AND rated.rater_id = l.rater_id
    JOIN taxonomy_node n ON n.id = l.node_id AND n.retired_at IS NULL
    WHERE l.submitted_at IS NOT NULL
    GROUP BY l.case_id, l.node_id, n.scheme_id
    HAVING count(*) FILTER (WHERE l.stance = %s) > 0
),
counted AS (
    SELECT said.case_id, said.node_id, said.present, said.spoke + count(passed.id) AS raters
    FROM said
    LEFT JOIN (
        SELECT rated.id, rated.case_id, s.scheme_id
        FROM rated JOIN registry_ratedscheme s ON s.rating_id = rated.id
    ) AS passed ON passed.case_id = said.case_id AND passed.scheme_id = said.scheme_id
                   AND passed.id <> ALL(said.raters)
    GROUP BY said.case_id, said.node_id, said.present, said.spoke
),
disputed AS (
    SELECT case_id, node_id, 2.0 * present * (raters - present) / (raters * (raters - 1)) AS disagreement
    FROM counted
    WHERE raters > present AND NOT EXISTS (
        SELECT 1 FROM registry_adjudication a WHERE a.case_id = counted.case_id AND a.node_id = counted.node_id
    )
)
SELECT disputed.case_id, count(*), sum(disagreement)::float,
       (sum(disagreement) * (1 + CASE WHEN severity_rank < 0 THEN {unset} ELSE severity_rank END))::float AS weight,
       compared.since, array_agg(node_id ORDER BY disagreement DESC, node_id), count(*) OVER ()
FROM disputed JOIN visible ON visible.id = disputed.case_id JOIN compared ON compared.case_id = disputed.case_id
GROUP BY disputed.case_id, visible.severity_rank, compared.since
ORDER BY weight DESC, compared.since, disputed.case_id
LIMIT %s OFFSET %s
"""


@dataclass
class Waiting:
    """One case of the queue. Whoever rates it blind learns that raters differ: not who, on what or how much.

    `place` counts from 1, the weightiest first.
    """

    place: int
    case: Case
    since: object
    is_blind: bool
    n_nodes: int = 0
    disagreement: float | None = None
    weight: float | None = None
    raters: list = field(default_factory=list)
    nodes: list = field(default_factory=list)

    @property
    def factor(self):
        """One plus the rank of the severity, as it was counted."""
        return 1 + (UNSET_RANK if self.case.severity_rank < 0 else self.case.severity_rank)

    @property
    def n_more(self):
        return self.n_nodes - len(self.nodes)


def waiting(person, page=1):
    """(rows of one page, how many cases in all) for `person`; five queries however many there are."""
    return waiting_from(person, (page - 1) * PER_PAGE, PER_PAGE)


def waiting_from(person, first, most):
    """(at most so many rows, after the `first` ones; how many cases in all, or 0 where no row is left)."""
    cases = access.visible_to(person).exclude(status__in=(Status.CLOSED, Status.WITHDRAWN))
    found = _disputed(cases, most, first)
    return _rows(person, found, first), found[0][-1] if found else 0


def nodes_in_dispute(case):
    """The ids of the nodes on which raters of `case` differ and nobody has decided; one query."""
    found = _disputed(Case.objects.filter(pk=case.pk), 1, 0)
    return set(found[0][5]) if found else set()


def _disputed(cases, limit, offset):
    submitted = Rating.objects.filter(state=RatingState.SUBMITTED)
    # Of a large registry few cases have two raters; they are looked for first.
    rated_twice = submitted.values("case").annotate(n=Count("pk")).filter(n__gt=1).values("case")
    inner, parameters = cases.filter(pk__in=rated_twice).values("id", "severity_rank").query.sql_with_params()
    states = [RatingState.SUBMITTED.value, Stance.PRESENT.value, Stance.PRESENT.value]
    with connection.cursor() as cursor:
        cursor.execute(DISPUTED.format(cases=inner, unset=UNSET_RANK), [*parameters, *states, limit, offset])
        return cursor.fetchall()


def _rows(person, found, first):
    numbers = [row[0] for row in found]
    cases = Case.objects.filter(pk__in=numbers).defer(*NARRATIVE_FIELDS, "search").select_related("potential_severity")
    cases = cases.in_bulk()
    open_to = set(Case.objects.filter(blind.is_open_to(person), pk__in=numbers).values_list("pk", flat=True))
    shown = {row[0]: row[5][:MOST_NODES] for row in found if row[0] in open_to}
    nodes = Node.objects.select_related("scheme").in_bulk({node for some in shown.values() for node in some})
    raters = {}
    rated = Rating.objects.filter(case__in=open_to, state=RatingState.SUBMITTED).select_related("rater")
    for rating in rated.order_by("opened_at", "pk"):
        raters.setdefault(rating.case_id, []).append(rating.rater)
    return [
        Waiting(
            place=place,
            case=cases[number],
            since=since,
            is_blind=False,
            n_nodes=n_nodes,
            disagreement=disagreement,
            weight=weight,
            raters=raters[number],
            nodes=[nodes[node] for node in shown[number]],
        )
        if number in open_to
        else Waiting(place=place, case=cases[number], since=since, is_blind=True)
        for place, (number, n_nodes, disagreement, weight, since, _, _) in enumerate(found, start=first + 1)
    ]
