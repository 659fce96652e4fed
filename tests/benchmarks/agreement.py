"""W9: how far raters agree, with intervals, against the least arithmetic that yields the same alphas.

A thousand cases, three raters each, 150 nodes in eight schemes, 1,000 resamples, whatever the size of the registry.
"""

import numpy as np

from registry.patterns.agreement_runs import compute_agreement
from registry.patterns.judgements import Ratings, agree
from tests.benchmarks.database import raw_connection
from tests.benchmarks.measuring import Goal, against, alone, interleave
from tests.benchmarks.synthetic import LAST_DAY, at_noon

N_CASES, PER_CASE, N_RATERS, N_NODES, N_SCHEMES = 1000, 3, 8, 150, 8
RESAMPLES = 1000
AGAINST_PRODUCTS = Goal(4)
WHOLE = Goal(2000, unit="ms")
STATISTIC = Goal(1000, unit="ms")

RATE = """
INSERT INTO registry_rating (case_id, rater_id, state, opened_at, version, created_at, updated_at)
SELECT c, p, 'submitted', %(at)s, 1, %(at)s, %(at)s FROM unnest(%(cases)s::int[], %(raters)s::int[]) AS r (c, p)
"""
THROUGH = """
INSERT INTO registry_ratedscheme (rating_id, scheme_id)
SELECT r.id, s FROM registry_rating r, unnest(%(schemes)s::int[]) AS s
"""
LABEL = """
INSERT INTO registry_label (case_id, node_id, rater_id, stance, blind_stance, grounds, load_bearing, rationale, quote,
                            criteria_shown, submitted_at, version, created_at, updated_at)
SELECT c, n, p, s, s, 'inferred', 'unknown', '', '', '{}', %(at)s, 1, %(at)s, %(at)s
FROM unnest(%(cases)s::int[], %(raters)s::int[], %(nodes)s::int[], %(stances)s::text[]) AS l (c, p, n, s)
"""
EMPTY = "TRUNCATE registry_agreementrun, registry_ratedscheme, registry_label, registry_rating CASCADE"


def drawn():
    """Raters who mostly see what is there; a node in i is there in one case in i, and they seldom cannot tell."""
    random = np.random.default_rng(2026)
    cases = np.repeat(np.arange(N_CASES), PER_CASE)
    raters = random.random((N_CASES, N_RATERS)).argsort(axis=1)[:, :PER_CASE].ravel()
    there = random.random((N_CASES, N_NODES)) < 0.5 / np.arange(2, N_NODES + 2)
    values = np.where(random.random((len(cases), N_NODES)) < 0.02, ~there[cases], there[cases]).astype(np.int8)
    values[random.random(values.shape) < 0.005] = 2
    none = np.full(len(cases), -1, dtype=np.int8)
    schemes = np.sort(random.integers(1, N_SCHEMES + 1, N_NODES))
    return Ratings(cases, raters, values, none, none, np.arange(N_NODES), schemes, 5)


def measure(registry, owner_url, *, seconds):
    """The rows of W9. The owner of the tables writes the ratings, and takes them and the runs away afterwards."""
    ratings = drawn()
    with raw_connection(url=owner_url) as owner:
        owner.execute(EMPTY)
        fill(owner, ratings)
        try:
            taken = interleave(
                {"product": compute_anew(owner), "statistic": lambda: agree(ratings, seed=1), "floor": floor(ratings)},
                seconds=seconds,
            )
        finally:
            owner.execute(EMPTY)
    return [
        against(
            "W9 agreement, statistic / bare products", N_CASES, taken["statistic"], taken["floor"], AGAINST_PRODUCTS
        ),
        alone("W9 agreement, statistic", N_CASES, taken["statistic"], STATISTIC),
        alone("W9 agreement, read, computed and kept", N_CASES, taken["product"], WHOLE),
    ]


def compute_anew(owner):
    """A whole run over all time, its year and its quarter, with nothing kept that it might find unchanged."""

    def work():
        owner.execute("TRUNCATE registry_agreementrun CASCADE")
        compute_agreement(at=at_noon(LAST_DAY))

    return work


def floor(ratings):
    """For each node the disagreement and the margins of each case, and one product with drawn weights: nothing else."""
    order = np.argsort(ratings.cases, kind="stable")
    said = ratings.values[order].reshape(N_CASES, PER_CASE, N_NODES)

    def work():
        counts = np.stack([(said == value).sum(axis=1) for value in range(3)]).astype(np.float64)
        differ = (PER_CASE**2 - (counts**2).sum(axis=0)) / (PER_CASE - 1)
        random = np.random.default_rng(1)
        places = random.integers(0, N_CASES, (RESAMPLES, N_CASES)) + np.arange(RESAMPLES)[:, None] * N_CASES
        weights = np.bincount(places.ravel(), minlength=RESAMPLES * N_CASES).reshape(RESAMPLES, N_CASES).astype(float)
        observed = weights @ differ
        margins = np.stack([weights @ each for each in counts])
        n = margins.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            alphas = 1 - observed / ((n**2 - (margins**2).sum(axis=0)) / (n - 1))
        return np.nanquantile(alphas, [0.025, 0.975], axis=0)

    return work


def fill(owner, ratings):
    """The ratings as rows, of cases that are counted and of nodes and people that are there."""
    cases = numbers(
        owner,
        "SELECT id FROM registry_case WHERE visibility = 'everyone' AND status NOT IN ('draft', 'withdrawn')"
        " AND scope <> 'out' ORDER BY id LIMIT %s",
        [N_CASES],
    )
    raters = numbers(owner, "SELECT id FROM registry_person ORDER BY id LIMIT %s", [N_RATERS])
    nodes = owner.execute(
        "SELECT id, scheme_id FROM taxonomy_node WHERE retired_at IS NULL ORDER BY scheme_id, id LIMIT %s", [N_NODES]
    ).fetchall()
    # A small registry is rated as far as it goes.
    rows = (ratings.cases < len(cases)) & (ratings.raters < len(raters))
    some = ratings.only(rows)
    of_rows = {"cases": cases[some.cases].tolist(), "raters": raters[some.raters].tolist()}
    at = {"at": at_noon(LAST_DAY)}
    owner.execute("UPDATE taxonomy_node SET created_at = %(at)s - interval '1 day'", at)
    owner.execute(RATE, of_rows | at)
    owner.execute(THROUGH, {"schemes": sorted({scheme for _, scheme in nodes})})
    row, node = np.nonzero(some.values[:, : len(nodes)])
    labels = {
        "cases": cases[some.cases[row]].tolist(),
        "raters": raters[some.raters[row]].tolist(),
        "nodes": [nodes[place][0] for place in node],
        "stances": ["present" if value == 1 else "unsure" for value in some.values[row, node]],
    }
    owner.execute(LABEL, labels | at)
    owner.execute("ANALYZE registry_rating, registry_label, registry_ratedscheme")


def numbers(owner, statement, values):
    return np.array([row[0] for row in owner.execute(statement, values).fetchall()], dtype=np.int64)
