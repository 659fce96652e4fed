"""The pages of sources: only what visible cases carry, only visible cases counted."""

from urllib.parse import parse_qs, urlsplit

import pytest

from registry.actions.sources import state_of
from registry.choices import Visibility
from registry.models import CaseSource, Source
from tests.factories import make_case
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db


def make_source(*cases, **values):
    source = Source.objects.create(**{"title": "A report", "url": f"https://example.org/{len(cases)}"} | values)
    for case in cases:
        CaseSource.objects.create(case=case, source=source)
    return source


def facts(source, **values):
    return {
        "seen": state_of(source),
        "title": source.title,
        "publisher": "",
        "published_on": "",
        "kind": source.kind,
        "verification": source.verification,
    } | values


@pytest.mark.parametrize("n", [1, 30])
def test_source_list_query_count(reader, django_assert_num_queries, n):
    client = signed_in(reader)
    for number in range(n):
        make_source(make_case(), url=f"https://example.org/{number}")

    with django_assert_num_queries(5):
        response = client.get("/sources/")

    assert [source.n_cases for source in response.context["sources"]] == [1] * n


@pytest.mark.parametrize("n", [1, 30])
def test_source_page_query_count(reader, django_assert_num_queries, n):
    client, source = signed_in(reader), make_source(*(make_case() for _ in range(n)))

    with django_assert_num_queries(6):
        response = client.get(f"/sources/{source.pk}/")

    assert len(response.context["cases"]) == n


def test_a_source_that_only_hidden_cases_carry_is_nowhere(reviewer):
    hidden = make_source(make_case(visibility=Visibility.NAMED), title="Canary")
    client = signed_in(reviewer)

    assert list(client.get("/sources/?q=canary").context["sources"]) == []
    for tail in ("", "edit"):
        answer, missing = client.get(f"/sources/{hidden.pk}/{tail}"), client.get(f"/sources/999999/{tail}")
        assert answer.status_code == missing.status_code == 404
        assert text_of(answer) == text_of(missing)


def test_a_source_that_lost_its_last_case_is_nowhere(analyst):
    source = make_source()

    assert signed_in(analyst).get(f"/sources/{source.pk}/").status_code == 404


def test_hidden_cases_of_a_shared_source_are_neither_shown_nor_counted(reader):
    source = make_source(make_case(title="Open one"), make_case(visibility=Visibility.NAMED, title="Hidden canary"))
    client = signed_in(reader)

    listed, shown = client.get("/sources/"), client.get(f"/sources/{source.pk}/")

    assert [row.n_cases for row in listed.context["sources"]] == [1]
    assert [case.title for case in shown.context["cases"]] == ["Open one"]
    assert "canary" not in text_of(shown)


def test_search_reads_title_publisher_and_address(reader):
    for number, values in enumerate(
        ({"title": "Lagoon"}, {"publisher": "Lagoon Press"}, {"url": "https://lagoon.example"})
    ):
        make_source(make_case(), **{"url": f"https://example.org/{number}"} | values)
    make_source(make_case(), url="https://example.org/other")

    response = signed_in(reader).get("/sources/?q=laGOON%00")

    assert len(response.context["sources"]) == 3


@pytest.mark.parametrize("query", ["cursor=nonsense", "q=%25", "q=" + "a" * 5000, "cursor=%00"])
def test_a_nonsense_query_shows_a_list(reader, query):
    assert signed_in(reader).get(f"/sources/?{query}").status_code == 200


def test_a_new_case_starts_with_the_source_filled_in(reporter):
    source = make_source(make_case(), url="https://example.org/a?b=c&d=e", title="What & why")

    address = signed_in(reporter).get(f"/sources/{source.pk}/").context["log_url"]

    assert parse_qs(urlsplit(address).query) == {
        "sources": ["https://example.org/a?b=c&d=e"],
        "source_title": ["What & why"],
    }
    form = signed_in(reporter).get(address).context["form"]
    assert form["sources"].value() == [("https://example.org/a?b=c&d=e", "What & why")]


def test_a_correction_is_saved_and_shown_with_its_author(analyst):
    source = make_source(make_case())
    client = signed_in(analyst)

    response = client.post(f"/sources/{source.pk}/edit", facts(source, publisher="Example Press"))

    assert response["Location"] == f"/sources/{source.pk}/"
    page = text_of(client.get(response["Location"]))
    assert "Mira Okafor corrected it" in page
    assert "Example Press" in page


def test_two_corrections_at_once_are_told_apart(analyst):
    source = make_source(make_case())
    client, mine = signed_in(analyst), facts(source, title="Mine")
    client.post(f"/sources/{source.pk}/edit", facts(source, title="Theirs"))

    response = client.post(f"/sources/{source.pk}/edit", mine)

    source.refresh_from_db()
    assert (response.status_code, source.title) == (409, "Theirs")
    assert "now it says: Theirs" in text_of(response)
    assert 'value="Mine"' in response.content.decode()


def test_wrong_facts_come_back_with_their_errors(analyst):
    source = make_source(make_case())

    response = signed_in(analyst).post(f"/sources/{source.pk}/edit", facts(source, title=" ", published_on="yesterday"))

    assert (response.status_code, set(response.context["form"].errors)) == (422, {"title", "published_on"})


def test_a_reader_is_not_offered_to_edit_and_may_not(reader):
    source = make_source(make_case())
    client = signed_in(reader)

    assert client.get(f"/sources/{source.pk}/").context["may_edit"] is False
    assert client.post(f"/sources/{source.pk}/edit", facts(source)).status_code == 403


def test_script_in_a_source_is_shown_as_text(reader):
    source = make_source(make_case(), title="<script>alert(1)</script>", publisher="<img src=x>")

    page = signed_in(reader).get(f"/sources/{source.pk}/").content.decode()

    assert "<script>alert" not in page
    assert "<img src=x>" not in page
