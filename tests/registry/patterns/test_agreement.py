import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

from registry.patterns.agreement import (
    MISSING,
    Metric,
    coincidences,
    counted,
    disagreement,
    krippendorff_alpha,
    tally,
)

from .builders import quick
from .textbook import slow_alpha, units_of

# Krippendorff 2011, example C: four observers, twelve units, values missing.
FOUR_OBSERVERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
)
TABLES = st.tuples(st.integers(2, 4), st.integers(1, 12)).flatmap(
    lambda shape: arrays(np.int8, shape, elements=st.integers(-1, 3))
)


def letters(text):
    return ["abcde".index(letter) for letter in text]


def test_two_observers_and_two_values_of_krippendorff_2011():
    first, second = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]

    assert krippendorff_alpha(np.array([first, second]), n_values=2) == pytest.approx(0.095, abs=5e-4)


def test_both_disagreements_of_krippendorff_2011_are_times_the_number_of_judgements():
    first, second = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    values, units = np.array([*first, *second])[:, None], np.tile(np.arange(10), 2)

    found = disagreement(coincidences(tally(values, units, n_units=10, n_values=2)).total())

    # Four units part, each seen from either side; 14 zeros meet 6 ones in 20 judgements.
    assert (found.observed.tolist(), found.expected.tolist()) == ([8.0], [pytest.approx(2 * 14 * 6 / 19)])


def test_two_observers_and_five_values_of_krippendorff_2011():
    observers = np.array([letters("aabbdcccedda"), letters("babbbccceddd")])

    assert krippendorff_alpha(observers, n_values=5) == pytest.approx(0.692, abs=5e-4)


@pytest.mark.parametrize(("metric", "published"), [(Metric.NOMINAL, 0.743), (Metric.ORDINAL, 0.815)])
def test_four_observers_with_missing_values_of_krippendorff_2011(metric, published):
    alpha = krippendorff_alpha(FOUR_OBSERVERS - 1, n_values=5, metric=metric)

    assert alpha == pytest.approx(published, abs=5e-4)
    slow = slow_alpha(units_of(FOUR_OBSERVERS - 1), ordinal=metric is Metric.ORDINAL)
    assert alpha == pytest.approx(slow, abs=1e-12)


@quick
@given(TABLES, st.sampled_from(Metric))
def test_alpha_equals_the_textbook(table, metric):
    expected = slow_alpha(units_of(table), ordinal=metric is Metric.ORDINAL)

    found = krippendorff_alpha(table, n_values=4, metric=metric)

    assert found == pytest.approx(np.nan if expected is None else expected, abs=1e-9, nan_ok=True)


def test_alpha_follows_from_the_kappa_of_fleiss_where_nothing_is_missing():
    ratings = np.random.default_rng(5).integers(0, 3, (3, 40))
    fleiss = fleiss_kappa(aggregate_raters(ratings.T)[0])
    n = ratings.size

    # Fleiss expects disagreement with, Krippendorff without replacement.
    assert krippendorff_alpha(ratings, n_values=3) == pytest.approx(1 - (1 - fleiss) * (n - 1) / n, abs=1e-12)


@pytest.mark.parametrize("value", [0, 1, 2])
def test_where_all_say_the_same_there_is_no_alpha(value):
    assert np.isnan(krippendorff_alpha(np.full((3, 9), value), n_values=3))


def test_a_unit_that_one_rater_judged_counts_for_nothing():
    table = np.array([[0, 1, 1, 0], [0, 1, 0, MISSING]])

    assert krippendorff_alpha(table, n_values=2) == krippendorff_alpha(table[:, :3], n_values=2)


@quick
@given(TABLES)
def test_the_order_of_raters_units_and_nominal_values_does_not_matter(table):
    swapped = np.where(table < 0, table, 3 - table)[::-1, ::-1]

    found = [krippendorff_alpha(each, n_values=4) for each in (table, swapped)]

    assert found[0] == pytest.approx(found[1], abs=1e-9, nan_ok=True)


def test_pooled_over_the_nodes_of_a_choice_it_is_the_alpha_of_the_choice():
    chosen = np.random.default_rng(3).integers(0, 4, (3, 30))
    chosen[0, :6] = MISSING
    one_hot = np.where(chosen[..., None] < 0, MISSING, chosen[..., None] == np.arange(4)).astype(np.int8)
    counts = tally(one_hot.reshape(-1, 4), np.tile(np.arange(30), 3), n_units=30, n_values=2)

    pooled = disagreement(coincidences(counts).total()).pooled().alpha()

    assert float(pooled) == pytest.approx(krippendorff_alpha(chosen, n_values=4), abs=1e-12)


def test_pooling_gives_no_credit_for_knowing_which_nodes_are_rare():
    # Both toss a coin for the first node and never choose the second: they know nothing.
    random = np.random.default_rng(11)
    values = np.stack([random.integers(0, 2, 800), np.zeros(800, dtype=np.int64)], axis=1)
    counts = tally(values, np.arange(800) // 2, n_units=400, n_values=2)

    pooled = float(disagreement(coincidences(counts).total()).pooled().alpha())

    assert abs(pooled) < 0.1
    assert krippendorff_alpha(values.reshape(400, 2, 2).transpose(1, 0, 2).reshape(2, -1), n_values=2) > 0.25


def test_who_spoke_and_who_differs_is_counted_by_unit():
    counts = tally(np.array([[0, 1], [1, 1], [0, -1], [0, 1]]), np.array([0, 0, 1, 1]), n_units=2, n_values=2)
    found = coincidences(counts)

    assert counted(found.spoken()).tolist() == [2, 1]
    assert counted(found.differ()).tolist() == [1, 0]


@pytest.mark.parametrize("values", [[-2], [3], [-2, 0], [0, 3]])
def test_a_value_that_is_none_is_refused(values):
    with pytest.raises(ValueError, match="values are 0 to 2"):
        tally(np.array([values]), np.array([0]), n_units=1, n_values=3)
