import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from registry.patterns.rules import Rules
from registry.patterns.safeguards import (
    Outcomes,
    all_missed,
    if_one_fails,
    joint_misses,
    miss_rates,
    outcomes_of,
)

from .builders import cells, quick
from .safeguards import NAMES, ROWS

RLHF, AI_JUDGE, RED_TEAM, MONITOR = range(4)


def outcomes(rows=ROWS, weight=None):
    """Outcomes of rows written as in the worked example: 1 missed, 0 caught, - unknown."""
    letters = np.array([list(row) for row in rows])
    weight = np.ones(len(rows), dtype=np.int64) if weight is None else np.array(weight)
    return Outcomes(missed=letters == "1", known=letters != "-", weight=weight)


def rounded(*values):
    return tuple(round(float(value), 4) for value in values)


some_rows = st.lists(st.text("10-", min_size=3, max_size=3), min_size=1, max_size=25)


def random_outcomes(rng):
    rows, techniques = int(rng.integers(1, 30)), int(rng.integers(2, 6))
    known = rng.random((rows, techniques)) < 0.85
    tendency = rng.random((rows, 1)) * 0.7 + rng.random(techniques) * 0.3
    missed = known & (rng.random((rows, techniques)) < tendency)
    return Outcomes(missed=missed, known=known, weight=rng.integers(0, 6, rows))


def test_miss_rates_of_the_worked_example():
    found = miss_rates(outcomes())

    share = found.k / found.n
    assert list(zip(found.k.tolist(), found.n.tolist(), strict=True)) == [(13, 19), (14, 19), (12, 20), (7, 20)]
    assert [rounded(*row) for row in zip(share, found.low, found.high, strict=True)] == [
        (0.6842, 0.4601, 0.8464),
        (0.7368, 0.5121, 0.8819),
        (0.6, 0.3866, 0.7812),
        (0.35, 0.1812, 0.5671),
    ]


def test_joint_misses_of_the_worked_example():
    found = joint_misses(outcomes(), Rules())

    pairs = list(zip(found.a.tolist(), found.b.tolist(), strict=True))
    assert pairs == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    assert [column[0] for column in (found.k, found.k_a, found.k_b, found.n)] == [11, 12, 13, 18]
    assert rounded(*(column[0] for column in (found.expected, found.ratio, found.phi, found.p, found.q))) == (
        0.4815,
        1.2692,
        0.6139,
        0.0217,
        0.1303,
    )
    assert found.flagged.tolist() == [False] * 6
    assert (found.k.tolist(), found.n.tolist()) == ([11, 9, 4, 8, 5, 3], [18, 19, 19, 19, 19, 20])


def test_the_interval_of_the_ratio_of_two_layers_by_hand():
    p, p_a, p_b, n = 11 / 18, 12 / 18, 13 / 18, 18
    # The delta method for ln p - ln p_a - ln p_b, with both misses among those of either.
    variance = (1 / p - 1 / p_a - 1 / p_b + 2 * p / (p_a * p_b) - 1) / n
    reach = np.exp(stats.norm.ppf(0.975) * np.sqrt(variance))

    found = joint_misses(outcomes(), Rules())

    ratio = p / (p_a * p_b)
    assert (found.ratio[0], found.ratio_low[0], found.ratio_high[0]) == pytest.approx(
        (ratio, ratio / reach, ratio * reach), rel=1e-9
    )


def test_all_four_of_the_worked_example():
    found = all_missed(outcomes(), range(4))

    assert (found.k, found.n) == (3, 18)
    assert rounded(found.share, found.low, found.high, found.product, found.ratio) == (
        0.1667,
        0.0584,
        0.3922,
        0.1144,
        1.4565,
    )


def test_first_three_of_the_eighteen_rows_of_the_worked_example():
    complete = [row for row in ROWS if "-" not in row]

    found = all_missed(outcomes(complete), [RLHF, AI_JUDGE, RED_TEAM])

    assert (found.k, found.n) == (7, 18)
    assert rounded(found.product, found.ratio, found.mean_phi, found.least, found.most) == (
        0.2942,
        1.3217,
        0.2631,
        0.0,
        0.6111,
    )


