from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.patterns import counting
from registry.patterns.blocks import ANSWERS, NO_ANSWER, CaseBlock
from registry.patterns.counting import Counts, count_cases, no_counts

from .builders import block_of, quick, shape_of

SHAPE = shape_of(3, 2, 1, 2)
WEEKS = 4


GROUPS = st.integers(-1, 3)
ALONE = st.just(-1)


@st.composite
def registries(draw, groups=GROUPS):
    """(cases as sets of positions, weeks, groups, answers, delays, numbers)."""
    cases = draw(st.lists(st.frozensets(st.integers(0, SHAPE.n_nodes - 1)), max_size=25))
    each = {"min_size": len(cases), "max_size": len(cases)}
    weeks = draw(st.lists(st.integers(-1, WEEKS - 1), **each))
    return (
        cases,
        weeks,
        draw(st.lists(groups, **each)),
        draw(st.lists(st.integers(0, len(ANSWERS) - 1), **each)),
        [draw(st.integers(-1, WEEKS - 1 - week)) for week in weeks],
        draw(st.permutations(range(10, 10 + len(cases)))),
    )


def drawn(cases, weeks, groups, answers, delays, ids):
    return block_of(cases, weeks, groups, answers=answers, delays=delays, ids=ids)


def by_hand(cases, weeks, groups, answers, delays, ids):
    """The same counts with sets and loops, one event after another."""
    events = {}
    rows = sorted(zip(ids, cases, weeks, groups, answers, strict=True))
    for i, case, week, group, answer in rows:
        key = (group, i if group < 0 else None)
        codes, known, said = events.get(key, (frozenset(), [], []))
        events[key] = codes | case, known + [week] * (week >= 0), said + [answer] * (answer != NO_ANSWER)
    total = no_counts(SHAPE, WEEKS)
    for week, delay in zip(weeks, delays, strict=True):
        if week >= 0 and delay >= 0:
            total.delays[week, delay] += 1
    for codes, known, said in events.values():
        total.answers_units[(said or [NO_ANSWER])[0]] += 1
        for a in codes:
            total.answers[a, (said or [NO_ANSWER])[0]] += 1
        applied = {int(SHAPE.scheme[code]) for code in codes}
        for s in applied:
            for t in applied:
                total.both_applied[s, t] += 1
        for a in codes:
            for s in applied:
                total.node_where[a, s] += 1
            for b in codes:
                total.joint[a, b] += a < b
            if known:
                total.weekly[a, min(known)] += 1
        if known:
            total.weekly_units[min(known)] += 1
    return Counts(len(cases), len(events), *(getattr(total, f.name) for f in fields(Counts)[2:]))


def assert_same(found, expected):
    for f in fields(Counts):
        np.testing.assert_array_equal(getattr(found, f.name), getattr(expected, f.name), err_msg=f.name)


@quick
@given(registries())
def test_counts_equal_a_count_by_hand(registry):
    assert_same(count_cases(drawn(*registry), SHAPE, WEEKS), by_hand(*registry))


@quick
@given(registries(), st.randoms(use_true_random=False))
def test_the_order_of_cases_does_not_matter(registry, random):
    shuffled = list(zip(*registry, strict=True))
    random.shuffle(shuffled)
    columns = [list(column) for column in zip(*shuffled, strict=True)] or [[]] * 6

    assert_same(count_cases(drawn(*columns), SHAPE, WEEKS), count_cases(drawn(*registry), SHAPE, WEEKS))


@quick
@given(registries(ALONE), st.integers(0, 25))
def test_blocks_add_up(registry, at):
    blocks = (drawn(*(column[part] for column in registry)) for part in (slice(at), slice(at, None)))

    first, second = (count_cases(block, SHAPE, WEEKS) for block in blocks)

    assert_same(first + second, count_cases(drawn(*registry), SHAPE, WEEKS))


@quick
@given(registries(), st.integers(1, 40))
def test_how_much_is_held_at_once_does_not_matter(registry, at_once):
    expected = by_hand(*registry)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "_AT_ONCE", at_once)
        found = count_cases(drawn(*registry), SHAPE, WEEKS)

    assert_same(found, expected)


@pytest.mark.parametrize("at_once", [2, 3, 5, 7])
def test_units_to_which_different_schemes_were_applied_may_be_counted_in_halves(at_once, monkeypatch):
    block = block_of([{0}, {3}, {5}, {6}, {1}, {4}, {7}, {2}])
    expected = count_cases(block, SHAPE, WEEKS)

    monkeypatch.setattr(counting, "_AT_ONCE", at_once)

    assert_same(count_cases(block, SHAPE, WEEKS), expected)


