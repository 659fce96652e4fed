"""The cases behind a pair, from bits."""

import numpy as np

from registry.patterns.behind import CasesBehind


def test_newest_spans_blocks_and_gives_the_highest_ids_first():
    behind = CasesBehind(3)
    behind.add(np.array([4, 11]), np.array([0, 1, 0, 1, 2]), np.array([2, 3]))
    behind.add(np.array([30, 20, 7]), np.array([0, 1, 1, 2]), np.array([2, 0, 2]))

    assert behind.newest(0, 1, most=10).tolist() == [30, 11, 4]
    assert behind.newest(0, 1, most=2).tolist() == [30, 11]
    assert behind.newest(0, 2, most=10).tolist() == [11]


def test_newest_of_no_case_is_empty():
    behind = CasesBehind(2)

    assert behind.newest(0, 1, most=10).tolist() == []


def test_newest_agrees_with_sets_for_more_cases_than_fill_whole_bytes():
    random = np.random.default_rng(5)
    paths = [sorted(random.choice(9, random.integers(0, 6), replace=False).tolist()) for _ in range(203)]
    ids = random.permutation(1000)[:203]
    behind = CasesBehind(9)
    behind.add(ids, np.array([node for path in paths for node in path]), np.array([len(path) for path in paths]))

    found = behind.newest(2, 6, most=500).tolist()

    assert found == sorted((int(pk) for pk, path in zip(ids, paths, strict=True) if {2, 6} <= set(path)), reverse=True)
