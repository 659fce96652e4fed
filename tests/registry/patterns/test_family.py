import numpy as np
import pytest

from registry.patterns.counting import count_cases
from registry.patterns.family import PairState, pair_counts, pair_states
from registry.patterns.rules import Rules
from registry.patterns.shape import pairs_among

from .builders import block_of, shape_of


def states(shape, cases, rules=None):
    pairs = pair_counts(count_cases(block_of(cases), shape, 1), shape)
    found = pair_states(pairs, shape, rules or Rules())
    return {
        (a, b): PairState(s).name for a, b, s in zip(pairs.a.tolist(), pairs.b.tolist(), found.tolist(), strict=True)
    }


def test_every_pair_has_the_counts_of_the_cases_in_which_both_schemes_were_applied():
    shape = shape_of(2, 2)
    cases = [{0, 2}] * 4 + [{0, 3}] * 3 + [{1, 2}] * 2 + [{0}] * 10 + [{2}] * 20

    pairs = pair_counts(count_cases(block_of(cases), shape, 1), shape)

    table = np.stack([pairs.a, pairs.b, pairs.joint, pairs.k_a, pairs.k_b, pairs.n], axis=1)
    assert table.tolist() == [
        [0, 1, 0, 17, 2, 19],
        [0, 2, 4, 7, 6, 9],
        [0, 3, 3, 7, 3, 9],
        [1, 2, 2, 2, 6, 9],
        [1, 3, 0, 2, 3, 9],
        [2, 3, 0, 26, 3, 29],
    ]


def test_states_are_numbered_in_the_order_in_which_they_are_kept():
    assert [(state.name, state.value) for state in PairState] == [
        ("TESTED", 0),
        ("RELATED", 1),
        ("EXCLUSIVE", 2),
        ("TOO_FEW", 3),
    ]


def test_each_pair_is_tested_or_says_why_not():
    shape = shape_of(2, 2, 1, ancestors=[(2, 1)], exclusive=pairs_among([3, 4]), mapped=[(4, 1)])
    cases = [{0, 1, 2}] * 8 + [{0, 3}] * 8 + [{0, 1, 3, 4}] * 4

    assert states(shape, cases) == {
        (0, 1): "RELATED",
        (0, 2): "TOO_FEW",  # node 0 is in every case
        (0, 3): "RELATED",
        (0, 4): "TOO_FEW",
        (1, 2): "TESTED",
        (1, 3): "TESTED",
        (1, 4): "TOO_FEW",
        (2, 3): "EXCLUSIVE",
        (2, 4): "TOO_FEW",
        (3, 4): "TOO_FEW",
    }


def test_related_is_said_before_exclusive_and_exclusive_before_too_few():
    shape = shape_of(3, ancestors=[(2, 1)], exclusive=pairs_among([1, 2, 3]))

    assert states(shape, [{0}]) == {(0, 1): "RELATED", (0, 2): "EXCLUSIVE", (1, 2): "EXCLUSIVE"}


@pytest.mark.parametrize(
    ("both", "first", "second", "neither", "state"),
    [
        (3, 2, 2, 3, "TESTED"),
        (3, 1, 2, 4, "TOO_FEW"),  # the first label in 4 cases
        (3, 2, 1, 4, "TOO_FEW"),  # the second label in 4 cases
        (3, 2, 2, 2, "TOO_FEW"),  # 9 cases in all
        (0, 5, 5, 0, "TESTED"),
        (5, 0, 5, 0, "TOO_FEW"),  # the second label in every case
    ],
)
def test_small_tables_are_not_tested(both, first, second, neither, state):
    shape = shape_of(2, 2, exclusive=[(1, 2), (3, 4)])
    cases = [{0, 2}] * both + [{0, 3}] * first + [{1, 2}] * second + [{1, 3}] * neither

    assert states(shape, cases)[0, 2] == state


def test_support_is_counted_where_both_schemes_were_applied():
    shape = shape_of(2, 2)
    cases = [{0, 2}] * 4 + [{1, 2}] * 4 + [{1, 3}] * 4 + [{0}] * 50

    assert states(shape, cases)[0, 2] == "TOO_FEW"
    assert states(shape, cases, Rules(min_support=4))[0, 2] == "TESTED"