def test_what_the_others_did_where_one_failed_in_the_worked_example():
    found = if_one_fails(outcomes(), RLHF)

    assert found.k.tolist() == [0, 11, 9, 4]
    assert found.n.tolist() == [0, 12, 13, 13]
    assert found.k_else.tolist() == [0, 2, 3, 3]
    assert found.n_else.tolist() == [0, 6, 6, 6]


def test_fewer_than_five_known_outcomes_are_left_out_of_pairs():
    rows = ["11-", "10-", "01-", "00-", "111", "100", "110", "011"]

    found = joint_misses(outcomes(rows), Rules())

    assert list(zip(found.a.tolist(), found.b.tolist(), strict=True)) == [(0, 1)]
    assert outcomes(rows).enough().tolist() == [True, True, False]
    assert outcomes([*rows, "111"]).enough().tolist() == [True, True, True]


def test_pairs_without_enough_to_test_stay_out_of_the_family():
    rows = ["11-", "00-"] * 5 + ["--1"] * 9

    found = joint_misses(outcomes(rows), Rules())

    assert found.n.tolist() == [10, 0, 0]
    assert np.isnan(found.p).tolist() == np.isnan(found.q).tolist() == [False, True, True]
    assert found.p[0] == found.q[0] == pytest.approx(stats.fisher_exact([[5, 0], [0, 5]]).pvalue)


def test_layers_that_fail_together_are_flagged_and_opposed_ones_never():
    together = outcomes(["11", "00"], [15, 15])
    opposed = outcomes(["10", "01", "11"], [15, 15, 4])

    found = [joint_misses(each, Rules()) for each in (together, opposed)]

    assert [bool(each.flagged[0]) for each in found] == [True, False]
    assert found[1].q[0] < 0.1
    assert found[1].phi[0] < 0


def test_layers_that_are_opposed_let_no_other_pair_pass():
    rows = outcomes(["11--", "10--", "01--", "00--", "--10", "--01", "--11"], [6, 1, 4, 9, 15, 15, 4])

    found = joint_misses(rows, Rules())

    tested = ~np.isnan(found.q)
    assert (found.q[tested] < 0.1).tolist() == [True, True]
    assert found.flagged[tested].tolist() == [False, False]
    assert joint_misses(outcomes(["11", "10", "01", "00"], [6, 1, 4, 9]), Rules()).flagged.tolist() == [True]


def test_joint_misses_agree_with_scipy_and_statsmodels_on_random_rows():
    rng = np.random.default_rng(11)
    for _ in range(1000):
        given_rows = random_outcomes(rng)
        found = joint_misses(given_rows, Rules(), fewest=0)

        expected_p = []
        for at, (a, b) in enumerate(zip(found.a, found.b, strict=True)):
            pairs = [
                (x, y)
                for missed, known, times in zip(given_rows.missed, given_rows.known, given_rows.weight, strict=True)
                for x, y in [(missed[a], missed[b])] * int(times)
                if known[a] and known[b]
            ]
            joint, k_a, k_b = sum(x and y for x, y in pairs), sum(x for x, _ in pairs), sum(y for _, y in pairs)
            assert (found.k[at], found.k_a[at], found.k_b[at], found.n[at]) == (joint, k_a, k_b, len(pairs))
            tested = min(k_a, k_b) >= 5 and max(k_a, k_b) < len(pairs) and len(pairs) >= 10
            assert tested != np.isnan(found.p[at])
            if tested:
                expected_p.append(stats.fisher_exact(cells(joint, k_a, k_b, len(pairs))).pvalue)
                correlation = np.corrcoef(*np.array(pairs, dtype=float).T)[0, 1]
                assert found.phi[at] == pytest.approx(correlation, abs=1e-9)
                low, high = proportion_confint(joint, len(pairs), method="wilson")
                assert (found.low[at], found.high[at]) == pytest.approx((max(low, 0), high), abs=1e-9)
        np.testing.assert_allclose(found.p[~np.isnan(found.p)], expected_p, atol=1e-9, rtol=0)
        if expected_p:
            expected_q = multipletests(expected_p, method="fdr_bh")[1]
            np.testing.assert_allclose(found.q[~np.isnan(found.q)], expected_q, atol=1e-9, rtol=0)


