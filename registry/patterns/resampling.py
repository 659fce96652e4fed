"""Bootstrap intervals of alpha for all items at once.

Cases are drawn with replacement, each with all its ratings, and alpha is computed anew from every draw, chance
and all; the interval runs from the 2.5th to the 97.5th percentile. Cases are what was sampled and their ratings
depend on one another, so neither single judgements nor pairs of them are drawn; Krippendorff's own algorithm
draws pairs against a fixed expectation, and covers less well. A. Zapf and others, Measuring inter-rater reliability
for nominal data: which coefficients and confidence intervals are appropriate?, BMC Medical Research Methodology 16
(2016), 93, recommend this one.

A draw that leaves no variation has no alpha. Where more than one in twenty have none, the variation hangs on a few
cases, and there is no interval; nor is there one where nobody differed on any case, since every draw says 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .agreement import Coincidences, Metric, counted, disagreement
from .arrays import Flags, Floats

RESAMPLES = 1000
MOST_UNDEFINED = 0.05
CELLS_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """95 % intervals of alpha, one for each item and one for all pooled; NaN where there is none."""

    low: Floats
    high: Floats
    pooled_low: float
    pooled_high: float


class Draws:
    """How often each unit is drawn in each resample. The seed and the number of units decide all, so everything
    that was rated on equally many cases is drawn alike, and is drawn once.

    >>> [weights.sum(axis=1).tolist() for weights in Draws(seed=1, n_resamples=2).blocks(3)]
    [[3.0, 3.0]]
    """

    def __init__(self, *, seed: int, n_resamples: int = RESAMPLES) -> None:
        self.seed = seed
        self.n_resamples = n_resamples
        self._kept: dict[int, Floats] = {}

    def blocks(self, n_units: int) -> Iterator[Floats]:
        """(resamples, units), in blocks that fit into memory."""
        at_once = max(1, CELLS_AT_ONCE // max(n_units, 1))
        if at_once < self.n_resamples:
            yield from self._drawn(n_units, at_once)
            return
        if n_units not in self._kept:
            self._kept = {n_units: next(self._drawn(n_units, at_once))}
        yield self._kept[n_units]

    def _drawn(self, n_units: int, at_once: int) -> Iterator[Floats]:
        random = np.random.default_rng([self.seed, n_units])
        for start in range(0, self.n_resamples, at_once):
            rows = min(at_once, self.n_resamples - start)
            drawn = random.integers(0, n_units, (rows, n_units)) + np.arange(rows)[:, None] * n_units
            yield np.bincount(drawn.ravel(), minlength=rows * n_units).reshape(rows, n_units).astype(np.float64)


def bootstrap(found: Coincidences, draws: Draws, metric: Metric = Metric.NOMINAL) -> Intervals:
    """The intervals of the items of `found` (units, items, ...), and of all of them pooled."""
    alphas, pooled = [], []
    for weights in draws.blocks(len(found.pairs)):
        drawn = disagreement(found.weighted(weights), metric)
        alphas.append(drawn.alpha())
        pooled.append(drawn.pooled().alpha())
    differ = counted(found.differ()) > 0
    low, high = percentiles(np.concatenate(alphas), differ)
    ends = percentiles(np.concatenate(pooled)[:, None], np.array([differ.any()]))
    return Intervals(low=low, high=high, pooled_low=float(ends[0][0]), pooled_high=float(ends[1][0]))


def percentiles(alphas: Floats, is_disputed: Flags) -> tuple[Floats, Floats]:
    """The 2.5th and 97.5th percentile of each column of (resamples, items), NaN left out; linear in between."""
    ordered = np.sort(alphas, axis=0)  # NaN comes last
    defined = np.count_nonzero(~np.isnan(ordered), axis=0)
    known = is_disputed & (defined >= (1 - MOST_UNDEFINED) * len(alphas))
    columns = np.arange(alphas.shape[1])
    low, high = (_at(ordered, columns, share * (np.maximum(defined, 1) - 1)) for share in (0.025, 0.975))
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def _at(ordered: Floats, columns: np.ndarray[tuple[int], np.dtype[np.intp]], place: Floats) -> Floats:
    """The value at a fractional place of each column."""
    below = np.floor(place).astype(np.int64)
    above = np.ceil(place).astype(np.int64)
    start, end = ordered[below, columns], ordered[above, columns]
    between: Floats = start + (end - start) * (place - below)
    return between
