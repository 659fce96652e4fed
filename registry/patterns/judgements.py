"""What raters said of cases, as arrays, and everything the agreement pages show of it.

The unit is the case. For each node a rater said one of three things: absent, present or unsure. Unsure is a value of
its own in the nominal comparison: "I cannot tell" against "it is there" is a disagreement about the case, and two
who both cannot tell agree on what the evidence shows. Taking unsure for missing would hide exactly the nodes whose
definitions leave raters in doubt. What a rater did not say anything about is missing and compared with nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .agreement import MISSING, Coincidences, Metric, coincidences, counted, disagreement, tally
from .arrays import Codes, Floats, Ints
from .confusions import Confusions, confusions
from .rater_pairs import PairScores, RowPairs, pair_scores, row_pairs
from .resampling import RESAMPLES, Draws, bootstrap

ABSENT, PRESENT, UNSURE = range(3)
STANCES = 3
FEWEST_CASES = 5


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """One row is one rater's rating of one case, before seeing anybody else's; at most one a rater and case.

    cases, raters        (rows,) ids
    values               (rows, nodes): ABSENT, PRESENT, UNSURE or MISSING
    realised, potential  (rows,): the severity tier as its place on the ladder, or MISSING
    node_ids, schemes    (nodes,): id of each node and of its scheme
    n_tiers              how many steps the ladder has
    """

    cases: Ints
    raters: Ints
    values: NDArray[np.int8]
    realised: NDArray[np.int8]
    potential: NDArray[np.int8]
    node_ids: Ints
    schemes: Ints
    n_tiers: int

    def only(self, rows: NDArray[np.bool_]) -> Ratings:
        """These rows."""
        return Ratings(
            cases=self.cases[rows],
            raters=self.raters[rows],
            values=self.values[rows],
            realised=self.realised[rows],
            potential=self.potential[rows],
            node_ids=self.node_ids,
            schemes=self.schemes,
            n_tiers=self.n_tiers,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Alpha of several things, element by element. `alpha` is NaN where raters of fewer than FEWEST_CASES cases can
    be compared or all said the same; `low` and `high` are NaN where resampling has nothing to say as well.

    cases, disputed   cases that two raters or more spoke of, and those on which they differ
    raters, values    who spoke of those cases, and how many judgements they gave
    """

    cases: Ints
    raters: Ints
    values: Ints
    disputed: Ints
    alpha: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class SchemeAgreement:
    """How far raters agree on one scheme: as a whole (one element), node by node, and two by two."""

    scheme: int
    whole: Scores
    nodes: Scores
    node_ids: Ints
    pairs: PairScores
    confusions: Confusions


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """Everything one run says. `cases` that two raters or more said anything comparable of; `labels` counts what
    was said of their nodes. The severities are None where nobody can be compared.
    """

    cases: int
    raters: int
    labels: int
    schemes: list[SchemeAgreement]
    realised: Scores | None
    potential: Scores | None


def agree(ratings: Ratings, *, seed: int, n_resamples: int = RESAMPLES) -> Agreement:
    """Compare all raters. The same ratings and seed give the same numbers to the last digit."""
    draws = Draws(seed=seed, n_resamples=n_resamples)
    found = [_scheme(ratings, scheme, draws) for scheme in np.unique(ratings.schemes).tolist()]
    compared = _compared(ratings)
    return Agreement(
        cases=len(np.unique(ratings.cases[compared])),
        raters=len(np.unique(ratings.raters[compared])),
        labels=int(np.count_nonzero(ratings.values[compared] != MISSING)),
        schemes=[each for each in found if each is not None],
        realised=_severity(ratings, ratings.realised, draws),
        potential=_severity(ratings, ratings.potential, draws),
    )


def _compared(ratings: Ratings) -> NDArray[np.bool_]:
    """Rows that say something another rater of the case speaks of too."""
    severities = np.stack([ratings.realised, ratings.potential], axis=1)
    said = np.concatenate([ratings.values, severities], axis=1) != MISSING
    found = np.zeros(len(said), dtype=np.bool_)
    pairs = row_pairs(ratings.cases, ratings.raters)
    both = (said[pairs.first] & said[pairs.second]).any(axis=1)
    found[pairs.first[both]] = found[pairs.second[both]] = True
    return found


