import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.patterns import resampling
from registry.patterns.agreement import Metric, coincidences, disagreement, krippendorff_alpha, tally
from registry.patterns.resampling import Draws, bootstrap, percentiles

from .builders import quick
from .textbook import slow_alpha


def of_table(table, n_values):
    """The coincidences of (raters, units, items)."""
    n_raters, n_units, n_items = table.shape
    rows = table.reshape(-1, n_items)
    return coincidences(tally(rows, np.tile(np.arange(n_units), n_raters), n_units=n_units, n_values=n_values))


def noisy(random, *, n_units, n_raters=3, n_values=2, wrong=0.15):
    """(raters, units): each rater gives the true value, or any value where they are wrong."""
    truth = random.integers(0, n_values, n_units)
    anything = random.integers(0, n_values, (n_raters, n_units))
    return np.where(random.random((n_raters, n_units)) < wrong, anything, truth)


@pytest.mark.parametrize("metric", Metric)
def test_intervals_equal_a_slow_bootstrap_with_the_same_draws(metric):
    random = np.random.default_rng(2)
    tables = [noisy(random, n_units=14, n_values=4, wrong=wrong) for wrong in (0.2, 0.5)]
    tables[1][0, :4] = -1
    draws = Draws(seed=9, n_resamples=60)
    (weights,) = draws.blocks(14)

    found = bootstrap(of_table(np.stack(tables, axis=2), 4), draws, metric)

    for item, table in enumerate(tables):
        units = [[int(value) for value in column if value >= 0] for column in table.T]
        slow = [slow_alpha(units, ordinal=metric is Metric.ORDINAL, weights=row.tolist()) for row in weights]
        expected = np.quantile(slow, [0.025, 0.975])
        np.testing.assert_allclose([found.low[item], found.high[item]], expected, atol=1e-9, rtol=0)


def test_the_pooled_interval_equals_that_of_pooled_alphas_of_the_same_draws():
    random = np.random.default_rng(5)
    found = of_table(np.stack([noisy(random, n_units=20, wrong=wrong) for wrong in (0.2, 0.5)], axis=2), 2)
    draws = Draws(seed=9, n_resamples=60)
    (weights,) = draws.blocks(20)

    interval = bootstrap(found, draws)

    pooled = [float(disagreement(found.weighted(row[None, :])).pooled().alpha()[0]) for row in weights]
    expected = np.quantile(pooled, [0.025, 0.975])
    np.testing.assert_allclose([interval.pooled_low, interval.pooled_high], expected, atol=1e-12, rtol=0)


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    random = np.random.default_rng(4)
    truth = krippendorff_alpha(noisy(random, n_units=200_000), n_values=2)
    n_rounds = 300
    rounds = np.stack([noisy(random, n_units=60) for _ in range(n_rounds)], axis=2)

    found = bootstrap(of_table(rounds, 2), Draws(seed=1, n_resamples=400))

    covered = np.mean((found.low <= truth) & (truth <= found.high))
    assert 0.90 <= covered <= 0.98


def test_the_same_seed_gives_the_same_interval_and_another_seed_another():
    found = of_table(noisy(np.random.default_rng(1), n_units=30)[:, :, None], 2)

    ends = [bootstrap(found, Draws(seed=seed, n_resamples=100)).low[0] for seed in (1, 1, 2)]

    assert ends[0] == ends[1] != ends[2]


def test_blocks_that_fit_into_memory_give_what_one_block_gives(monkeypatch):
    whole = np.concatenate(list(Draws(seed=3, n_resamples=50).blocks(7)))

    monkeypatch.setattr(resampling, "CELLS_AT_ONCE", 100)
    blocks = list(Draws(seed=3, n_resamples=50).blocks(7))

    assert [len(block) for block in blocks] == [14, 14, 14, 8]
    np.testing.assert_array_equal(np.concatenate(blocks), whole)


def test_every_draw_holds_as_many_cases_as_there_are():
    (weights,) = Draws(seed=3, n_resamples=200).blocks(11)

    assert set(weights.sum(axis=1)) == {11}
    assert np.abs(weights.mean(axis=0) - 1).max() < 0.3


def test_a_thousand_draws_are_made_unless_told_otherwise():
    assert sum(len(block) for block in Draws(seed=1).blocks(3)) == 1000


def test_what_is_drawn_once_is_not_drawn_again_until_another_number_of_units_is_asked_for():
    draws = Draws(seed=3, n_resamples=5)

    (first,), (again,), (other,), (anew,) = (list(draws.blocks(n)) for n in (7, 7, 8, 7))

    assert (again is first, other.shape) == (True, (5, 8))
    np.testing.assert_array_equal(anew, first)


@quick
@given(st.lists(st.floats(-1, 1), min_size=1, max_size=90), st.integers(0, 4))
def test_percentiles_are_those_of_numpy_whatever_is_undefined(values, n_undefined):
    n_undefined = min(n_undefined, len(values) // 20)
    alphas = np.array([[np.nan, value] if at < n_undefined else [value, value] for at, value in enumerate(values)])

    found = percentiles(alphas, np.array([True, True]))

    expected = [np.nanquantile(alphas, share, axis=0) for share in (0.025, 0.975)]
    np.testing.assert_allclose(found, expected, atol=1e-12, rtol=0)


def test_one_draw_in_twenty_may_have_no_alpha_and_no_more():
    alphas = np.zeros((10_000, 3))
    alphas[:500, 0] = alphas[:501, 1] = alphas[:, 2] = np.nan

    low, high = percentiles(alphas, np.array([True, True, True]))

    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [False, True, True]


def test_one_disputed_case_is_enough_for_an_interval_and_one_disputed_item_for_a_pooled_one():
    first, second = np.zeros((2, 40), dtype=np.int64), np.tile([0, 1] * 20, (2, 1))
    second[0, 0] = 1

    found = bootstrap(of_table(np.stack([first, second], axis=2), 2), Draws(seed=1))

    assert np.isnan(found.low).tolist() == np.isnan(found.high).tolist() == [True, False]
    assert found.pooled_low < found.pooled_high == 1


def test_where_nobody_differs_there_is_no_interval():
    agreed = np.tile(np.array([0, 1] * 10), (2, 1))

    found = bootstrap(of_table(agreed[:, :, None], 2), Draws(seed=1))

    assert np.isnan([found.low[0], found.high[0], found.pooled_low, found.pooled_high]).all()


def test_where_the_variation_hangs_on_one_case_there_is_no_interval():
    table = np.zeros((2, 20), dtype=np.int64)
    table[0, 3] = 1

    found = bootstrap(of_table(table[:, :, None], 2), Draws(seed=1))

    # A draw in three leaves the one case out and has no alpha.
    assert np.isnan([found.low[0], found.high[0]]).all()