@quick
@given(registries(ALONE))
def test_a_second_report_of_an_event_changes_nothing_but_the_number_of_cases(registry):
    cases, weeks, *_ = registry
    events = list(range(len(cases)))

    once = count_cases(block_of(cases, weeks, events), SHAPE, WEEKS)
    twice = count_cases(block_of(cases * 2, weeks * 2, events * 2), SHAPE, WEEKS)

    assert twice.cases == 2 * len(cases)
    assert_same(Counts(len(cases), *(getattr(twice, f.name) for f in fields(Counts)[1:])), once)


def test_reports_of_one_event_are_united_in_its_earliest_known_week():
    block = block_of([{0, 3}, {1, 3}, {0}], weeks=[2, 1, -1], groups=[7, 7, 7])

    counts = count_cases(block, SHAPE, WEEKS)

    assert (counts.cases, counts.units) == (3, 1)
    assert np.argwhere(counts.joint).tolist() == [[0, 1], [0, 3], [1, 3]]
    assert counts.weekly_units.tolist() == [0, 1, 0, 0]


def test_unknown_is_never_counted_as_absent():
    # Node 0 is in scheme 0, node 3 in scheme 1. The last two cases say nothing about scheme 1.
    counts = count_cases(block_of([{0, 3}, {1, 3}, {0, 4}, {0}, {1}]), SHAPE, WEEKS)

    assert counts.both_applied[0].tolist() == [5, 3, 0, 0]
    assert counts.node_where[0].tolist() == [3, 2, 0, 0]
    assert counts.joint[0, 3] == 1


def test_more_schemes_than_sixteen_are_counted_the_same_way():
    cases = [{0, 18, 19}, {0, 5, 19}, {18}, set(), {0, 18}]
    shape = shape_of(*[1] * 20)

    counts = count_cases(block_of(cases), shape, 1)

    together = np.array([[sum({s, t} <= case for case in cases) for t in range(20)] for s in range(20)])
    np.testing.assert_array_equal(counts.both_applied, together)
    np.testing.assert_array_equal(counts.node_where, together)


def test_the_highest_scheme_that_fits_is_counted():
    shape = shape_of(*[1] * 63)

    counts = count_cases(block_of([{0, 62}, {62}]), shape, 1)

    assert (counts.both_applied[62, 62], counts.node_where[0, 62], counts.node_where[62, 0]) == (2, 1, 1)


def test_a_case_without_labels_is_a_case():
    counts = count_cases(block_of([set(), set()], weeks=[3, -1]), SHAPE, WEEKS)

    assert (counts.cases, counts.units, counts.weekly_units.tolist()) == (2, 2, [0, 0, 0, 1])
    assert counts.both_applied.sum() == 0


def test_a_case_may_carry_more_labels_than_a_byte_counts():
    counts = count_cases(block_of([set(range(257)), {0}]), shape_of(257), 1)

    assert counts.node_where[:, 0].tolist() == [2, *[1] * 256]
    assert counts.joint.sum() == 257 * 256 // 2


def test_no_case_at_all_counts_nothing():
    assert_same(count_cases(block_of([]), SHAPE, WEEKS), no_counts(SHAPE, WEEKS))


@pytest.mark.parametrize("codes", [[1, 0], [1, 1], [2, 0, 1]])
def test_codes_out_of_order_or_twice_are_refused(codes):
    block = CaseBlock.of_labels(np.array(codes), np.array([len(codes)]), np.array([0]), np.array([-1]))

    with pytest.raises(ValueError, match="strictly increasing"):
        count_cases(block, SHAPE, WEEKS)


def test_one_case_out_of_order_among_others_is_refused():
    block = CaseBlock.of_labels(np.array([0, 1, 1, 0]), np.array([2, 2]), np.array([0, 0]), np.array([-1, -1]))

    with pytest.raises(ValueError, match="strictly increasing"):
        count_cases(block, SHAPE, WEEKS)


@pytest.mark.parametrize(
    ("code", "week", "what"), [(8, 0, "codes"), (-1, 0, "codes"), (0, 4, "weeks"), (0, -2, "weeks")]
)
def test_codes_and_weeks_that_do_not_exist_are_refused(code, week, what):
    with pytest.raises(ValueError, match=f"^{what} lie from"):
        count_cases(block_of([{code}, {0}], weeks=[week, 0]), SHAPE, WEEKS)


@pytest.mark.parametrize("columns", [{"answers": [4]}, {"answers": [-1]}, {"delays": [4]}])
def test_answers_and_reports_that_cannot_be_are_refused(columns):
    with pytest.raises(ValueError, match=r"^(answers|reports) lie from 0 to 3"):
        count_cases(block_of([{0}], weeks=[1], **columns), SHAPE, WEEKS)


def test_only_what_is_dated_and_measured_is_a_delay():
    block = block_of([{0}] * 4, weeks=[0, 0, -1, 2], delays=[3, -1, 0, 1], groups=[5, 5, -1, -1])

    counts = count_cases(block, SHAPE, WEEKS)

    assert np.argwhere(counts.delays).tolist() == [[0, 3], [2, 1]]