def _scheme(ratings: Ratings, scheme: int, draws: Draws) -> SchemeAgreement | None:
    """One scheme; None where nobody can be compared."""
    nodes = np.flatnonzero(ratings.schemes == scheme)
    rows, cases = _with_company(ratings.values[:, nodes], ratings.cases)
    if not len(rows):
        return None
    values, raters = ratings.values[np.ix_(rows, nodes)], ratings.raters[rows]
    found = coincidences(tally(values, cases, n_units=int(cases.max()) + 1, n_values=STANCES))
    whole, each = _scores(found, values, cases, raters, Metric.NOMINAL, draws)
    pairs = row_pairs(cases, raters)
    return SchemeAgreement(
        scheme=scheme,
        whole=whole,
        nodes=each,
        node_ids=ratings.node_ids[nodes],
        pairs=pair_scores(values, raters, pairs, n_values=STANCES),
        confusions=_confused(values, cases, pairs, ratings.node_ids[nodes]),
    )


def _with_company(values: Codes, cases: Ints) -> tuple[Ints, Ints]:
    """(rows that say anything of a case that another row says anything of; their cases, numbered from 0)."""
    rows = np.flatnonzero((values != MISSING).any(axis=1))
    _, place, n_rows = np.unique(cases[rows], return_inverse=True, return_counts=True)
    kept = n_rows[place] >= 2
    return rows[kept].astype(np.int64), np.unique(place[kept], return_inverse=True)[1].astype(np.int64)


def _confused(values: Codes, cases: Ints, pairs: RowPairs, node_ids: Ints) -> Confusions:
    """The confusions with the nodes' ids, the smaller first."""
    found = confusions(values, cases, pairs, chosen=PRESENT)
    a, b = node_ids[found.a], node_ids[found.b]
    return Confusions(a=np.minimum(a, b), b=np.maximum(a, b), units=found.units, together=found.together)


def _severity(ratings: Ratings, tiers: NDArray[np.int8], draws: Draws) -> Scores | None:
    """One of the two severities, ordinal; None where nobody can be compared."""
    rows, cases = _with_company(tiers[:, None], ratings.cases)
    if not len(rows):
        return None
    values = tiers[rows][:, None]
    found = coincidences(tally(values, cases, n_units=int(cases.max()) + 1, n_values=ratings.n_tiers))
    _, each = _scores(found, values, cases, ratings.raters[rows], Metric.ORDINAL, draws)
    return each


def _scores(
    found: Coincidences, values: Codes, cases: Ints, raters: Ints, metric: Metric, draws: Draws
) -> tuple[Scores, Scores]:
    """(all items pooled, one element; each item)."""
    overall = disagreement(found.total(), metric)
    drawn = bootstrap(found, draws, metric)
    spoke, differ = found.spoken(), found.differ()
    comparable = (values != MISSING) & spoke[cases]
    n_values = counted(comparable)
    whole = _shown(
        cases=_one(spoke.any(axis=1).sum()),
        raters=_one(len(np.unique(raters[comparable.any(axis=1)]))),
        values=_one(int(n_values.sum())),
        disputed=_one(differ.any(axis=1).sum()),
        alpha=np.array([overall.pooled().alpha()]),
        low=np.array([drawn.pooled_low]),
        high=np.array([drawn.pooled_high]),
    )
    each = _shown(
        cases=counted(spoke),
        raters=_distinct(raters, comparable),
        values=n_values,
        disputed=counted(differ),
        alpha=overall.alpha(),
        low=drawn.low,
        high=drawn.high,
    )
    return whole, each


def _one(count: int | np.integer) -> Ints:
    return np.array([count], dtype=np.int64)


def _distinct(raters: Ints, comparable: NDArray[np.bool_]) -> Ints:
    """(items,): how many raters gave a judgement that counts."""
    _, place = np.unique(raters, return_inverse=True)
    n_items = comparable.shape[1]
    cells = (place[:, None] * n_items + np.arange(n_items))[comparable]
    gave = np.bincount(cells, minlength=(int(place.max(initial=-1)) + 1) * n_items).reshape(-1, n_items)
    return counted(gave > 0)


def _shown(
    *, cases: Ints, raters: Ints, values: Ints, disputed: Ints, alpha: Floats, low: Floats, high: Floats
) -> Scores:
    """Few cases have no alpha, and what has no alpha has no interval."""
    alpha = np.where(cases >= FEWEST_CASES, alpha, np.nan)
    unknown = np.isnan(alpha)
    return Scores(
        cases=cases,
        raters=raters,
        values=values,
        disputed=disputed,
        alpha=alpha,
        low=np.where(unknown, np.nan, low),
        high=np.where(unknown, np.nan, high),
    )
