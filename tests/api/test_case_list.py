"""The list of cases: rows, pages, filters, and what is refused."""

from datetime import timedelta

import pytest

from registry.choices import Status, Visibility
from registry.models import Case, CaseReader
from taxonomy.models import SeverityTier
from tests.api.conftest import Tool
from tests.factories import agree, log, make_case, make_cases, make_node, make_scheme

pytestmark = pytest.mark.django_db


def references(response):
    assert response.status_code == 200, response.content
    return [row["reference"] for row in response.json()["results"]]


def first_error(response):
    assert response.status_code == 400, response.content
    assert response["Content-Type"] == "application/problem+json"
    return response.json()["errors"][0]


@pytest.mark.parametrize("n", [1, 30])
def test_case_list_query_count(as_analyst, django_assert_num_queries, n):
    for case in make_cases(n):
        agree(case, make_node())

    with django_assert_num_queries(3):  # the token, the page, its labels and systems
        response = as_analyst.get("cases/")

    assert len(references(response)) == n


@pytest.mark.parametrize("n", [1, 30])
def test_filtered_case_list_query_count(as_analyst, django_assert_num_queries, n):
    node = make_node("red")
    for case in make_cases(n):
        agree(case, node)

    as_analyst.get("cases/?label=red")  # compiles the statement, which asks for the node once more

    with django_assert_num_queries(4):  # and the node
        response = as_analyst.get("cases/?label=red")

    assert len(references(response)) == n


def test_a_row_says_everything_light(as_analyst, analyst, reporter):
    case = make_case(
        nodes=[make_node("red")],
        reporter=reporter,
        owner=analyst,
        status=Status.ANALYSIS,
        potential_severity=SeverityTier.objects.get(slug="high"),
    )

    row = as_analyst.get("cases/").json()["results"][0]

    assert row == {
        "id": case.pk,
        "reference": case.reference,
        "url": f"http://testserver/api/v1/cases/{case.reference}/",
        "html_url": f"http://testserver{case.get_absolute_url()}",
        "version": 1,
        "created_at": "2026-11-20T09:30:00Z",
        "updated_at": "2026-11-20T09:30:00Z",
        "title": case.title,
        "kind": "incident",
        "status": "analysis",
        "visibility": "everyone",
        "occurred_from": "2026-11-12",
        "occurred_to": None,
        "occurred_precision": "day",
        "reported_at": "2026-11-20T09:30:00Z",
        "closed_at": None,
        "realised_severity": None,
        "potential_severity": "high",
        "reporter": "sam",
        "owner": "mira",
        "systems": ["code-agent"],
        "labels": ["colours:red"],
    }


def test_expand_and_fields_say_more_and_less(as_analyst, reporter):
    make_case(nodes=[make_node("red")], reporter=reporter)

    response = as_analyst.get("cases/?expand=people,labels&fields=reporter,labels&fields=observed_behaviour")

    assert response.json()["results"] == [
        {
            "reporter": {"username": "sam", "name": "Sam Adeyemi"},
            "labels": [{"node": "colours:red", "name": "Red", "scheme": "Colours"}],
            "observed_behaviour": "It changed the assertion instead of the code.",
        }
    ]


@pytest.mark.parametrize("filters", ["", "&kind=incident", "&source=", "&occurred__gte=2000-01-01"])
@pytest.mark.parametrize("ordering", ["-occurred_at", "occurred_at", "-severity", "-updated_at", "-id", "id"])
def test_pages_forwards_and_back_show_every_case_once(as_analyst, ordering, filters):
    filters = "" if filters == "&source=" else filters
    expected = {case.reference for case in make_cases(7)}
    forwards, url = [], f"cases/?limit=3&ordering={ordering}{filters}"

    while url:
        body = as_analyst.get(url).json()
        forwards.append([row["reference"] for row in body["results"]])
        url, previous = body["next"], body["previous"]
    back = references(as_analyst.get(previous))

    assert [len(page) for page in forwards] == [3, 3, 1]
    assert {reference for page in forwards for reference in page} == expected
    assert back == forwards[1]


