"""The pattern pages: what is printed of a run, and what each number opens."""

import re
from datetime import timedelta

import pytest

from registry.choices import Movement, PairState, Visibility
from registry.models import Case, PatternNode
from tests.factories import NOW, RULES, make_case, make_cases, make_node, make_pair, make_run, make_trend
from tests.registry.web.pattern_pages import csv_lines, html_of, make_population, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def before():
    return make_run(at=NOW - timedelta(days=7))


@pytest.fixture
def run(before):
    return make_run(compared_with=before)


def fresh_pairs(run, n, **values):
    """`n` pairs of nodes of their own."""
    return [make_pair(run, make_node(), make_node(), **values) for _ in range(n)]


# The page of a run


def test_without_a_run_the_page_offers_to_compute_one(client, analyst):
    html = html_of(opened(client, analyst))

    assert "Nothing has been computed yet" in html
    assert 'action="/patterns/compute"' in html


def test_without_a_run_a_reader_is_told_who_starts_one(client, reader):
    html = html_of(opened(client, reader))

    assert "Analysts, reviewers and administrators start a run" in html
    assert "/patterns/compute" not in html


def test_the_latest_run_is_shown_with_the_size_of_its_family(client, reader, before, run, nodes):
    make_pair(run, *nodes)

    response = opened(client, reader)

    strip = re.search(r'<dl class="card run">.*?</dl>', html_of(response), re.S)[0]
    assert response.context["run"] == run
    assert "1 of 2 pairs" in strip
    assert "1 flagged at q &lt; 0.1" in strip


def test_an_older_run_stays_as_it_was_and_says_so(client, reader, before, run, nodes):
    make_pair(before, *nodes, joint=9)
    make_pair(run, *nodes)

    html = html_of(opened(client, reader, f"/patterns/runs/{before.pk}/"))

    assert "9 of 61 cases" in html
    assert f"You are reading run {before.pk}, kept as it was." in html


def test_what_moved_reads_as_sentences_with_their_cases(client, reader, run, nodes):
    case = make_case(nodes=nodes)
    pair = make_pair(run, *nodes, movement=Movement.STRONGER, case_ids=[case.pk])

    html = html_of(opened(client, reader))

    assert '<b class="num">14 of 61 cases</b> (23\u202f%, 14–35), 2.6 times the expected, q = 0.009, up from 9.' in html
    assert f'<a href="/cases/{case.reference}/">{case.reference}</a>' in html
    assert f'<a href="/cases/?pair={pair.pk}">' in html


OTHER_RULES = "was computed by earlier rules; what moved may have moved because of that."


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, False),
        ({"code_version": "2"}, True),
        ({"rules": RULES | {"max_q": 0.05, "sentences": []}}, True),
        ({"rules": RULES | {"sentences": ["The same, in other words."]}}, False),
    ],
)
def test_what_moved_says_where_the_run_before_was_computed_otherwise(client, reader, before, changed, said):
    make_run(compared_with=before, **changed)

    assert (f"Run {before.pk} {OTHER_RULES}" in html_of(opened(client, reader))) is said


def test_the_first_run_compares_with_no_other_rules(client, reader, before):
    assert OTHER_RULES not in html_of(opened(client, reader))


def test_a_case_restricted_since_the_run_is_not_named(client, reader, run, nodes):
    case = make_case(nodes=nodes)
    make_pair(run, *nodes, case_ids=[case.pk])
    Case.objects.filter(pk=case.pk).update(visibility=Visibility.NAMED)

    html = html_of(opened(client, reader))

    assert case.reference not in html


def test_each_movement_shows_its_strongest_pairs_and_how_many_more(client, reader, run):
    for effect in range(7):
        fresh_pairs(run, 1, movement=Movement.NEW, effect=effect)
    fresh_pairs(run, 1, movement=Movement.GONE, flagged=False)

    response = opened(client, reader)

    groups = [(g.movement, g.n, [row.pair.effect for row in g.rows], g.more) for g in response.context["moved"]]
    assert groups == [("new", 7, [6, 5, 4, 3, 2], 2), ("gone", 1, [2.1], 0)]
    assert f'<a href="{response.context["urls"]["pairs"]}?show=new#table">2 more →</a>' in html_of(response)


def test_the_whisker_shows_the_odds_ratio_of_the_run_compared_with(client, reader, before, run, nodes):
    make_pair(before, *nodes, odds_ratio=10.0)
    make_pair(run, *nodes)

    html = html_of(opened(client, reader))

    assert "Odds ratio 30, 95 % interval 8.0 to 110; in the previous run 10.0" in html


def test_the_rules_in_force_and_the_limits_stand_beside_the_numbers(client, reader, run):
    html = html_of(opened(client, reader))

    assert "Lift and Jaccard are hidden below 3 joint cases." in html
    assert "fewer than expected is no finding" in html


