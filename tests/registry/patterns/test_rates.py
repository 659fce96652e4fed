import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from registry.patterns.rates import Rate, rate, wilson

from .builders import quick
from .safeguards import column


@pytest.mark.parametrize(
    ("safeguard", "expected"),
    [
        ("rlhf", (13, 19, 0.6842, 0.4601, 0.8464)),
        ("ai_judge", (14, 19, 0.7368, 0.5121, 0.8819)),
        ("red_team", (12, 20, 0.6000, 0.3866, 0.7812)),
        ("monitor", (7, 20, 0.3500, 0.1812, 0.5671)),
    ],
)
def test_miss_rates_of_the_worked_example(safeguard, expected):
    outcomes = column(safeguard)

    found = rate(outcomes.count("1"), len(outcomes) - outcomes.count("-"))

    assert (found.k, found.n, *np.round([found.share, found.low, found.high], 4)) == expected


def test_wilson_agrees_with_statsmodels():
    rng = np.random.default_rng(1)
    n = rng.integers(1, 5000, 1000)
    k = rng.integers(0, n + 1)

    low, high = wilson(k, n)

    expected_low, expected_high = proportion_confint(k, n, method="wilson")
    np.testing.assert_allclose(low, np.maximum(expected_low, 0), atol=1e-9, rtol=0)
    np.testing.assert_allclose(high, np.minimum(expected_high, 1), atol=1e-9, rtol=0)


@quick
@given(st.integers(1, 10**9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_interval_contains_the_estimate_and_lies_between_0_and_1(counts):
    k, n = counts

    found = rate(k, n)

    assert 0 <= found.low <= found.share <= found.high <= 1


def test_nothing_missed_and_everything_missed_reach_the_ends_exactly():
    low, high = wilson([0, 10], [10, 10])

    assert (low[0], high[1]) == (0.0, 1.0)
    np.testing.assert_allclose([high[0], low[1]], [0.2775, 0.7225], atol=5e-5)


def test_no_cases_have_no_interval():
    low, high = wilson(0, 0)

    assert np.isnan(low)
    assert np.isnan(high)


def test_rate_of_no_cases_is_refused():
    with pytest.raises(ValueError, match="no rate of no cases"):
        rate(0, 0)


@pytest.mark.parametrize(("k", "n"), [(-1, 5), (6, 5)])
def test_more_cases_than_all_or_fewer_than_none_are_refused(k, n):
    with pytest.raises(ValueError, match="0 <= k <= n"):
        wilson([1, k], [2, n])


def test_a_count_that_is_no_whole_number_is_refused():
    with pytest.raises(TypeError, match="whole numbers"):
        wilson(np.array([1.5]), np.array([3]))


def test_scalar_and_array_agree():
    low, high = wilson([7], [20])

    assert rate(7, 20) == Rate(k=7, n=20, share=0.35, low=float(low[0]), high=float(high[0]))
