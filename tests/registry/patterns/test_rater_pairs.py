import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from statsmodels.stats.inter_rater import cohens_kappa

from registry.patterns.rater_pairs import pair_scores, pooled_kappa, row_pairs

from .builders import quick
from .textbook import slow_kappa

TWO_RATERS = st.integers(1, 20).flatmap(lambda n: arrays(np.int8, (2, n), elements=st.integers(-1, 2)))


def scores_of(table):
    """The one pair of raters of a table (2, units) of one item."""
    n_units = table.shape[1]
    units, raters = np.tile(np.arange(n_units), 2), np.repeat([4, 9], n_units)
    return pair_scores(table.reshape(-1, 1), raters, row_pairs(units, raters), n_values=3)


def test_kappa_of_the_worked_example():
    table = np.array([["abc".index(letter) for letter in text] for text in ("abacabcaba", "abbcabcaaa")])

    found = scores_of(table)

    assert (found.first[0], found.second[0]) == (4, 9)
    assert (found.units[0], found.judgements[0], found.agreed[0]) == (10, 10, 8)
    assert found.kappa[0] == pytest.approx(0.6774, abs=5e-5)


@quick
@given(TWO_RATERS)
def test_kappa_equals_the_textbook(table):
    pairs = [tuple(column) for column in table.T.tolist() if min(column) >= 0]

    found = scores_of(table)

    if not pairs:
        assert len(found.kappa) == 0
        return
    expected = slow_kappa(pairs)
    assert found.kappa[0] == pytest.approx(np.nan if expected is None else expected, abs=1e-12, nan_ok=True)
    assert (found.judgements[0], found.agreed[0]) == (len(pairs), sum(one == other for one, other in pairs))


def test_kappa_equals_statsmodels():
    table = np.random.default_rng(8).integers(0, 40, (50, 1, 3, 3))

    found = pooled_kappa(table)

    expected = [cohens_kappa(each[0], return_results=False) for each in table]
    np.testing.assert_allclose(found, expected, atol=1e-12)
    assert pooled_kappa(table[0]) == pytest.approx(expected[0], abs=1e-12)


def test_pooled_over_the_nodes_of_a_choice_it_is_the_kappa_of_the_choice():
    chosen = np.random.default_rng(6).integers(0, 4, (2, 50))
    one_hot = (chosen[..., None] == np.arange(4)).astype(np.int8).reshape(-1, 4)
    units, raters = np.tile(np.arange(50), 2), np.repeat([1, 2], 50)

    found = pair_scores(one_hot, raters, row_pairs(units, raters), n_values=3)

    assert found.kappa[0] == pytest.approx(slow_kappa(list(zip(*chosen.tolist(), strict=True))), abs=1e-12)
    agreed = np.count_nonzero(one_hot[:50] == one_hot[50:])
    assert (found.units[0], found.judgements[0], found.agreed[0]) == (50, 200, agreed)


def test_each_two_raters_are_compared_on_what_they_have_in_common():
    units = np.array([1, 1, 1, 2, 2, 3])
    raters = np.array([30, 10, 20, 10, 20, 30])
    values = np.array([[1, 0], [1, -1], [0, 0], [1, 1], [1, 0], [1, 1]])

    found = pair_scores(values, raters, row_pairs(units, raters), n_values=3)

    compared = zip(found.first, found.second, found.units, found.judgements, found.agreed, strict=True)
    assert [tuple(map(int, row)) for row in compared] == [(10, 20, 2, 3, 1), (10, 30, 1, 1, 1), (20, 30, 1, 2, 1)]


def test_rows_of_different_units_are_no_pair():
    pairs = row_pairs(np.array([5, 7, 6]), np.array([1, 1, 2]))

    assert (pairs.first.tolist(), pairs.second.tolist()) == ([], [])


def test_who_have_nothing_in_common_are_no_pair():
    values = np.array([[1, -1], [-1, 1]])

    found = pair_scores(values, np.array([1, 2]), row_pairs(np.array([5, 5]), np.array([1, 2])), n_values=3)

    assert len(found.first) == 0
