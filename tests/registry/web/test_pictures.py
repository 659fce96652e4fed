import itertools

import pytest

from registry.web import pictures

TIERS = [(1, "s1", "Low"), (4, "s4", "Critical")]


def test_histogram_stacks_the_lowest_tier_at_the_ground():
    columns = [("4 May", {1: 1, 4: 3}), ("11 May", {1: 2})]

    picture = pictures.histogram(columns, tiers=TIERS, width=80, height=104)

    assert picture["bars"] == [
        {"x": 2.5, "y": 64, "width": 35, "height": 20, "tier": "s1", "title": "4 May: 1 Low"},
        {"x": 2.5, "y": 4, "width": 35, "height": 60, "tier": "s4", "title": "4 May: 3 Critical"},
        {"x": 42.5, "y": 44, "width": 35, "height": 40, "tier": "s1", "title": "11 May: 2 Low"},
    ]


def test_histogram_says_in_words_what_it_shows():
    columns = [("4 May", {1: 1, 4: 3}), ("11 May", {1: 2})]

    picture = pictures.histogram(columns, tiers=TIERS)

    assert picture["description"] == "6 cases from 4 May to 11 May; most, 4, at 4 May"


@pytest.mark.parametrize("columns", [[], [("4 May", {})]])
def test_histogram_without_cases_is_empty_and_says_so(columns):
    picture = pictures.histogram(columns, tiers=TIERS)

    assert (picture["bars"], picture["description"]) == ([], "No case in this time")


def test_histogram_labels_no_more_columns_than_asked():
    columns = [(str(week), {1: 1}) for week in range(26)]

    ticks = pictures.histogram(columns, tiers=TIERS, labels=7)["ticks"]

    assert [(tick["label"], tick["css"]) for tick in ticks] == [
        ("0", ""),
        ("4", "every-other"),
        ("8", ""),
        ("12", "every-other"),
        ("16", ""),
        ("20", "every-other"),
        ("24", ""),
    ]


def test_few_columns_do_not_grow_wider_than_a_column_should():
    picture = pictures.histogram([("2025", {1: 1})], tiers=TIERS, width=840)

    assert [bar["width"] for bar in picture["bars"]] == [pictures.WIDEST_COLUMN - 5]


def test_whisker_puts_one_at_a_quarter_of_a_four_decade_axis():
    axis = pictures.whisker_axis(axis=(0.1, 1000), width=225.8)

    assert [(tick["label"], tick["x"], tick["one"], tick["anchor"]) for tick in axis["ticks"]] == [
        ("0.1", 12.9, False, "start"),
        ("1", 62.9, True, "middle"),
        ("10", 112.9, False, "middle"),
        ("100", 162.9, False, "middle"),
        ("1,000", 212.9, False, "end"),
    ]


def test_whisker_shares_the_positions_of_its_axis():
    whisker = pictures.whisker(estimate=10, low=1, high=100, previous=1, width=225.8)

    assert (whisker["low"], whisker["point"], whisker["high"], whisker["previous"]) == (62.9, 112.9, 162.9, 62.9)
    assert (whisker["cut_low"], whisker["cut_high"]) == (False, False)


def test_whisker_beyond_the_axis_is_cut_at_the_edge():
    whisker = pictures.whisker(estimate=0.4, low=0.02, high=4000)

    assert (whisker["low"], whisker["cut_low"], whisker["high"], whisker["cut_high"]) == (0, True, 204, True)


@pytest.mark.parametrize(
    ("previous", "words"),
    [
        (None, "Odds ratio 11.4, 95 % interval 0.05 to 1,300"),
        (27.4, "Odds ratio 11.4, 95 % interval 0.05 to 1,300; in the previous run 27"),
    ],
)
def test_whisker_says_in_words_what_it_shows(previous, words):
    whisker = pictures.whisker(estimate=11.4, low=0.05, high=1320, previous=previous)

    assert whisker["title"] == words


def trend(counts, **options):
    options = {"recent": 2, "incomplete": 1, "ceiling": 4, "labels": ("20 Apr", "19 Oct")} | options
    return pictures.trend(counts, **options)


def test_trend_hatches_incomplete_weeks_and_colours_recent_ones():
    picture = trend([4, 0, 2, 1])

    assert [(bar["css"], bar["title"], bar["height"]) for bar in picture["bars"]] == [
        ("week", "4", 66),
        ("week now", "2", 33),
        ("week unsure", "1", 16.5),
    ]


def test_trend_draws_one_mean_before_and_one_of_the_complete_weeks_since():
    picture = trend([2, 0, 4, 3])

    assert picture["means"] == [
        {"css": "mean", "x1": 4, "x2": 61, "y": 37},
        {"css": "mean now", "x1": 61, "x2": 175, "y": 37},
    ]


def test_trend_marks_the_incomplete_time_as_unknown_behind_the_bars():
    picture = trend([4, 0, 2, 1], baseline_band=(1, 3))

    assert picture["bands"] == [
        {"css": "unknown", "x": 175, "y": 2, "width": 57, "height": 68},
        {"css": "band", "x": 4, "y": 20.5, "width": 57, "height": 33},
    ]


def test_trend_says_in_words_what_it_shows():
    picture = trend([4, 0, 2, 1])

    assert picture["description"] == "2 in the last 2 complete weeks, 4 in the 1 before; 1 so far in what is incomplete"


def test_trend_above_the_shared_ceiling_stays_inside_its_panel():
    picture = trend([40, 0, 0, 0])

    assert [bar["y"] for bar in picture["bars"]] == [pictures.TREND_TOP]


def test_bars_leave_out_empty_years_and_name_the_others():
    picture = pictures.bars([("2023", 0), ("2024", 1), ("2025", 2)], width=30, height=30)

    assert [(bar["x"], bar["y"], bar["height"]) for bar in picture["bars"]] == [(11.1, 15.5, 13.5), (21.1, 2, 27)]
    assert picture["description"] == "2024: 1, 2025: 2"


def test_bars_with_a_shared_ceiling_are_drawn_on_its_scale():
    picture = pictures.bars([("2024", 1)], height=30, ceiling=27)

    assert [bar["height"] for bar in picture["bars"]] == [1]


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (50, 50), (100, 100), (0.1, 2)])
def test_horizontal_bar_is_in_proportion_and_never_invisible(count, expected):
    assert pictures.length(count, largest=100, width=100) == expected


def test_steps_fill_from_the_left():
    strip = pictures.steps(done=2, total=3, width=30)

    assert [step["css"] for step in strip["steps"]] == ["done", "done", "open"]
    assert strip["description"] == "2 of 3 steps done"


def test_every_coordinate_is_at_most_a_tenth_of_a_unit_fine():
    columns = [(str(week), {1: week % 3, 4: week % 7}) for week in range(23)]

    bars = pictures.histogram(columns, tiers=TIERS)["bars"]

    values = itertools.chain.from_iterable((bar["x"], bar["y"], bar["width"], bar["height"]) for bar in bars)
    assert all(round(value, 1) == value for value in values)
