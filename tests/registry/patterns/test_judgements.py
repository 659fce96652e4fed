import numpy as np
import pytest

from registry.patterns.agreement import MISSING, Metric, coincidences, tally
from registry.patterns.judgements import ABSENT, PRESENT, UNSURE, Ratings, agree
from registry.patterns.resampling import Draws, bootstrap

from .textbook import slow_alpha

A, B = 71, 72


def ratings_of(values, cases, raters, *, schemes=None, realised=None, potential=None):
    """Ratings by hand; two nodes of scheme 1 unless told otherwise, no severity."""
    values = np.array(values, dtype=np.int8)
    n_nodes = values.shape[1]
    nothing = np.full(len(values), MISSING, dtype=np.int8)
    return Ratings(
        cases=np.array(cases),
        raters=np.array(raters),
        values=values,
        realised=nothing if realised is None else np.array(realised, dtype=np.int8),
        potential=nothing if potential is None else np.array(potential, dtype=np.int8),
        node_ids=np.arange(A, A + n_nodes),
        schemes=np.array(schemes or [1] * n_nodes),
        n_tiers=5,
    )


def two_raters(first, second):
    """Ten cases or so of one node: what the first and what the second says of each."""
    n = len(first)
    return ratings_of([[value] for value in (*first, *second)], [*range(n)] * 2, [1] * n + [2] * n)


def random_ratings(seed):
    random = np.random.default_rng(seed)
    cases, raters = np.repeat(np.arange(40), 3), np.tile([4, 5, 6], 40)
    values = random.integers(-1, 3, (120, 7))
    tiers = random.integers(-1, 5, (2, 120))
    order = random.permutation(120)
    return ratings_of(
        values[order],
        cases[order],
        raters[order],
        schemes=[1, 1, 1, 2, 2, 2, 3],
        realised=tiers[0][order],
        potential=tiers[1][order],
    )


@pytest.mark.parametrize("seed", range(3))
def test_every_alpha_equals_the_textbook(seed):
    ratings = random_ratings(seed)

    found = agree(ratings, seed=1, n_resamples=20)

    alphas = np.concatenate([scheme.nodes.alpha for scheme in found.schemes])
    for node, alpha in enumerate(alphas):
        units = [
            [int(value) for value in ratings.values[ratings.cases == case, node] if value >= 0] for case in range(40)
        ]
        assert alpha == pytest.approx(slow_alpha(units), abs=1e-12)
    for tiers, severity in ((ratings.realised, found.realised), (ratings.potential, found.potential)):
        units = [[int(value) for value in tiers[ratings.cases == case] if value >= 0] for case in range(40)]
        assert severity.alpha[0] == pytest.approx(slow_alpha(units, ordinal=True), abs=1e-12)


def coincidences_of(values, cases, n_values):
    """Those of the cases that two raters or more said something of, in their order."""
    spoken = [case for case in np.unique(cases) if (values[cases == case] != MISSING).any(axis=1).sum() >= 2]
    kept = np.isin(cases, spoken)
    units = np.searchsorted(spoken, cases[kept])
    return coincidences(tally(values[kept], units, n_units=len(spoken), n_values=n_values))


def test_every_interval_is_that_of_drawing_the_cases_compared():
    ratings = random_ratings(7)

    found = agree(ratings, seed=4, n_resamples=50)

    for place, nodes in enumerate(([0, 1, 2], [3, 4, 5], [6])):
        expected = bootstrap(
            coincidences_of(ratings.values[:, nodes], ratings.cases, 3), Draws(seed=4, n_resamples=50), Metric.NOMINAL
        )
        each, whole = found.schemes[place].nodes, found.schemes[place].whole
        np.testing.assert_array_equal([each.low, each.high], [expected.low, expected.high])
        assert (whole.low[0], whole.high[0]) == (expected.pooled_low, expected.pooled_high)
    for tiers, severity in ((ratings.realised, found.realised), (ratings.potential, found.potential)):
        expected = bootstrap(
            coincidences_of(tiers[:, None], ratings.cases, 5), Draws(seed=4, n_resamples=50), Metric.ORDINAL
        )
        np.testing.assert_array_equal([severity.low, severity.high], [expected.low, expected.high])


def test_counts_say_who_spoke_of_how_much():
    values = [[PRESENT, ABSENT], [ABSENT, MISSING], [PRESENT, PRESENT], [PRESENT, UNSURE], [PRESENT, PRESENT]]

    found = agree(ratings_of(values, [7, 7, 8, 8, 9], [1, 2, 2, 3, 1]), seed=1, n_resamples=20)

    (scheme,) = found.schemes
    assert [scheme.nodes.cases.tolist(), scheme.nodes.raters.tolist()] == [[2, 1], [3, 2]]
    assert [scheme.nodes.values.tolist(), scheme.nodes.disputed.tolist()] == [[4, 2], [1, 1]]
    assert (scheme.whole.cases[0], scheme.whole.raters[0], scheme.whole.values[0], scheme.whole.disputed[0]) == (
        2,
        3,
        6,
        2,
    )
    # The case that one rater spoke of is no part of it.
    assert (found.cases, found.raters, found.labels) == (2, 3, 7)


