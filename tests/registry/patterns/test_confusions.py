from itertools import combinations

import numpy as np
import pytest

from registry.patterns.confusions import confusions
from registry.patterns.rater_pairs import row_pairs


def found_in(values, units, raters):
    found = confusions(np.array(values), np.array(units), row_pairs(np.array(units), np.array(raters)), chosen=1)
    return {
        (int(a), int(b)): (int(n), int(of))
        for a, b, n, of in zip(found.a, found.b, found.units, found.together, strict=True)
    }


def test_two_raters_who_choose_different_nodes_confuse_them():
    assert found_in([[1, 0, 0], [0, 1, 0]], [7, 7], [1, 2]) == {(0, 1): (1, 1)}


def test_a_unit_counts_once_however_many_raters_part_on_it():
    assert found_in([[1, 0], [0, 1], [0, 1], [1, 0]], [7] * 4, [1, 2, 3, 4]) == {(0, 1): (1, 1)}


def test_of_how_many_units_either_was_chosen_on_is_counted():
    values = [[1, 0], [0, 1], [1, 0], [1, 0], [0, 0], [0, 0], [1, 0]]

    # On the last unit there is nobody to compare with.
    assert found_in(values, [1, 1, 2, 2, 3, 3, 4], [1, 2, 1, 2, 1, 2, 1]) == {(0, 1): (1, 2)}


def test_without_a_second_rater_nothing_is_confused():
    assert found_in([[1, 0], [0, 1]], [7, 8], [1, 2]) == {}


@pytest.mark.parametrize(
    "values",
    [
        [[1, 1], [0, 1]],  # one chose both
        [[1, 0], [0, 0]],  # the other chose neither
        [[1, 0], [-1, 1]],  # the other did not judge the first node
        [[1, 0], [1, 0]],
    ],
)
def test_nothing_else_is_confusion(values):
    assert found_in(values, [7, 7], [1, 2]) == {}


def test_many_raters_and_nodes_equal_a_count_by_hand():
    random = np.random.default_rng(12)
    units, raters = np.repeat(np.arange(25), 3), np.tile(np.arange(3), 25)
    values = random.integers(-1, 3, (75, 6))
    expected = {}
    for a, b in combinations(range(6), 2):
        confused = sum(
            any(
                min(x[a], x[b], y[a], y[b]) >= 0 and x[a] == 1 and y[a] != 1 and y[b] == 1 and x[b] != 1
                for x in values[units == unit]
                for y in values[units == unit]
            )
            for unit in range(25)
        )
        either = sum(bool((values[units == unit][:, [a, b]] == 1).any()) for unit in range(25))
        if confused:
            expected[a, b] = (confused, either)

    assert found_in(values, units, raters) == expected
    assert len(expected) > 5
