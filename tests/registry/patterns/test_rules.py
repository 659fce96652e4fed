import numpy as np
import pytest

from registry.patterns.rules import Rules

NAN = float("nan")


def test_the_defaults_are_those_of_the_design():
    assert Rules() == Rules(min_rate_n=5, min_joint=3, min_test_n=10, min_support=5, max_q=0.10)


@pytest.mark.parametrize(
    ("q", "joint", "low", "expected"),
    [
        (0.0999, 3, 1.01, True),
        (0.1000, 3, 1.01, False),
        (0.0999, 2, 1.01, False),
        (0.0999, 3, 1.00, False),
        (0.0001, 30, 0.10, False),
        (NAN, 30, 2.00, False),
    ],
)
def test_a_flag_needs_q_and_joint_cases_and_an_interval_above_1(q, joint, low, expected):
    found = Rules().flagged(*(np.array([value]) for value in (q, joint, low)))

    assert found.tolist() == [expected]


@pytest.mark.parametrize(
    ("q", "high", "expected"), [(0.0999, 0.99, True), (0.1, 0.99, False), (0.0999, 1.0, False), (NAN, 0.5, False)]
)
def test_fewer_than_expected_needs_q_and_an_interval_below_1(q, high, expected):
    assert Rules().fewer(np.array([q]), np.array([high])).tolist() == [expected]


@pytest.mark.parametrize(
    ("q", "larger", "low", "high", "expected"),
    [
        (0.0999, 3, 1.01, 9.0, True),
        (0.0999, 3, 0.10, 0.99, True),
        (0.1000, 3, 1.01, 9.0, False),
        (0.0999, 2, 1.01, 9.0, False),
        (0.0999, 3, 1.00, 9.0, False),
        (0.0999, 3, 0.10, 1.0, False),
        (NAN, 30, 2.00, 9.0, False),
    ],
)
def test_a_trend_is_flagged_in_either_direction(q, larger, low, high, expected):
    found = Rules().trend_flagged(*(np.array([value]) for value in (q, larger, low, high)))

    assert found.tolist() == [expected]


@pytest.mark.parametrize(
    ("k_a", "k_b", "n", "expected"),
    [(5, 5, 10, True), (4, 9, 10, False), (9, 4, 10, False), (5, 10, 10, False), (10, 5, 10, False), (5, 5, 9, False)],
)
def test_a_table_is_tested_by_its_margins(k_a, k_b, n, expected):
    assert Rules().testable(np.array([k_a]), np.array([k_b]), np.array([n])).tolist() == [expected]


def test_rates_and_ratios_of_few_cases_are_hidden():
    assert Rules().rate_hidden(np.array([0, 4, 5])).tolist() == [True, True, False]
    assert Rules().ratios_hidden(np.array([0, 2, 3])).tolist() == [True, True, False]


@pytest.mark.parametrize(("k", "n", "expected"), [(5, 10, True), (4, 10, False), (5, 9, False)])
def test_a_trend_of_few_cases_is_not_tested(k, n, expected):
    assert Rules().trend_testable(np.array([k]), n).tolist() == [expected]


def test_every_threshold_is_printed():
    printed = " ".join(Rules(11, 12, 13, 14, 0.15).sentences())

    assert all(f" {value}" in printed for value in ("11", "12", "13", "14", "0.15"))


def test_what_is_fewer_than_expected_is_said_never_to_be_flagged():
    assert any("less often than expected" in words and "never flagged" in words for words in Rules().sentences())


@pytest.mark.parametrize("name", ["min_rate_n", "min_joint", "min_test_n", "min_support"])
def test_a_threshold_below_1_is_refused(name):
    assert Rules(**{name: 1}) != Rules()

    with pytest.raises(ValueError, match="at least 1"):
        Rules(**{name: 0})


@pytest.mark.parametrize("wrong", [0, -0.1, 1.01])
def test_a_threshold_of_q_that_no_share_is_is_refused(wrong):
    assert Rules(max_q=1).max_q == 1

    with pytest.raises(ValueError, match="lies above 0"):
        Rules(max_q=wrong)