def test_the_link_header_names_the_neighbours(as_analyst):
    make_cases(3)

    first = as_analyst.get("cases/?limit=1")
    second = as_analyst.get(first.json()["next"])

    assert first["Link"] == f'<{first.json()["next"]}>; rel="next"'
    assert second["Link"] == f'<{second.json()["next"]}>; rel="next", <{second.json()["previous"]}>; rel="prev"'


def test_own_drafts_are_paged_by_time_of_reporting_too(as_reporter, reporter):
    drafts = [log(by=reporter, submit=False).reference for _ in range(3)]
    filed = [log(by=reporter).reference for _ in range(2)]
    seen, url = [], "cases/?limit=1&ordering=-reported_at"

    while url:
        body = as_reporter.get(url).json()
        seen += [row["reference"] for row in body["results"]]
        url = body["next"]

    assert sorted(seen) == sorted([*drafts, *filed])


def test_cases_changed_within_one_millisecond_are_neither_skipped_nor_repeated(as_analyst, now):
    cases = make_cases(4)
    for number, case in enumerate(cases):
        Case.objects.filter(pk=case.pk).update(updated_at=now + timedelta(microseconds=100 + number))
    seen, url = [], "cases/?limit=1&ordering=-updated_at&kind=incident"

    while url:
        body = as_analyst.get(url).json()
        seen += [row["reference"] for row in body["results"]]
        url = body["next"]

    assert seen == [case.reference for case in reversed(cases)]


def test_count_is_made_on_request_only(as_analyst):
    make_cases(3)

    assert "count" not in as_analyst.get("cases/").json()
    assert as_analyst.get("cases/?limit=1&count=exact").json()["count"] == 3


def test_filters_mean_or_within_one_parameter_and_and_between_two(as_analyst):
    triage, draft = make_case(), make_case(status=Status.WITHDRAWN)
    make_case(status=Status.CLOSED)

    either = as_analyst.get("cases/?status=triage&status=withdrawn&ordering=id")
    both = as_analyst.get("cases/?status=triage&kind=finding")

    assert references(either) == [triage.reference, draft.reference]
    assert references(both) == []


def test_label_finds_what_stands_below_it(as_analyst):
    above = make_node("warm")
    case = make_case(nodes=[make_node("red", parent=above)])
    make_case(nodes=[make_node("blue")])

    assert references(as_analyst.get("cases/?label=colours:warm")) == [case.reference]


def test_a_renamed_node_is_found_by_its_new_name_at_once(as_analyst):
    node, other = make_node("red"), make_node("blue")
    case = make_case(nodes=[node])
    make_case(nodes=[other])
    assert references(as_analyst.get("cases/?label=red")) == [case.reference]

    type(node).objects.filter(pk=node.pk).update(slug="crimson")
    type(node).objects.filter(pk=other.pk).update(slug="red")

    assert references(as_analyst.get("cases/?label=crimson")) == [case.reference]
    assert case.reference not in references(as_analyst.get("cases/?label=red"))


def test_each_reader_has_their_own_list_although_its_statement_is_shared(analyst, reporter, reader):
    hidden = make_case(visibility=Visibility.NAMED, reporter=reporter)
    named = make_case(visibility=Visibility.NAMED)
    CaseReader.objects.create(case=named, person=reader)

    lists = [references(Tool(person).get("cases/")) for person in (analyst, reporter, reader)]

    assert lists == [[], [hidden.reference], [named.reference]]


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("limitt=3", "?limitt", "unknown_parameter"),
        ("statuss=draft", "?statuss", "unknown_parameter"),
        ("page=2", "?page", "unknown_parameter"),
        ("limit=0", "?limit", "invalid"),
        ("limit=201", "?limit", "invalid"),
        ("limit=ten", "?limit", "invalid"),
        ("limit=%D9%A1", "?limit", "invalid"),
        ("limit=1&limit=2", "?limit", "repeated_parameter"),
        ("status=", "?status", "empty_parameter"),
        ("q=a%00b", "?q", "not_text"),
        ("status=open", "?status", "invalid"),
        ("severity=huge", "?severity", "invalid"),
        ("owner__isnull=perhaps", "?owner__isnull", "invalid"),
        ("occurred__gte=2026-02-30", "?occurred__gte", "invalid"),
        ("occurred__gte=-%C2%B2d", "?occurred__gte", "invalid"),
        ("label=no-such-node", "?label", "invalid"),
        ("pair=many", "?pair", "invalid"),
        ("confidence__gte=101", "?confidence__gte", "invalid"),
        ("missing=everything", "?missing", "invalid"),
        ("owner=nobody", "?owner", "invalid"),
        ("view=no-such", "?view", "unknown_view"),
        ("ordering=title", "?ordering", "invalid"),
        ("count=about", "?count", "invalid"),
        ("fields=secret", "?fields", "invalid"),
        ("expand=everything", "?expand", "invalid"),
        ("cursor=abc", "?cursor", "invalid"),
    ],
)
def test_a_parameter_that_cannot_be_meant_is_refused(as_analyst, query, pointer, code):
    error = first_error(as_analyst.get(f"cases/?{query}"))

    assert (error["pointer"], error["code"]) == (pointer, code)


