"""To a case by its number, and the names that the filters suggest."""

import pytest

from registry.choices import Status, Visibility
from registry.models import System
from tests.factories import NOW, make_case, make_person
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("written", ["AIR-{}", "air-{}", " {} "])
def test_a_number_leads_to_its_case(reader, written):
    case = make_case()

    response = signed_in(reader).get("/cases/go", {"number": written.format(case.pk)})

    assert response["Location"] == case.get_absolute_url()


def test_a_case_one_may_not_see_answers_as_one_that_does_not_exist(reader):
    hidden = make_case(visibility=Visibility.NAMED, title="Hidden canary")
    client = signed_in(reader)

    answers = [
        text_of(client.get("/cases/go", {"number": number}, follow=True)).replace(str(number), "N")
        for number in (hidden.pk, hidden.pk + 10_000)
    ]

    assert "There is no case “N” that you may see." in answers[0]
    assert "canary" not in answers[0]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("words", "address"),
    [("lagoon & boat", "/cases/?q=lagoon+%26+boat"), ("", "/cases/"), ("\x00", "/cases/"), ("9" * 600, None)],
)
def test_what_is_no_number_is_searched_for(reader, words, address):
    response = signed_in(reader).get("/cases/go", {"number": words})

    assert response["Location"] == (address or f"/cases/?q={'9' * 500}")


def options(response):
    return response.content.decode().strip()


def test_systems_are_suggested_by_name_and_alias_if_they_find_a_case(reader):
    found, hidden = make_case(), make_case(visibility=Visibility.NAMED)
    seen = System.objects.create(name="Vision <b>", created_at=NOW)
    seen.aliases.create(name="ve-2")
    found.case_systems.update(system=seen)
    hidden.case_systems.update(system=System.objects.create(name="Vision canary", created_at=NOW))
    System.objects.create(name="Vision of nobody", created_at=NOW)
    client = signed_in(reader)

    for words in ("visi", "VE-2"):
        response = client.get("/cases/suggest/system", {"system": words})
        assert options(response) == '<option value="Vision &lt;b&gt;"></option>'


def test_people_are_suggested_if_they_own_a_case_one_may_see(reader):
    owner, other = make_person(username="okafor", name="Mira O"), make_person(username="okapi", name="Canary")
    make_case(owner=owner, status=Status.ANALYSIS)
    make_case(owner=other, status=Status.ANALYSIS, visibility=Visibility.NAMED)
    client = signed_in(reader)

    assert options(client.get("/cases/suggest/owner", {"owner": "oka"})) == '<option value="okafor">Mira O</option>'
    assert options(client.get("/cases/suggest/reporter", {"reporter": "oka"})) == ""


def test_no_words_suggest_nothing_and_other_names_do_not_exist(reader):
    client = signed_in(reader)
    make_case()

    assert options(client.get("/cases/suggest/system")) == ""
    assert options(client.get("/cases/suggest/system", {"system": "\x00"})) == ""
    assert client.get("/cases/suggest/title", {"title": "a"}).status_code == 404
