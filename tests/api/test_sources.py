"""Sources through the API: only those of cases one may see, corrected with the state one read."""

import pytest

from registry.choices import Visibility
from registry.models import CaseSource, Source
from tests.factories import make_case, make_person

pytestmark = pytest.mark.django_db


def source_of(*cases, **values):
    source = Source.objects.create(**{"title": "A report", "url": "https://example.org/a"} | values)
    CaseSource.objects.bulk_create(CaseSource(case=case, source=source) for case in cases)
    return source


def titles(tool, query=""):
    return [row["title"] for row in tool.get(f"sources/{query}").json()["results"]]


def test_a_source_says_everything_and_names_only_cases_that_may_be_seen(as_analyst):
    seen, hidden = make_case(), make_case(visibility=Visibility.NAMED)
    source = source_of(seen, hidden, publisher="A journal", published_on="2026-01-02")

    detail = as_analyst.get(f"sources/{source.pk}/").json()

    assert detail == {
        "id": source.pk,
        "title": "A report",
        "source_url": "https://example.org/a",
        "publisher": "A journal",
        "published_on": "2026-01-02",
        "kind": "secondary",
        "verification": "not-seen",
        "n_cases": 1,
        "created_at": detail["created_at"],
        "url": f"http://testserver/api/v1/sources/{source.pk}/",
        "html_url": f"http://testserver/sources/{source.pk}/",
        "cases": [seen.reference],
    }
    row = as_analyst.get("sources/").json()["results"][0]
    assert row == {name: value for name, value in detail.items() if name != "cases"}


def test_a_source_of_hidden_cases_only_is_not_there(as_analyst):
    hidden = source_of(make_case(visibility=Visibility.NAMED))

    assert titles(as_analyst) == []
    assert as_analyst.get(f"sources/{hidden.pk}/").status_code == 404
    assert as_analyst.send("PATCH", f"sources/{hidden.pk}/", {"title": "x"}, match="*").status_code == 404


def test_sources_are_found_by_words_and_filters(as_analyst):
    case = make_case()
    source_of(case, title="Boats", verification="seen")
    source_of(case, title="Robots", url="https://example.org/b", kind="primary")

    found = [titles(as_analyst, query) for query in ("", "?q=BOAT", "?kind=primary", "?verification=seen&ordering=id")]
    by_address = titles(as_analyst, "?source_url=https://example.org/b")

    assert found == [["Robots", "Boats"], ["Boats"], ["Robots"], ["Boats"]]
    assert by_address == ["Robots"]


def test_a_source_is_corrected_with_the_state_that_was_read(as_analyst):
    source = source_of(make_case())
    address = f"sources/{source.pk}/"
    read = as_analyst.get(address)

    first = as_analyst.send("PATCH", address, {"verification": "seen"}, match=read["ETag"])
    stale = as_analyst.send("PATCH", address, {"publisher": "x"}, match=read["ETag"])
    without = as_analyst.send("PATCH", address, {"publisher": "x"})
    again = as_analyst.send("PATCH", address, {"publisher": "A journal"}, match=stale["ETag"])

    assert [each.status_code for each in (first, stale, without, again)] == [200, 412, 428, 200]
    assert stale["ETag"] == first["ETag"] != read["ETag"]
    source.refresh_from_db()
    assert (source.verification, source.publisher) == ("seen", "A journal")


@pytest.mark.parametrize("body", [{"url": "https://example.org"}, {"title": ""}, {"title": None}, {"kind": "gossip"}])
def test_what_a_source_cannot_be_is_refused(as_analyst, body):
    source = source_of(make_case())

    response = as_analyst.send("PATCH", f"sources/{source.pk}/", body, match="*")

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, f"#/{next(iter(body))}")


def test_only_analysts_correct_sources(as_reporter):
    source = source_of(make_case())

    assert as_reporter.send("PATCH", f"sources/{source.pk}/", {"title": "x"}, match="*").status_code == 403


@pytest.mark.parametrize("n", [1, 30])
def test_source_list_query_count(as_analyst, django_assert_num_queries, n):
    case = make_case(reporter=make_person())
    for number in range(n):
        source_of(case, title=f"Report {number}")

    with django_assert_num_queries(2):  # the token, the page with its numbers of cases
        assert len(titles(as_analyst)) == n


@pytest.mark.parametrize("n", [1, 30])
def test_one_source_query_count(as_analyst, django_assert_num_queries, n):
    source = source_of(*(make_case() for _ in range(n)))

    with django_assert_num_queries(3):  # the token, the source, its cases
        assert len(as_analyst.get(f"sources/{source.pk}/").json()["cases"]) == n
