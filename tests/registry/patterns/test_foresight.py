"""Foresight: shares of what was judged, the interval of a median against SciPy, and what would have caught most."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from registry.patterns.foresight import Catch, LeadTime, catching_most, foresight, lead_time
from registry.patterns.rates import rate

from .builders import quick


def test_the_share_is_of_those_judged_and_counts_the_warned():
    found = foresight(warned=12, foreseeable=9, not_foreseeable=13, unknown=20)

    assert (found.foreseeable, found.warned, found.unknown) == (rate(21, 34), 12, 20)


def test_nothing_judged_has_no_share():
    found = foresight(warned=0, foreseeable=0, not_foreseeable=0, unknown=7)

    assert (found.foreseeable, found.unknown) == (None, 7)


def test_the_interval_covers_at_least_95_percent_and_one_step_less_would_not():
    sizes = np.arange(6, 1006)

    found = [lead_time(list(range(1, n + 1))) for n in sizes]

    ranks = np.array([each.low for each in found])
    np.testing.assert_array_equal([each.high for each in found], sizes + 1 - ranks)
    assert np.all(2 * stats.binom.cdf(ranks - 1, sizes, 0.5) <= 0.05)
    assert np.all(2 * stats.binom.cdf(ranks, sizes, 0.5) > 0.05)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], None),
        ([5], LeadTime(1, 5.0, None, None)),
        ([5, 1, 9, 2, 8], LeadTime(5, 5.0, None, None)),
        ([6, 5, 1, 9, 2, 8], LeadTime(6, 5.5, 1, 9)),
    ],
)
def test_few_values_have_a_median_without_an_interval(days, expected):
    assert lead_time(days) == expected


@quick
@given(st.lists(st.integers(-100, 5000), min_size=6, max_size=60), st.randoms())
def test_the_interval_contains_the_median_whatever_the_order(days, random):
    found = lead_time(days)
    random.shuffle(days)

    assert found.low <= found.median <= found.high
    assert lead_time(days) == found


def test_the_first_caught_most_and_each_further_one_adds_most():
    caught = np.zeros((10, 4), dtype=np.bool_)
    caught[:6, 0] = caught[:5, 1] = caught[5:9, 2] = True

    found = catching_most(caught)

    assert found == [
        Catch(place=0, caught=6, added=6),
        Catch(place=2, caught=4, added=3),
        Catch(place=1, caught=5, added=0),
    ]


def test_of_equal_additions_the_one_that_catches_more_comes_first_then_the_order_given():
    caught = np.array([[1, 1, 1, 1], [1, 0, 0, 1], [0, 0, 0, 0]], dtype=np.bool_)

    assert [each.place for each in catching_most(caught)] == [0, 3, 1, 2]


def test_a_row_counts_as_often_as_it_stands_for():
    caught = np.array([[1, 0], [0, 1]], dtype=np.bool_)

    assert catching_most(caught, [2, 9]) == [Catch(1, 9, 9), Catch(0, 2, 2)]


def test_what_catches_nothing_is_left_out():
    assert catching_most(np.zeros((3, 2), dtype=np.bool_)) == []
    assert catching_most(np.zeros((0, 2), dtype=np.bool_)) == []


def test_the_interval_of_the_median_agrees_with_scipy():
    rng = np.random.default_rng(41)
    for _ in range(200):
        days = rng.integers(0, 3000, rng.integers(6, 90)).tolist()

        found = lead_time(days)

        # SciPy's interval of a quantile inverts its sign test; it is this one for a continuous distribution.
        expected = stats.quantile_test(days, q=0, p=0.5).confidence_interval(0.95)
        assert (found.low, found.high) == (expected.low, expected.high)
        assert found.median == np.median(days)
