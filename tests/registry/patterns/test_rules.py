import numpy as np
import pytest

from registry.patterns.rules import Rules

NAN = float("nan")


def test_the_defaults_are_those_of_the_design():
    assert Rules() == Rules(min_rate_n=5, min_joint=3, min_test_n=10, min_support=5, max_q=0.10)


@pytest.mark.parametrize(
    ("q", "joint", "low", "high", "expected"),
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
def test_a_flag_needs_q_and_joint_cases_and_interval(q, joint, low, high, expected):
    found = Rules().flagged(*(np.array([value]) for value in (q, joint, low, high)))

    assert found.tolist() == [expected]


def test_rates_and_ratios_of_few_cases_are_hidden():
    assert Rules().rate_hidden(np.array([0, 4, 5])).tolist() == [True, True, False]
    assert Rules().ratios_hidden(np.array([0, 2, 3])).tolist() == [True, True, False]


@pytest.mark.parametrize(("k", "n", "expected"), [(5, 10, True), (4, 10, False), (5, 9, False)])
def test_a_trend_of_few_cases_is_not_tested(k, n, expected):
    assert Rules().trend_testable(np.array([k]), n).tolist() == [expected]


def test_every_threshold_is_printed():
    printed = " ".join(Rules(11, 12, 13, 14, 0.15).sentences())

    assert all(f" {value}" in printed for value in ("11", "12", "13", "14", "0.15"))


@pytest.mark.parametrize("wrong", [{"min_joint": 0}, {"min_test_n": -1}, {"max_q": 0}, {"max_q": 1.5}])
def test_senseless_thresholds_are_refused(wrong):
    with pytest.raises(ValueError):
        Rules(**wrong)
