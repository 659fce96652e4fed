"""One pair of labels in strata: against statsmodels, and what each reading needs."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import StratifiedTable

from registry.patterns.rules import Rules
from registry.patterns.strata import SENTENCES, Reading, Split, pool, read

from .builders import cells, quick, random_tables

NAMES = ("laboratory", "production", "third", "fourth")
# Tables (joint, k_a, k_b, n) of one stratum: what each says on its own.
ATTRACTS = (30, 40, 40, 100)
AVOIDS = (2, 30, 30, 60)
LEVEL = (8, 20, 20, 50)
BELOW = (7, 20, 20, 50)
SMALL = (2, 3, 3, 12)
NONE = (0, 0, 0, 0)


def split_of(*tables, names=None):
    columns = np.array(tables, dtype=np.int64).T
    return Split(names or NAMES[: len(tables)], *columns)


def reading_of(*tables, names=None):
    return read(split_of(*tables, names=names), Rules()).reading


def random_strata(seed, many, filled):
    """`many` lists of 2 to 6 random tables; without an empty cell where `filled`."""
    rng = np.random.default_rng(seed)
    tables = np.array(random_tables(rng, 20 * many, 400)).T
    joint, k_a, k_b, n = tables.T
    inner = (joint > 0) & (joint < np.minimum(k_a, k_b)) & (n - k_a - k_b + joint > 0)
    chosen = tables[inner] if filled else tables
    for _ in range(many):
        yield rng.choice(chosen, rng.integers(2, 7), replace=False)


@quick
@given(st.lists(st.sampled_from([ATTRACTS, AVOIDS, LEVEL, BELOW, SMALL, NONE]), min_size=1, max_size=4), st.randoms())
def test_the_order_of_strata_does_not_matter(tables, random):
    names = list(NAMES[: len(tables)])
    order = list(range(len(tables)))
    random.shuffle(order)

    one = read(split_of(*tables, names=tuple(names)), Rules())
    other = read(split_of(*[tables[i] for i in order], names=tuple(names[i] for i in order)), Rules())

    assert one.reading == other.reading
    np.testing.assert_allclose(
        [one.pooled.odds_ratio, one.pooled.p], [other.pooled.odds_ratio, other.pooled.p], rtol=1e-9
    )


@quick
@given(st.lists(st.tuples(*[st.integers(1, 300)] * 4), min_size=1, max_size=5))
def test_the_interval_contains_the_common_odds_ratio(tables):
    a, b, c, d = np.array(tables).T

    found = pool(a, a + b, a + c, a + b + c + d)

    assert 0 < found.low <= found.odds_ratio <= found.high < np.inf
    assert 0 <= found.p <= 1
    assert np.isnan(found.differing) if len(tables) == 1 else 0 <= found.differing <= 1


def test_a_stratum_of_one_event_says_nothing_and_one_of_two_events_does():
    alone = pool(*np.array([ATTRACTS, ATTRACTS]).T)

    assert pool(*np.array([ATTRACTS, ATTRACTS, (1, 1, 1, 1), (0, 0, 0, 1), NONE]).T) == alone
    # Both labels in one event and neither in the other: 1 * 1 / 2 more in favour, nothing against.
    assert pool(*np.array([ATTRACTS, (1, 1, 1, 2)]).T).odds_ratio == pytest.approx((30 * 50 / 100 + 0.5) / 1)


def test_one_stratum_has_the_plain_odds_ratio():
    found = pool([11], [12], [13], [18])

    assert found.odds_ratio == pytest.approx(11 * 4 / (1 * 2), rel=1e-12)
    assert np.isnan(found.differing)


def test_labels_that_never_part_have_an_infinite_odds_ratio_without_interval():
    found = pool([7, 3], [7, 3], [7, 3], [50, 40])

    assert found.odds_ratio == np.inf
    assert np.isnan([found.low, found.high, found.differing]).all()
    assert found.p < 1e-9


def test_labels_that_never_meet_have_an_odds_ratio_of_0_without_interval():
    found = pool([0, 0], [7, 3], [7, 3], [50, 40])

    assert found.odds_ratio == 0
    assert np.isnan([found.low, found.high, found.differing]).all()


@pytest.mark.parametrize("tables", [[], [NONE], [(5, 5, 20, 20)]])
def test_strata_that_say_nothing_have_no_common_odds_ratio(tables):
    found = pool(*np.array(tables, dtype=np.int64).reshape(-1, 4).T)

    assert np.isnan([found.odds_ratio, found.low, found.high, found.p, found.differing]).all()


def test_odds_ratios_that_differ_are_told_from_equal_ones():
    equal, differing = pool(*np.array([ATTRACTS, ATTRACTS]).T), pool(*np.array([ATTRACTS, BELOW]).T)

    assert equal.differing > 0.99
    assert differing.differing < 0.001


@pytest.mark.parametrize(
    ("tables", "reading"),
    [
        ((ATTRACTS,), Reading.UNDIVIDED),
        ((ATTRACTS, NONE), Reading.UNDIVIDED),
        ((ATTRACTS, (0, 12, 14, 40)), Reading.ONE_ONLY),
        ((ATTRACTS, (0, 0, 0, 1)), Reading.ONE_ONLY),
        (((0, 12, 14, 40), ATTRACTS), Reading.ONE_ONLY),
        (((3, 4, 4, 60), (0, 0, 0, 40)), Reading.ONE_ONLY),
        ((ATTRACTS, SMALL), Reading.TOO_FEW),
        ((SMALL, SMALL), Reading.TOO_FEW),
        ((ATTRACTS, AVOIDS), Reading.REVERSED),
        (((64, 80, 80, 100), (4, 20, 20, 100)), Reading.VANISHES),
        ((ATTRACTS, ATTRACTS), Reading.HOLDS),
        ((ATTRACTS, ATTRACTS, SMALL), Reading.HOLDS),
        ((ATTRACTS, ATTRACTS, BELOW), Reading.UNEVEN),
        ((ATTRACTS, ATTRACTS, LEVEL), Reading.UNEVEN),
        ((ATTRACTS, ATTRACTS, (12, 40, 40, 100)), Reading.UNEVEN),
    ],
)
def test_each_reading(tables, reading):
    assert reading_of(*tables) == reading


def test_what_is_not_known_is_no_stratum_of_its_own_but_is_pooled():
    names = ("", "laboratory", "production")

    found = read(split_of(AVOIDS, ATTRACTS, ATTRACTS, names=names), Rules())

    assert found.reading == Reading.HOLDS
    assert found.judged.tolist() == [False, True, True]
    assert found.pooled == pool(*np.array([AVOIDS, ATTRACTS, ATTRACTS]).T)


def test_a_pair_all_of_whose_cases_are_of_unknown_stratum_does_not_live_there_only():
    found = read(split_of(ATTRACTS, (0, 5, 5, 40), (0, 5, 5, 40), names=("", "a", "b")), Rules())

    assert (found.only, found.reading, found.against) == (None, Reading.UNEVEN, (1, 2))


def test_a_reading_names_what_it_rests_on():
    reversed_, uneven = (
        read(split_of(*tables), Rules()) for tables in ((LEVEL, ATTRACTS, AVOIDS), (BELOW, ATTRACTS, ATTRACTS))
    )
    only = read(split_of((0, 12, 14, 40), ATTRACTS), Rules())

    assert (reversed_.against, uneven.against, only.only) == ((2,), (0,), 1)


def test_strata_are_judged_by_the_rules_of_the_run():
    strict = Rules(min_test_n=101)

    assert read(split_of(ATTRACTS, ATTRACTS), strict).reading == Reading.TOO_FEW


def test_without_an_interval_the_test_says_whether_a_pair_vanishes():
    never_part, by_chance, never_meet = (6, 6, 6, 12), (5, 5, 9, 10), (0, 5, 5, 20)

    assert reading_of(never_part, never_part) == Reading.HOLDS
    assert reading_of(by_chance, by_chance) == Reading.VANISHES
    assert reading_of(never_meet, never_meet) == Reading.VANISHES
    assert pool(*np.array([by_chance, by_chance]).T).p > 0.05 > pool(*np.array([never_meet, never_meet]).T).p


@pytest.mark.parametrize(("never_part", "reading"), [((12, 12, 23, 25), "holds"), ((10, 10, 19, 21), "vanishes")])
def test_that_test_is_one_at_five_percent(never_part, reading):
    found = read(split_of(never_part, never_part), Rules())

    assert abs(found.pooled.p - 0.05) < 0.0005
    assert found.reading == reading


@pytest.mark.parametrize("rare", [(0, 1, 5, 20), (0, 5, 1, 20), (4, 19, 5, 20), (4, 5, 19, 20)])
def test_a_margin_of_one_event_tells_whether_odds_ratios_differ(rare):
    tables = np.array([ATTRACTS, rare])

    expected = StratifiedTable([cells(*row) for row in tables]).test_equal_odds().pvalue
    assert pool(*tables.T).differing == pytest.approx(expected, abs=1e-9)


def test_strata_without_a_name_are_refused():
    with pytest.raises(ValueError, match="a name and four counts"):
        Split(("one",), *np.array([ATTRACTS, ATTRACTS]).T)


def test_every_reading_is_explained():
    assert len(SENTENCES) == len(Reading)


def test_common_odds_ratio_interval_and_tests_agree_with_statsmodels():
    for tables in random_strata(21, 1000, filled=True):
        expected = StratifiedTable([cells(*row) for row in tables])

        found = pool(*tables.T)

        np.testing.assert_allclose(
            [found.odds_ratio, found.low, found.high, found.p, found.differing],
            [
                expected.oddsratio_pooled,
                *expected.oddsratio_pooled_confint(),
                expected.test_null_odds(correction=False).pvalue,
                expected.test_equal_odds().pvalue,
            ],
            rtol=1e-9,
            atol=1e-9,
        )


def test_empty_cells_and_margins_leave_the_common_odds_ratio_that_of_statsmodels():
    compared = 0
    for tables in random_strata(22, 1000, filled=False):
        tables = tables[tables[:, 3] > 1]
        found = pool(*tables.T)
        if not 0 < found.odds_ratio < np.inf:
            continue
        compared += 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = StratifiedTable([cells(*row) for row in tables])
            interval = expected.oddsratio_pooled_confint()
            p = expected.test_null_odds(correction=False).pvalue

        np.testing.assert_allclose(
            [found.odds_ratio, found.low, found.high, found.p],
            [expected.oddsratio_pooled, *interval, p],
            rtol=1e-9,
            atol=1e-9,
        )
    assert compared > 900
