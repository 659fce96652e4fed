"""One run of the statistics: counts in, every table of S1 to S5 out, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .arrays import Flags, Floats, Ints
from .association import associate, fisher_exact
from .counting import Counts
from .family import PairCounts, PairState, pair_counts, pair_states
from .movement import RunPairs, moved, no_pairs
from .multiplicity import attracting_q, family_size, q_values
from .ranking import ranked, shrunken_effect
from .rates import wilson
from .rules import Rules
from .shape import TaxonomyShape
from .trends import RateRatio, recent_against_before


@dataclass(frozen=True, slots=True, eq=False)
class NodeRates:
    """S1 of every node: k of the n units to which its scheme was applied; `hidden` where n is too small to show."""

    k: Ints
    n: Ints
    low: Floats
    high: Floats
    hidden: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """S2 to S4 of every pair of nodes, arrays of one length; a < b are positions in `Analysis.node_ids`.

    joint, k_a, k_b, n       the table, see `PairCounts`
    phi .. high              see `Association`; `ratios_hidden` where lift and Jaccard rest on too few cases
    p, q                     NaN unless `state` is TESTED; q of the whole family, in either direction
    flagged                  labels that attract each other, see `Rules.flagged` and `attracting_q`
    state                    int8, a `PairState`
    shrunken                 logarithm of the interval's near end, see `ranking`
    movement                 int8, a `Movement`; `without_new_case` see `Moved`
    order                    positions of the tested pairs, the one to show first first; the others are shown apart
    """

    a: Ints
    b: Ints
    joint: Ints
    k_a: Ints
    k_b: Ints
    n: Ints
    phi: Floats
    lift: Floats
    jaccard: Floats
    odds_ratio: Floats
    low: Floats
    high: Floats
    ratios_hidden: Flags
    p: Floats
    q: Floats
    state: NDArray[np.int8]
    flagged: Flags
    shrunken: Floats
    movement: NDArray[np.int8]
    without_new_case: Flags
    order: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Trends:
    """S5 of every node, a family of its own; p and q are NaN where there were too few cases to test."""

    compared: RateRatio
    p: Floats
    q: Floats
    flagged: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """Everything one run says. Families of tests are apart; their sizes are printed beside their q values.

    vanished    positions in the previous run's pairs that were flagged there and whose nodes are no longer counted
    trends      None, like `all_cases`, before the fifth complete week
    all_cases   the trend of all units together, one element, in no family: a label may rise only with everything
    """

    node_ids: Ints
    cases: int
    units: int
    nodes: NodeRates
    pairs: Pairs
    pair_tests: int
    vanished: Ints
    trends: Trends | None
    all_cases: RateRatio | None
    trend_tests: int


def analyse(
    counts: Counts,
    taxonomy: TaxonomyShape,
    rules: Rules,
    previous: RunPairs | None = None,
    *,
    last_week: int | None = None,
) -> Analysis:
    """S1 to S5 of these counts. `last_week` is the column of the last complete week, by default the last column.
    `previous` holds the pairs of the run to compare with.
    """
    tables = pair_counts(counts, taxonomy)
    pairs, vanished = _pairs(tables, taxonomy, rules, previous or no_pairs())
    column = counts.weekly.shape[1] - 1 if last_week is None else last_week
    all_cases = recent_against_before(counts.weekly_units[None, :], column)
    trends = _trends(counts, rules, column, all_cases)
    return Analysis(
        node_ids=taxonomy.node_ids,
        cases=counts.cases,
        units=counts.units,
        nodes=_nodes(counts, taxonomy, rules),
        pairs=pairs,
        pair_tests=family_size(pairs.p),
        vanished=vanished,
        trends=trends,
        all_cases=all_cases,
        trend_tests=0 if trends is None else family_size(trends.p),
    )


def _nodes(counts: Counts, taxonomy: TaxonomyShape, rules: Rules) -> NodeRates:
    k = counts.node_where[np.arange(taxonomy.n_nodes), taxonomy.scheme]
    n = counts.both_applied[taxonomy.scheme, taxonomy.scheme]
    low, high = wilson(k, n)
    return NodeRates(k=k, n=n, low=low, high=high, hidden=rules.rate_hidden(n))


def _pairs(tables: PairCounts, taxonomy: TaxonomyShape, rules: Rules, previous: RunPairs) -> tuple[Pairs, Ints]:
    """The pairs, and the positions of the previous run's flagged pairs that are not among them."""
    found = associate(tables.joint, tables.k_a, tables.k_b, tables.n)
    state = pair_states(tables, taxonomy, rules)
    p = _tested_only(tables, state == PairState.TESTED)
    q = q_values(p)
    flagged = rules.flagged(_discovery_q(p, tables), tables.joint, found.low)
    effect = shrunken_effect(found.low, found.high)
    tested = np.flatnonzero(state == PairState.TESTED)
    ids = taxonomy.node_ids
    against = moved(RunPairs(ids[tables.a], ids[tables.b], tables.joint, q, flagged), previous)
    pairs = Pairs(
        a=tables.a,
        b=tables.b,
        joint=tables.joint,
        k_a=tables.k_a,
        k_b=tables.k_b,
        n=tables.n,
        phi=found.phi,
        lift=found.lift,
        jaccard=found.jaccard,
        odds_ratio=found.odds_ratio,
        low=found.low,
        high=found.high,
        ratios_hidden=rules.ratios_hidden(tables.joint),
        p=p,
        q=q,
        state=state,
        flagged=flagged,
        shrunken=effect,
        movement=against.movement,
        without_new_case=against.without_new_case,
        order=tested[ranked(effect[tested], p[tested])],
    )
    return pairs, against.vanished


def _discovery_q(p: Floats, tables: PairCounts) -> Floats:
    """What a flag needs below the threshold: q among pairs that attract each other, see `attracting_q`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return attracting_q(p, tables.joint, tables.k_a * tables.k_b / tables.n)


def _tested_only(tables: PairCounts, tested: Flags) -> Floats:
    """The exact test's p of the tested pairs, NaN for the others."""
    p = np.full(len(tables.a), np.nan)
    p[tested] = fisher_exact(tables.joint[tested], tables.k_a[tested], tables.k_b[tested], tables.n[tested])
    return p


def _trends(counts: Counts, rules: Rules, column: int, all_cases: RateRatio | None) -> Trends | None:
    compared = recent_against_before(counts.weekly, column)
    if compared is None or all_cases is None:
        return None
    n = int(all_cases.k1[0] + all_cases.k2[0])
    tested = rules.trend_testable(compared.k1 + compared.k2, n)
    p = np.where(tested, compared.p, np.nan)
    q = q_values(p)
    larger = np.maximum(compared.k1, compared.k2)
    flagged = rules.trend_flagged(q, larger, compared.low, compared.high)
    return Trends(compared=compared, p=p, q=q, flagged=flagged)
