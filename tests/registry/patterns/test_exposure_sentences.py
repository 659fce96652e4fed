"""Rates of systems in words."""

import numpy as np
import pytest

from registry.choices import ExposureUnit
from registry.patterns.exposure import rates
from registry.patterns.exposure_sentences import UNITS, rate_words, ratio_words, refusal_words, scale_of
from registry.patterns.trends import compare


def test_every_unit_has_words():
    assert set(UNITS) == {unit.value for unit in ExposureUnit}


@pytest.mark.parametrize(
    ("k", "amount", "n_outside", "words"),
    [
        (18, 8_400_000, 0, "2.1 per million conversations (1.3–3.4), 18 cases"),
        (18, 8_400_000, 2, "2.1 per million conversations (1.3–3.4), 18 cases; 2 more where use is not recorded"),
        (1, 2000, 0, "500 per million conversations (13–2,786), 1 case"),
        (5, 4, 0, "1.2 per conversation (0.41–2.9), 5 cases"),
        (0, 100, 0, "at most 37 per thousand conversations, no case"),
        (0, 100, 3, "at most 37 per thousand conversations, no case; 3 more where use is not recorded"),
        (0, 0, 1, "no use recorded in conversations; 1 case cannot be divided by it"),
        (0, 0, 0, "no use recorded in conversations"),
    ],
)
def test_a_rate_is_told_with_interval_and_cases(k, amount, n_outside, words):
    assert rate_words(rates(k, amount), "conversations", n_outside=n_outside) == words


def test_all_rates_of_a_unit_are_told_on_one_scale():
    found = rates([18, 2, 0, 1], np.array([8_400_000, 40_000_000, 10, 0]))

    assert scale_of(found) == 1_000_000
    assert rate_words(rates(2, 40_000_000), "deployments", scale=1_000_000) == (
        "0.05 per million deployments (0.0061–0.18), 2 cases"
    )


@pytest.mark.parametrize(
    ("k", "amount", "scale"),
    [
        (1, 1, 1),
        (1, 2, 1_000),
        (1, 1_000, 1_000),
        (1, 1_001, 1_000_000),
        (1, 10**9, 10**9),
        (1, 10**12, 10**9),
        (0, 3, 1),
        (0, 5, 1_000),
        (0, 0, 1),
    ],
)
def test_the_scale_makes_the_largest_rate_1_or_more(k, amount, scale):
    assert scale_of(rates(k, amount)) == scale


def test_a_ratio_without_a_case_before_is_infinite():
    assert ratio_words("Alpha", "Beta", compare(5, 10, 0, 10)) == (
        "Alpha has ∞ times the rate of Beta (0.92–∞, p = 0.062)"
    )


def test_a_refusal_names_the_systems_and_counts_the_rest():
    assert refusal_words(["Alpha"], "deployments") == (
        "Not ranked: Alpha has cases, but nobody recorded its use in deployments."
    )
    assert refusal_words([*"ABCDEFG"], "evaluation-runs") == (
        "Not ranked: A, B, C, D, E and 2 other systems have cases, but nobody recorded their use in evaluation runs."
    )
    assert refusal_words([*"ABCDE"], "deployments").startswith("Not ranked: A, B, C, D and E have")
