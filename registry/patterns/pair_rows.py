"""Writes the pairs of a run, column by column: row by row in Python takes ten times as long."""

from dataclasses import dataclass

import numpy as np
import psycopg
from django.db import connection

from registry.choices import Movement, PairState
from registry.patterns.behind import MOST_CASES_KEPT, newest
from registry.patterns.columns import FloatArray, WholeArray, takes_arrays
from registry.patterns.family import PairState as StateCode
from registry.patterns.movement import FirstTimes, RunPairs
from registry.patterns.movement import Movement as MovementCode
from registry.patterns.rates import wilson

MOST_PAIRS_WITH_CASES = 200

STATES = {
    StateCode.TESTED: PairState.TESTED,
    StateCode.RELATED: PairState.RELATED,
    StateCode.EXCLUSIVE: PairState.EXCLUSIVE,
    StateCode.TOO_FEW: PairState.TOO_FEW,
}
MOVEMENTS = {code: Movement[code.name] for code in MovementCode}


@dataclass(frozen=True)
class Memory:
    """What the latest run knew of pairs, and which."""

    pairs: RunPairs
    times: FirstTimes

    def of(self, a, b):
        """FirstTimes of these pairs, given by the ids of their nodes."""
        place = places_of(a, b, self.pairs)
        return FirstTimes(np.append(self.times.flagged, 0)[place], np.append(self.times.supported, 0)[place])


def pairs_to_keep(found, memory):
    """Places of the pairs that are tested, occur or were known before."""
    pairs = found.pairs
    known = memory.of(found.node_ids[pairs.a], found.node_ids[pairs.b])
    kept = (pairs.state == StateCode.TESTED) | (pairs.joint > 0) | (known.flagged > 0) | (known.supported > 0)
    return np.flatnonzero(kept)


# Undefined numbers come as NaN and a missing earlier count as -1. Only the strongest pairs bring cases.
PAIRS = """
INSERT INTO registry_patternpair (
    run_id, node_a_id, node_b_id, state, joint, k_a, k_b, n, flagged, movement, joint_before, expected, rate_low,
    rate_high, phi, lift, jaccard, odds_ratio, odds_low, odds_high, p, q, effect, q_before, first_flagged,
    first_supported, case_ids
)
SELECT %s, a, b, (%s::text[])[state + 1], joint, k_a, k_b, n, flagged = 1, (%s::text[])[movement + 1],
       nullif(joint_before, -1), nullif(expected, 'NaN'), nullif(rate_low, 'NaN'), nullif(rate_high, 'NaN'),
       nullif(phi, 'NaN'), nullif(lift, 'NaN'), nullif(jaccard, 'NaN'), nullif(odds_ratio, 'NaN'),
       nullif(odds_low, 'NaN'), nullif(odds_high, 'NaN'), nullif(p, 'NaN'), nullif(q, 'NaN'), nullif(effect, 'NaN'),
       nullif(q_before, 'NaN'), nullif(first_flagged, 0), nullif(first_supported, 0),
       coalesce(behind.cases, '{}')::integer[]
FROM unnest(%b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b)
     WITH ORDINALITY AS pair (
         a, b, state, joint, k_a, k_b, n, flagged, movement, joint_before, first_flagged, first_supported, expected,
         rate_low, rate_high, phi, lift, jaccard, odds_ratio, odds_low, odds_high, p, q, effect, q_before, place
     )
LEFT JOIN unnest(%s::integer[], %s::text[]) AS behind (place, cases) ON behind.place = pair.place
ORDER BY pair.place
"""


def keep_pairs(run, found, kept, before, *, rules, memory, cases):
    """`kept`: places of the pairs to write; `before`: the pairs of the run compared with; `cases`: see `newest`."""
    states = [STATES[code].value for code in StateCode]
    movements = [MOVEMENTS[code].value for code in MovementCode]
    whole, floats = _pair_columns(found, kept, before, rules)
    whole += _first_times(run, found, kept, before, rules=rules, memory=memory)
    arrays = [*map(WholeArray, whole), *map(FloatArray, floats)]
    with psycopg.Cursor(connection.connection) as cursor:
        takes_arrays(cursor)
        behind = _cases_behind(found, kept, cases)
        cursor.execute(PAIRS, [run.pk, states, movements, *arrays, *behind], prepare=False)


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
    place = places_of(a, b, before)
    joint_before, q_before = np.append(before.joint, -1)[place], np.append(before.q, np.nan)[place]
    whole = [a, b, pairs.state[kept], joint, k_a, k_b, n, pairs.flagged[kept], pairs.movement[kept], joint_before]
    floats = [expected, low, high, pairs.phi[kept], lift, jaccard, *tested, q_before]
    return whole, [np.where(np.isfinite(column), column, np.nan) for column in floats]


def _first_times(run, found, kept, before, *, rules, memory):
    """Since which run each pair is flagged, and has the joint cases that a flag needs: 0 for never.

    The run compared with tells where the latest one does not know what was before it.
    """
    pairs = found.pairs
    a, b = found.node_ids[pairs.a[kept]], found.node_ids[pairs.b[kept]]
    known, place, earlier = memory.of(a, b), places_of(a, b, before), run.compared_with_id or 0
    columns = (
        (known.flagged, np.append(before.flagged, False)[place], pairs.flagged[kept]),
        (known.supported, np.append(before.joint, 0)[place] >= rules.min_joint, pairs.joint[kept] >= rules.min_joint),
    )
    firsts = (np.where(was & ((first == 0) | (first > earlier)), earlier, first) for first, was, _ in columns)
    return [np.where(first > 0, first, now * run.pk) for first, (_, _, now) in zip(firsts, columns, strict=True)]


def places_of(a, b, before):
    """Position of each pair in `before`, one past the last where it is not there."""
    width = max(int(b.max(initial=0)), int(before.b.max(initial=0))) + 1
    wanted = a * width + b
    if not len(before.a):
        return np.zeros(len(a), dtype=np.int64)
    keys = before.a * width + before.b
    order = np.argsort(keys)
    place = order[np.searchsorted(keys, wanted, sorter=order).clip(max=len(keys) - 1)]
    return np.where(keys[place] == wanted, place, len(keys))


def _cases_behind(found, kept, cases):
    """(places, from 1, of the strongest flagged or formerly flagged pairs; the newest cases behind each, as texts)."""
    pairs = found.pairs
    flagged = pairs.flagged[kept]
    moved = np.flatnonzero(flagged | (pairs.movement[kept] != MovementCode.NONE))
    chosen = moved[np.lexsort((pairs.q[kept][moved], ~flagged[moved]))][:MOST_PAIRS_WITH_CASES]
    texts = []
    for at in kept[chosen]:
        ids = newest(cases, pairs.a[at], pairs.b[at], most=MOST_CASES_KEPT)
        texts.append("{" + ",".join(map(str, ids.tolist())) + "}")
    return (chosen + 1).tolist(), texts
