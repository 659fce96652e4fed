"""W5: all pattern statistics over all cases, against the least that has to be done and against plain SQL."""

import os
import subprocess
import sys
from datetime import timedelta

import numpy as np

from registry.patterns.recompute import recompute
from tests.benchmarks.database import database_url, raw_connection
from tests.benchmarks.measuring import Goal, Row, against, interleave, milliseconds
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
AGAINST_ARRAYS = Goal(1.5)
AGAINST_SELF_JOIN = Goal(8, least=True)
MEMORY = Goal(500, unit="MB")


def measure(registry, owner_url, *, seconds):
    """The rows of W5 for a filled registry. The owner of the tables takes the runs away afterwards."""
    weeks = iter(range(MOST_RUNS + 1))
    with raw_connection() as floor:
        taken = interleave(
            {
                "product": lambda: recompute(at=week_of(next(weeks))),
                "arrays": lambda: statistics(*count_arrays(floor)),
                "self-join": lambda: floor.execute(SELF_JOIN).fetchall(),
            },
            seconds=seconds,
            most=MOST_RUNS,
        )
    memory = {work: peak_memory(work) for work in ("product", "arrays")}
    with raw_connection(url=owner_url) as owner:
        owner.execute("TRUNCATE registry_patternrun CASCADE")
    product, n = taken["product"], registry.n
    return [
        against("W5 recompute / arrays and bincount", n, product, taken["arrays"], AGAINST_ARRAYS, memory["product"]),
        against("W5 recompute / SQL self-join", n, product, taken["self-join"], AGAINST_SELF_JOIN, memory["product"]),
        Row("W5 recompute, peak memory", n, milliseconds(product), None, memory["product"], None, None, MEMORY),
        Row("W5 arrays and bincount, peak memory", n, milliseconds(taken["arrays"]), None, memory["arrays"], None, None,
            Goal(None, unit="MB")),
    ]  # fmt: skip


def week_of(number):
    """Each run lies a week after the one before: it never finds all unchanged, and has a run to compare with."""
    return at_noon(LAST_DAY - timedelta(weeks=MOST_RUNS - number))


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
