"""S13: Krippendorff's alpha of many items at once, nominal and ordinal, with missing ratings.

Alpha compares what raters disagree on with what they would disagree on if their judgements were dealt out by
chance: 1 - observed / expected. A unit (a case) that fewer than two raters judged says nothing and is left out.
What a unit adds to the coincidence matrix is additive, so any weighting of units is one matrix product; the
bootstrap of `resampling` rests on it.

Sources: K. Krippendorff, Content Analysis, 2nd ed. 2004, chapter 11; Computing Krippendorff's alpha-reliability
(2011), whose worked examples the tests repeat. Pooling: see `pooled`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from .arrays import Codes, Flags, Floats, Ints

MISSING = -1


class Metric(Enum):
    """How far two values lie apart: NOMINAL, the same or not; ORDINAL, by how many judgements lie between them."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"


@dataclass(frozen=True, slots=True, eq=False)
class Coincidences:
    """What units add to the coincidence matrix of each item; leading axes may be units, resamples or nothing.

    pairs      (..., items, V (V - 1) / 2): for the values c < k, in the order of `np.triu_indices`, n_c n_k / (m - 1)
    margins    (..., items, V): how often each value was given by a rater whom another can be compared with
    """

    pairs: Floats
    margins: Floats

    def weighted(self, weights: Floats) -> Coincidences:
        """The sum over units, each counted so often: weights (rows, units) on (units, items, ...) give
        (rows, items, ...).
        """
        return Coincidences(pairs=_summed(weights, self.pairs), margins=_summed(weights, self.margins))

    def spoken(self) -> Flags:
        """(..., items): where two raters or more spoke of an item."""
        found: Flags = np.logical_or.reduce(self.margins > 0, axis=-1)
        return found

    def differ(self) -> Flags:
        """(..., items): where raters differ about an item."""
        found: Flags = np.logical_or.reduce(self.pairs > 0, axis=-1)
        return found

    def total(self) -> Coincidences:
        """The sum over all units."""
        return Coincidences(pairs=self.pairs.sum(axis=0), margins=self.margins.sum(axis=0))


@dataclass(frozen=True, slots=True, eq=False)
class Disagreement:
    """How much raters disagree on each item and how much chance alone would have them: both times the number of
    judgements, so that they may be added over items.
    """

    observed: Floats
    expected: Floats

    def pooled(self) -> Disagreement:
        """All items together, observed and expected disagreement each summed over them.

        Each item keeps its own margins, so raters get no credit for knowing that some nodes are rare and others
        common; alpha of judgements thrown together would give it. Where just one node is chosen for a case, this
        is exactly the nominal alpha of the choice. The pooled kappa of H. De Vries and others, Using pooled kappa
        to summarize interrater agreement across many items, Field Methods 20 (2008), 272-282, is made the same way.
        """
        return Disagreement(observed=self.observed.sum(axis=-1), expected=self.expected.sum(axis=-1))

    def alpha(self) -> Floats:
        """1 - observed / expected; NaN where no two judgements differ, for then there is nothing to agree about."""
        varied = self.expected > 0
        return np.where(varied, 1 - self.observed / np.where(varied, self.expected, 1), np.nan)


def _summed(weights: Floats, of_units: Floats) -> Floats:
    flat = of_units.reshape(len(of_units), -1)
    # Hardly anybody is unsure of most nodes, so much of this is nothing.
    used = np.flatnonzero(flat.any(axis=0))
    found = np.zeros((len(weights), flat.shape[1]))
    found[:, used] = weights @ flat[:, used]
    return found.reshape(len(weights), *of_units.shape[1:])


def tally(values: Codes, units: Codes, *, n_units: int, n_values: int) -> Floats:
    """How often each value was given: (units, items, values), of one row of `values` (rows, items) a rater and unit.

    Values are 0 .. n_values - 1, or MISSING. Raises ValueError for any other.

    >>> tally(np.array([[0], [1], [MISSING]]), np.array([0, 0, 1]), n_units=2, n_values=2)
    array([[[1., 1.]],
    <BLANKLINE>
           [[0., 0.]]])
    """
    if values.size and (values.min() < MISSING or values.max() >= n_values):
        raise ValueError(f"values are 0 to {n_values - 1}, or {MISSING} where missing")
    n_items = values.shape[1]
    cells = (units.astype(np.int64)[:, None] * n_items + np.arange(n_items)) * n_values + values
    counts = np.bincount(cells[values != MISSING], minlength=n_units * n_items * n_values)
    return counts.reshape(n_units, n_items, n_values).astype(np.float64)


def coincidences(counts: Floats) -> Coincidences:
    """The coincidences of each unit and item from how often each value was given, see `tally`."""
    judged = counts.sum(axis=-1, keepdims=True)
    comparable = judged >= 2
    c, k = np.triu_indices(counts.shape[-1], k=1)
    products = counts[..., c] * counts[..., k]
    return Coincidences(
        pairs=np.where(comparable, products / np.where(comparable, judged - 1, 1), 0.0),
        margins=np.where(comparable, counts, 0.0),
    )


def disagreement(found: Coincidences, metric: Metric = Metric.NOMINAL) -> Disagreement:
    """Observed and expected disagreement of each item, for each of the leading axes."""
    margins = found.margins
    c, k = np.triu_indices(margins.shape[-1], k=1)
    apart = _apart(margins, c, k) if metric is Metric.ORDINAL else np.float64(1.0)
    n = margins.sum(axis=-1)
    expected = (2 * margins[..., c] * margins[..., k] * apart).sum(axis=-1) / np.where(n > 1, n - 1, 1)
    return Disagreement(observed=(2 * found.pairs * apart).sum(axis=-1), expected=expected)


def _apart(margins: Floats, c: NDArray[np.intp], k: NDArray[np.intp]) -> Floats:
    """The squared ordinal distance of values c and k: the judgements between them, half of those at the two ends."""
    middle = margins.cumsum(axis=-1) - margins / 2
    squared: Floats = (middle[..., k] - middle[..., c]) ** 2
    return squared


def krippendorff_alpha(values: Codes, *, n_values: int, metric: Metric = Metric.NOMINAL) -> float:
    """Alpha of one item from a table (raters, units) of values 0 .. n_values - 1, or MISSING; NaN where undefined.

    Ten units, two observers, two values (Krippendorff 2011, example A):

    >>> first, second = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    >>> round(krippendorff_alpha(np.array([first, second]), n_values=2), 3)
    0.095
    """
    n_raters, n_units = values.shape
    units = np.tile(np.arange(n_units), n_raters)
    counts = tally(values.reshape(-1, 1), units, n_units=n_units, n_values=n_values)
    return float(disagreement(coincidences(counts).total(), metric).alpha()[0])


def counted(marks: Flags) -> Ints:
    """(items,): how many rows of (rows, items) are marked."""
    found: Ints = marks.sum(axis=0, dtype=np.int64)
    return found