def test_who_spoke_of_nothing_in_common_are_not_compared():
    found = agree(ratings_of([[PRESENT, MISSING], [MISSING, PRESENT]], [7, 7], [1, 2]), seed=1, n_resamples=20)

    assert (found.cases, found.raters, found.labels) == (0, 0, 0)
    whole = found.schemes[0].whole
    assert [whole.cases[0], whole.raters[0], whole.values[0], whole.disputed[0]] == [0, 0, 0, 0]


def test_who_judged_only_how_severe_a_case_is_are_compared_on_that_alone():
    ratings = ratings_of([[MISSING]] * 4, [7, 7, 8, 8], [1, 2, 1, 3], realised=[0, 4, 2, 2], potential=[1, -1, -1, 3])

    found = agree(ratings, seed=1, n_resamples=20)

    assert (found.cases, found.raters, found.labels, found.schemes, found.potential) == (2, 3, 0, [], None)
    realised = found.realised
    assert [realised.cases[0], realised.raters[0], realised.values[0], realised.disputed[0]] == [2, 3, 4, 1]


def test_a_rater_counts_for_a_node_only_where_another_spoke_of_it():
    values = [[PRESENT, PRESENT], [PRESENT, MISSING], [ABSENT, ABSENT], [ABSENT, ABSENT], [ABSENT, MISSING]]

    found = agree(ratings_of(values, [7, 7, 8, 8, 8], [2, 9, 2, 3, 9]), seed=1, n_resamples=20)

    assert found.schemes[0].nodes.raters.tolist() == [3, 2]


def test_below_five_cases_there_is_no_alpha():
    four, five = ([PRESENT, ABSENT, PRESENT, ABSENT], [PRESENT, ABSENT, ABSENT, ABSENT]), ([PRESENT], [PRESENT])

    alphas = [
        agree(two_raters(*said), seed=1).schemes[0].nodes.alpha[0]
        for said in (four, (four[0] + five[0], four[1] + five[1]))
    ]

    assert np.isnan(alphas[0])
    assert alphas[1] == pytest.approx(slow_alpha([[1, 1], [0, 0], [1, 0], [0, 0], [1, 1]]))


@pytest.mark.parametrize("value", [ABSENT, PRESENT, UNSURE])
def test_where_all_say_the_same_alpha_is_undefined_and_never_0_or_1(value):
    found = agree(two_raters([value] * 9, [value] * 9), seed=1).schemes[0]

    assert np.isnan([found.nodes.alpha[0], found.whole.alpha[0], found.pairs.kappa[0]]).all()
    assert found.nodes.disputed[0] == 0


def test_unsure_against_present_is_a_disagreement_and_against_unsure_is_none():
    first = [PRESENT] * 5 + [UNSURE] * 5
    alphas = [agree(two_raters(first, second), seed=1).schemes[0].nodes.alpha[0] for second in (first, [PRESENT] * 10)]

    assert alphas[0] == 1
    assert alphas[1] < 0.1


def test_another_schemes_ratings_do_not_move_the_numbers_of_a_scheme():
    ratings = random_ratings(5)
    alone = ratings_of(ratings.values[:, :3], ratings.cases, ratings.raters)

    both, one = (agree(each, seed=2, n_resamples=50).schemes[0] for each in (ratings, alone))

    np.testing.assert_array_equal(
        [both.whole.alpha, both.whole.low, both.whole.high], [one.whole.alpha, one.whole.low, one.whole.high]
    )


def test_confusions_carry_the_ids_of_the_nodes_the_smaller_first():
    ratings = ratings_of([[1, 0], [0, 1]], [7, 7], [1, 2])
    ratings.node_ids[:] = [B, A]

    found = agree(ratings, seed=1).schemes[0].confusions

    assert (found.a.tolist(), found.b.tolist(), found.units.tolist()) == ([A], [B], [1])


def test_nodes_of_different_schemes_are_never_confused():
    found = agree(ratings_of([[1, 0], [0, 1]], [7, 7], [1, 2], schemes=[1, 2]), seed=1)

    assert [len(scheme.confusions.a) for scheme in found.schemes] == [0, 0]


@pytest.mark.parametrize("n_rows", [0, 1])
def test_nothing_to_compare_gives_nothing(n_rows):
    found = agree(ratings_of(np.ones((n_rows, 2)), [7] * n_rows, [1] * n_rows), seed=1)

    assert (found.cases, found.raters, found.labels, found.schemes) == (0, 0, 0, [])
    assert found.realised is None
    assert found.potential is None
