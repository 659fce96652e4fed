from itertools import combinations
from math import prod
from time import monotonic

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.patterns.portfolio import (
    MOST_LISTED,
    MOST_MODES,
    MOST_TECHNIQUES,
    Matrix,
    OneMore,
    Smallest,
    Verdict,
    is_workable,
    mean_shared,
    most_alike,
    one_more,
    residual,
    shared_modes,
    smallest_portfolios,
)

from .builders import quick

MODES = ("S-TAX", "CAP-DEV", "DEC-AL", "COLL", "EM-MIS", "EVAL-DIFF", "AL-GEN")
PUBLISHED = {
    "RLHF": "RVVRVVV",
    "RLAIF": "RVVVVVV",
    "W2S": "RVVVVVV",
    "Debate": "UVRVVVV",
    "RepE": "RRVRRRV",
    "Scientist": "VURURRR",
    "IDA": "VRRRRRV",
}
NAMES = list(PUBLISHED)
SIGNS = {"R": Verdict.RESISTANT, "V": Verdict.VULNERABLE, "U": Verdict.UNCERTAIN}


def matrix_of(rows):
    return Matrix(np.array([[SIGNS[sign] for sign in row] for row in rows], dtype=np.int8))


published = matrix_of(PUBLISHED.values())
some_rows = st.integers(1, 5).flatmap(
    lambda modes: st.lists(st.text("RVU", min_size=modes, max_size=modes), min_size=1, max_size=6)
)


def places(*names):
    return [NAMES.index(name) for name in names]


@pytest.mark.parametrize(
    ("pair", "resistant", "vulnerable"),
    [
        (("RLHF", "RLAIF"), 0.8333, 0.8333),
        (("RLHF", "Debate"), 0.6667, 0.5714),
        (("RLAIF", "W2S"), 1, 1),
        (("Debate", "RepE"), 0.1667, 0.1429),
        (("Scientist", "IDA"), 0.5, 0.25),
    ],
)
def test_shared_modes_of_the_published_matrix(pair, resistant, vulnerable):
    a, b = places(*pair)

    found = [shared_modes(published, uncertain=uncertain)[a, b] for uncertain in (False, True)]

    assert [round(float(value), 4) for value in found] == [resistant, vulnerable]


def test_mean_of_the_twenty_one_pairs():
    assert round(mean_shared(shared_modes(published, uncertain=False)), 4) == 0.366


@pytest.mark.parametrize(
    ("portfolio", "expected"),
    [
        (("RLHF", "RLAIF", "W2S"), ["CAP-DEV", "DEC-AL", "EM-MIS", "EVAL-DIFF", "AL-GEN"]),
        (("Debate", "RepE"), ["AL-GEN"]),
        (("Scientist", "RepE"), []),
        (("RLHF", "RLAIF", "W2S", "RepE"), ["DEC-AL", "AL-GEN"]),
    ],
)
@pytest.mark.parametrize("uncertain", [False, True])
def test_residual_sets_of_the_published_matrix(portfolio, expected, uncertain):
    assert [MODES[mode] for mode in residual(published, places(*portfolio), uncertain=uncertain)] == expected


def test_what_one_more_technique_would_close():
    found = one_more(published, places("RLHF", "RLAIF", "W2S", "RepE"), uncertain=False)

    assert found == [
        OneMore(NAMES.index("Scientist"), closes=(2, 6), leaves=()),
        OneMore(NAMES.index("Debate"), closes=(2,), leaves=(6,)),
        OneMore(NAMES.index("IDA"), closes=(2,), leaves=(6,)),
    ]


def test_a_technique_that_would_close_nothing_is_not_offered():
    assert one_more(matrix_of(["VR", "VV"]), [0], uncertain=False) == []


def test_smallest_portfolios_of_the_published_matrix():
    found = [smallest_portfolios(published, uncertain=uncertain).first for uncertain in (False, True)]

    scientist = NAMES.index("Scientist")
    expected = [tuple(sorted((scientist, NAMES.index(name)))) for name in ("RLHF", "RLAIF", "W2S", "Debate", "RepE")]
    assert found == [tuple(sorted(expected)), (tuple(sorted(places("Scientist", "RepE"))),)]


def test_shared_modes_agree_with_sets_on_random_matrices():
    rng = np.random.default_rng(31)
    for _ in range(1000):
        matrix = Matrix(rng.integers(0, 3, (rng.integers(1, 6), rng.integers(1, 8))).astype(np.int8))
        uncertain = bool(rng.integers(2))
        codes = {1, 2} if uncertain else {1}
        sets = [{at for at, code in enumerate(row) if code in codes} for row in matrix.verdicts.tolist()]

        found = shared_modes(matrix, uncertain=uncertain)

        for a, first in enumerate(sets):
            for b, second in enumerate(sets):
                expected = len(first & second) / len(first | second) if first | second else np.nan
                np.testing.assert_allclose(found[a, b], expected, atol=1e-9)


