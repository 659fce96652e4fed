import numpy as np

from registry.patterns.association import associate
from registry.patterns.ranking import ranked, shrunken_effect


def test_a_zero_cell_does_not_outrank_a_well_supported_pair():
    found = associate([4, 60], [4, 100], [10, 100], [40, 300])

    effect = shrunken_effect(found.low, found.high)

    assert found.odds_ratio[0] > found.odds_ratio[1]
    assert effect[0] < effect[1]


def test_the_effect_is_the_logarithm_of_the_near_end():
    effect = shrunken_effect(np.array([2.0, 0.2, 0.5, 1.0]), np.array([8.0, 0.25, 2.0, 3.0]))

    np.testing.assert_allclose(effect, [np.log(2), np.log(0.25), 0, 0])


def test_labels_that_attract_come_first_and_those_that_avoid_last_equal_ones_by_p_then_as_given():
    effect = np.array([0.0, 0.5, -0.7, 0.0, 0.0, 0.0])
    p = np.array([np.nan, 0.01, 0.01, 0.3, 0.2, np.nan])

    assert ranked(effect, p).tolist() == [1, 4, 3, 0, 5, 2]
