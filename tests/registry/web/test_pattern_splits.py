"""Flagged pairs by setting, source and year: what is printed of a split, and where a phrase stands in a list."""

from html import unescape

import numpy as np
import pytest

from registry.choices import Dimension
from registry.patterns import strata
from registry.patterns.rules import Rules
from registry.web.pattern_splits import joint_by_setting, phrase_of, split_of, tables_of
from registry.web.strata_words import largest_source, shares, stratum_words
from tests.factories import make_pair, make_run
from tests.registry.web.pattern_pages import csv_lines, html_of, make_split, opened

pytestmark = pytest.mark.django_db

ONE_ONLY = {"laboratory": (14, 20, 16, 50), "production": (0, 6, 6, 20)}
REVERSED = {"laboratory": (30, 40, 40, 100), "production": (2, 30, 30, 60)}
VANISHES = {"laboratory": (64, 80, 80, 100), "production": (4, 20, 20, 100)}
HOLDS = {"laboratory": (30, 40, 40, 100), "production": (30, 40, 40, 100)}


@pytest.mark.parametrize(
    ("counts", "phrase"),
    [
        (ONE_ONLY, "in the laboratory only: 14 of 14"),
        (REVERSED, "the other way round in production"),
        (VANISHES, "vanishes once split by setting"),
        (HOLDS, ""),
    ],
)
def test_a_phrase_says_where_a_pair_lives_if_not_everywhere(counts, phrase):
    columns = (np.array(column) for column in zip(*counts.values(), strict=True))
    split = strata.Split(tuple(counts), *columns)

    assert phrase_of(Dimension.SETTING, split, strata.read(split, Rules())) == phrase


def test_what_moved_shows_the_phrase_and_the_table_the_counts(client, reader, run, nodes):
    pair = make_pair(run, *nodes)
    make_split(pair, **ONE_ONLY, unknown=(0, 1, 0, 3))

    html = html_of(opened(client, reader))

    assert '<span class="tag guess">in the laboratory only: 14 of 14</span>' in html
    stages = "stage=pre-training&stage=post-training&stage=evaluation"
    assert f'<td class="end num nb"><a href="/cases/?pair={pair.pk}&{stages}">14</a> · 0</td>' in unescape(html)


def test_joint_cases_of_unknown_setting_are_not_counted_as_either():
    split = strata.Split(("laboratory", ""), *(np.array(part) for part in ([3, 4], [5, 5], [5, 5], [9, 9])))

    assert joint_by_setting({Dimension.SETTING: split}) == {"laboratory": 3, "production": 0, "unknown": 4}
    assert joint_by_setting({}) is None


def test_a_pair_is_split_by_every_dimension_with_what_the_strata_have_in_common(run, nodes):
    pair = make_pair(run, *nodes)
    make_split(pair, **HOLDS)
    make_split(pair, "year", _2024=(14, 20, 16, 50), unknown=(0, 0, 0, 11))

    setting, year = tables_of(pair, run)

    assert [(row.words, row.joint, row.n) for row in setting.rows] == [("Laboratory", 30, 100), ("Production", 30, 100)]
    assert setting.common == "15 (7.5–30)"
    assert setting.sentence.startswith("Holds in both strata that can be judged by setting")
    assert [(row.words, row.common != "") for row in year.rows] == [("2024", True)]
    assert (year.n_empty, year.n_in_them) == (1, 11)


def test_where_all_cases_lie_in_one_stratum_nothing_is_in_common(client, reader, run, nodes):
    pair = make_pair(run, *nodes)
    make_split(pair, "source", aiid=(14, 20, 16, 61), here=(0, 0, 0, 0))

    html = html_of(opened(client, reader, f"/patterns/pairs/{pair.pk}/"))

    assert "nothing to compare with" in html
    assert "In common</th>" not in html