def test_a_pair_flagged_for_the_first_time_is_marked(client, reader, before, run, nodes):
    make_pair(run, *nodes, first_flagged=run.pk, first_supported=before.pk)

    assert f"first flagged in run {run.pk}</span>" in html_of(opened(client, reader))


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/patterns/?show=new&page=2", "/patterns/pairs/?show=new&page=2"),
        ("/patterns/?rows=colours", "/patterns/pairs/?rows=colours"),
        ("/patterns/?trends=all", "/patterns/trends/?trends=all"),
        ("/patterns/runs/{run}/?sort=q", "/patterns/runs/{run}/pairs/?sort=q"),
    ],
)
def test_addresses_of_the_one_page_lead_to_the_tabs(client, reader, run, address, leads_to):
    response = opened(client, reader, address.format(run=run.pk))

    assert (response.status_code, response["Location"]) == (302, leads_to.format(run=run.pk))


def test_tabs_of_the_latest_run_stay_the_latest_and_those_of_an_older_one_stay_with_it(client, reader, before, run):
    latest = opened(client, reader, f"/patterns/runs/{run.pk}/trends/").context["urls"]
    older = client.get(f"/patterns/runs/{before.pk}/trends/").context["urls"]

    assert (latest["pairs"], older["pairs"]) == ("/patterns/pairs/", f"/patterns/runs/{before.pk}/pairs/")


@pytest.mark.parametrize("tab", ["pairs", "trends", "foresight", "sources"])
def test_every_tab_opens_without_a_run_and_for_an_empty_one(client, reader, tab):
    nothing = html_of(opened(client, reader, f"/patterns/{tab}/"))
    empty = make_run(n_cases=0, n_groups=0, n_pairs=0, n_tests=0, n_flagged=0, occurred_from=None, occurred_to=None)

    assert "Nothing has been computed yet" in nothing
    assert f"Run {empty.pk}" in html_of(client.get(f"/patterns/{tab}/"))


def test_a_run_of_some_cases_is_never_the_latest_of_all_and_says_what_it_counts(client, reader, analyst, run):
    some = make_population(analyst)
    narrow = make_run(population=some, label_rule="adjudicated")

    latest = opened(client, reader).context
    html = html_of(client.get(f"/patterns/runs/{narrow.pk}/"))

    assert (latest["run"], latest["latest"], latest["newer"]) == (run, True, None)
    assert "This run counts: Every case, adjudicated labels only." in html
    assert f'href="/patterns/runs/{narrow.pk}/pairs/"' in html


def test_what_moved_is_a_file(client, reader, run, nodes):
    make_pair(run, *nodes, movement=Movement.GONE, flagged=False)
    fresh_pairs(run, 1, movement=Movement.STEADY)

    lines = csv_lines(opened(client, reader, "/patterns/?format=csv"))

    assert [(line[0], line[2]) for line in lines] == [("Label", "With"), ("Red", "Sweet")]


def test_the_limits_name_the_sources_and_settings_of_the_run(client, reader):
    make_run(strata={"source": {"aiid": 39, "here": 67}, "setting": {"production": 42, "laboratory": 64, "": 2}})

    html = html_of(opened(client, reader))

    assert 'Events by source: <span class="num">Logged here 67, AIID 39</span>.' in html
    assert "Laboratory 64, Production 42, Setting not known 2</span>." in html


# One pair


def test_pair_page_shows_the_table_behind_the_numbers(client, reader, run, nodes):
    pair = make_pair(run, *nodes)

    table = opened(client, reader, f"/patterns/pairs/{pair.pk}/").context["table"]

    assert table == {"with_a": (14, 6, 20), "without_a": (2, 39, 41), "total": (16, 45, 61)}


def test_pair_page_lists_the_cases_a_reader_may_see_now(client, reader, run, nodes):
    cases = make_cases(3, nodes=nodes)
    pair = make_pair(run, *nodes, case_ids=[case.pk for case in cases])
    Case.objects.filter(pk=cases[0].pk).update(visibility=Visibility.NAMED)

    response = opened(client, reader, f"/patterns/pairs/{pair.pk}/")

    assert [case.pk for case in response.context["cases"]] == [cases[2].pk, cases[1].pk]
    assert response.context["n_cases"] == 2
    assert f"/cases/{cases[0].reference}/" not in html_of(response)


def test_pair_page_follows_the_pair_through_the_runs(client, reader, before, run, nodes):
    old, new = make_pair(before, *nodes, joint=9), make_pair(run, *nodes)

    history = opened(client, reader, f"/patterns/pairs/{old.pk}/").context["history"]

    assert [pair for pair, _ in history] == [new, old]


