"""People and teams by way of the API."""

import pytest

from api.models import Scope
from registry.choices import Role
from registry.models import Person
from tests.api.conftest import Tool
from tests.factories import make_person, make_team

pytestmark = pytest.mark.django_db
NEW = {"username": "noor", "email": "noor@example.org", "name": "Noor Haddad", "role": "analyst"}


@pytest.fixture
def as_administrator(administrator):
    return Tool(administrator)


def problem(response):
    return response.status_code, response.json()["type"].split("/")[-2]


def names(response):
    return [row["username"] for row in response.json()["results"]]


def test_whoever_logs_cases_finds_the_names_of_those_who_may_sign_in_and_no_more(as_reporter, analyst):
    make_person(username="gone", name="Gone", is_active=False)

    rows = as_reporter.get("people/").json()["results"]

    assert rows == [
        {
            "id": analyst.pk,
            "url": "http://testserver/api/v1/people/mira/",
            "html_url": None,
            "username": "mira",
            "name": "Mira Okafor",
            "is_active": True,
            "email": None,
            "role": None,
            "time_zone": None,
            "created_at": None,
        },
        as_reporter.get("people/sam/").json(),
    ]
    assert problem(as_reporter.get("people/gone/")) == problem(as_reporter.get("people/nobody/")) == (404, "not-found")


def test_an_administrator_finds_everybody_with_address_and_role(as_administrator, analyst, reader):
    make_person(username="gone", name="Gone", is_active=False)

    everybody = as_administrator.get("people/?ordering=id")
    mira = as_administrator.get("people/MIRA/").json()

    assert names(everybody) == ["ada", "mira", "rena", "gone"]
    assert (mira["email"], mira["role"], mira["time_zone"]) == (analyst.email, "analyst", "UTC")


def test_an_administrators_token_without_the_scope_finds_what_others_find(administrator):
    make_person(username="gone", is_active=False)
    tool = Tool(administrator, Scope.CASES_READ)

    rows = tool.get("people/").json()["results"]

    assert [(row["username"], row["email"]) for row in rows] == [("ada", None)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("role=reader&role=analyst", ["mira", "rena"]),
        ("is_active=false", ["gone"]),
        ("is_active=true&role=administrator", ["ada"]),
    ],
)
def test_administrators_filter_by_role_and_state(as_administrator, analyst, reader, query, found):
    make_person(username="gone", role=Role.REPORTER, is_active=False)

    assert names(as_administrator.get(f"people/?{query}")) == found


@pytest.mark.parametrize("query", ["role=analyst", "is_active=true"])
def test_others_do_not_filter_by_what_they_do_not_see(as_analyst, query):
    assert problem(as_analyst.get(f"people/?{query}")) == (403, "not-allowed")


@pytest.mark.parametrize("query", ["role=king", "is_active=maybe", "email=x"])
def test_an_unknown_filter_or_value_is_refused(as_administrator, query):
    assert problem(as_administrator.get(f"people/?{query}")) == (400, "invalid-parameter")


def test_readers_who_name_nobody_see_no_names(as_reader, analyst):
    assert problem(as_reader.get("people/")) == (403, "not-allowed")
    assert problem(as_reader.get("people/mira/")) == problem(as_reader.get("people/nobody/")) == (403, "not-allowed")


@pytest.mark.parametrize("n", [1, 30])
def test_the_list_takes_two_queries(as_administrator, n, django_assert_num_queries):
    for _ in range(n - 1):
        make_person()

    with django_assert_num_queries(2):  # the token, the page
        assert len(names(as_administrator.get("people/"))) == n


def test_an_administrator_makes_a_person_who_has_no_password_yet(as_administrator):
    made = as_administrator.send("POST", "people/", NEW)

    person = Person.objects.get(username="noor")
    assert (made.status_code, made["Location"]) == (201, "http://testserver/api/v1/people/noor/")
    assert as_administrator.get("people/noor/").json() == made.json()
    assert (person.role, person.is_active, person.has_usable_password()) == ("analyst", True, False)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"username": "a b"}, "#/username"),
        ({"username": ""}, "#/username"),
        ({"email": "no address"}, "#/email"),
        ({"role": "king"}, "#/role"),
        ({"password": "correct horse battery staple"}, "#/password"),
        ({"is_active": False}, "#/is_active"),
        ({"name": None}, "#/name"),
    ],
)
def test_what_is_wrong_with_a_new_person_is_pointed_at(as_administrator, change, pointer):
    response = as_administrator.send("POST", "people/", NEW | change)

    assert problem(response) == (400, "invalid-input")
    assert response.json()["errors"][0]["pointer"] == pointer
    assert not Person.objects.filter(name="Noor Haddad").exists()


def test_a_user_name_is_given_once_whatever_its_letter_case(as_administrator, analyst):
    response = as_administrator.send("POST", "people/", NEW | {"username": "MIRA"})

    assert problem(response) == (409, "already-exists")


def test_an_administrator_changes_what_is_sent_alone(as_administrator, analyst):
    changed = as_administrator.send("PATCH", "people/mira/", {"role": "reviewer", "time_zone": "Europe/Vienna"})

    analyst.refresh_from_db()
    assert changed.status_code == 200
    assert (analyst.role, analyst.time_zone, analyst.name) == ("reviewer", "Europe/Vienna", "Mira Okafor")


def test_who_may_not_sign_in_any_more_is_refused_with_their_tokens(as_administrator, as_analyst):
    as_administrator.send("PATCH", "people/mira/", {"is_active": False})

    assert as_analyst.get("me/").status_code == 401


def test_the_last_administrator_stays_one(as_administrator):
    for change in ({"role": "reader"}, {"is_active": False}):
        response = as_administrator.send("PATCH", "people/ada/", change)

        assert problem(response) == (400, "invalid-input")
        assert "only administrator" in response.json()["detail"]


@pytest.mark.parametrize("change", [{"username": "x"}, {"time_zone": "Mars/Base"}, {"role": None}, {"is_active": "no"}])
def test_what_is_no_change_of_a_person_is_refused(as_administrator, analyst, change):
    assert problem(as_administrator.send("PATCH", "people/mira/", change)) == (400, "invalid-input")


def test_nobody_is_deleted(as_administrator, analyst):
    response = as_administrator.send("DELETE", "people/mira/")

    assert (problem(response), response["Allow"]) == ((405, "method-not-allowed"), "GET, HEAD, PATCH")


def test_teams_are_ones_own_and_every_one_for_administrators(as_administrator, as_analyst, analyst, reader):
    mine, other = make_team(analyst, reader, name="Evaluations"), make_team(make_person(), name="Red team")
    empty = make_team(name="Nobody yet")

    own = as_analyst.get("teams/").json()["results"]
    every = as_administrator.get("teams/").json()["results"]

    assert [(row["name"], row["members"]) for row in own] == [("Evaluations", ["mira", "rena"])]
    assert [row["id"] for row in every] == [mine.pk, empty.pk, other.pk]
    assert every[1]["members"] == []
    assert as_analyst.get(f"teams/{mine.pk}/").json() == own[0]
    assert problem(as_analyst.get(f"teams/{other.pk}/")) == problem(as_analyst.get("teams/9999999999/"))


@pytest.mark.parametrize("n", [1, 30])
def test_the_list_of_teams_takes_two_queries(as_administrator, analyst, n, django_assert_num_queries):
    for _ in range(n):
        make_team(analyst)

    with django_assert_num_queries(2):  # the token, the page with its members
        assert len(as_administrator.get("teams/").json()["results"]) == n
