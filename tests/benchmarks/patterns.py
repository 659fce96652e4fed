"""W5: all pattern statistics over all cases, against the least that has to be done and against plain SQL; once with
nothing kept, as after a change of the taxonomy and on every Monday, and once with every range kept.
W6: the same when one case has changed.
"""

import os
import subprocess
import sys
from datetime import timedelta
from itertools import count

import numpy as np

from registry.patterns.recompute import recompute
from registry.patterns.rules import Rules
from tests.benchmarks.database import database_url, raw_connection
from tests.benchmarks.measuring import RECOMPUTE, RECOMPUTE_COLD, Goal, Row, against, alone, interleave, milliseconds
from tests.benchmarks.services import ROOT
from tests.benchmarks.synthetic import LAST_DAY, at_noon

IDS_AT_ONCE = 100_000
N_WEEKS = 31
MOST_RUNS = 100
COUNTED = "visibility = 'everyone' AND status NOT IN ('draft', 'withdrawn') AND scope <> 'out'"
SPAN = """
    SELECT coalesce(min(id), 1), coalesce(max(id), 0), (SELECT max(id) + 1 FROM taxonomy_node) FROM registry_case
"""
COLUMNS = f"""
    SELECT string_agg(array_send(node_path), ''), array_send(array_agg(cardinality(node_path))),
           array_send(array_agg(CASE WHEN occurred_from >= %(start)s THEN (occurred_from - %(start)s) / 7 ELSE -1 END))
    FROM registry_case WHERE id >= %(low)s AND id < %(high)s AND {COUNTED}
"""
SELF_JOIN = f"""
    SELECT a, b, count(*) FROM registry_case, unnest(node_path) AS a, unnest(node_path) AS b
    WHERE a < b AND {COUNTED} GROUP BY a, b
"""
CHANGE = """
    UPDATE registry_case SET stage = CASE stage WHEN 'deployment' THEN 'evaluation' ELSE 'deployment' END WHERE id = (
        SELECT id FROM registry_case WHERE event_group_id IS NULL AND visibility = 'everyone' AND status = 'closed'
        ORDER BY md5(id::text || %s) LIMIT 1
    )
"""
VERSIONS = "SELECT number, xmin::text FROM registry_countedrange"
AGAINST_ARRAYS = Goal(1.5)
AGAINST_SELF_JOIN = Goal(8, least=True)
MEMORY = Goal(500, unit="MB")
FRESH = Goal(5000, unit="ms")
ONE_RANGE = Goal(1, unit="ranges")


def measure(registry, owner_url, *, seconds):
    """The rows of W5 and W6 for a filled registry. The owner of the tables takes the runs away afterwards."""
    rules = (Rules(max_q=0.1 - number / 1e6) for number in count())
    with raw_connection(url=owner_url) as owner, raw_connection() as floor:

        def forget():
            owner.execute("TRUNCATE registry_countedrange")

        def change():
            owner.execute(CHANGE, [str(next(changes))])
            run(rules)

        changes = count()
        taken = interleave(
            {
                "cold": lambda: (forget(), run(rules)),
                "warm": lambda: run(rules),
                "changed": change,
                "arrays": lambda: statistics(*count_arrays(floor)),
                "self-join": lambda: floor.execute(SELF_JOIN).fetchall(),
            },
            seconds=seconds,
            most=MOST_RUNS,
        )
        read_again = len(rewritten(floor, change))
        memory = {"warm": peak_memory("product"), "arrays": peak_memory("arrays")}
        forget()
        owner.execute("TRUNCATE registry_patternrun CASCADE")
        memory["cold"] = peak_memory("product")
        owner.execute("TRUNCATE registry_patternrun CASCADE")
    n, arrays, join = registry.n, taken["arrays"], taken["self-join"]
    return [
        row
        for kept, name in (("warm", RECOMPUTE), ("cold", RECOMPUTE_COLD))
        for row in (
            against(f"{name} / arrays and bincount", n, taken[kept], arrays, AGAINST_ARRAYS, memory[kept]),
            against(f"{name} / SQL self-join", n, taken[kept], join, AGAINST_SELF_JOIN, memory[kept]),
            Row(f"{name}, peak memory", n, milliseconds(taken[kept]), None, memory[kept], None, None, MEMORY),
        )
    ] + [
        Row("W5 arrays and bincount, peak memory", n, milliseconds(arrays), None, memory["arrays"], None, None,
            Goal(None, unit="MB")),
        alone("W6 one changed case, fresh statistics", n, taken["changed"], FRESH),
        Row("W6 ranges read again", n, milliseconds(taken["changed"]), None, read_again, None, None, ONE_RANGE),
    ]  # fmt: skip


