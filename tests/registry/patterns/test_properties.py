"""What holds of every registry, from cases to intervals: drawn at random, through the counting and the analysis."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from registry.patterns.analysis import analyse
from registry.patterns.association import cells
from registry.patterns.counting import count_cases
from registry.patterns.rules import Rules

from .builders import block_of, quick, shape_of

SHAPE = shape_of(3, 3)
# Small thresholds, so that small registries are tested.
RULES = Rules(min_joint=1, min_test_n=2, min_support=1)
TABLE = ("joint", "n", "phi", "lift", "jaccard", "odds_ratio", "low", "high", "p", "q", "flagged")

cases = st.lists(st.frozensets(st.integers(0, SHAPE.n_nodes - 1), min_size=1), min_size=1, max_size=40)


def pairs_of(labels, groups=None):
    return analyse(count_cases(block_of(labels, groups=groups), SHAPE, 1), SHAPE, RULES).pairs


def assert_same(one, other, places=None):
    for name in TABLE:
        found = getattr(other, name)
        np.testing.assert_allclose(getattr(one, name), found if places is None else found[places], rtol=1e-9)


@quick
@given(cases, st.randoms(use_true_random=False))
def test_the_order_of_cases_does_not_matter(labels, random):
    shuffled = list(labels)
    random.shuffle(shuffled)

    assert_same(pairs_of(labels), pairs_of(shuffled))


@quick
@given(cases, st.permutations(range(3)), st.permutations(range(3)))
def test_the_numbers_that_labels_have_do_not_matter(labels, first, second):
    number = [*first, *(3 + place for place in second)]
    renumbered = [frozenset(number[label] for label in case) for case in labels]

    found, other = pairs_of(labels), pairs_of(renumbered)

    place = {(int(a), int(b)): at for at, (a, b) in enumerate(zip(other.a, other.b, strict=True))}
    there = [
        place[min(x, y), max(x, y)] for x, y in ((number[a], number[b]) for a, b in zip(found.a, found.b, strict=True))
    ]
    assert_same(found, other, there)


@quick
@given(cases, st.integers(1, 3))
def test_reports_of_one_event_count_once(labels, reports):
    once = pairs_of(labels)

    often = pairs_of(labels * reports, groups=[*range(len(labels))] * reports)

    assert_same(once, often)


@quick
@given(cases)
def test_a_further_case_without_either_label_moves_the_numerator_of_phi_by_the_joint_count(labels):
    # The further case carries the last label of each scheme, so that both schemes were applied to it.
    before, after = pairs_of(labels), pairs_of([*labels, frozenset({2, 5})])

    for at, (a, b) in enumerate(zip(before.a, before.b, strict=True)):
        if {int(a), int(b)} & {2, 5} or a > 2 or b < 3:
            continue
        one, other = (
            [int(cell) for cell in cells(*(getattr(pairs, name)[at] for name in ("joint", "k_a", "k_b", "n")))]
            for pairs in (before, after)
        )
        assert other[0] * other[3] - other[1] * other[2] == one[0] * one[3] - one[1] * one[2] + one[0]


@quick
@given(cases)
def test_q_is_at_least_p_and_intervals_contain_what_they_are_of(labels):
    found = analyse(count_cases(block_of(labels), SHAPE, 1), SHAPE, RULES)

    pairs, nodes = found.pairs, found.nodes
    tested = ~np.isnan(pairs.p)
    assert np.all(pairs.q[tested] >= pairs.p[tested])
    assert np.all((pairs.low < pairs.odds_ratio) & (pairs.odds_ratio < pairs.high))
    counted = nodes.n > 0
    share = nodes.k[counted] / nodes.n[counted]
    assert np.all((nodes.low[counted] <= share) & (share <= nodes.high[counted]))
    assert not np.any(pairs.flagged & (pairs.low <= 1))
