"""The pairs as a table: which ones, in which order, which page."""

import pytest

from registry.choices import PairState
from registry.web.pair_table import PairChoice, counts_by_view, pair_table
from tests.factories import make_node, make_pair, make_run
from tests.registry.web.pattern_pages import csv_lines, html_of, opened

pytestmark = pytest.mark.django_db


def fresh_pairs(run, n, **values):
    """`n` pairs of nodes of their own."""
    return [make_pair(run, make_node(), make_node(), **values) for _ in range(n)]


def table_of(run, query):
    return pair_table(run, PairChoice.from_query(query), counts_by_view(run))


def test_only_tested_pairs_are_listed_by_default(run, nodes):
    tested = make_pair(run, *nodes)
    related = fresh_pairs(run, 1, state=PairState.RELATED, q=None, flagged=False)[0]

    listed = [[row.pair for row in table_of(run, query)["rows"]] for query in ({}, {"show": "related"})]

    assert listed == [[tested], [related]]


@pytest.mark.parametrize(("sort", "order"), [("q", [0, 1]), ("-q", [1, 0]), ("-both", [1, 0]), ("nonsense", [1, 0])])
def test_table_is_sorted_as_the_address_says(run, sort, order):
    first = fresh_pairs(run, 1, q=0.01, joint=3, effect=1.0)[0]
    second = fresh_pairs(run, 1, q=0.02, joint=8, effect=2.0)[0]

    rows = table_of(run, {"sort": sort})["rows"]

    assert [row.pair for row in rows] == [[first, second][place] for place in order]


def test_a_head_turns_its_order_round_and_keeps_the_view(run):
    heads = {head["key"]: head for head in table_of(run, {"sort": "q", "show": "flagged"})["heads"]}

    assert (heads["q"]["url"], heads["q"]["sorted"]) == ("?show=flagged&sort=-q#table", "ascending")
    assert (heads["both"]["url"], heads["both"]["sorted"]) == ("?show=flagged&sort=-both#table", "")


def test_pages_of_the_table_hold_every_pair_once(run):
    pairs = fresh_pairs(run, 30)

    pages = [table_of(run, {"page": page}) for page in ("1", "2", "99")]

    assert [len(page["rows"]) for page in pages] == [25, 5, 5]
    assert {row.pair for page in pages[:2] for row in page["rows"]} == set(pairs)
    assert [bool(page["next_url"]) for page in pages] == [True, False, False]


@pytest.mark.parametrize("query", ["?page=-1", "?page=²", "?show=x&sort=--q", "?rows=x%00&columns=y"])
def test_a_broken_address_shows_the_page_as_it_opens(client, reader, run, nodes, query):
    pair = make_pair(run, *nodes)

    response = opened(client, reader, f"/patterns/pairs/{query}")

    assert [row.pair for row in response.context["table"]["rows"]] == [pair]


def test_hidden_ratios_and_shares_say_that_they_are_hidden(client, reader, run, nodes):
    make_pair(
        run,
        *nodes,
        joint=2,
        n=4,
        k_a=3,
        k_b=3,
        lift=None,
        rate_low=None,
        rate_high=None,
        flagged=False,
        movement="none",
    )

    html = html_of(opened(client, reader))

    assert html.count('<span class="quiet">hidden</span>') == 2


def test_emerging_pairs_are_those_first_flagged_or_first_supported_since(run):
    now = make_run(compared_with=run)
    flagged = fresh_pairs(now, 1, first_flagged=now.pk, first_supported=run.pk, effect=3.0)[0]
    supported = fresh_pairs(now, 1, flagged=False, first_supported=now.pk, effect=2.0)[0]
    fresh_pairs(now, 1, first_flagged=run.pk, first_supported=run.pk)
    fresh_pairs(now, 1, flagged=False, first_supported=now.pk, expected=20.0)
    fresh_pairs(now, 1, flagged=False, first_flagged=now.pk, state=PairState.RELATED)

    rows = table_of(now, {"show": "emerging"})["rows"]

    assert [row.pair for row in rows] == [flagged, supported]


def test_pairs_found_less_often_than_expected_are_shown_apart_with_a_caution(client, reader, run, nodes):
    fewer = make_pair(run, *nodes, flagged=False, q=0.05, odds_low=0.1, odds_high=0.8, movement="none")
    fresh_pairs(run, 1, flagged=False, q=0.2, odds_low=0.1, odds_high=0.8, movement="none")

    response = opened(client, reader, "/patterns/pairs/?show=fewer")

    assert [row.pair for row in response.context["table"]["rows"]] == [fewer]
    assert "no finding: cases are recorded because something failed" in html_of(response)


def test_the_file_holds_every_pair_of_the_view_in_its_order_and_hides_what_is_hidden(client, reader, run, nodes):
    make_pair(run, *nodes, effect=1.0)
    fresh_pairs(run, 30, effect=2.0, lift=None)
    fresh_pairs(run, 1, state=PairState.RELATED, flagged=False)

    lines = csv_lines(opened(client, reader, "/patterns/pairs/?format=csv"))

    line = dict(zip(lines[0], lines[-1], strict=True))
    assert len(lines) == 32
    assert (line["Label"], line["With"], line["Both"], line["Cases"], line["q"], line["Flagged"]) == (
        "Red",
        "Sweet",
        "14",
        "61",
        "0.009",
        "yes",
    )
    assert dict(zip(lines[0], lines[1], strict=True))["Ratio"] == ""


def test_the_order_of_the_table_keeps_the_schemes_of_the_heat_map(run):
    table = table_of(run, {"rows": "colours", "columns": "tastes"})

    assert table["heads"][1]["url"] == "?sort=-both&rows=colours&columns=tastes#table"


@pytest.mark.parametrize("n", [1, 30])
def test_pairs_query_count(client, reader, django_assert_num_queries, run, n):
    fresh_pairs(run, n)
    client.force_login(reader)

    with django_assert_num_queries(11):
        response = client.get("/patterns/pairs/")

    assert len(response.context["table"]["rows"]) == min(n, 25)
