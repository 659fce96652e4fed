"""Reads what raters said of the cases open to everyone, as whole columns of numbers."""

from __future__ import annotations

import numpy as np

from registry import access
from registry.choices import RatingState, Stance
from registry.patterns.agreement import MISSING
from registry.patterns.columns import whole_column
from registry.patterns.judgements import ABSENT, PRESENT, UNSURE, Ratings
from registry.patterns.reading import one_row
from taxonomy.models import Node, SeverityTier

# Each stance at the place of its code.
STANCES = sorted(
    {Stance.ABSENT: ABSENT, Stance.PRESENT: PRESENT, Stance.UNSURE: UNSURE}.items(), key=lambda pair: pair[1]
)
# Seconds since this day fit into four bytes until 2068.
DAY_NOUGHT = np.datetime64("2000-01-01T00:00:00")

# Each column is sent as a whole, in one order; the last says who submitted after the case was closed once, which had
# opened it to everybody.
RATINGS = """
SELECT count(*), array_send(array_agg(r.id ORDER BY r.id)), array_send(array_agg(r.case_id ORDER BY r.id)),
       array_send(array_agg(r.rater_id ORDER BY r.id)),
       array_send(array_agg(extract(epoch FROM r.opened_at - '2000-01-01T00:00:00Z'::timestamptz)::integer
                            ORDER BY r.id)),
       array_send(array_agg(coalesce(r.realised_severity_id, -1)::integer ORDER BY r.id)),
       array_send(array_agg(coalesce(r.potential_severity_id, -1)::integer ORDER BY r.id)),
       array_send(array_agg(EXISTS (
           SELECT FROM registry_caseevent e
           WHERE e.pgh_obj_id = r.case_id AND e.status = 'closed' AND e.closed_at < r.opened_at
       )::integer ORDER BY r.id))
FROM registry_rating r JOIN ({cases}) AS counted ON counted.id = r.case_id
WHERE r.state = %s
"""
# What was said after having seen the others comes without a stance; it undoes nothing that was said before.
LABELS = """
SELECT count(*), array_send(array_agg(r.id ORDER BY l.id)), array_send(array_agg(l.node_id ORDER BY l.id)),
       array_send(array_agg(coalesce(array_position(%s::text[], l.blind_stance::text), 0) - 1 ORDER BY l.id))
FROM registry_label l
JOIN registry_rating r ON r.case_id = l.case_id AND r.rater_id = l.rater_id AND r.state = %s
JOIN ({cases}) AS counted ON counted.id = l.case_id
WHERE l.blind_stance <> '' OR l.submitted_at <= r.opened_at
"""
SCHEMES = """
SELECT count(*), array_send(array_agg(s.rating_id ORDER BY s.id)), array_send(array_agg(s.scheme_id ORDER BY s.id))
FROM registry_ratedscheme s JOIN registry_rating r ON r.id = s.rating_id AND r.state = %s
JOIN ({cases}) AS counted ON counted.id = r.case_id
"""
# What a reviewer had decided before a rater submitted was no longer theirs to say blind, also where the decision was
# withdrawn or decided anew since: the history has the first one.
DECIDED = """
SELECT count(*), array_send(array_agg(r.id ORDER BY r.id, d.node_id)),
       array_send(array_agg(d.node_id ORDER BY r.id, d.node_id))
FROM (
    SELECT case_id, node_id, min(decided_at) AS decided_at FROM registry_adjudicationevent GROUP BY case_id, node_id
) d
JOIN registry_rating r ON r.case_id = d.case_id AND r.state = %s AND r.opened_at > d.decided_at
JOIN ({cases}) AS counted ON counted.id = d.case_id
"""


def read_ratings():
    """(Ratings of every counted case, the day each row was submitted as numpy days).

    Nodes that are retired are left out. Where a rater went through a scheme, what they did not label is absent,
    unless the node did not exist yet, a reviewer had decided on it already or the case had been closed once; then
    their severities do not count either.
    """
    submitted = RatingState.SUBMITTED.value
    ids, cases, raters, seconds, realised, potential, seen = _columns(RATINGS, [submitted], 7)
    realised, potential = (np.where(seen, MISSING, ranks) for ranks in (realised, potential))
    nodes = list(
        Node.objects.filter(retired_at=None).order_by("scheme", "pk").values_list("pk", "scheme_id", "created_at")
    )
    node_ids, schemes = (np.array([row[place] for row in nodes], dtype=np.int64) for place in (0, 1))
    made = np.array([row[2].replace(tzinfo=None) for row in nodes], dtype="datetime64[s]")
    values = np.full((len(ids), len(nodes)), MISSING, dtype=np.int8)
    _imply_absent(values, ids, seconds, schemes, (made - DAY_NOUGHT).astype(np.int64))
    values[seen.astype(np.bool_)] = MISSING
    _set_cells(values, ids, node_ids, *_columns(DECIDED, [submitted], 2), MISSING)
    _set_cells(values, ids, node_ids, *_columns(LABELS, [[stance.value for stance, _ in STANCES], submitted], 3))
    ranks = np.array(sorted(SeverityTier.objects.values_list("pk", flat=True)), dtype=np.int64)
    ratings = Ratings(
        cases=cases,
        raters=raters,
        values=values,
        realised=_places(realised, ranks),
        potential=_places(potential, ranks),
        node_ids=node_ids,
        schemes=schemes,
        n_tiers=len(ranks),
    )
    return ratings, (DAY_NOUGHT + seconds.astype("timedelta64[s]")).astype("datetime64[D]")


def _columns(statement, values, n_columns):
    """The columns of a statement about counted cases, all of them empty where there is no row."""
    inner, parameters = access.counted_cases().values("id").query.sql_with_params()
    first = statement.split("{cases}")[0].count("%s")
    given = [*values[:first], *parameters, *values[first:]]
    n, *sent = one_row(statement.format(cases=inner), given)
    if n == 0:
        return [np.empty(0, dtype=np.int64) for _ in range(n_columns)]
    return [whole_column(column).astype(np.int64) for column in sent]


def _imply_absent(values, ids, seconds, schemes, made):
    """What a rater who went through a scheme did not say of its nodes, they said by passing over them."""
    ratings, through = _columns(SCHEMES, [RatingState.SUBMITTED.value], 2)
    rows = np.searchsorted(ids, ratings)
    for scheme in np.unique(through).tolist():
        nodes = np.flatnonzero(schemes == scheme)
        passed = rows[through == scheme]
        block = values[np.ix_(passed, nodes)]
        block[seconds[passed][:, None] >= made[nodes]] = ABSENT
        values[np.ix_(passed, nodes)] = block


def _set_cells(values, ids, node_ids, ratings, nodes, said):
    """Set what is said of nodes that are not retired."""
    order = np.argsort(node_ids)
    place = np.searchsorted(node_ids, nodes, sorter=order).clip(max=max(len(order) - 1, 0))
    columns = order[place] if len(order) else place
    known = node_ids[columns] == nodes if len(order) else np.zeros(len(nodes), dtype=np.bool_)
    said = np.broadcast_to(said, nodes.shape)
    values[np.searchsorted(ids, ratings[known]), columns[known]] = said[known]


def _places(ranks, ladder):
    """Each rank as its place on the ladder; -1 stays -1."""
    return np.where(ranks < 0, MISSING, np.searchsorted(ladder, ranks)).astype(np.int8)