@quick
@given(some_rows, st.booleans())
def test_smallest_portfolios_are_those_of_trying_every_one(rows, uncertain):
    matrix = matrix_of(rows)
    closed = [
        chosen
        for size in range(len(rows) + 1)
        for chosen in combinations(range(len(rows)), size)
        if not residual(matrix, chosen, uncertain=uncertain)
    ]
    size = min(map(len, closed), default=None)
    smallest = tuple(each for each in closed if len(each) == size)

    found = smallest_portfolios(matrix, uncertain=uncertain)

    assert found == Smallest(size=size, n=len(smallest), first=smallest)
    assert smallest_portfolios(matrix, uncertain=uncertain, most=2).first == smallest[:2]


@quick
@given(some_rows, st.integers(1, 4))
def test_those_most_alike_are_those_of_trying_every_choice(rows, size):
    matrix = matrix_of(rows)
    sets = combinations(range(len(rows)), min(size, len(rows)))

    found = most_alike(matrix, size)

    assert found == max(sets, key=lambda chosen: len(residual(matrix, chosen, uncertain=False)))


@pytest.mark.parametrize("modes", [7, MOST_MODES])
def test_sixty_techniques_are_compared_at_once(modes):
    # Each technique resists one mode: as many are needed as there are modes, of so many choices that no list ends.
    verdicts = np.full((60, modes), Verdict.VULNERABLE, dtype=np.int8)
    verdicts[np.arange(60), np.arange(60) % modes] = Verdict.RESISTANT
    sizes = np.bincount(np.arange(60) % modes).tolist()
    began = monotonic()

    found = smallest_portfolios(Matrix(verdicts), uncertain=True)
    alike = most_alike(Matrix(verdicts), 3)

    assert monotonic() - began < 2
    assert (found.size, found.n, len(found.first)) == (modes, prod(sizes), MOST_LISTED)
    assert found.first[:2] == (tuple(range(modes)), (*range(modes - 1), 2 * modes - 1))
    assert alike == (0, modes, 2 * modes)


@pytest.mark.parametrize(("techniques", "modes"), [(MOST_TECHNIQUES + 1, 2), (2, MOST_MODES + 1)])
def test_a_larger_matrix_is_not_worked_out(techniques, modes):
    matrix = Matrix(np.zeros((techniques, modes), dtype=np.int8))

    assert not is_workable(matrix)
    with pytest.raises(ValueError, match="too many"):
        smallest_portfolios(matrix, uncertain=False)
    with pytest.raises(ValueError, match="too many"):
        most_alike(matrix, 3)


def test_two_hundred_techniques_and_fourteen_modes_are_worked_out_and_fifty_portfolios_named():
    assert (MOST_TECHNIQUES, MOST_MODES, MOST_LISTED) == (200, 14, 50)
    assert is_workable(Matrix(np.zeros((200, 14), dtype=np.int8)))


def test_without_a_technique_nothing_is_alike_and_nothing_open():
    nothing = Matrix(np.zeros((0, 0), dtype=np.int8))

    assert (most_alike(nothing, 3), smallest_portfolios(nothing, uncertain=True)) == ((), Smallest(0, 1, ((),)))


@quick
@given(some_rows, st.booleans())
def test_another_technique_never_opens_a_mode_and_the_second_reading_never_closes_one(rows, uncertain):
    matrix = matrix_of(rows)

    for size in range(len(rows)):
        fewer, more = set(residual(matrix, range(size), uncertain=uncertain)), range(size + 1)
        assert set(residual(matrix, more, uncertain=uncertain)) <= fewer
        assert set(residual(matrix, more, uncertain=False)) <= set(residual(matrix, more, uncertain=True))
        for each in one_more(matrix, range(size), uncertain=uncertain):
            assert (set(each.closes) | set(each.leaves), set(each.closes) & set(each.leaves)) == (fewer, set())


def test_no_technique_leaves_everything_open():
    assert residual(published, [], uncertain=False) == tuple(range(7))


def test_a_mode_that_is_closed_is_not_closed_again():
    assert smallest_portfolios(matrix_of(["RV", "VR", "VR"]), uncertain=False).first == ((0, 1), (0, 2))


def test_techniques_of_a_portfolio_are_in_order():
    rows = ["VV", "RV", *["VV"] * 6, "VR"]

    assert smallest_portfolios(matrix_of(rows), uncertain=False) == Smallest(2, 1, ((1, 8),))


def test_a_mode_that_nothing_resists_has_no_portfolio():
    assert smallest_portfolios(matrix_of(["VR", "VV"]), uncertain=False) == Smallest(None, 0, ())


def test_techniques_without_a_weakness_share_nothing_that_could_be_measured():
    found = shared_modes(matrix_of(["RR", "RR"]), uncertain=True)

    assert np.isnan(found).all()
    assert np.isnan(mean_shared(found))
