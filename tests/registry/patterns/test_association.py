import math
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import Table2x2

from registry.patterns.association import associate, fisher_exact
from registry.patterns.association import cells as table_cells

from .builders import cells, quick, random_tables
from .safeguards import table


def exact_two_sided(joint, k_a, k_b, n):
    """The definition in whole numbers: weights of all tables at most as probable as the one observed."""
    smallest, largest = max(0, k_a + k_b - n), min(k_a, k_b)
    weights = [math.comb(k_a, x) * math.comb(n - k_a, k_b - x) for x in range(smallest, largest + 1)]
    observed = weights[joint - smallest]
    rare = sum(weight for weight in weights if weight * 10**7 <= observed * (10**7 + 1))
    return float(Fraction(rare, sum(weights)))


@st.composite
def tables(draw, largest=300):
    n = draw(st.integers(1, largest))
    k_a, k_b = draw(st.integers(0, n)), draw(st.integers(0, n))
    return draw(st.integers(max(0, k_a + k_b - n), min(k_a, k_b))), k_a, k_b, n


def test_worked_example_of_two_safeguards():
    counts = table("rlhf", "ai_judge")

    found = associate(*counts)

    assert counts == (11, 12, 13, 18)
    measures = (found.jaccard, found.lift, found.phi, found.odds_ratio, found.low)
    assert tuple(np.round(measures, 4)) == (0.7857, 1.2692, 0.6139, 13.8, 1.385)
    assert round(float(found.high), 1) == 137.5
    assert round(float(fisher_exact(*counts)), 4) == 0.0217


def test_phi_is_the_correlation_of_the_two_columns():
    rng = np.random.default_rng(2)
    x, y = rng.random((1000, 60)) < 0.5, rng.random((1000, 60)) < 0.3

    found = associate((x & y).sum(axis=1), x.sum(axis=1), y.sum(axis=1), 60)

    expected = [np.corrcoef(a, b)[0, 1] for a, b in zip(x, y, strict=True)]
    np.testing.assert_allclose(found.phi, expected, atol=1e-9, rtol=0)


def test_lift_and_jaccard_follow_their_definitions():
    joint, k_a, k_b, n = random_tables(np.random.default_rng(3), 1000, 500)
    some = (k_a > 0) & (k_b > 0)
    joint, k_a, k_b, n = joint[some], k_a[some], k_b[some], n[some]

    found = associate(joint, k_a, k_b, n)

    np.testing.assert_allclose(found.lift, (joint / n) / ((k_a / n) * (k_b / n)), rtol=1e-9)
    np.testing.assert_allclose(found.jaccard, joint / (k_a + k_b - joint), rtol=1e-9)


def test_odds_ratio_and_interval_agree_with_statsmodels_on_corrected_cells():
    joint, k_a, k_b, n = random_tables(np.random.default_rng(4), 1000, 2000)

    found = associate(joint, k_a, k_b, n)

    for i in range(1000):
        expected = Table2x2(cells(joint[i], k_a[i], k_b[i], n[i]) + 0.5, shift_zeros=False)
        interval = expected.oddsratio_confint()
        actual = (found.odds_ratio[i], found.low[i], found.high[i])
        np.testing.assert_allclose(actual, (expected.oddsratio, *interval), rtol=1e-9)


@quick
@given(tables(largest=10**6))
def test_odds_ratio_lies_in_its_interval_and_phi_between_minus_1_and_1(counts):
    found = associate(*counts)

    assert 0 < found.low < found.odds_ratio < found.high < np.inf
    assert np.isnan(found.phi) or -1 <= found.phi <= 1


@quick
@given(st.tuples(*[st.integers(0, 500)] * 4).filter(lambda cells: sum(cells) > 0))
def test_a_case_that_lacks_both_labels_raises_the_numerator_of_phi_by_the_joint_count(counted):
    a, b, c, d = counted

    one, other = ([int(cell) for cell in table_cells(a, a + b, a + c, a + b + c + d + more)] for more in (0, 1))

    assert other == [a, b, c, d + 1]
    assert other[0] * other[3] - other[1] * other[2] == (one[0] * one[3] - one[1] * one[2]) + a


@quick
@given(tables(largest=2000))
def test_the_sign_of_phi_is_that_of_its_numerator(counts):
    a, b, c, d = (int(cell) for cell in table_cells(*counts))

    phi = float(associate(*counts).phi)

    assert np.isnan(phi) or np.sign(phi) == np.sign(a * d - b * c)


@quick
@given(tables(largest=2000))
def test_strength_does_not_depend_on_which_label_comes_first(counts):
    joint, k_a, k_b, n = counts

    one, other = associate(joint, k_a, k_b, n), associate(joint, k_b, k_a, n)

    for name in ("phi", "lift", "jaccard", "odds_ratio", "low", "high"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-12)


