import numpy as np

from registry.patterns.analysis import analyse
from registry.patterns.blocks import CaseBlock
from registry.patterns.counting import count_cases
from registry.patterns.family import PairState
from registry.patterns.movement import Movement, RunPairs
from registry.patterns.rules import Rules

from .builders import block_of, shape_of
from .safeguards import NAMES, ROWS

LABELS = 6
SHARES = np.array([0.5, 0.5, 0.4, 0.3, 0.2, 0.1])
# Six schemes of two labels, "present" and "absent": only the six labels "present" are compared.
YES_OR_NO = shape_of(*[2] * LABELS, exclusive=[(a, b) for b in range(2, 13, 2) for a in range(1, 13) if a != b])


def analysis_of(cases, shape, **options):
    return analyse(count_cases(block_of(cases), shape, 1), shape, Rules(), **options)


def cases_of(rows):
    """Cases of rows written as in the worked example: 1 the label, 0 its opposite, - neither."""
    return [{2 * i + (mark == "0") for i, mark in enumerate(row) if mark != "-"} for row in rows]


def row_of(pairs, a, b):
    return int(np.flatnonzero((pairs.a == a) & (pairs.b == b))[0])


def simulated(seed, *, odds_ratio):
    """200 cases; the second label depends on the first by the odds ratio, the others on nothing."""
    rng = np.random.default_rng(seed)
    present = rng.random((200, LABELS)) < SHARES
    # Both shares are a half, so the share of the second among cases with the first is root / (1 + root).
    root = np.sqrt(odds_ratio)
    present[:, 1] = rng.random(200) < np.where(present[:, 0], root, 1) / (1 + root)
    codes = np.where(present, 0, 1) + 2 * np.arange(LABELS)
    block = CaseBlock.of_labels(codes.ravel(), np.full(200, LABELS), np.zeros(200, np.int64), np.full(200, -1))
    return analyse(count_cases(block, YES_OR_NO, 1), YES_OR_NO, Rules()).pairs


def test_worked_example_from_labels_to_flags():
    shape = shape_of(*[2] * 4, exclusive=[(a, b) for b in (2, 4, 6, 8) for a in range(1, 9) if a != b])

    found = analysis_of(cases_of(ROWS), shape)

    at = row_of(found.pairs, 2 * NAMES.index("rlhf"), 2 * NAMES.index("ai_judge"))
    pairs = found.pairs
    assert (pairs.joint[at], pairs.k_a[at], pairs.k_b[at], pairs.n[at]) == (11, 12, 13, 18)
    assert tuple(np.round([pairs.p[at], pairs.q[at], pairs.odds_ratio[at]], 4)) == (0.0217, 0.1303, 13.8)
    assert (found.pair_tests, pairs.flagged.any()) == (6, False)
    assert found.nodes.k[::2].tolist() == [13, 14, 12, 7]
    assert found.nodes.n[::2].tolist() == [19, 19, 20, 20]
    np.testing.assert_allclose(found.nodes.low[::2], [0.4601, 0.5121, 0.3866, 0.1812], atol=5e-5)
    np.testing.assert_allclose(found.nodes.high[::2], [0.8464, 0.8819, 0.7812, 0.5671], atol=5e-5)


def test_opposed_labels_let_no_other_pair_pass():
    rows = ["11--"] * 6 + ["10--"] + ["01--"] * 4 + ["00--"] * 9

    alone = analysis_of(cases_of(rows), YES_OR_NO).pairs
    found = analysis_of(cases_of([*rows, *["--10"] * 15, *["--01"] * 15, *["--11"] * 4]), YES_OR_NO).pairs

    one, opposed = row_of(found, 0, 2), row_of(found, 4, 6)
    assert bool(alone.flagged[row_of(alone, 0, 2)])
    assert (found.q[[one, opposed]] < 0.1).tolist() == [True, True]
    assert (found.odds_ratio[opposed] < 1, found.flagged.any()) == (True, False)


def test_a_planted_pattern_is_found_in_at_least_90_of_100_registries():
    found = 0
    for seed in range(100):
        pairs = simulated(seed, odds_ratio=4)
        found += bool(pairs.flagged[row_of(pairs, 0, 2)])

    assert found >= 90


def test_unrelated_labels_raise_a_false_flag_in_at_most_10_of_100_registries():
    flagged = [simulated(seed, odds_ratio=1).flagged.any() for seed in range(1000, 1100)]

    assert sum(flagged) <= 10


