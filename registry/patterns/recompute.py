"""One pattern run: cases in, an immutable PatternRun and its rows out."""

import hashlib
import math
from dataclasses import asdict
from datetime import timedelta
from time import perf_counter

import numpy as np
import psycopg
from django.db import connection, transaction

from registry import access
from registry.choices import Movement, PairState
from registry.models import PatternNode, PatternRun, PatternTrend
from registry.patterns import analysis, counting
from registry.patterns.columns import FloatArray, WholeArray, takes_arrays
from registry.patterns.family import PairState as StateCode
from registry.patterns.movement import Movement as MovementCode
from registry.patterns.rates import wilson
from registry.patterns.reading import CaseReader, read_pairs, read_taxonomy, weeks_before
from registry.patterns.rules import Rules
from registry.patterns.trends import BASELINE_WEEKS, RECENT_WEEKS

# Raised whenever the same cases could give another number.
STATISTICS_VERSION = "1"
COMPLETE_WEEKS = RECENT_WEEKS + BASELINE_WEEKS
COMPARED_DAYS = 7
MOST_CASES_KEPT = 500
MOST_PAIRS_WITH_CASES = 200

STATES = {
    StateCode.TESTED: PairState.TESTED,
    StateCode.RELATED: PairState.RELATED,
    StateCode.EXCLUSIVE: PairState.EXCLUSIVE,
    StateCode.TOO_FEW: PairState.TOO_FEW,
}
MOVEMENTS = {code: Movement[code.name] for code in MovementCode}


def recompute(*, at, rules=None):
    """Count every case open to everyone and keep what follows as a new run.

    Returns {"run": number, "unchanged": bool}; nothing is written where nothing that counts has
    changed since the latest run. Safe to repeat.
    """
    started = perf_counter()
    rules = rules or Rules()
    # One snapshot: counts and cases behind them belong together whatever is saved meanwhile.
    with transaction.atomic():
        connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return _recompute(at=at, rules=rules, started=started)


def _recompute(*, at, rules, started):
    shape, taxonomy_version = read_taxonomy()
    reader = CaseReader(
        access.counted_cases(), shape, first_week=weeks_before(at, COMPLETE_WEEKS), n_weeks=COMPLETE_WEEKS + 1
    )
    counts = counting.count_blocks(reader.blocks(), shape, reader.n_weeks)
    fingerprint = _fingerprint(counts, rules, taxonomy_version, reader.first_week)
    latest = PatternRun.objects.standard().first()
    if latest and latest.fingerprint == fingerprint:
        return {"run": latest.pk, "unchanged": True}
    compared_with = run_to_compare_with(at=at)
    before = read_pairs(compared_with)
    found = analysis.analyse(counts, shape, rules, before, last_week=COMPLETE_WEEKS - 1)
    kept = np.flatnonzero((found.pairs.state == StateCode.TESTED) | (found.pairs.joint > 0))
    run = PatternRun.objects.create(
        computed_at=at,
        code_version=STATISTICS_VERSION,
        taxonomy_version=taxonomy_version,
        fingerprint=fingerprint,
        rules=asdict(rules) | {"sentences": rules.sentences()},
        n_cases=counts.cases,
        n_groups=counts.units,
        n_pairs=len(kept),
        n_tests=found.pair_tests,
        n_flagged=int(found.pairs.flagged.sum()),
        occurred_from=reader.first,
        occurred_to=reader.last,
        compared_with=compared_with,
        seconds=perf_counter() - started,
    )
    _keep_nodes(run, found)
    _keep_pairs(run, found, kept, before, rules=rules, behind=reader.behind)
    _keep_trends(run, found, counts, reader.first_week)
    return {"run": run.pk, "unchanged": False}


def run_to_compare_with(*, at):
    """The latest run that is a week old; while there is none, the first run; before that none."""
    old = PatternRun.objects.filter(computed_at__lte=at - timedelta(days=COMPARED_DAYS)).order_by("-pk").first()
    return old or PatternRun.objects.order_by("pk").first()


def _fingerprint(counts, rules, taxonomy_version, first_week):
    seen = hashlib.sha256(repr((STATISTICS_VERSION, rules, taxonomy_version, first_week, counts.cases)).encode())
    for name in ("node_where", "both_applied", "joint", "weekly", "weekly_units"):
        seen.update(np.ascontiguousarray(getattr(counts, name)).tobytes())
    return seen.hexdigest()


def _finite(number):
    """A number for the database; what is undefined or infinite is null."""
    number = float(number)
    return number if math.isfinite(number) else None


def _keep_nodes(run, found):
    rates = found.nodes
    PatternNode.objects.bulk_create(
        PatternNode(
            run=run,
            node_id=int(node),
            k=int(rates.k[place]),
            n=int(rates.n[place]),
            low=None if rates.hidden[place] else _finite(rates.low[place]),
            high=None if rates.hidden[place] else _finite(rates.high[place]),
        )
        for place, node in enumerate(found.node_ids)
    )


