"""Writes what a run found beside its pairs: nodes, trends, splits, foresight."""

from datetime import timedelta

import numpy as np
import psycopg
from django.db import connection

from registry.models import PatternForesight, PatternNode, PatternTrend
from registry.patterns.arrays import finite
from registry.patterns.columns import WholeArray, takes_arrays
from registry.patterns.splitting import split_pairs
from registry.patterns.trends import BASELINE_WEEKS, RECENT_WEEKS


def keep_nodes(run, found):
    rates = found.nodes
    PatternNode.objects.bulk_create(
        PatternNode(
            run=run,
            node_id=int(node),
            k=int(rates.k[place]),
            n=int(rates.n[place]),
            low=None if rates.hidden[place] else finite(rates.low[place]),
            high=None if rates.hidden[place] else finite(rates.high[place]),
        )
        for place, node in enumerate(found.node_ids)
    )


# The pairs come in the order of their nodes; the counts of each are a slice of one long array.
SPLITS = """
INSERT INTO registry_patternsplit (pair_id, dimension, strata, joint, k_a, k_b, n)
SELECT id, %(dimension)s, %(strata)s::text[], (%(joint)b)[first:last], (%(k_a)b)[first:last], (%(k_b)b)[first:last],
       (%(n)b)[first:last]
FROM (
    SELECT id, place * %(width)s - %(width)s + 1 AS first, place * %(width)s AS last FROM (
        SELECT id, (row_number() OVER (ORDER BY node_a_id, node_b_id))::integer AS place
        FROM registry_patternpair WHERE run_id = %(run)s AND flagged
    ) AS numbered
) AS pair
"""


def keep_splits(run, found, total, shape, strata):
    """Every flagged pair by every dimension; `strata` as `strata_of` says."""
    flagged = np.flatnonzero(found.pairs.flagged)
    if not len(flagged):
        return
    splits = split_pairs(total.units, shape, strata, found.pairs.a[flagged], found.pairs.b[flagged])
    with psycopg.Cursor(connection.connection) as cursor:
        takes_arrays(cursor)
        for dimension, tables in splits.items():
            names = strata[dimension].names
            counts = {name: WholeArray(getattr(tables, name).ravel()) for name in ("joint", "k_a", "k_b", "n")}
            values = counts | {"run": run.pk, "dimension": dimension, "strata": list(names), "width": len(names)}
            cursor.execute(SPLITS, values, prepare=False)


def keep_foresight(run, total, shape):
    """One row for all events, and one for each node that some event carries."""
    counts = total.counts
    if not counts.units:
        return
    places = [shape.n_nodes, *np.flatnonzero(counts.answers.any(axis=1)).tolist()]
    by_place = np.concatenate([counts.answers, counts.answers_units[None, :]])
    bounds = np.searchsorted(total.leads[0], np.arange(shape.n_nodes + 2))
    PatternForesight.objects.bulk_create(
        PatternForesight(
            run=run,
            node_id=None if place == shape.n_nodes else int(shape.node_ids[place]),
            lead_days=total.leads[1, bounds[place] : bounds[place + 1]].tolist(),
            **dict(zip(("warned", "foreseeable", "not_foreseeable", "unknown"), by_place[place].tolist(), strict=True)),
        )
        for place in places
    )


def keep_trends(run, found, counts, first_week):
    """The weeks compared and those that are not complete, for every node that occurs in one of the weeks counted."""
    start = max(0, len(counts.weekly_units) - run.incomplete_weeks - RECENT_WEEKS - BASELINE_WEEKS)
    weeks, first_week = slice(start, None), first_week + timedelta(weeks=start)
    everything = found.all_cases
    rows = [_trend(run, None, counts.weekly_units[weeks], first_week, everything, 0, None)] if everything else []
    trends = found.trends
    if trends is not None:
        weekly = counts.weekly[:, weeks]
        for place in np.flatnonzero(weekly.any(axis=1)):
            node = int(found.node_ids[place])
            rows.append(_trend(run, node, weekly[place], first_week, trends.compared, place, trends))
    PatternTrend.objects.bulk_create(rows)


def _trend(run, node, weeks, first_week, compared, place, tested):
    """One row; the trend of all cases (`tested` is None) is in no family and never flagged."""
    return PatternTrend(
        run=run,
        node_id=node,
        first_week=first_week,
        weeks=weeks.tolist(),
        recent=int(compared.k1[place]),
        baseline=int(compared.k2[place]),
        ratio=finite(compared.ratio[place]),
        low=finite(compared.low[place]),
        high=finite(compared.high[place]),
        p=finite(compared.p[place] if tested is None else tested.p[place]),
        q=None if tested is None else finite(tested.q[place]),
        flagged=False if tested is None else bool(tested.flagged[place]) and _told(run, compared.ratio[place]),
    )


def _told(run, ratio):
    """Whether a rise or fall may be a finding. A run over some cases counts no rater's label of an open case, and most
    open cases are new, so that in it every label that raters give seems to fall.
    """
    return run.population_id is None or bool(ratio > 1)
