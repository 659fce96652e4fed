import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.rates import test_poisson_2indep as poisson_two_samples

from registry.patterns.trends import compare, recent_against_before

from .builders import quick

counts = st.integers(0, 5000)


def test_twelve_against_four_in_equal_times():
    found = compare(12, 1, 4, 1)

    assert (float(found.ratio), round(float(found.p), 4)) == (3.0, 0.0768)


def random_counts(seed, many):
    """(k1, t1, k2, t2) of stretches with at least one event."""
    rng = np.random.default_rng(seed)
    k1, k2 = rng.integers(0, 60, many), rng.integers(0, 300, many)
    k2[k1 + k2 == 0] = 1
    return k1, rng.integers(1, 9, many).astype(float), k2, rng.integers(1, 40, many).astype(float)


def shares_of(found):
    """The interval on the scale of the share of k1, where SciPy and the definition have theirs."""
    with np.errstate(divide="ignore"):
        return [1 / (1 + found.t2 / (found.t1 * bound)) for bound in (found.low, found.high)]


def test_p_agrees_with_scipys_binomial_test():
    k1, t1, k2, t2 = random_counts(8, 1000)

    found = compare(k1, t1, k2, t2)

    expected = [
        stats.binomtest(int(a), int(a + b), s / (s + t)).pvalue for a, s, b, t in zip(k1, t1, k2, t2, strict=True)
    ]
    np.testing.assert_allclose(found.p, expected, atol=1e-9, rtol=0)


def test_the_interval_agrees_with_scipys_binomial_test():
    # SciPy searches its interval to 2e-12 on the scale of shares.
    k1, t1, k2, t2 = random_counts(9, 100)

    low, high = shares_of(compare(k1, t1, k2, t2))

    expected = [stats.binomtest(int(a), int(a + b)).proportion_ci(method="exact") for a, b in zip(k1, k2, strict=True)]
    np.testing.assert_allclose(np.transpose([low, high]), expected, atol=1e-9, rtol=0)


def test_at_the_ends_of_the_interval_the_count_is_as_rare_as_it_says():
    k1, t1, k2, t2 = random_counts(10, 1000)

    low, high = shares_of(compare(k1, t1, k2, t2))

    some, not_all = k1 > 0, k2 > 0
    np.testing.assert_allclose(stats.binom.sf(k1 - 1, k1 + k2, low)[some], 0.025, atol=1e-9)
    np.testing.assert_allclose(stats.binom.cdf(k1, k1 + k2, high)[not_all], 0.025, atol=1e-9)
    assert np.all(low[~some] == 0)
    assert np.all(high[~not_all] == 1)


def test_p_agrees_with_statsmodels_conditional_test_of_two_rates():
    for k1, k2 in [(12, 4), (3, 40), (0, 9), (20, 61)]:
        expected = poisson_two_samples(k1, 4, k2, 26, method="exact-cond").pvalue

        assert float(compare(k1, 4, k2, 26).p) == pytest.approx(expected, abs=1e-9)


@quick
@given(counts, counts, st.integers(1, 9), st.integers(1, 40))
def test_interval_contains_the_ratio_and_p_is_a_probability(k1, k2, t1, t2):
    found = compare(k1, t1, k2, t2)

    assert 0 <= found.p <= 1
    assert (k1 + k2 == 0) or found.low <= found.ratio <= found.high


@quick
@given(counts, counts, st.integers(1, 9), st.integers(1, 40))
def test_swapping_the_stretches_inverts_the_interval(k1, k2, t1, t2):
    one, other = compare(k1, t1, k2, t2), compare(k2, t2, k1, t1)

    assert float(one.p) == pytest.approx(float(other.p), rel=1e-9)
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(one.low, 1 / other.high, rtol=1e-9)


def test_no_events_at_all_are_no_evidence():
    found = compare(0, 4, 0, 26)

    assert np.isnan(found.ratio)
    assert (float(found.low), float(found.high), float(found.p)) == (0.0, np.inf, 1.0)


IMPOSSIBLE = [(-1, 1, 2, 1), (1, 1, -2, 1), (1, 0, 2, 1), (1, 1, 2, -3), (1, 1, 2, 0), (1, 1, 2, np.nan)]


@pytest.mark.parametrize("arguments", [*IMPOSSIBLE, ([3, -1], 1, [2, 2], 1), ([3, 1], [1, 0], [2, 2], 1)])
def test_impossible_counts_and_times_are_refused(arguments):
    with pytest.raises(ValueError, match="times above zero"):
        compare(*arguments)


def test_four_weeks_are_compared_with_the_twenty_six_before():
    weekly = np.zeros((2, 40), dtype=np.int64)
    weekly[0] = np.arange(40)
    weekly[1, [4, 5, 30, 31, 34, 35]] = [100, 1, 10, 1000, 7, 100]

    found = recent_against_before(weekly, last_week=34)

    assert found.k1.tolist() == [31 + 32 + 33 + 34, 1007]
    assert found.k2.tolist() == [sum(range(5, 31)), 11]
    assert (found.t1.tolist(), found.t2.tolist()) == ([4.0, 4.0], [26.0, 26.0])


def test_one_row_of_weeks_is_compared_like_one_of_many():
    found = recent_against_before(np.array([9, 2, 1, 1, 1, 1]), last_week=5)

    assert (int(found.k1), int(found.k2), float(found.t2)) == (4, 11, 2.0)


def test_a_young_registry_has_a_shorter_baseline():
    found = recent_against_before(np.array([[5, 1, 1, 1, 1, 9]]), last_week=4)

    assert (found.k1.tolist(), found.k2.tolist(), found.t2.tolist()) == ([4], [5], [1.0])


@pytest.mark.parametrize("last_week", [-1, 0, 3])
def test_four_weeks_without_any_before_have_no_trend(last_week):
    assert recent_against_before(np.ones((1, 4), dtype=np.int64), last_week=last_week) is None


@pytest.mark.parametrize("last_week", [-2, 4])
def test_a_week_that_was_not_counted_is_refused(last_week):
    with pytest.raises(ValueError, match="not among the 4"):
        recent_against_before(np.ones((1, 4), dtype=np.int64), last_week=last_week)
