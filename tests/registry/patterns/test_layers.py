from fractions import Fraction
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from registry.patterns.layers import all_fail, kish_layers, log_layers

from .builders import quick

shares = st.floats(0.001, 0.999)


@pytest.mark.parametrize(
    ("m", "rho", "expected"), [(2, 0.3, 0.037), (3, 0.3, 0.01907), (10, 0, 1e-10), (10, 0.3, 0.002075)]
)
def test_worked_examples_of_all_failing(m, rho, expected):
    assert float(all_fail(m, 0.1, rho)) == pytest.approx(expected, rel=5e-4)


def test_worked_examples_of_effective_layers():
    found = [(log_layers(m, 0.1, 0.3), kish_layers(m, 0.3)) for m in (3, 10)]

    assert [(round(float(log), 4), round(float(kish), 4)) for log, kish in found] == [(1.7197, 1.875), (2.6829, 2.7027)]
    assert round(float(kish_layers(3, 0.2631)), 4) == 1.9657


def test_all_fail_is_the_last_term_of_the_beta_binomial():
    rng = np.random.default_rng(21)
    p, rho = rng.uniform(0.01, 0.99, 1000), rng.uniform(0.01, 0.99, 1000)

    for m in (1, 2, 5, 10):
        a, b = p * (1 - rho) / rho, (1 - p) * (1 - rho) / rho
        np.testing.assert_allclose(all_fail(m, p, rho), stats.betabinom.pmf(m, m, a, b), rtol=1e-9, atol=1e-9)


def test_all_fail_agrees_with_exact_fractions():
    rng = np.random.default_rng(22)
    for p, rho in rng.integers(1, 100, (1000, 2)).tolist():
        p, rho, m = Fraction(p, 100), Fraction(rho, 100), 6
        a, b = p * (1 - rho) / rho, (1 - p) * (1 - rho) / rho
        expected = prod((a + i) / (a + b + i) for i in range(m))

        assert float(all_fail(m, float(p), float(rho))) == pytest.approx(float(expected), rel=1e-12)


def test_two_layers_are_the_square_and_what_correlation_adds():
    p, rho = np.random.default_rng(23).random((2, 1000))

    np.testing.assert_allclose(all_fail(2, p, rho), p**2 + rho * p * (1 - p), atol=1e-12)


@quick
@given(st.integers(1, 20), shares)
def test_independent_and_identical_layers_are_the_limits(m, p):
    assert float(all_fail(m, p, 0)) == pytest.approx(p**m)
    assert float(all_fail(m, p, 1)) == pytest.approx(p)
    assert float(all_fail(m, p, 1e-12)) == pytest.approx(p**m, rel=1e-6)


@quick
@given(st.integers(2, 20), shares, st.floats(0, 1), st.floats(0, 1))
def test_more_correlation_never_helps_and_layers_lie_between_one_and_all(m, p, one, other):
    low, high = sorted((one, other))

    assert all_fail(m, p, low) <= all_fail(m, p, high) * (1 + 1e-12)
    for measure in (kish_layers(m, [low, high]), log_layers(m, p, [low, high])):
        assert measure[0] >= measure[1] - 1e-9
        assert np.all((measure >= 1 - 1e-9) & (measure <= m + 1e-9))


@pytest.mark.parametrize("rho", [0, -0.5])
def test_layers_without_positive_correlation_count_in_full(rho):
    assert (float(kish_layers(4, rho)), float(log_layers(4, 0.2, rho))) == (4.0, 4.0)


@pytest.mark.parametrize("rho", [0, 0.3])
def test_no_chance_to_fail_and_certain_failure_have_no_logarithmic_measure(rho):
    assert np.isnan(log_layers(3, [0.0, 1.0], rho)).all()


@pytest.mark.parametrize(
    ("m", "p", "rho"),
    [
        (0, 0.1, 0.1),
        (2, -0.1, 0.1),
        (2, 1.1, 0.1),
        (2, [0.1, 1.1], 0.1),
        (2, 0.1, 1.1),
        (2, 0.1, [0.1, 1.1]),
    ],
)
def test_what_is_no_chance_is_refused(m, p, rho):
    for measure in (all_fail, log_layers):
        with pytest.raises(ValueError, match=r"layer|chance|correlation"):
            measure(m, p, rho)


def test_the_beta_binomial_refuses_negative_and_undefined_correlation():
    for rho in (-0.01, float("nan")):
        with pytest.raises(ValueError, match="negative one has no beta-binomial"):
            all_fail(3, 0.1, rho)
