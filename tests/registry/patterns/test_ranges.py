"""What a range adds up to: put away and taken out again, and together with others what one block would give."""

import io
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.patterns.behind import newest
from registry.patterns.blocks import ANSWERS, NEVER, SETTINGS
from registry.patterns.counting import Counts
from registry.patterns.ranges import Part, packed, part_of, unpacked, whole

from .builders import block_of, quick, shape_of

SHAPE = shape_of(3, 2)
WEEKS = 4


GROUPS = st.integers(-1, 3)


@st.composite
def blocks(draw, groups=GROUPS):
    cases = draw(st.lists(st.frozensets(st.integers(0, SHAPE.n_nodes - 1)), max_size=20))
    n = len(cases)

    def column(values):
        return draw(st.lists(values, min_size=n, max_size=n))

    return block_of(
        cases,
        weeks=column(st.integers(-1, WEEKS - 1)),
        groups=column(groups),
        ids=draw(st.permutations(range(1, n + 1))),
        strata=[
            column(st.integers(0, len(SETTINGS) - 1)),
            column(st.integers(0, 1)),
            column(st.sampled_from([0, 2024])),
        ],
        answers=column(st.integers(0, len(ANSWERS) - 1)),
        leads=column(st.integers(-1, 400)),
        days=column(st.sampled_from([NEVER, 0, -5, 9000])),
        sources=["here", "aiid"],
    )


def reordered(block, order):
    """The same cases in another order."""
    codes = np.split(block.codes, np.cumsum(block.lengths)[:-1])
    columns = {f.name: getattr(block, f.name)[..., order] for f in fields(block) if f.name not in ("codes", "sources")}
    labels = np.concatenate([codes[at] for at in order]) if len(order) else block.codes[:0]
    return replace(block, codes=labels, **columns)


def plain(part):
    """Everything in a part, as lists."""
    counts = {f.name: np.asarray(getattr(part.counts, f.name)).tolist() for f in fields(Counts)}
    members = [[np.asarray(getattr(each, f.name)).tolist() for f in fields(each)] for each in (part.cases, part.units)]
    return counts, members, part.leads.tolist(), part.days, part.digest


@quick
@given(blocks())
def test_a_part_is_taken_out_as_it_was_put_away(block):
    part = part_of(block, SHAPE, WEEKS)

    assert plain(unpacked(packed(part))) == plain(part)


def test_cases_and_units_are_kept_once_where_they_are_the_same():
    alone, event = (part_of(block_of([{0}, {1}], groups=[group] * 2), SHAPE, WEEKS) for group in (-1, 5))

    kept = [unpacked(packed(part)) for part in (alone, event)]

    assert [part.units is part.cases for part in kept] == [True, False]
    assert len(packed(alone)) < len(packed(event))


@quick
@given(blocks(), st.randoms(use_true_random=False))
def test_the_order_of_cases_does_not_matter(block, random):
    order = list(range(len(block.lengths)))
    random.shuffle(order)

    assert plain(part_of(reordered(block, order), SHAPE, WEEKS)) == plain(part_of(block, SHAPE, WEEKS))


@quick
@given(blocks(st.just(-1)), st.integers(0, 20))
def test_two_ranges_are_together_what_one_would_be(block, at):
    n = len(block.lengths)
    ranges = [part_of(reordered(block, range(n)[some]), SHAPE, WEEKS) for some in (slice(at), slice(at, None))]

    apart, together = whole(ranges, SHAPE, WEEKS), whole([part_of(block, SHAPE, WEEKS)], SHAPE, WEEKS)

    for name in [f.name for f in fields(Counts)]:
        np.testing.assert_array_equal(getattr(apart.counts, name), getattr(together.counts, name))
    assert (apart.leads.tolist(), apart.days) == (together.leads.tolist(), together.days)
    assert newest(apart.cases, 0, 3, most=99).tolist() == newest(together.cases, 0, 3, most=99).tolist()