def test_joint_cases_of_a_stratum_open_where_a_filter_names_them(run, nodes):
    pair = make_pair(run, *nodes)
    make_split(pair, **ONE_ONLY, unknown=(1, 2, 2, 5))
    make_split(pair, "source", aiid=(9, 20, 16, 50), here=(5, 6, 6, 20), others=(1, 2, 2, 9))
    make_split(pair, "year", _2024=(14, 20, 16, 50), unknown=(1, 2, 2, 11), others=(1, 2, 2, 5))

    setting, source, year = tables_of(pair, run)

    stages = "&stage=pre-training&stage=post-training&stage=evaluation"
    opened_by = [
        [row.url.removeprefix(f"/cases/?pair={pair.pk}") for row in table.rows] for table in (setting, source, year)
    ]
    assert opened_by == [
        [stages, "", ""],
        ["&source=aiid", "", ""],
        ["&occurred__gte=2024-01-01&occurred__lte=2024-12-31", "&occurred__isnull=true", ""],
    ]


def test_a_stratum_too_small_to_be_judged_shows_its_counts_and_no_odds_ratio(run, nodes):
    pair = make_pair(run, *nodes)
    make_split(pair, laboratory=(12, 16, 13, 52), production=(2, 4, 3, 9))

    [setting] = tables_of(pair, run)

    assert [(row.words, row.common, row.whisker is None) for row in setting.rows] == [
        ("Laboratory", "66 (9.3–465)", False),
        ("Production", "", True),
    ]


def test_the_pair_page_prints_the_splits_and_their_reading(client, reader, run, nodes):
    pair = make_pair(run, *nodes)
    make_split(pair, **ONE_ONLY)

    html = html_of(opened(client, reader, f"/patterns/pairs/{pair.pk}/"))

    assert "Lives in the laboratory only: all 14 of its cases are there" in html
    assert "too few to judge" not in html


def test_a_pair_that_was_not_split_says_so(client, reader, run, nodes):
    pair = make_pair(run, *nodes, flagged=False)

    assert "Only flagged pairs are split" in html_of(opened(client, reader, f"/patterns/pairs/{pair.pk}/"))


def test_the_splits_of_a_pair_are_a_file(client, reader, run, nodes):
    pair = make_pair(run, *nodes)
    make_split(pair, **ONE_ONLY)

    lines = csv_lines(opened(client, reader, f"/patterns/pairs/{pair.pk}/?format=csv"))

    assert lines[1:] == [
        ["setting", "laboratory", "14", "20", "16", "50"],
        ["setting", "production", "0", "6", "6", "20"],
    ]


def test_a_split_is_read_as_it_was_kept(run, nodes):
    kept = make_split(make_pair(run, *nodes), **HOLDS)

    found = split_of(kept)

    assert (found.names, found.joint.tolist(), found.n.tolist()) == (("laboratory", "production"), [30, 30], [100, 100])


@pytest.mark.parametrize(
    ("dimension", "name", "words"),
    [
        ("setting", "", "Setting not known"),
        ("source", "aiid", "AIID"),
        ("source", "catalogue", "catalogue"),
        ("source", "here", "Logged here"),
        ("source", "“here”", "“here”"),
        ("year", "2024", "2024"),
        ("year", "others", "Other years"),
    ],
)
def test_strata_in_words(dimension, name, words):
    assert stratum_words(dimension, name) == words


def test_what_is_not_known_comes_last_however_much_it_is():
    run = make_run(strata={"setting": {"": 90, "production": 4, "laboratory": 6}})

    assert shares(run) == {"setting": [("Laboratory", 6), ("Production", 4), ("Setting not known", 90)]}


@pytest.mark.parametrize(("here", "dominates"), [(30, False), (31, True)])
def test_a_source_dominates_with_more_than_half_of_the_events(client, reader, here, dominates):
    run = make_run(strata={"source": {"aiid": 60 - here, "here": here}})

    html = html_of(opened(client, reader))

    assert largest_source(run).dominates is dominates
    assert ("more than half: what holds for it alone" in html) is dominates


@pytest.mark.parametrize(("name", "known"), [("aiid", True), ("here", False), ("others", False), ("“here”", False)])
def test_only_a_database_by_its_own_name_can_be_left_out_of_a_run(client, analyst, name, known):
    run = make_run(strata={"source": {name: 60}})

    html = html_of(opened(client, analyst))

    assert largest_source(run).is_database is known
    assert ("Run the patterns without it" in html) is known


def test_a_run_before_strata_were_counted_has_no_largest_source(run):
    assert largest_source(run) is None