def run(rules):
    """Other rules each time: the cases are the same, yet no run finds all unchanged."""
    recompute(at=at_noon(LAST_DAY), rules=next(rules))


def rewritten(connection, work):
    """Numbers of the kept ranges that `work` wrote anew."""
    before = set(connection.execute(VERSIONS).fetchall())
    work()
    return {number for number, _ in set(connection.execute(VERSIONS).fetchall()) - before}


def count_arrays(connection):
    """(units by pair, labels by week, units): the path arrays as whole binary columns, and a count of pair codes."""
    low, high, width = connection.execute(SPAN).fetchone()
    pairs, weekly, units = 0, 0, 0
    start = LAST_DAY - timedelta(weeks=N_WEEKS - 1, days=LAST_DAY.weekday())
    for at in range(low, high + 1, IDS_AT_ONCE):
        some = {"start": start, "low": at, "high": at + IDS_AT_ONCE}
        sent = connection.execute(COLUMNS, some, binary=True).fetchone()
        if sent[0] is None:
            continue
        lengths, weeks = (np.frombuffer(column, ">i4")[6::2].astype(np.int64) for column in sent[1:])
        counted = count_block(np.frombuffer(sent[0], ">i4"), lengths, weeks, width=width)
        pairs, weekly, units = pairs + counted[0], weekly + counted[1], units + len(lengths)
    return pairs, weekly, units


def count_block(words, lengths, weeks, *, width):
    """Counts of pairs (width, width) and by week (width, weeks + 1) of the cases of one block, length by length."""
    starts = np.cumsum(np.where(lengths == 0, 3, 5 + 2 * lengths))
    starts = np.concatenate([[0], starts[:-1]]) + 6
    pairs = np.zeros(width * width, dtype=np.int64)
    weekly = np.zeros(width * (N_WEEKS + 1), dtype=np.int64)
    for length in np.unique(lengths[lengths > 0]):
        chosen = np.flatnonzero(lengths == length)
        codes = words[starts[chosen] + 2 * np.arange(length)[:, None]].astype(np.int64)
        first, second = np.triu_indices(length, k=1)
        pairs += np.bincount((codes[first] * width + codes[second]).ravel(), minlength=len(pairs))
        cells = (codes * (N_WEEKS + 1) + np.where(weeks[chosen] < 0, N_WEEKS, weeks[chosen])).ravel()
        weekly += np.bincount(cells, minlength=len(weekly))
    return pairs.reshape(width, width), weekly.reshape(width, N_WEEKS + 1), len(lengths)


def statistics(pairs, weekly, units):
    """Lift, phi, Jaccard and the last four weeks against the rest; margins over all units, nothing tested or kept."""
    k = weekly.sum(axis=1).astype(float)
    a, first, second = pairs.astype(float), k[:, None], k[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        lift = units * a / (first * second)
        jaccard = a / (first + second - a)
        phi = (units * a - first * second) / np.sqrt(first * second * (units - first) * (units - second))
        trend = weekly[:, N_WEEKS - 5 : N_WEEKS - 1].sum(axis=1) / weekly[:, : N_WEEKS - 5].sum(axis=1)
    return lift, jaccard, phi, trend


def peak_memory(work):
    """Megabytes a fresh process needs at most to do the work once, its libraries included."""
    command = [sys.executable, "-m", "tests.benchmarks.peak", work]
    environment = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])