def test_rounding_takes_phi_not_past_its_ends():
    found = associate([1, 0], [1, 1], [1, 3], [4, 4])

    assert found.phi.tolist() == [1.0, -1.0]


def test_an_empty_margin_leaves_measures_undefined_but_the_odds_ratio_finite():
    found = associate(0, 0, 4, 10)

    assert np.isnan([found.phi, found.lift]).all()
    assert found.jaccard == 0
    assert np.isfinite([found.odds_ratio, found.low, found.high]).all()


@pytest.mark.parametrize("counts", [(5, 4, 6, 10), (5, 6, 4, 10), (-1, 4, 4, 10), (0, 6, 6, 10)])
@pytest.mark.parametrize("measure", [associate, fisher_exact])
def test_counts_that_no_table_has_are_refused(measure, counts):
    with pytest.raises(ValueError, match="no 2x2 table"):
        measure(*counts)


@pytest.mark.parametrize(("largest", "many"), [(12, 500), (200, 400), (1000, 100)])
def test_fisher_agrees_with_scipy(largest, many):
    counts = random_tables(np.random.default_rng(largest), many, largest)

    p = fisher_exact(*counts)

    expected = [stats.fisher_exact(cells(*one)).pvalue for one in zip(*counts, strict=True)]
    np.testing.assert_allclose(p, expected, atol=1e-9, rtol=0)


def test_fisher_agrees_with_scipy_at_a_million_cases():
    rng = np.random.default_rng(6)
    n = np.full(40, 1_000_000)
    k_a, k_b = rng.integers(1, 10**6, 40), rng.integers(1, 10**6, 40)
    joint = rng.hypergeometric(k_a, n - k_a, k_b)

    p = fisher_exact(joint, k_a, k_b, n)

    expected = [stats.fisher_exact(cells(*one)).pvalue for one in zip(joint, k_a, k_b, n, strict=True)]
    np.testing.assert_allclose(p, expected, atol=1e-9, rtol=0)


def test_beside_the_mode_of_a_million_cases_p_is_all_but_the_modes_probability():
    n, half = 10**6, 5 * 10**5
    mode = stats.binom.pmf(half // 2, half, 0.5) ** 2 / stats.binom.pmf(half, n, 0.5)

    p = fisher_exact([half // 2 - 1, half // 2 + 1], half, half, n)

    np.testing.assert_allclose(p, 1 - mode, atol=1e-11, rtol=0)


@quick
@given(tables())
def test_fisher_is_the_sum_over_tables_at_most_as_probable(counts):
    assert float(fisher_exact(*counts)) == pytest.approx(exact_two_sided(*counts), rel=1e-10)


def test_equally_probable_tables_on_both_sides_count():
    p = fisher_exact([0, 5, 1], [5, 5, 5], [5, 5, 5], [10, 10, 10])

    np.testing.assert_allclose(p, [2 / 252, 2 / 252, 52 / 252], rtol=1e-12)


def test_a_table_hardly_less_probable_on_the_other_side_counts_and_one_hardly_more_does_not():
    # Seven joint cases are less probable than twelve by a six-thousandth.
    p = fisher_exact([7, 12], 13, 38, 52)

    np.testing.assert_allclose(p, [exact_two_sided(joint, 13, 38, 52) for joint in (7, 12)], rtol=1e-10)


@quick
@given(tables())
def test_fisher_does_not_depend_on_which_label_comes_first_or_is_negated(counts):
    joint, k_a, k_b, n = counts

    p = fisher_exact([joint, joint, k_a - joint], [k_a, k_b, k_a], [k_b, k_a, n - k_b], n)

    np.testing.assert_allclose(p, p[0], rtol=1e-9)


def test_fisher_keeps_small_probabilities():
    p = fisher_exact([50, 400], [50, 500], [50, 500], [100, 1000])

    np.testing.assert_allclose(p, [exact_two_sided(50, 50, 50, 100), exact_two_sided(400, 500, 500, 1000)])


def test_empty_margins_and_the_empty_family_are_no_evidence():
    assert fisher_exact([0, 4, 0], [0, 4, 0], [4, 10, 0], [10, 10, 0]).tolist() == [1.0, 1.0, 1.0]
    assert fisher_exact([], [], [], []).tolist() == []


def test_fisher_of_a_large_family_takes_memory_by_tables_not_by_cases():
    rng = np.random.default_rng(7)
    n = np.full(20_000, 1_000_000)
    k_a, k_b = n // rng.integers(2, 400, 20_000), n // rng.integers(2, 400, 20_000)
    joint = rng.hypergeometric(k_a, n - k_a, k_b)
    tracemalloc.start()

    p = fisher_exact(joint, k_a, k_b, n)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20e6
    assert 0.03 < np.mean(p < 0.05) < 0.055
