"""Pairs in strata: each table by hand, and all of them together the pair's own."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from registry.patterns.behind import members_of
from registry.patterns.blocks import SETTINGS, merge_event_groups
from registry.patterns.counting import count_cases
from registry.patterns.family import pair_counts
from registry.patterns.splitting import split_pairs, strata_of

from .builders import block_of, quick, shape_of

SHAPE = shape_of(3, 2, 2)
SOURCES = ("here", "aiid", "others")
YEARS = (0, 1999, 2020, 2024)


@st.composite
def blocks(draw, groups=True):
    """A block of cases with strata, some of them of one event."""
    cases = draw(st.lists(st.frozensets(st.integers(0, SHAPE.n_nodes - 1)), max_size=30))
    each = {"min_size": len(cases), "max_size": len(cases)}
    codes = (st.integers(0, len(SETTINGS) - 1), st.integers(0, len(SOURCES) - 1), st.sampled_from(YEARS))
    return block_of(
        cases,
        groups=draw(st.lists(st.integers(-1, 4) if groups else st.just(-1), **each)),
        strata=[draw(st.lists(code, **each)) for code in codes],
        sources=SOURCES,
    )


def split(*given):
    """(strata, splits) of every pair."""
    members = [members_of(merge_event_groups(block), SHAPE.n_nodes) for block in given]
    strata = strata_of(members)
    return strata, split_pairs(members, SHAPE, strata, *np.triu_indices(SHAPE.n_nodes, k=1))


@quick
@given(blocks(), blocks(groups=False))
def test_the_strata_of_a_pair_add_up_to_its_own_table(first, second):
    tables = pair_counts(count_cases(first, SHAPE, 1) + count_cases(second, SHAPE, 1), SHAPE)

    strata, splits = split(first, second)

    for dimension, found in splits.items():
        assert strata[dimension].events.sum() == len(merge_event_groups(first).lengths) + len(second.lengths)
        for name in ("joint", "k_a", "k_b", "n"):
            assert getattr(found, name).sum(axis=1).tolist() == getattr(tables, name).tolist(), (dimension, name)


@quick
@given(blocks(groups=False))
def test_each_stratum_is_what_its_cases_alone_would_give(block):
    strata, splits = split(block)
    codes = np.split(block.codes, np.cumsum(block.lengths)[:-1]) if len(block.lengths) else []

    for place, name in enumerate(strata["setting"].names):
        inside = block.strata[0] == SETTINGS.index(name)
        alone = block_of([set(case.tolist()) for case, keep in zip(codes, inside, strict=True) if keep])
        tables = pair_counts(count_cases(alone, SHAPE, 1), SHAPE)
        for count in ("joint", "k_a", "k_b", "n"):
            assert getattr(splits["setting"], count)[:, place].tolist() == getattr(tables, count).tolist()


def strata_with(sources, years):
    n = len(sources)
    names = ("here", *sorted(set(sources) - {"here"}))
    block = block_of([{0}] * n, strata=[[2] * n, [names.index(source) for source in sources], years], sources=names)
    return strata_of([members_of(block, SHAPE.n_nodes)])


def test_settings_come_as_listed_sources_by_size_and_years_as_they_follow():
    found = strata_with(["aiid", "here", "avid", "aiid"], [2024, 0, 1999, 2024])

    assert found["setting"].names == ("",)
    assert (found["source"].names, found["source"].events.tolist()) == (("aiid", "avid", "here"), [2, 1, 1])
    assert (found["year"].names, found["year"].events.tolist()) == (("1999", "2024", ""), [1, 2, 1])


def test_more_than_twelve_sources_and_years_are_the_largest_and_the_others():
    sources = [f"source-{i:02}" for i in range(13) for _ in range(i + 1)]
    years = [year for year in (0, *range(2000, 2013)) for _ in range(year % 100 + 1)][: len(sources)]

    found = strata_with(sources, years)

    names = tuple(f"source-{i:02}" for i in range(12, 1, -1))
    assert (found["source"].names, found["source"].events.tolist()) == ((*names, "others"), [*range(13, 2, -1), 3])
    assert len(found["year"].names) == 12
    assert found["year"].names[-2:] == ("others", "")
    assert found["year"].names[:-2] == tuple(sorted(found["year"].names[:-2]))
    assert found["year"].events.sum() == len(sources)


def test_twelve_are_all_shown():
    found = strata_with([f"source-{i:02}" for i in range(12)], list(range(2000, 2012)))

    assert len(found["source"].names) == len(found["year"].names) == 12
    assert "others" not in (*found["source"].names, *found["year"].names)


def test_a_source_called_others_is_one_of_the_others():
    sources = [f"source-{i:02}" for i in range(12)] + ["others"] * 5

    found = strata_with(sources, [2024] * len(sources))

    assert (found["source"].names[-1], found["source"].events[-1]) == ("others", 6)


def test_without_a_case_there_is_no_stratum():
    strata, splits = split(block_of([], strata=[[], [], []]))

    assert [each.names for each in strata.values()] == [(), (), ()]
    assert splits["year"].joint.shape == (21, 0)
