"""How late cases are reported: by hand, by a slow textbook, and from delays that are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.patterns.lag import Lag, measure

from .builders import quick
from .textbook import slow_shares

WEEKS = 31


def numbers(lag: Lag):
    return lag.weeks, lag.cases, lag.incomplete, lag.share_by_age.tolist()


def reports(rng, share_in_time, per_week=20.0, growth=1.0):
    """A triangle of geometric delays: in each week that share of what is still to come is reported."""
    triangle = np.zeros((WEEKS, WEEKS), dtype=np.int64)
    for week in range(WEEKS):
        delays = rng.geometric(share_in_time, rng.poisson(per_week * growth**week)) - 1
        seen = delays[delays < WEEKS - week]
        triangle[week, : WEEKS - week] = np.bincount(seen, minlength=WEEKS - week)
    return triangle


@st.composite
def triangles(draw):
    size = draw(st.integers(1, 7))
    return [[draw(st.integers(0, 12)) if week + delay < size else 0 for delay in range(size)] for week in range(size)]


@quick
@given(triangles())
def test_shares_are_those_of_the_textbook(triangle):
    lag = measure(np.array(triangle))

    shares, cases = slow_shares(triangle)
    assert lag.cases == cases
    if cases >= 30:
        expected = [0.0, *shares, *[1.0] * len(triangle)][: len(triangle)]
        np.testing.assert_allclose(lag.share_by_age, expected, atol=1e-12)
        assert lag.weeks == lag.incomplete == next(age for age, share in enumerate(expected) if share >= 0.9 - 1e-12)
    else:
        assert (lag.weeks, lag.incomplete) == (None, 1)
        assert np.isnan(lag.share_by_age).all()


@pytest.mark.parametrize("growth", [1.0, 1.08])
def test_known_delays_are_found_where_counting_what_was_seen_is_biased(growth):
    rng = np.random.default_rng(88)
    triangles = [reports(rng, 0.3, growth=growth, per_week=10) for _ in range(100)]

    found = np.mean([measure(triangle).share_by_age[1:9] for triangle in triangles], axis=0)

    known = 1 - 0.7 ** np.arange(1, 9)
    naive = np.mean([(t.sum(axis=0).cumsum() / t.sum())[:8] for t in triangles], axis=0)
    np.testing.assert_allclose(found, known, atol=0.01)
    assert np.all((naive - known)[:5] > 0.02)


def test_seen_as_they_are_reports_would_seem_to_come_earlier_than_they_do():
    rng = np.random.default_rng(5)

    weeks = [measure(reports(rng, 0.3)).weeks for _ in range(100)]

    # 1 - 0.7 ** 7 is the first share above nine in ten.
    assert 6 <= np.mean(weeks) <= 8
    assert np.median(weeks) == 7


def test_cases_all_reported_in_their_week_leave_only_the_current_one_incomplete():
    triangle = np.zeros((4, 4), dtype=np.int64)
    triangle[:3, 0] = 10

    assert numbers(measure(triangle)) == (1, 30, 1, [0.0, 1.0, 1.0, 1.0])


def test_nine_in_ten_exactly_are_enough_and_one_fewer_are_not():
    enough = np.zeros((4, 4), dtype=np.int64)
    enough[0, :2] = [36, 4]
    fewer = enough.copy()
    fewer[0, :2] = [35, 4]

    assert numbers(measure(enough)) == (1, 40, 1, [0.0, 0.9, 1.0, 1.0])
    assert measure(fewer).weeks == 2


def test_the_share_of_one_case_among_thirty_that_came_later():
    triangle = np.zeros((4, 4), dtype=np.int64)
    triangle[0, :3] = [1, 0, 29]

    np.testing.assert_allclose(measure(triangle).share_by_age, [0, 1 / 30, 1 / 30, 1])


def test_before_the_shortest_delay_nothing_is_reported():
    triangle = np.zeros((5, 5), dtype=np.int64)
    triangle[0, 2] = 40

    assert measure(triangle).share_by_age.tolist() == [0.0, 0.0, 0.0, 1.0, 1.0]


@pytest.mark.parametrize(("cases", "weeks"), [(29, None), (30, 1)])
def test_a_lag_needs_thirty_cases(cases, weeks):
    triangle = np.zeros((3, 3), dtype=np.int64)
    triangle[0, 0] = cases

    lag = measure(triangle)

    assert (lag.weeks, lag.cases, lag.incomplete) == (weeks, cases, 1)


def test_what_was_reported_in_the_current_week_is_left_out():
    triangle = np.zeros((4, 4), dtype=np.int64)
    triangle[:2, 0] = 20
    with_the_current_week = triangle.copy()
    with_the_current_week[[0, 1, 2, 3], [3, 2, 1, 0]] = 50

    assert numbers(measure(with_the_current_week)) == numbers(measure(triangle)) == (1, 40, 1, [0.0, 1.0, 1.0, 1.0])


@pytest.mark.parametrize(("late", "longest_age"), [(9, 1), (10, 3)])
def test_a_delay_is_judged_only_among_enough_cases(late, longest_age):
    triangle = np.zeros((4, 4), dtype=np.int64)
    triangle[0, 2] = late
    triangle[1:3, 0] = [20, 20]

    lag = measure(triangle)

    assert lag.weeks == longest_age
    assert lag.cases == 40 + (late if longest_age == 3 else 0)


def test_one_old_case_that_was_long_in_coming_does_not_make_every_week_incomplete():
    rng = np.random.default_rng(3)
    triangle = reports(rng, 0.9)
    triangle[0] = 0
    triangle[0, WEEKS - 2] = 1

    assert measure(triangle).weeks == 1


@pytest.mark.parametrize("size", [0, 1])
def test_without_a_week_that_is_over_nothing_is_known(size):
    lag = measure(np.full((size, size), 100))

    assert (lag.weeks, lag.cases, lag.incomplete, len(lag.share_by_age)) == (None, 0, 1, size)


@quick
@given(st.integers(0, 10**6))
def test_shares_grow_with_age_and_the_incomplete_weeks_lie_in_the_table(seed):
    lag = measure(reports(np.random.default_rng(seed), 0.2, per_week=4))

    assert np.all(np.diff(lag.share_by_age) >= 0)
    assert (lag.share_by_age[0], lag.share_by_age[-1]) == (0.0, 1.0)
    assert 1 <= lag.incomplete <= WEEKS


@pytest.mark.parametrize("wrong", [np.zeros((2, 3), dtype=int), np.zeros(4, dtype=int)])
def test_a_table_that_is_not_square_is_refused(wrong):
    with pytest.raises(ValueError, match="as many weeks"):
        measure(wrong)


@pytest.mark.parametrize("cell", [(1, 1), (0, 0)])
def test_reports_from_the_future_and_negative_counts_are_refused(cell):
    triangle = np.zeros((2, 2), dtype=np.int64)
    triangle[cell] = 1 if cell == (1, 1) else -1

    with pytest.raises(ValueError, match="no report from the future"):
        measure(triangle)