def test_an_unknown_parameter_names_the_nearest_known_one(as_analyst):
    assert first_error(as_analyst.get("cases/?statsu=draft"))["detail"] == (
        "There is no parameter “statsu” here. Did you mean “status”?"
    )


def test_a_slug_of_two_schemes_must_be_said_in_full(as_analyst):
    make_node("red")
    make_node("red", scheme=make_scheme("wines"))

    assert first_error(as_analyst.get("cases/?label=red"))["detail"] == (
        "Several schemes have a node “red”: write one of colours:red, wines:red."
    )


def test_a_cursor_of_another_ordering_or_another_list_is_refused(as_analyst):
    make_cases(2)
    cursor = as_analyst.get("cases/?limit=1&ordering=-id").json()["next"].partition("cursor=")[2]

    assert first_error(as_analyst.get(f"cases/?ordering=id&cursor={cursor}"))["pointer"] == "?cursor"
    assert first_error(as_analyst.get(f"patterns/runs/?ordering=-id&cursor={cursor}"))["pointer"] == "?cursor"


def test_text_search_and_superscript_digits_are_plain_text(as_analyst):
    make_case(title="Boat circles the lagoon")

    assert len(references(as_analyst.get("cases/?q=lagoon"))) == 1
    assert references(as_analyst.get("cases/?q=x-%C2%B2")) == []


def test_parameters_of_a_list_mean_nothing_elsewhere(as_analyst):
    case = make_case()

    assert first_error(as_analyst.get(f"cases/{case.reference}/?limit=1"))["code"] == "unknown_parameter"
    assert first_error(as_analyst.send("POST", "cases/?status=draft", {}))["code"] == "unknown_parameter"
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    "query",
    [
        "status=triage&status=draft",
        "status__not=closed",
        "kind=incident",
        "severity=high&severity=low",
        "severity__isnull=false",
        "label=red",
        "label__all=colours:red",
        "label__none=blue",
        "label__under=red",
        "system=CODE-AGENT",
        "owner=mira",
        "reporter=sam",
        "occurred__gte=2026-11-12",
        "occurred__lt=2026-11-13",
        "occurred__isnull=false",
        "source=aiid",
        "q=lagoon",
        "q=lagoon&ordering=-relevance",
        "system=no%20such&system=code-agent",
        "owner=Mira%20Okafor",
        "owner=me",
        "visibility=everyone&kind=incident",
        "label_method=imported&label=red",
        "missing=root_cause&missing=date&status=triage",
    ],
)
def test_each_filter_keeps_the_case_it_names_once_and_no_other(as_analyst, analyst, reporter, query):
    red, blue = make_node("red"), make_node("blue")
    case = make_case(
        title="Boat circles the lagoon",
        nodes=[red],
        owner=analyst,
        reporter=reporter,
        potential_severity=SeverityTier.objects.get(slug="high"),
    )
    for number in ("1", "2"):
        case.external_ids.create(source="aiid", value=number)
    make_case(
        title="Grader reads the answer",
        status=Status.CLOSED,
        kind="near-miss",
        occurred_from=None,
        occurred_precision="unknown",
        potential_severity=None,
        nodes=[blue],
    ).case_systems.all().delete()

    assert references(as_analyst.get(f"cases/?{query}")) == [case.reference]