def test_pairs_out_of_the_family_have_effects_but_no_p():
    shape = shape_of(2, 2, ancestors=[(2, 1)], exclusive=[(3, 4)])
    cases = [{0, 2}] * 8 + [{0, 1, 3}] * 8 + [{0, 1, 2}] * 6 + [{2}] * 9

    found = analysis_of(cases, shape)

    states = [PairState(state).name for state in found.pairs.state]
    assert states == ["RELATED", "TOO_FEW", "TOO_FEW", "TESTED", "TESTED", "EXCLUSIVE"]
    tested = np.array(states) == "TESTED"
    assert np.array_equal(~np.isnan(found.pairs.p), tested)
    assert np.array_equal(~np.isnan(found.pairs.q), tested)
    assert np.isfinite(found.pairs.odds_ratio).all()
    assert not found.pairs.flagged[~tested].any()
    assert found.pair_tests == 2
    assert sorted(found.pairs.order.tolist()) == [3, 4]


def test_q_is_at_least_p_and_every_flag_keeps_the_rules():
    pairs = simulated(3, odds_ratio=30)

    tested = pairs.state == PairState.TESTED
    assert pairs.flagged.any()
    assert np.all(pairs.q[tested] >= pairs.p[tested])
    assert np.all(pairs.shrunken[pairs.flagged] != 0)
    assert pairs.order[0] == row_of(pairs, 0, 2)


def test_pairs_move_against_the_previous_run_by_database_ids():
    shape = shape_of(2, 2)
    cases = [{0, 2}] * 20 + [{1, 3}] * 20 + [{0, 3}] * 3 + [{1, 2}] * 3
    previous = RunPairs(
        a=np.array([1, 2, 50]),
        b=np.array([3, 4, 60]),
        joint=np.array([9, 20, 8]),
        q=np.array([0.09, 0.5, 0.01]),
        flagged=np.array([True, False, True]),
    )

    found = analysis_of(cases, shape, previous=previous)

    status = {
        (a, b): Movement(m).name for a, b, m in zip(found.pairs.a, found.pairs.b, found.pairs.movement, strict=True)
    }
    assert status[0, 2] == "STRONGER"
    assert status[1, 3] == "NEW"
    assert found.pairs.without_new_case[row_of(found.pairs, 1, 3)]
    assert found.vanished.tolist() == [2]


def weekly_counts(per_week, shape):
    """Counts of cases given as (codes, cases in each week)."""
    cases = [codes for codes, weeks in per_week for count in weeks for _ in range(count)]
    weeks = [week for _, counts in per_week for week, count in enumerate(counts) for _ in range(count)]
    return count_cases(block_of(cases, weeks), shape, len(per_week[0][1]))


def test_a_rising_label_is_flagged_and_the_unfinished_week_is_not_read():
    shape = shape_of(3)
    rising, steady, rare = [1] * 26 + [5] * 4 + [90], [2] * 30 + [0], [0] * 29 + [4, 0]
    counts = weekly_counts([({0}, rising), ({1}, steady), ({2}, rare)], shape)

    found = analyse(counts, shape, Rules(), last_week=29)

    assert found.trends.compared.k1.tolist() == [20, 8, 4]
    assert found.trends.compared.k2.tolist() == [26, 52, 0]
    assert found.trends.compared.ratio.tolist() == [5.0, 1.0, np.inf]
    assert found.trends.flagged.tolist() == [True, False, False]
    assert np.isnan(found.trends.q).tolist() == [False, False, True]
    assert found.trend_tests == 2
    assert (found.all_cases.k1.tolist(), found.all_cases.k2.tolist()) == ([32], [78])


def test_a_label_that_no_longer_occurs_is_flagged_as_falling():
    shape = shape_of(2)
    counts = weekly_counts([({0}, [2] * 26 + [0] * 4), ({1}, [1] * 30)], shape)

    found = analyse(counts, shape, Rules(), last_week=29)

    assert (found.trends.compared.ratio.tolist(), found.trends.flagged.tolist()) == ([0.0, 1.0], [True, False])


def test_without_a_named_week_the_last_column_is_the_last_complete_week():
    shape = shape_of(1)
    counts = weekly_counts([({0}, [3] * 26 + [9] * 4)], shape)

    assert analyse(counts, shape, Rules()).trends.compared.k1.tolist() == [36]


def test_an_empty_registry_has_an_empty_analysis():
    found = analyse(count_cases(block_of([]), YES_OR_NO, 0), YES_OR_NO, Rules())

    assert (found.cases, found.units, found.pair_tests, found.trend_tests) == (0, 0, 0, 0)
    assert (found.trends, found.all_cases) == (None, None)
    assert not found.pairs.flagged.any()
    assert found.nodes.hidden.all()


def test_a_taxonomy_without_nodes_has_no_pairs():
    shape = shape_of()

    found = analyse(count_cases(block_of([set()]), shape, 1), shape, Rules())

    assert (found.units, len(found.pairs.a), len(found.nodes.k)) == (1, 0, 0)