def slow_all_missed(given_rows, chosen):
    """(k, n, margins) of S9, event by event."""
    complete = [
        [bool(missed[each]) for each in chosen]
        for missed, known, times in zip(given_rows.missed, given_rows.known, given_rows.weight, strict=True)
        for _ in range(times)
        if all(known[each] for each in chosen)
    ]
    n = len(complete)
    return sum(map(all, complete)), n, [sum(column) / n for column in zip(*complete, strict=True)]


def slow_ratio_interval(given_rows, chosen):
    """The delta method by numbers: the gradient of ln(P all / product) by differences, over the cells."""
    complete = given_rows.known[:, chosen].all(axis=1) & (given_rows.weight > 0)
    missed, weight = given_rows.missed[complete][:, chosen], given_rows.weight[complete]
    share = weight / weight.sum()

    def log_ratio(p):
        return np.log(p[missed.all(axis=1)].sum()) - np.log((p[:, None] * missed).sum(axis=0)).sum()

    step = 1e-6
    gradient = np.array(
        [(log_ratio(share + step * unit) - log_ratio(share - step * unit)) / (2 * step) for unit in np.eye(len(share))]
    )
    variance = (np.diag(share) - np.outer(share, share)) / weight.sum()
    reach = stats.norm.ppf(0.975) * np.sqrt(gradient @ variance @ gradient)
    return np.exp(log_ratio(share) - reach), np.exp(log_ratio(share) + reach)


def test_all_missed_agrees_with_counting_event_by_event():
    rng = np.random.default_rng(12)
    seen = 0
    for _ in range(1000):
        given_rows = random_outcomes(rng)
        chosen = sorted(rng.choice(given_rows.n_techniques, size=2 + int(given_rows.n_techniques > 2), replace=False))
        found = all_missed(given_rows, chosen)
        if found is None:
            assert given_rows.weight[given_rows.known[:, chosen].all(axis=1)].sum() == 0
            continue

        k, n, margins = slow_all_missed(given_rows, chosen)

        assert (found.k, found.n, found.margins) == (k, n, pytest.approx(margins, abs=1e-12))
        assert found.product == pytest.approx(np.prod(margins), abs=1e-12)
        if k and not np.isnan(found.ratio_low):
            seen += 1
            assert found.ratio == pytest.approx(k / n / np.prod(margins), rel=1e-9)
            expected = slow_ratio_interval(given_rows, chosen)
            assert (found.ratio_low, found.ratio_high) == pytest.approx(expected, rel=1e-5)
    assert seen > 300


def test_the_interval_of_the_ratio_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(13)
    p = np.array([0.4, 0.2, 0.1, 0.3])
    truth = p[0] / ((p[0] + p[1]) * (p[0] + p[2]))
    draws = rng.multinomial(80, p, 1000)

    found = [joint_misses(outcomes(["11", "10", "01", "00"], draw), Rules()) for draw in draws]

    covered = [each.ratio_low[0] <= truth <= each.ratio_high[0] for each in found]
    assert 0.93 <= np.mean(covered) <= 0.97


def numbers(found):
    """Every number of a result, in one row."""
    fields = [getattr(found, name) for name in found.__dataclass_fields__]
    return np.concatenate([np.ravel(np.array(each, dtype=float)) for each in fields])


def everything(given_rows):
    found = all_missed(given_rows, [0, 1, 2])
    parts = [miss_rates(given_rows), joint_misses(given_rows, Rules(), fewest=0), if_one_fails(given_rows, 1)]
    return np.concatenate([numbers(each) for each in parts + ([found] if found else [])])


@quick
@given(some_rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, chance):
    shuffled = list(rows)
    chance.shuffle(shuffled)

    np.testing.assert_allclose(everything(outcomes(shuffled)), everything(outcomes(rows)), atol=1e-12)


