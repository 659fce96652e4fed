"""Every route × every role × {one's own case, another's, a restricted one}: the status that is expected.

A route without a row here fails the suite.
"""

import json

import pytest

from api.urls import urlpatterns
from registry.choices import Role, Status, Visibility
from tests.api.conftest import Tool
from tests.api.test_patterns import make_run
from tests.factories import label, make_case, make_node, make_person

pytestmark = pytest.mark.django_db

ROLES = (Role.READER, Role.REPORTER, Role.ANALYST, Role.REVIEWER, Role.ADMINISTRATOR)
REASON = '{"reason": "Because."}'

# (route name, method, address, body as JSON): statuses by role, in the order of ROLES.
# Routes about one case have three rows of statuses: own (reported by the caller), another's, restricted.
ONE_CASE = {
    ("api-case", "GET", "cases/{case}/", None): ((200,) * 5, (200,) * 5, (404,) * 5),
    ("api-case", "PATCH", "cases/{case}/", '{"context": "x"}'): (
        (403, 200, 200, 200, 200),
        (403, 403, 200, 200, 200),
        (404,) * 5,
    ),
    ("api-case-submit", "POST", "cases/{case}/submit/", None): (
        (403, 409, 409, 409, 409),
        (403, 403, 409, 409, 409),
        (404,) * 5,
    ),
    ("api-case-accept", "POST", "cases/{case}/accept/", '{"owner": "keeper", "potential_severity": "low"}'): (
        (403, 403, 200, 200, 200),
        (403, 403, 200, 200, 200),
        (404,) * 5,
    ),
    ("api-case-request-review", "POST", "cases/{case}/request-review/", None): (
        (403, 403, 409, 409, 409),
        (403, 403, 409, 409, 409),
        (404,) * 5,
    ),
    ("api-case-approve", "POST", "cases/{case}/approve/", None): (
        (403, 403, 403, 409, 409),
        (403, 403, 403, 409, 409),
        (404,) * 5,
    ),
    ("api-case-return", "POST", "cases/{case}/return/", REASON): (
        (403, 403, 403, 409, 409),
        (403, 403, 403, 409, 409),
        (404,) * 5,
    ),
    ("api-case-withdraw", "POST", "cases/{case}/withdraw/", REASON): (
        (403, 200, 200, 200, 200),
        (403, 403, 200, 200, 200),
        (404,) * 5,
    ),
    ("api-case-reopen", "POST", "cases/{case}/reopen/", REASON): (
        (403, 403, 409, 409, 409),
        (403, 403, 409, 409, 409),
        (404,) * 5,
    ),
    ("api-case-labels", "GET", "cases/{case}/labels/", None): ((200,) * 5, (200,) * 5, (404,) * 5),
    ("api-case-label", "GET", "cases/{case}/labels/colours:red/", None): ((404,) * 5, (404,) * 5, (404,) * 5),
    ("api-case-label", "PUT", "cases/{case}/labels/colours:red/", "{}"): (
        (403, 403, 201, 201, 201),
        (403, 403, 201, 201, 201),
        (404,) * 5,
    ),
    ("api-case-label", "DELETE", "cases/{case}/labels/colours:red/", None): (
        (403, 403, 404, 404, 404),
        (403, 403, 404, 404, 404),
        (404,) * 5,
    ),
}
ELSEWHERE = {
    ("api-me", "GET", "me/", None): (200,) * 5,
    ("api-case-list", "GET", "cases/", None): (200,) * 5,
    ("api-case-list", "POST", "cases/", '{"title": "Boat circles the lagoon"}'): (403, 201, 201, 201, 201),
    ("api-scheme-list", "GET", "schemes/", None): (200,) * 5,
    ("api-scheme", "GET", "schemes/goodhart/", None): (200,) * 5,
    ("api-node-list", "GET", "nodes/", None): (200,) * 5,
    ("api-node", "GET", "nodes/colours:red/", None): (200,) * 5,
    ("api-tier-list", "GET", "severity-tiers/", None): (200,) * 5,
    ("api-reference-matrix", "GET", "reference-matrix/", None): (200,) * 5,
    ("api-pattern-latest", "GET", "patterns/latest/", None): (200,) * 5,
    ("api-pattern-run-list", "GET", "patterns/runs/", None): (200,) * 5,
    ("api-pattern-run", "GET", "patterns/runs/{run}/", None): (200,) * 5,
    ("api-pattern-pairs", "GET", "patterns/runs/{run}/pairs/", None): (200,) * 5,
    ("api-pattern-nodes", "GET", "patterns/runs/{run}/nodes/", None): (200,) * 5,
    ("api-pattern-trends", "GET", "patterns/runs/{run}/trends/", None): (200,) * 5,
    ("api-schema", "GET", "openapi.json", None): (200,) * 5,
}
# Pages for people: the first asks a browser to sign in, the second is open so that a refusal can be read.
PAGES = {"api-docs": 302, "api-problem": 200}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def send(tool, method, address, body):
    body = json.loads(body) if body else None
    return tool.send(method, address, body, match="*" if "label" not in address or method == "DELETE" else None)


