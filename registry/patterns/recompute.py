"""One pattern run: cases in, an immutable PatternRun and its rows out."""

import hashlib
import math
from dataclasses import asdict
from datetime import timedelta
from time import perf_counter

import numpy as np
from django.db import connection, transaction
from django.db.models import Q

from registry import access
from registry.choices import Movement, PairState
from registry.models import PatternNode, PatternPair, PatternRun, PatternTrend
from registry.patterns import analysis, counting
from registry.patterns.family import PairState as StateCode
from registry.patterns.movement import Movement as MovementCode
from registry.patterns.movement import RunPairs
from registry.patterns.rates import wilson
from registry.patterns.reading import CaseReader, read_taxonomy, weeks_before
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
    latest = PatternRun.objects.order_by("-pk").first()
    if latest and latest.fingerprint == fingerprint:
        return {"run": latest.pk, "unchanged": True}
    compared_with = run_to_compare_with(at=at)
    before = pairs_of(compared_with)
    found = analysis.analyse(counts, shape, rules, _as_arrays(before), last_week=COMPLETE_WEEKS - 1)
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
    _keep_pairs(run, found, kept, before)
    _keep_trends(run, found, counts, reader.first_week)
    return {"run": run.pk, "unchanged": False}


def run_to_compare_with(*, at):
    """The latest run that is a week old; while there is none, the first run; before that none."""
    old = PatternRun.objects.filter(computed_at__lte=at - timedelta(days=COMPARED_DAYS)).order_by("-pk").first()
    return old or PatternRun.objects.order_by("pk").first()


def pairs_of(run):
    """{(node a, node b): (joint, q, flagged)} of a kept run; empty without one."""
    if run is None:
        return {}
    rows = PatternPair.objects.filter(run=run).values_list("node_a", "node_b", "joint", "q", "flagged")
    return {(a, b): (joint, q, flagged) for a, b, joint, q, flagged in rows}


def _as_arrays(before):
    keys = np.array(list(before), dtype=np.int64).reshape(-1, 2)
    rows = list(before.values())
    return RunPairs(
        a=keys[:, 0],
        b=keys[:, 1],
        joint=np.array([row[0] for row in rows], dtype=np.int64),
        q=np.array([math.nan if row[1] is None else row[1] for row in rows], dtype=np.float64),
        flagged=np.array([row[2] for row in rows], dtype=np.bool_),
    )


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


PAIR_COLUMNS = """
    run_id, node_a_id, node_b_id, state, joint, k_a, k_b, n, expected, rate_low, rate_high, phi, lift, jaccard,
    odds_ratio, odds_low, odds_high, p, q, effect, flagged, movement, joint_before, q_before, case_ids
"""


def _keep_pairs(run, found, kept, before):
    """Write the pairs with COPY: twenty thousand rows in the time the ORM takes for two thousand."""
    cases = _cases_behind(found, kept)
    statement = f"COPY registry_patternpair ({PAIR_COLUMNS}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in _pair_rows(found, kept, before, cases):
            copy.write_row((run.pk, *row))


def _pair_rows(found, kept, before, cases):
    pairs, ids = found.pairs, found.node_ids
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = pairs.k_a * pairs.k_b / pairs.n
    low, high = wilson(pairs.joint[kept], pairs.n[kept])
    for place, at in enumerate(kept):
        a, b = int(ids[pairs.a[at]]), int(ids[pairs.b[at]])
        joint_before, q_before, _ = before.get((a, b), (None, None, None))
        rate = (_finite(low[place]), _finite(high[place])) if pairs.n[at] >= 5 else (None, None)
        ratios = (None, None) if pairs.ratios_hidden[at] else (_finite(pairs.lift[at]), _finite(pairs.jaccard[at]))
        yield (
            a,
            b,
            STATES[StateCode(pairs.state[at])].value,
            *(int(getattr(pairs, name)[at]) for name in ("joint", "k_a", "k_b", "n")),
            _finite(expected[at]),
            *rate,
            _finite(pairs.phi[at]),
            *ratios,
            *(_finite(getattr(pairs, name)[at]) for name in ("odds_ratio", "low", "high", "p", "q", "shrunken")),
            bool(pairs.flagged[at]),
            MOVEMENTS[MovementCode(pairs.movement[at])].value,
            joint_before,
            q_before,
            cases.get((a, b), []),
        )


def _cases_behind(found, kept):
    """The newest cases behind each flagged or formerly flagged pair, the strongest pairs first."""
    pairs, ids = found.pairs, found.node_ids
    moved = [at for at in kept if pairs.flagged[at] or pairs.movement[at] != MovementCode.NONE]
    moved.sort(key=lambda at: (not pairs.flagged[at], pairs.q[at]))
    behind = {}
    for at in moved[:MOST_PAIRS_WITH_CASES]:
        both = [int(ids[pairs.a[at]]), int(ids[pairs.b[at]])]
        cases = access.counted_cases().filter(Q(node_path__contains=both)).order_by("-pk")
        behind[tuple(both)] = list(cases.values_list("pk", flat=True)[:MOST_CASES_KEPT])
    return behind


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