@quick
@given(some_rows, st.integers(1, 4))
def test_a_weight_equals_repeating_the_row(rows, times):
    repeated = outcomes(rows * times)

    np.testing.assert_allclose(everything(outcomes(rows, [times] * len(rows))), everything(repeated), atol=1e-12)


@quick
@given(some_rows)
def test_intervals_hold_the_estimate_and_frechet_the_share(rows):
    given_rows = outcomes(rows)
    rates, found = miss_rates(given_rows), all_missed(given_rows, [0, 1, 2])

    some = rates.n > 0
    share = rates.k[some] / rates.n[some]
    assert np.all((rates.low[some] <= share) & (share <= rates.high[some]))
    if found:
        assert found.low <= found.share <= found.high
        assert found.least - 1e-12 <= found.share <= found.most + 1e-12
        assert found.least - 1e-12 <= found.product <= found.most + 1e-12
        assert np.isnan(found.ratio_low) or found.ratio_low <= found.ratio <= found.ratio_high


@quick
@given(some_rows)
def test_rows_that_are_not_complete_change_no_pair(rows):
    before = joint_misses(outcomes(rows), Rules(), fewest=0)

    after = joint_misses(outcomes([*rows, "1--", "-0-", "--1", "---"]), Rules(), fewest=0)

    np.testing.assert_array_equal(numbers(after), numbers(before))


def test_nothing_known_is_no_rate_and_no_pair():
    nothing = outcomes(["--"])

    assert np.isnan(miss_rates(nothing).low).all()
    assert len(joint_misses(nothing, Rules()).a) == 0
    assert all_missed(nothing, [0, 1]) is None


def test_one_that_never_missed_leaves_the_ratio_undefined_and_none_missed_together_gives_an_upper_end_only():
    never = all_missed(outcomes(["10"] * 6), [0, 1])
    apart = all_missed(outcomes(["10", "01"], [5, 5]), [0, 1])

    assert np.isnan([never.ratio, never.ratio_low, never.ratio_high, never.mean_phi]).all()
    assert rounded(apart.ratio, apart.ratio_low, apart.ratio_high) == (0.0, 0.0, 1.1101)


def test_one_that_always_missed_says_nothing_of_dependence():
    found = all_missed(outcomes(["11", "10"], [6, 4]), [0, 1])

    assert found.ratio == pytest.approx(1)
    assert np.isnan([found.ratio_low, found.ratio_high, found.mean_phi]).all()
    assert (found.least, found.most) == pytest.approx((0.6, 0.6))


def test_one_layer_is_no_set_of_layers():
    with pytest.raises(ValueError, match="two or more"):
        all_missed(outcomes(), [1, 1])


@pytest.mark.parametrize(
    ("missed", "known", "weight"),
    [
        ([[True]], [[False]], [1]),
        ([[True, True]], [[True, False]], [1]),
        ([[True]], [[True]], [-1]),
        ([[True], [True]], [[True], [True]], [1, -1]),
        ([[True]], [[True]], [1, 1]),
        ([[True]], [[True, True]], [1]),
    ],
)
def test_rows_that_do_not_fit_together_are_refused(missed, known, weight):
    with pytest.raises(ValueError, match=r"one weight a row|missed is known"):
        Outcomes(missed=np.array(missed), known=np.array(known), weight=np.array(weight))


def test_kept_combinations_become_the_rows_they_stand_for():
    techniques = {name: at + 10 for at, name in enumerate(NAMES)}
    missed = [[techniques[n] for n, x in zip(NAMES, row, strict=True) if x == "1"] for row in ROWS]
    caught = [[techniques[n] for n, x in zip(NAMES, row, strict=True) if x == "0"] for row in ROWS]

    found = outcomes_of(missed, caught, [1] * len(ROWS), list(techniques.values()))

    np.testing.assert_array_equal(found.missed, outcomes().missed)
    np.testing.assert_array_equal(found.known, outcomes().known)


def test_techniques_not_asked_for_are_not_read():
    found = outcomes_of([[1, 2]], [[3]], [4], [2])

    assert (found.missed.tolist(), found.known.tolist(), found.weight.tolist()) == ([[True]], [[True]], [4])