def test_a_pair_related_by_definition_is_marked_and_explained(client, reader, run, nodes):
    pair = make_pair(run, *nodes, state=PairState.RELATED, p=None, q=None, flagged=False, movement=Movement.NONE)

    html = html_of(opened(client, reader, f"/patterns/pairs/{pair.pk}/"))

    assert "restate one another’s definitions" in html
    assert '<dd class="num">not tested</dd>' in html


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"n": 9, "k_a": 6, "k_b": 6, "joint": 4}, "Both schemes were applied to 9 cases; a test needs 10."),
        ({"k_b": 4, "joint": 3}, "Sweet stands on 4 of these 61 cases; a test needs 5."),
        ({"k_a": 61, "k_b": 16, "joint": 16}, "Red stands on all of these 61 cases: nothing is left to compare with."),
    ],
)
def test_a_pair_that_was_not_tested_says_by_which_rule(client, reader, run, nodes, values, why):
    untested = {"state": PairState.TOO_FEW, "p": None, "q": None, "flagged": False, "movement": Movement.NONE}
    pair = make_pair(run, *nodes, **untested, **values)

    assert why in html_of(opened(client, reader, f"/patterns/pairs/{pair.pk}/"))


def test_a_pair_with_a_label_that_every_case_carries_has_nothing_to_compare(client, reader, run, nodes):
    untested = {"state": PairState.TOO_FEW, "p": None, "q": None, "flagged": False, "movement": Movement.NONE}
    pair = make_pair(run, *nodes, **untested, k_a=61, k_b=16, joint=16, lift=1.0)

    html = html_of(opened(client, reader, f"/patterns/pairs/{pair.pk}/"))
    table = html_of(client.get("/patterns/pairs/?show=untested"))

    assert '<svg class="whisker"' not in html + table
    assert html.count("nothing to compare") == 2
    assert table.count(">nothing to compare<") == 1


def test_the_history_of_a_pair_is_a_file_of_its_population(client, reader, analyst, before, run, nodes):
    some = make_population(analyst)
    make_pair(make_run(population=some), *nodes)
    make_pair(before, *nodes, joint=9)
    pair = make_pair(run, *nodes)

    lines = csv_lines(opened(client, reader, f"/patterns/pairs/{pair.pk}/?format=csv&table=history"))

    assert [(line[0], line[2]) for line in lines[1:]] == [(str(run.pk), "14"), (str(before.pk), "9")]


def test_runs_are_a_file(client, reader, before, run):
    lines = csv_lines(opened(client, reader, "/patterns/runs/?format=csv"))

    assert [line[0] for line in lines] == ["Run", str(run.pk), str(before.pk)]


@pytest.mark.parametrize("address", ["/patterns/pairs/999999/", "/patterns/runs/999999/", f"/patterns/runs/{2**70}/"])
def test_what_does_not_exist_is_not_found(client, reader, address):
    assert opened(client, reader, address).status_code == 404


# Runs


def test_run_history_lists_the_latest_first_with_what_moved(client, reader, before, run, nodes):
    make_pair(run, *nodes)

    response = opened(client, reader, "/patterns/runs/")

    assert [(row.pk, moved["new"]) for row, moved in response.context["runs"]] == [(run.pk, 1), (before.pk, 0)]


def test_run_history_goes_on_to_the_next_page(client, reader):
    runs = [make_run() for _ in range(31)]

    first = opened(client, reader, "/patterns/runs/").context
    second = client.get(f"/patterns/runs/{first['page']['next_url']}").context

    assert len(first["runs"]) == 30
    assert [run for run, _ in second["runs"]] == [runs[0]]


def test_a_cursor_of_somebody_else_is_not_found(client, reader):
    assert opened(client, reader, "/patterns/runs/?cursor=x").status_code == 404


# Queries


def count_nodes(run, *nodes, k=20):
    for node in nodes:
        PatternNode.objects.create(run=run, node=node, k=k, n=61)


@pytest.mark.parametrize("n", [1, 30])
def test_patterns_query_count(client, reader, django_assert_num_queries, before, run, n):
    for pair in fresh_pairs(run, n, case_ids=[case.pk for case in make_cases(2)]):
        count_nodes(run, pair.node_a, pair.node_b)
        make_trend(run, pair.node_a)
    client.force_login(reader)

    with django_assert_num_queries(20):
        response = client.get("/patterns/")

    assert len(response.context["table"]["rows"]) == min(n, 12)


@pytest.mark.parametrize("n", [1, 30])
def test_pair_query_count(client, reader, django_assert_num_queries, run, nodes, n):
    cases = make_cases(n, nodes=nodes)
    pair = make_pair(run, *nodes, case_ids=[case.pk for case in cases])
    client.force_login(reader)

    with django_assert_num_queries(15):
        response = client.get(f"/patterns/pairs/{pair.pk}/")

    assert response.context["n_cases"] == n


@pytest.mark.parametrize("n", [1, 30])
def test_run_history_query_count(client, reader, django_assert_num_queries, n):
    for _ in range(n):
        make_run()
    client.force_login(reader)

    with django_assert_num_queries(6):
        response = client.get("/patterns/runs/")

    assert len(response.context["runs"]) == n
