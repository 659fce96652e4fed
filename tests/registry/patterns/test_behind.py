"""The cases behind a pair, from bits."""

import numpy as np

from registry.patterns.behind import MOST_CASES_KEPT, cells_of, members_of, newest

from .builders import block_of


def test_newest_spans_blocks_and_gives_the_highest_ids_first():
    blocks = [
        members_of(block_of([{0, 1}, {0, 1, 2}], ids=[4, 11]), 3),
        members_of(block_of([{0, 1}, set(), {1, 2}], ids=[30, 20, 7]), 3),
    ]

    assert newest(blocks, 0, 1, most=10).tolist() == [30, 11, 4]
    assert newest(blocks, 0, 1, most=2).tolist() == [30, 11]
    assert newest(blocks, 0, 2, most=10).tolist() == [11]


def test_newest_of_no_case_is_empty():
    assert newest([], 0, 1, most=10).tolist() == []
    assert newest([members_of(block_of([]), 2)], 0, 1, most=10).tolist() == []


def test_the_five_hundred_newest_cases_behind_a_number_are_kept():
    members = members_of(block_of([{0, 1}] * 600), 2)

    assert newest([members], 0, 1, most=MOST_CASES_KEPT).tolist() == [*range(600, 100, -1)]


def random_block(n=203, nodes=9, seed=5):
    random = np.random.default_rng(seed)
    cases = [set(random.choice(nodes, random.integers(0, 6), replace=False).tolist()) for _ in range(n)]
    strata = [random.integers(0, 3, n), random.integers(0, 2, n), random.choice([0, 2019, 2024], n)]
    return cases, block_of(cases, ids=random.permutation(1000)[:n] + 1, strata=strata, sources=["here", "aiid"])


def test_newest_agrees_with_sets_for_more_cases_than_fill_whole_words():
    cases, block = random_block()

    found = newest([members_of(block, 9)], 2, 6, most=500).tolist()

    both = [int(pk) for pk, case in zip(block.ids, cases, strict=True) if {2, 6} <= case]
    assert found == sorted(both, reverse=True)


def test_each_cell_of_strata_counts_its_own_cases():
    cases, block = random_block()
    members = members_of(block, 9)

    counted = cells_of([members], np.array([2, 0]), np.array([6, 1]))[0]

    strata = list(zip(*block.strata.tolist(), strict=True))
    cells = list(zip(*members.cells.tolist(), strict=True))
    assert cells == sorted(set(strata))
    assert members.sizes.tolist() == [strata.count(cell) for cell in cells]
    for pair, row in zip(({2, 6}, {0, 1}), counted.tolist(), strict=True):
        there = [cell for cell, case in zip(strata, cases, strict=True) if pair <= case]
        assert row == [there.count(cell) for cell in cells]


def test_the_order_of_cases_does_not_matter():
    _, block = random_block()
    cases, _ = random_block()
    order = np.random.default_rng(1).permutation(len(cases))
    shuffled = block_of(
        [cases[at] for at in order], ids=block.ids[order], strata=block.strata[:, order], sources=block.sources
    )

    first, second = members_of(block, 9), members_of(shuffled, 9)

    assert first.ids.tolist() == second.ids.tolist()
    assert first.bits.tolist() == second.bits.tolist()


def test_more_pairs_than_are_held_at_once_are_counted_alike(monkeypatch):
    _, block = random_block()
    a, b = np.triu_indices(9, k=1)
    at_once = cells_of([members_of(block, 9)], a, b)[0].tolist()

    monkeypatch.setattr("registry.patterns.behind.PAIRS_AT_ONCE", 7)

    assert cells_of([members_of(block, 9)], a, b)[0].tolist() == at_once


def test_no_pair_has_no_counts():
    _, block = random_block()
    members, none = members_of(block, 9), np.empty(0, dtype=np.int64)

    assert cells_of([members], none, none)[0].shape == (0, len(members.sizes))
