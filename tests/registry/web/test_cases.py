"""The case list: filters in the address, counts, pages, and what nobody may learn from it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from registry import facets
from registry.choices import Status, Visibility
from taxonomy.models import Node, SeverityTier
from tests.factories import agree, make_case, make_cases, make_node, make_pair, make_run
from tests.factories import label as put_label
from tests.registry.web.pages import signed_in, text_of, titles_in

pytestmark = pytest.mark.django_db


def tier(slug):
    return SeverityTier.objects.get(slug=slug)


def numbers(response, name):
    """The counts of one facet: {value: number}, zeros left out."""
    shown = next(facet for facet in response.context["facets"] if facet["name"] == name)
    return {option["value"]: option["count"] for option in shown["options"] if option["count"]}


@pytest.mark.parametrize("n", [1, 30])
def test_case_list_query_count(reader, django_assert_num_queries, n):
    client, node = signed_in(reader), make_node()
    for case in make_cases(n):
        agree(case, node)

    with django_assert_num_queries(11):
        response = client.get("/cases/")

    assert len(titles_in(response)) == n


def test_cases_one_may_not_see_are_in_no_row_and_no_count(reader):
    node = make_node("canary", name="Canary node")
    make_case(title="Hidden canary", visibility=Visibility.NAMED, nodes=[node], potential_severity=tier("critical"))
    make_case(title="A canary draft", status=Status.DRAFT, reported_at=None)
    make_case(title="An open case")

    response = signed_in(reader).get("/cases/?q=canary")
    unfiltered = signed_in(reader).get("/cases/")

    assert "canary" not in text_of(unfiltered).lower()
    assert titles_in(response) == []
    assert titles_in(unfiltered) == ["An open case"]
    assert unfiltered.context["counts"].total == 1
    assert numbers(unfiltered, "severity") == {}


def test_facets_count_what_choosing_another_value_would_give(reader):
    make_case(title="High and open", potential_severity=tier("high"))
    make_case(title="Low and open", potential_severity=tier("low"))
    make_case(title="High and closed", potential_severity=tier("high"), status=Status.CLOSED)

    response = signed_in(reader).get("/cases/?status=triage&severity=high")

    assert titles_in(response) == ["High and open"]
    assert numbers(response, "severity") == {"high": 1, "low": 1}
    assert numbers(response, "status") == {"triage": 1, "closed": 1}


def test_a_node_counts_the_cases_below_it_and_labels_of_two_schemes_combine(reader):
    volition = Node.objects.get(slug="volition-based")
    capabilities = Node.objects.get(slug="capabilities-based")
    mechanism = make_node("mechanism-of-another-scheme")
    make_case(title="Both of them", nodes=[volition, mechanism])
    make_case(title="Volition alone", nodes=[volition])
    make_case(title="Capabilities", nodes=[capabilities])

    client = signed_in(reader)
    under_outer = client.get("/cases/?label__all=misalignment-causes:outer")
    both = client.get(f"/cases/?label__all=misalignment-causes:outer&label__all={mechanism.key}")

    counts = {row.node.slug: row.count for group in under_outer.context["schemes"] for row in group.rows}
    assert counts == {
        "technical": 3,
        "outer": 3,
        "capabilities-based": 1,
        "volition-based": 2,
        "mechanism-of-another-scheme": 1,
    }
    assert titles_in(both) == ["Both of them"]


def test_search_filters_and_says_what_is_filtered(reader):
    make_case(title="The boat that circles a lagoon")
    make_case(title="Something else entirely")

    response = signed_in(reader).get("/cases/?q=lagoons")

    assert titles_in(response) == ["The boat that circles a lagoon"]
    assert [(chip["name"], chip["value"], chip["without"]) for chip in response.context["selection"].chips] == [
        ("Search", "lagoons", "")
    ]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("colour=red", "colour: there is no such filter."),
        ("severity=terrible", "Potential severity (severity): Select a valid choice. terrible is not one of"),
        ("label=no-such-node", "Any label of (label): There is no node “no-such-node”."),
        ("occurred__gte=2026-02-30", "Occurred from (occurred__gte): Enter a valid date."),
        ("ordering=colour", "ordering: choose one of -occurred_at, occurred_at,"),
        ("ordering=colour", "id, -relevance."),
        ("cursor=forged", "cursor: This cursor is not one of ours"),
        ("q=a%00b", "q: a null character cannot be searched for."),
        ("owner=%00", "owner: a null character cannot be searched for."),
        ("%00=1", "a null character cannot be searched for."),
        (f"q={'x' * 501}", "Search (q): At most 500 characters are searched for."),
        ("pair=abc", "Behind pattern pair (pair): Write a whole number from 0 to 2,147,483,647."),
    ],
)
def test_a_bad_parameter_is_named_and_the_rest_still_holds(reader, query, problem):
    make_case(title="In triage")
    make_case(title="Closed already", status=Status.CLOSED)

    response = signed_in(reader).get(f"/cases/?status=triage&{query}")

    assert response.status_code == 200
    assert problem in text_of(response)
    assert titles_in(response) == ["In triage"]


def test_bytes_that_are_no_text_are_searched_for_as_replacement_characters(reader):
    response = signed_in(reader).get("/cases/?q=%ed%a0%80")

    assert (response.status_code, titles_in(response)) == (200, [])


def test_script_in_a_parameter_shows_as_text(reader):
    response = signed_in(reader).get("/cases/?q=<script>alert(1)</script>&<b>=1")

    assert b"<script>alert(1)" not in response.content
    assert "<script>alert(1)</script>" in text_of(response) or "&lt;script&gt;" in response.content.decode()


def test_pages_follow_one_another_without_gap_or_repetition(reader, monkeypatch):
    monkeypatch.setattr("registry.web.case_list.PER_PAGE", 2)
    cases = make_cases(5)
    client, seen, address = signed_in(reader), [], "/cases/"

    while address:
        response = client.get(address)
        seen += titles_in(response)
        following = response.context["page"]["next_url"]
        address = following and f"/cases/{following}"

    assert seen == [case.title for case in reversed(cases)]


def test_a_page_keeps_the_filters(reader, monkeypatch):
    monkeypatch.setattr("registry.web.case_list.PER_PAGE", 1)
    make_cases(2, status=Status.CLOSED)

    response = signed_in(reader).get("/cases/?status=closed&ordering=-id")

    assert response.context["page"]["next_url"].startswith("?status=closed&ordering=-id&cursor=")


@pytest.mark.parametrize(
    ("ordering", "titles"),
    [
        ("-occurred_at", ["Late and low", "Early and high"]),
        ("occurred_at", ["Early and high", "Late and low"]),
        ("-severity", ["Early and high", "Late and low"]),
    ],
)
def test_orderings(reader, ordering, titles):
    make_case(title="Early and high", occurred_from=date(2026, 1, 1), potential_severity=tier("high"))
    make_case(title="Late and low", occurred_from=date(2026, 2, 1), potential_severity=tier("low"))

    response = signed_in(reader).get(f"/cases/?ordering={ordering}")

    assert titles_in(response) == titles


def test_the_api_call_asks_for_the_same_cases(reader):
    response = signed_in(reader).get("/cases/?status=triage&q=it's&ordering=-id")

    assert response.context["selection"].api_call == (
        "curl -H 'Authorization: Bearer YOUR-TOKEN' "
        "'http://localhost:8000/api/v1/cases/?status=triage&q=it%27s&ordering=-id'"
    )


def test_weeks_are_drawn_where_most_cases_are_recent(reader):
    today = timezone.localdate()
    make_case(occurred_from=today, potential_severity=tier("high"))
    make_case(occurred_from=today - timedelta(weeks=300))

    line = signed_in(reader).get("/cases/").context["counts"].timeline

    assert (line.unit, len(line.columns), line.earlier) == ("week", 26, 1)
    assert line.columns[-1][1] == {tier("high").rank: 1}


def test_years_are_drawn_where_most_cases_are_older(reader):
    for year in (2016, 2016, 2018):
        make_case(occurred_from=date(year, 5, 1))
    make_case(occurred_from=None, occurred_precision="unknown")

    line = signed_in(reader).get("/cases/").context["counts"].timeline

    assert (line.unit, line.undated, line.columns[:3]) == (
        "year",
        1,
        [("2016", {-1: 2}), ("2017", {}), ("2018", {-1: 1})],
    )


def test_above_the_limit_a_sample_is_counted_and_marked(reader, monkeypatch):
    monkeypatch.setattr(facets, "EXACT", 3)
    monkeypatch.setattr(facets, "SAMPLED", 3)
    monkeypatch.setattr(facets, "planned_rows", lambda cases: 1_000_000)
    make_cases(5)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registry_case")

    response = signed_in(reader).get("/cases/")

    assert not response.context["counts"].exact
    assert "≈" in text_of(response)
    assert response.context["header"].startswith("about ")


@pytest.mark.parametrize(
    ("total", "words"),
    [
        (0, "0 cases"),
        (1, "1 case"),
        (10_000, "10,000 cases"),
        (10_001, "about 10,000 cases"),
        (123_456, "about 123,000 cases"),
    ],
)
def test_the_header_is_exact_up_to_ten_thousand(total, words):
    counts = facets.Counts(exact=True, total=total, groups={}, nodes={}, timeline=None, frequent={})

    assert facets.header_words(counts) == words


def test_the_cases_behind_a_pattern_pair_open_as_a_list(reader):
    node_a, node_b = make_node(), make_node()
    case = make_case(title="Carries both", nodes=[node_a, node_b])
    make_case(title="Carries none")
    pair = make_pair(make_run(), node_a, node_b, case_ids=[case.pk])

    response = signed_in(reader).get(f"/cases/?pair={pair.pk}")

    assert titles_in(response) == ["Carries both"]


def test_a_row_shows_no_label_that_rests_on_other_raters_to_one_who_has_yet_to_rate(analyst, other_analyst, reader):
    node = make_node("secret-stance", name="Secret stance")
    case = make_case(status=Status.ANALYSIS)
    put_label(case, node, by=other_analyst)

    def chips(person):
        rows = signed_in(person).get("/cases/").context["rows"]
        return [agreed.node.name for agreed in rows[0].seen]

    assert chips(analyst) == []
    assert chips(other_analyst) == chips(reader) == ["Secret stance"]


def test_htmx_gets_an_address_without_empty_parameters(reader):
    response = signed_in(reader).get("/cases/?q=&status=triage", headers={"HX-Request": "true"})

    assert response["HX-Push-Url"] == "/cases/?status=triage"


def test_facets_and_the_histogram_come_with_the_same_few_queries_for_a_search(reader, django_assert_num_queries):
    client = signed_in(reader)
    make_cases(30)

    with django_assert_num_queries(12):  # and the passages
        response = client.get("/cases/?q=assertion")

    assert len(titles_in(response)) == 30


@pytest.mark.parametrize(
    ("query", "chip"),
    [
        ("occurred__gte=-7d", ("Occurred from", "7 days ago")),
        ("missing=root_cause", ("Missing", "Root cause")),
        ("owner=me", ("Owner", "Me")),
        ("owner=MIRA", ("Owner", "Mira Okafor")),
        ("label=outer", ("Any label of", "Outer misalignment")),
        ("confidence__gte=70", ("A label at least so sure", "70 %")),
        ("visibility=named", ("Open to", "Named people only")),
        ("owner__isnull=true", ("Without owner", "yes")),
    ],
)
def test_chips_read_as_people_speak(analyst, query, chip):
    response = signed_in(analyst).get(f"/cases/?{query}")

    assert [(each["name"], each["value"]) for each in response.context["selection"].chips] == [chip]


@pytest.mark.parametrize("query", ["pair=999", "system=Nobody knows it", "owner=me&owner=me", "missing=cause&q=the"])
def test_a_filter_that_finds_nothing_counts_nothing(reader, query):
    make_case()

    response = signed_in(reader).get(f"/cases/?{query}")

    assert (titles_in(response), response.context["counts"].total) == ([], 0)


def test_a_date_that_is_typed_stands_for_the_relative_one_before(reader):
    make_case(title="Long ago", occurred_from=date(2020, 5, 1))

    response = signed_in(reader).get("/cases/?occurred__gte=-7d&occurred__gte=2020-01-01")

    assert titles_in(response) == ["Long ago"]
    assert [chip["value"] for chip in response.context["selection"].chips] == ["2020-01-01"]


def test_the_relative_date_travels_with_the_form_until_one_is_typed(reader):
    response = signed_in(reader).get("/cases/?occurred__gte=-30d&label=outer&view=all")

    assert response.context["kept"] == [("occurred__gte", "-30d"), ("label", "outer"), ("view", "all")]
    assert [period["label"] for period in response.context["periods"]["quick"] if period["current"]] == ["30 d"]