def routes():
    return {(route.name, method) for route in urlpatterns if route.name for method in methods_of(route)}


def methods_of(route):
    view = getattr(route.callback, "cls", None)
    if view is None:
        return ["GET"]
    return [m for m in METHODS if m.lower() in view.http_method_names and hasattr(view, m.lower())]


def test_every_route_and_method_has_a_row():
    rows = {(name, method) for name, method, *_ in [*ONE_CASE, *ELSEWHERE]} | {(name, "GET") for name in PAGES}

    assert routes() == rows


@pytest.mark.parametrize("row", ELSEWHERE, ids=lambda row: f"{row[1]} {row[2]}")
def test_routes_about_no_case(row):
    _, method, address, body = row
    make_node("red")
    run = make_run()

    found = [send(Tool(make_person(role=role)), method, address.format(run=run.pk), body).status_code for role in ROLES]

    assert found == list(ELSEWHERE[row])


@pytest.mark.parametrize("whose", [0, 1, 2], ids=["own", "another's", "restricted"])
@pytest.mark.parametrize("row", ONE_CASE, ids=lambda row: f"{row[1]} {row[2]}")
def test_routes_about_a_case(row, whose):
    _, method, address, body = row
    make_person(username="keeper", role=Role.ANALYST)
    make_node("red")
    found = []
    for role in ROLES:
        person = make_person(role=role)
        visibility = Visibility.NAMED if whose == 2 else Visibility.EVERYONE
        case = make_case(reporter=person if whose == 0 else None, visibility=visibility)

        found.append(send(Tool(person), method, address.format(case=case.reference), body).status_code)

    assert found == list(ONE_CASE[row][whose])


@pytest.mark.parametrize("row", ONE_CASE, ids=lambda row: f"{row[1]} {row[2]}")
def test_a_restricted_case_answers_byte_for_byte_like_a_missing_one(row, administrator):
    _, method, address, body = row
    red = make_node("red")
    hidden = make_case(visibility=Visibility.NAMED, status=Status.ANALYSIS)
    label(hidden, red, by=hidden.owner)
    tool = Tool(administrator)
    tool.defaults["HTTP_X_REQUEST_ID"] = "the-same-request"

    answers = [send(tool, method, address.format(case=number), body) for number in (hidden.pk, 10**6)]

    assert answers[0].content == answers[1].content
    assert dict(answers[0].headers) == dict(answers[1].headers)
    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("row", [*ONE_CASE, *ELSEWHERE], ids=lambda row: f"{row[1]} {row[2]}")
def test_nobody_gets_in_without_signing_in(row):
    _, method, address, body = row

    response = send(Tool(), method, address.format(case="AIR-1", run=1), body)

    assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json")
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("row", [*ONE_CASE, *ELSEWHERE], ids=lambda row: f"{row[1]} {row[2]}")
def test_methods_that_are_not_offered_are_refused(row, administrator):
    name, _, address, _ = row
    tool = Tool(administrator)
    offered = {method for found, method in routes() if found == name}

    for method in set(METHODS) - offered:
        response = tool.generic(method, f"/api/v1/{address.format(case='AIR-1', run=1)}")
        assert (response.status_code, response["Content-Type"]) == (405, "application/problem+json"), method


def test_the_page_of_the_document_asks_people_to_sign_in():
    assert Tool().get("docs/").status_code == PAGES["api-docs"]


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