def test_empty_ranges_make_no_difference():
    some, none = part_of(block_of([{0}], ids=[8]), SHAPE, WEEKS), part_of(block_of([]), SHAPE, WEEKS)

    assert whole([none, some, none], SHAPE, WEEKS).digest == whole([some], SHAPE, WEEKS).digest
    assert whole([none], SHAPE, WEEKS).days is None


def test_leads_are_told_by_node_and_of_all_events_that_were_warned_of():
    block = block_of([{0, 3}, {3}, {4}, {0}], leads=[30, 5, -1, 7], answers=[0, 0, 0, 1])

    leads = part_of(block, SHAPE, WEEKS).leads

    assert list(zip(*leads.tolist(), strict=True)) == [(0, 30), (3, 5), (3, 30), (5, 5), (5, 30)]


def test_a_warning_of_the_same_day_has_a_lead_of_nothing():
    leads = part_of(block_of([{0}, set()], leads=[0, 0], answers=[0, 0]), SHAPE, WEEKS).leads

    assert list(zip(*leads.tolist(), strict=True)) == [(0, 0), (5, 0), (5, 0)]


def test_leads_of_several_ranges_are_sorted_by_node_and_then_by_days():
    blocks = [block_of([{0}, {1}], leads=leads, answers=[0, 0]) for leads in ([9, 2], [4, 7], [6, 7])]

    leads = whole([part_of(block, SHAPE, WEEKS) for block in blocks], SHAPE, WEEKS).leads

    of_nodes = [(0, 4), (0, 6), (0, 9), (1, 2), (1, 7), (1, 7)]
    assert list(zip(*leads.tolist(), strict=True)) == [*of_nodes, *((5, days) for days in (2, 4, 6, 7, 7, 9))]


def test_the_first_and_the_last_day_are_those_of_the_dated_cases():
    blocks = [block_of([{0}] * len(days), days=days) for days in ([40, NEVER, -3, 12], [NEVER], [90])]
    parts = [part_of(block, SHAPE, WEEKS) for block in blocks]

    assert [part.days for part in parts] == [(-3, 40), (NEVER, -NEVER), (90, 90)]
    assert whole(parts, SHAPE, WEEKS).days == (-3, 90)
    assert whole(parts[1:2], SHAPE, WEEKS).days is None


def test_of_no_range_at_all_nothing_is_counted():
    found = whole([], SHAPE, WEEKS)

    assert (found.counts.cases, found.cases, found.units, found.leads.shape, found.days) == (0, (), (), (2, 0), None)


@pytest.mark.parametrize(
    "column",
    [
        {"ids": [2, 1]},
        {"weeks": [0, 1]},
        {"answers": [0, 1]},
        {"leads": [0, 7]},
        {"days": [0, 7]},
        {"delays": [0, 1]},
        {"strata": [[0, 1], [0, 0], [0, 0]]},
        {"sources": ["elsewhere"]},
    ],
)
def test_everything_that_is_read_is_in_the_digest(column):
    usual = {"ids": [1, 2], "answers": [0, 0], "leads": [7, 7], "days": [7, 7], "delays": [1, 1]}
    usual |= {"strata": [[0, 0], [0, 0], [0, 0]], "weeks": [1, 1]}

    one, other = (part_of(block_of([{0}, {1}], **columns), SHAPE, WEEKS) for columns in (usual, usual | column))

    assert one.digest != other.digest


def test_a_part_holds_nothing_that_can_be_executed():
    content = packed(part_of(block_of([{0}]), SHAPE, WEEKS))

    assert isinstance(unpacked(memoryview(content)), Part)
    with pytest.raises(ValueError, match="allow_pickle"):
        unpacked(content[:32] + pickled())


def pickled():
    buffer = io.BytesIO()
    np.savez(buffer, **{"counts.cases": np.array([object()])})
    return buffer.getvalue()
