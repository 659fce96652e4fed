"""Flagged pairs by source, and what is left of them without the source that holds most of their events."""

import pytest

from registry.choices import Movement
from tests.factories import make_node, make_pair, make_run
from tests.registry.web.pattern_pages import csv_lines, html_of, make_split, opened

pytestmark = pytest.mark.django_db

TWICE = {"aiid": (30, 40, 40, 100), "here": (20, 30, 30, 80)}
ONCE = {"aiid": (30, 40, 40, 100), "here": (10, 30, 30, 90)}
ALONE = {"aiid": (30, 40, 40, 100), "here": (2, 9, 9, 30)}


@pytest.mark.parametrize(
    ("counts", "left", "word"),
    [(TWICE, 20, "stands"), (ONCE, 10, "does not stand"), (ALONE, 2, "cannot be told"), (None, 0, "not split")],
)
def test_a_pair_is_judged_without_its_own_largest_source(client, reader, run, nodes, counts, left, word):
    pair = make_pair(run, *nodes)
    if counts:
        make_split(pair, "source", **counts)

    [row] = opened(client, reader, "/patterns/sources/").context["rows"]

    assert (row.rest.joint, row.rest.standing[1]) == (left, word)
    assert row.rest.source == ("aiid" if counts else "")


def test_sources_that_stand_together_are_not_taken_for_one(client, reader, run, nodes):
    make_split(make_pair(run, *nodes), "source", others=(40, 50, 50, 200), aiid=(30, 40, 40, 100))

    [row] = opened(client, reader, "/patterns/sources/").context["rows"]

    assert (row.rest.source, row.rest.joint) == ("aiid", 40)


def test_cells_follow_the_heads_and_hold_no_zero_where_there_is_no_event(client, reader, run, nodes):
    first = make_pair(run, *nodes)
    make_split(first, "source", here=(0, 0, 0, 0), aiid=(30, 40, 40, 100), avid=(2, 4, 3, 9))
    second = make_pair(run, make_node(), make_node(), effect=1.0)
    make_split(second, "source", here=(3, 5, 5, 20))

    response = opened(client, reader, "/patterns/sources/")

    assert response.context["heads"] == ["AIID", "Logged here", "AVID"]
    assert [row.cells for row in response.context["rows"]] == [
        [
            (30, 100, pytest.approx(13.97, abs=0.01), f"/cases/?pair={first.pk}&source=aiid"),
            (0, 0, None, ""),
            (2, 9, None, f"/cases/?pair={first.pk}&source=avid"),
        ],
        [(0, 0, None, ""), (3, 20, pytest.approx(7.56, abs=0.01), ""), (0, 0, None, "")],
    ]
    assert html_of(response).count("no event to compare") == 3


def test_more_sources_than_columns_are_added_up(client, reader, run, nodes):
    sources = {f"s{place}": (2, 4, 4, 20 - place) for place in range(7)}
    make_split(make_pair(run, *nodes), "source", **sources)

    context = opened(client, reader, "/patterns/sources/").context

    assert context["heads"][-1] == "2 others"
    assert context["rows"][0].cells[-1] == (4, 29, None, "")


def test_what_can_be_told_stands_first(client, reader, run, nodes):
    make_split(make_pair(run, *nodes, effect=3.0), "source", **ALONE)
    for effect, counts in ((1.0, ONCE), (0.5, TWICE), (2.0, TWICE)):
        make_split(make_pair(run, make_node(), make_node(), effect=effect), "source", **counts)

    rows = opened(client, reader, "/patterns/sources/").context["rows"]

    assert [(row.rest.standing[1], row.row.pair.effect) for row in rows] == [
        ("stands", 2.0),
        ("stands", 0.5),
        ("does not stand", 1.0),
        ("cannot be told", 3.0),
    ]


def test_the_tally_counts_every_flagged_pair_and_not_only_this_page(client, reader, run):
    for place in range(30):
        pair = make_pair(run, make_node(), make_node())
        make_split(pair, "source", **(TWICE if place else ALONE))

    context = opened(client, reader, "/patterns/sources/?page=2").context

    assert {word: n for _, word, _, n in context["tally"] if n} == {"stands": 29, "cannot be told": 1}
    assert (len(context["rows"]), context["summary"]) == (5, "26–30 of 30 pairs")


def test_a_run_without_a_flagged_pair_says_so(client, reader):
    make_run(strata={"source": {"here": 3}})

    assert "There is nothing to split by source in this run." in html_of(opened(client, reader, "/patterns/sources/"))


def test_the_table_by_source_is_a_file(client, reader, run, nodes):
    make_split(make_pair(run, *nodes), "source", **TWICE)

    lines = csv_lines(opened(client, reader, f"/patterns/runs/{run.pk}/sources/?format=csv"))

    assert lines[1:] == [
        ["Red", "Sweet", "aiid", "30", "40", "40", "100", "aiid", "stands"],
        ["Red", "Sweet", "here", "20", "30", "30", "80", "aiid", "stands"],
    ]


@pytest.mark.parametrize("n", [1, 30])
def test_sources_query_count(client, reader, django_assert_num_queries, run, n):
    for _ in range(n):
        make_split(make_pair(run, make_node(), make_node(), movement=Movement.STEADY), "source", **TWICE)
    client.force_login(reader)

    with django_assert_num_queries(10):
        response = client.get("/patterns/sources/")

    assert len(response.context["rows"]) == min(n, 25)
