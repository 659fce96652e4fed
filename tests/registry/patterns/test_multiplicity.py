import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from registry.patterns.association import fisher_exact
from registry.patterns.multiplicity import attracting_q, family_size, q_values

from .builders import quick
from .safeguards import NAMES, table

p_values = st.lists(st.floats(0, 1) | st.just(float("nan")), max_size=40)


@pytest.mark.parametrize("size", [1, 2, 15, 1000])
def test_q_agrees_with_scipy_and_statsmodels(size):
    p = np.random.default_rng(size).random(size) ** 3

    q = q_values(p)

    np.testing.assert_allclose(q, stats.false_discovery_control(p), atol=1e-9, rtol=0)
    np.testing.assert_allclose(q, multipletests(p, method="fdr_bh")[1], atol=1e-9, rtol=0)


@quick
@given(p_values)
def test_q_is_at_least_p_at_most_1_and_keeps_the_order(p):
    q = q_values(p)

    tested = ~np.isnan(p)
    found = np.array(p)[tested]
    assert np.all((q[tested] >= found) & (q[tested] <= 1))
    assert np.all(np.diff(q[tested][np.argsort(found)]) >= 0)


@quick
@given(p_values)
def test_untested_pairs_stay_out_of_the_family(p):
    tested = ~np.isnan(p)

    q = q_values(p)

    assert np.array_equal(np.isnan(q), ~tested)
    assert np.array_equal(q[tested], q_values(np.array(p)[tested]))
    assert family_size(np.array(p)) == tested.sum()


@pytest.mark.parametrize("p", [-0.1, 1.1])
def test_a_p_outside_0_to_1_is_refused(p):
    with pytest.raises(ValueError, match="p value"):
        q_values([0.5, p])


def test_six_pairs_of_the_worked_example_leave_the_strongest_at_q_0_1303():
    pairs = [(first, second) for i, first in enumerate(NAMES) for second in NAMES[i + 1 :]]

    q = q_values(fisher_exact(*np.transpose([table(*pair) for pair in pairs])))

    assert len(q) == 6
    assert round(float(q[pairs.index(("rlhf", "ai_judge"))]), 4) == 0.1303


@quick
@given(st.lists(st.tuples(st.floats(0, 1) | st.just(float("nan")), st.booleans()), max_size=40))
def test_among_attracting_pairs_q_is_no_smaller_and_the_family_is_the_same(rows):
    p = np.array([row[0] for row in rows])
    joint = np.array([9 if row[1] else 1 for row in rows], dtype=np.int64)

    q = attracting_q(p, joint, np.full(len(rows), 4.0))

    tested = ~np.isnan(p)
    assert np.array_equal(np.isnan(q), ~tested)
    assert np.all(q[tested] >= q_values(p)[tested])
    assert np.all(q[tested & (joint == 1)] == 1)


def test_exactly_as_many_joint_cases_as_expected_are_no_discovery():
    q = attracting_q(np.array([0.01, 0.01]), np.array([4, 5]), np.array([4.0, 4.0]))

    assert q.tolist() == [1.0, 0.02]
