"""Rates of systems: against SciPy, and when they may be ranked."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from registry.patterns.exposure import garwood, may_rank, rates, ratio, without_exposure
from registry.patterns.trends import compare

from .builders import quick


@dataclass(frozen=True)
class Use:
    n: int
    n_outside: int
    amount: int


def test_interval_agrees_with_scipys_chi_squared():
    k = np.random.default_rng(31).integers(0, 2000, 1000)

    low, high = garwood(k)

    with np.errstate(invalid="ignore"):
        np.testing.assert_allclose(low, np.nan_to_num(stats.chi2.ppf(0.025, 2 * k) / 2), rtol=1e-9)
    np.testing.assert_allclose(high, stats.chi2.ppf(0.975, 2 * k + 2) / 2, rtol=1e-9)


def test_at_the_ends_of_the_interval_the_count_is_as_rare_as_it_says():
    k = np.arange(1, 400)

    low, high = garwood(k)

    np.testing.assert_allclose(stats.poisson.sf(k - 1, low), 0.025, rtol=1e-9)
    np.testing.assert_allclose(stats.poisson.cdf(k, high), 0.025, rtol=1e-9)


def test_no_event_has_an_interval_from_0():
    low, high = garwood(0)

    assert (float(low), round(float(high), 4)) == (0.0, 3.6889)


@quick
@given(st.integers(0, 10**6), st.integers(1, 10**12))
def test_the_interval_contains_the_rate(k, exposure):
    found = rates(k, exposure)

    assert 0 <= found.low <= found.rate == k / exposure < found.high


def test_rates_are_events_by_exposure_and_unknown_without_any():
    found = rates([18, 4, 0], np.array([9.0, 0.0, 2.0]))

    assert found.rate[[0, 2]].tolist() == [2.0, 0.0]
    assert found.high[2] == pytest.approx(stats.chi2.ppf(0.975, 2) / 4, rel=1e-9)
    assert np.isnan([found.rate[1], found.low[1], found.high[1]]).all()
    assert (found.k.tolist(), found.exposure.tolist()) == ([18, 4, 0], [9.0, 0.0, 2.0])


def test_negative_events_and_exposure_are_refused():
    with pytest.raises(ValueError, match="events are counted"):
        rates([4, -1], 5)
    with pytest.raises(ValueError, match="exposure is counted"):
        rates([1, 1], [5.0, -5.0])
    with pytest.raises(ValueError, match="exposure is counted"):
        rates(1, float("nan"))


def test_two_rates_are_compared_as_two_counts_in_their_exposures():
    found, expected = ratio(Use(12, 3, 100), Use(4, 0, 50)), compare(12, 100, 4, 50)

    assert (found.ratio, found.low, found.high, found.p) == (
        expected.ratio,
        expected.low,
        expected.high,
        expected.p,
    )
    assert float(found.ratio) == 1.5


def test_a_rate_without_exposure_is_compared_with_none():
    with pytest.raises(ValueError, match="times above zero"):
        ratio(Use(12, 3, 100), Use(4, 0, 0))


@pytest.mark.parametrize(
    ("systems", "without"),
    [
        ([], []),
        ([Use(3, 0, 10), Use(0, 4, 10)], []),
        ([Use(3, 0, 10), Use(0, 1, 0), Use(2, 0, 0)], [1, 2]),
        ([Use(0, 0, 0), Use(3, 0, 10)], []),
    ],
)
def test_rates_are_ranked_only_if_every_system_with_events_has_exposure(systems, without):
    assert without_exposure(systems) == without
    assert may_rank(systems) == (not without)
