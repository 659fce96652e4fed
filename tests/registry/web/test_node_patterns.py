"""What the node page says of the latest run."""

import pytest

from registry.models import PatternNode
from tests.factories import make_node, make_pair, make_run, make_scheme, make_trend
from tests.registry.web.pattern_pages import html_of, make_foresight, make_population, opened

pytestmark = pytest.mark.django_db

ADDRESS = "/taxonomy/colours/red/"


def test_a_node_shows_its_numbers_of_the_latest_run(client, reader, run, nodes):
    red, sweet = nodes
    PatternNode.objects.create(run=run, node=red, k=20, n=61, low=0.2, high=0.45)
    make_trend(run, red)
    make_foresight(run, red)
    pair = make_pair(run, red, sweet)

    response = opened(client, reader, ADDRESS)

    html = html_of(response)
    counted = "/cases/?visibility=everyone&amp;status__not=withdrawn&amp;scope__not=out&amp;label__all=colours:red"
    assert f'<a href="{counted}">20 of 61 cases (33\u202f%, 20–45)</a> to which the scheme was applied' in html
    assert "21 of 34 foreseeable" in html
    assert response.context["trend"]["headline"] == "4.0×"
    assert [row.pair for row in response.context["patterns"]] == [pair]


def test_a_node_that_the_run_did_not_count_has_no_number_and_no_zero(client, reader, run, nodes):
    html = html_of(opened(client, reader, ADDRESS))

    assert "not counted in this run" in html
    assert "there is no trend" in html
    assert "No flagged pair has it." in html


def test_before_the_first_run_nothing_is_said_of_one(client, reader, nodes):
    assert "In the latest run" not in html_of(opened(client, reader, ADDRESS))


def test_runs_of_some_cases_do_not_count_as_the_latest(client, reader, analyst, run, nodes):
    red, _ = nodes
    PatternNode.objects.create(run=run, node=red, k=20, n=61)
    make_run(population=make_population(analyst))

    assert "20 of 61 cases</a> to which the scheme was applied" in html_of(opened(client, reader, ADDRESS))


def test_a_node_whose_scheme_was_applied_to_no_case_is_not_carried_by_0_of_0(client, reader, run, nodes):
    red, _ = nodes
    PatternNode.objects.create(run=run, node=red, k=0, n=0)

    html = html_of(opened(client, reader, ADDRESS))

    assert "not counted in this run" in html
    assert "0 of 0" not in html


def test_a_technique_leads_to_how_often_it_missed(client, reader, run):
    make_node("filter", scheme=make_scheme("means", kind="technique"))

    assert '<a href="/defence/">How often it missed' in html_of(opened(client, reader, "/taxonomy/means/filter/"))


def test_what_is_no_technique_does_not(client, reader, run, nodes):
    assert "How often it missed" not in html_of(opened(client, reader, ADDRESS))