# Undefined numbers come as NaN and a missing earlier count as -1. Only the strongest pairs bring cases.
PAIRS = """
INSERT INTO registry_patternpair (
    run_id, node_a_id, node_b_id, state, joint, k_a, k_b, n, flagged, movement, joint_before, expected, rate_low,
    rate_high, phi, lift, jaccard, odds_ratio, odds_low, odds_high, p, q, effect, q_before, case_ids
)
SELECT %s, a, b, (%s::text[])[state + 1], joint, k_a, k_b, n, flagged = 1, (%s::text[])[movement + 1],
       nullif(joint_before, -1), nullif(expected, 'NaN'), nullif(rate_low, 'NaN'), nullif(rate_high, 'NaN'),
       nullif(phi, 'NaN'), nullif(lift, 'NaN'), nullif(jaccard, 'NaN'), nullif(odds_ratio, 'NaN'),
       nullif(odds_low, 'NaN'), nullif(odds_high, 'NaN'), nullif(p, 'NaN'), nullif(q, 'NaN'), nullif(effect, 'NaN'),
       nullif(q_before, 'NaN'), coalesce(behind.cases, '{}')::integer[]
FROM unnest(%b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b)
     WITH ORDINALITY AS pair (
         a, b, state, joint, k_a, k_b, n, flagged, movement, joint_before, expected, rate_low, rate_high, phi, lift,
         jaccard, odds_ratio, odds_low, odds_high, p, q, effect, q_before, place
     )
LEFT JOIN unnest(%s::integer[], %s::text[]) AS behind (place, cases) ON behind.place = pair.place
ORDER BY pair.place
"""


def _keep_pairs(run, found, kept, before, *, rules, behind):
    """Write the pairs column by column: row by row in Python takes ten times as long."""
    states = [STATES[code].value for code in StateCode]
    movements = [MOVEMENTS[code].value for code in MovementCode]
    whole, floats = _pair_columns(found, kept, before, rules)
    arrays = [*map(WholeArray, whole), *map(FloatArray, floats)]
    with psycopg.Cursor(connection.connection) as cursor:
        takes_arrays(cursor)
        cases = _cases_behind(found, kept, behind)
        cursor.execute(PAIRS, [run.pk, states, movements, *arrays, *cases], prepare=False)


def _pair_columns(found, kept, before, rules):
    """(columns of whole numbers, columns of floats), in the order of PAIRS."""
    pairs = found.pairs
    a, b = found.node_ids[pairs.a[kept]], found.node_ids[pairs.b[kept]]
    joint, k_a, k_b, n = (getattr(pairs, name)[kept] for name in ("joint", "k_a", "k_b", "n"))
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = k_a * k_b / n
    low, high = (np.where(rules.rate_hidden(n), np.nan, bound) for bound in wilson(joint, n))
    hidden = pairs.ratios_hidden[kept]
    lift, jaccard = (np.where(hidden, np.nan, ratio[kept]) for ratio in (pairs.lift, pairs.jaccard))
    tested = (getattr(pairs, name)[kept] for name in ("odds_ratio", "low", "high", "p", "q", "shrunken"))
    place = _places_of(a, b, before)
    joint_before, q_before = np.append(before.joint, -1)[place], np.append(before.q, np.nan)[place]
    whole = [a, b, pairs.state[kept], joint, k_a, k_b, n, pairs.flagged[kept], pairs.movement[kept], joint_before]
    floats = [expected, low, high, pairs.phi[kept], lift, jaccard, *tested, q_before]
    return whole, [np.where(np.isfinite(column), column, np.nan) for column in floats]


def _places_of(a, b, before):
    """Position of each pair in `before`, one past the last where it is not there."""
    width = max(int(b.max(initial=0)), int(before.b.max(initial=0))) + 1
    wanted = a * width + b
    if not len(before.a):
        return np.zeros(len(a), dtype=np.int64)
    keys = before.a * width + before.b
    order = np.argsort(keys)
    place = order[np.searchsorted(keys, wanted, sorter=order).clip(max=len(keys) - 1)]
    return np.where(keys[place] == wanted, place, len(keys))


def _cases_behind(found, kept, behind):
    """(places, from 1, of the strongest flagged or formerly flagged pairs; the newest cases behind each, as texts)."""
    pairs = found.pairs
    flagged = pairs.flagged[kept]
    moved = np.flatnonzero(flagged | (pairs.movement[kept] != MovementCode.NONE))
    chosen = moved[np.lexsort((pairs.q[kept][moved], ~flagged[moved]))][:MOST_PAIRS_WITH_CASES]
    texts = []
    for at in kept[chosen]:
        ids = behind.newest(pairs.a[at], pairs.b[at], most=MOST_CASES_KEPT)
        texts.append("{" + ",".join(map(str, ids.tolist())) + "}")
    return (chosen + 1).tolist(), texts


def _keep_trends(run, found, counts, first_week):
    everything = found.all_cases
    rows = [_trend(run, None, counts.weekly_units, first_week, everything, 0, None)] if everything else []
    trends = found.trends
    if trends is not None:
        for place in np.flatnonzero(counts.weekly.any(axis=1)):
            node = int(found.node_ids[place])
            rows.append(_trend(run, node, counts.weekly[place], first_week, trends.compared, place, trends))
    PatternTrend.objects.bulk_create(rows)


def _trend(run, node, weeks, first_week, compared, place, tested):
    """One row; the trend of all cases (`tested` is None) is in no family and never flagged."""
    return PatternTrend(
        run=run,
        node_id=node,
        first_week=first_week,
        weeks=[int(count) for count in weeks],
        recent=int(compared.k1[place]),
        baseline=int(compared.k2[place]),
        ratio=_finite(compared.ratio[place]),
        low=_finite(compared.low[place]),
        high=_finite(compared.high[place]),
        p=_finite(compared.p[place] if tested is None else tested.p[place]),
        q=None if tested is None else _finite(tested.q[place]),
        flagged=False if tested is None else bool(tested.flagged[place]),
    )
