"""Whoever asks gets what the matrix says, and a route without a row in it fails here (tests/api/matrix/)."""

import json

import pytest

from api.urls import urlpatterns
from registry.choices import Role, Status, Visibility
from tests.api import matrix
from tests.api.conftest import Tool
from tests.factories import label, make_case, make_node, make_person

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
# For answers that are the same whoever the thing belongs to.
NOWHERE = {"case": "AIR-1"}


class Anything(dict):
    """Fills every place in an address, for requests that are refused before anything is looked up."""

    def __missing__(self, name):
        return "1"


def send(tool, row, places):
    body = json.loads(row.body) if row.body else None
    return tool.send(row.method, row.address.format_map(places), body, match=row.match)


def routes():
    return {(route.name, method) for route in urlpatterns if route.name for method in methods_of(route)}


def methods_of(route):
    view = getattr(route.callback, "cls", None)
    if view is None:
        return ["GET"]
    return [m for m in METHODS if m.lower() in view.http_method_names and hasattr(view, m.lower())]


def test_every_route_and_method_has_a_row():
    rows = {(row.name, row.method) for row in matrix.EVERY} | {(name, "GET") for name in matrix.PAGES}

    assert routes() == rows


@pytest.mark.parametrize("row", matrix.ELSEWHERE, ids=str)
def test_routes_about_nothing_in_particular(row):
    found = []
    for role in matrix.ROLES:
        person = make_person(role=role)
        places = matrix.things(matrix.OWN, person)

        found.append(send(Tool(person), row, places).status_code)

    assert found == list(matrix.ELSEWHERE[row])


@pytest.mark.parametrize("whose", matrix.WHOSE)
@pytest.mark.parametrize("row", matrix.ABOUT_A_THING, ids=str)
def test_routes_about_what_belongs_to_somebody(row, whose):
    found = []
    for role in matrix.ROLES:
        person = make_person(role=role)
        places = matrix.things(whose, person)

        found.append(send(Tool(person), row, places).status_code)

    assert found == list(matrix.ABOUT_A_THING[row][matrix.WHOSE.index(whose)])


@pytest.mark.parametrize("whose", matrix.WHOSE)
@pytest.mark.parametrize("row", matrix.ABOUT_A_CASE, ids=str)
def test_routes_about_a_case(row, whose):
    make_person(username="keeper", role=Role.ANALYST)
    found = []
    for role in matrix.ROLES:
        person = make_person(role=role)
        visibility = Visibility.NAMED if whose == matrix.RESTRICTED else Visibility.EVERYONE
        case = make_case(reporter=person if whose == matrix.OWN else None, visibility=visibility)
        places = matrix.things(whose, person, case)

        found.append(send(Tool(person), row, {"case": case.reference, **places}).status_code)

    assert found == list(matrix.ABOUT_A_CASE[row][matrix.WHOSE.index(whose)])


@pytest.mark.parametrize("row", matrix.ABOUT_A_CASE, ids=str)
def test_a_restricted_case_answers_byte_for_byte_like_a_missing_one(row, administrator):
    hidden = make_case(visibility=Visibility.NAMED, status=Status.ANALYSIS)
    places = matrix.things(matrix.RESTRICTED, administrator, hidden)
    label(hidden, make_node("green"), by=hidden.owner)
    tool = Tool(administrator)
    tool.defaults["HTTP_X_REQUEST_ID"] = "the-same-request"

    answers = [send(tool, row, {**places, "case": number}) for number in (hidden.pk, 10**6)]

    assert answers[0].content == answers[1].content
    assert dict(answers[0].headers) == dict(answers[1].headers)
    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("row", matrix.EVERY, ids=str)
def test_nobody_gets_in_without_signing_in(row):
    response = send(Tool(), row, Anything(NOWHERE))

    assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json")
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("row", matrix.EVERY, ids=str)
def test_methods_that_are_not_offered_are_refused(row, administrator):
    tool = Tool(administrator)
    offered = {method for found, method in routes() if found == row.name}

    for method in set(METHODS) - offered:
        response = tool.generic(method, f"/api/v1/{row.address.format_map(Anything(NOWHERE))}")
        assert (response.status_code, response["Content-Type"]) == (405, "application/problem+json"), method


def test_the_page_of_the_document_asks_people_to_sign_in():
    assert Tool().get("docs/").status_code == matrix.PAGES["api-docs"]


def test_the_list_never_shows_a_restricted_case_whatever_is_asked(analyst):
    red = make_node("red")
    hidden = make_case(visibility=Visibility.NAMED, title="Secret lagoon", nodes=[red])
    draft = make_case(status=Status.DRAFT, title="Secret draft of a lagoon")
    tool = Tool(analyst)

    for query in ("", "q=lagoon", "label=red", "count=exact", f"q={hidden.pk}", "ordering=-severity", "kind=incident"):
        response = tool.get(f"cases/?{query}")
        assert response.json()["results"] == [], query
        assert response.json().get("count", 0) == 0
        assert b"Secret" not in response.content
    assert draft.reference not in str(tool.get("cases/?status=draft").json())
