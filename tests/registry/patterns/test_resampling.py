import numpy as np
import pytest

from registry.patterns import resampling
from registry.patterns.agreement import Metric, coincidences, krippendorff_alpha, tally
from registry.patterns.resampling import Draws, bootstrap

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
