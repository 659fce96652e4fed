"""Every operation of the OpenAPI document shows a request and an answer, and the answers are the product's own.

They are kept in `api/examples.json`. To renew them, after a route came or an answer changed:

    pytest tests/api/test_examples.py --snapshot-update

Requests are those of the access matrix (tests/api/matrix); where it only ever sees refusals, add the operation to
`BY_HAND` in tests/api/example_world.py.
"""

import json
import re

import jsonschema
import pytest
from django.urls import resolve

from api.describing_document import JSON, RECORDED, recorded_examples
from api.views.document import document
from registry.choices import Role
from registry.outbound import guard
from tests.api import matrix
from tests.api.conftest import Tool
from tests.api.example_world import BY_HAND, BY_SESSION, ROLES, SECRET, a_world, plain
from tests.api.test_access_matrix import send
from tests.factories import make_case, make_person

pytestmark = pytest.mark.django_db
CONTRACT = json.loads(document())
# The document itself would stand in itself.
NOT_SHOWN = {"document"}
OPERATIONS = {
    operation["operationId"]: (path, method.upper(), operation)
    for path, operations in CONTRACT["paths"].items()
    for method, operation in operations.items()
    if operation["operationId"] not in NOT_SHOWN
}


@pytest.fixture(autouse=True)
def public(monkeypatch):
    """The name of a webhook's target leads to a public number; nothing is sent in these tests."""
    monkeypatch.setattr(guard, "look_up", lambda host, port: ["93.184.215.14"])


def content_of(operation, status):
    return operation["responses"].get(status, {}).get("content", {})


def answers_of(operation):
    """The statuses under which an operation answers with JSON of its own."""
    return [status for status in operation["responses"] if status < "300" and JSON in content_of(operation, status)]


def rows_of(path, method):
    """The rows of the matrix that ask this operation, those that change least first."""
    name = resolve(re.sub(r"{[^}]+}", "1", path.replace("{key}", "a:b"))).url_name
    return [row for row in matrix.EVERY if (row.name, row.method) == (name, method)]


def recorded(operation):
    """What one operation is sent, and what it answers to the first person whom it lets in."""
    path, method, described = OPERATIONS[operation]
    found = by_hand(operation) if operation in BY_HAND else by_matrix(path, method)
    if found is None:
        return None
    row, response = found
    shown = {"request": json.loads(row.body)} if row.body else {}
    status = str(response.status_code)
    if JSON in content_of(described, status):
        shown["answers"] = {status: plain(response.json())}
    return shown


def by_hand(operation):
    role, make, row = BY_HAND[operation]
    with a_world():
        person = make_person(role=role, username="mira", name="Mira Okafor", email="mira@example.org")
        places = make(person)
        response = send(browser_of(person) if operation in BY_SESSION else Tool(person), row, places)
    assert response.status_code < 300, (operation, response.content)
    return row, response


def browser_of(person):
    browser = Tool()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def by_matrix(path, method):
    for row in rows_of(path, method):
        for role in ROLES:
            for whose in (matrix.OWN, matrix.OTHERS):
                with a_world():
                    response = asked(row, role, whose)
                if response.status_code < 300:
                    return row, response
    return None


def asked(row, role, whose):
    make_person(role=Role.ANALYST, username="keeper", name="Jonas Weber", email="jonas@example.org")
    person = make_person(role=role, username="mira", name="Mira Okafor", email="mira@example.org")
    case = make_case(reporter=person if whose == matrix.OWN else None) if row in matrix.ABOUT_A_CASE else None
    places = matrix.things(whose, person, case)
    return send(Tool(person), row, {"case": case and case.reference, **places})


def test_every_operation_is_recorded(request):
    """With --snapshot-update it records them all; else it only looks whether one is missing or left over."""
    problems = record_all() if request.config.getoption("update_snapshots") else {}

    shown = recorded_examples()

    with_json = {operation for operation, (_, _, described) in OPERATIONS.items() if answers_of(described)}
    answered = {operation for operation, each in shown.items() if each.get("answers")}
    assert (sorted(with_json - answered), sorted(set(shown) - set(OPERATIONS)), problems) == ([], [], {})


def record_all():
    """Writes the file; returns {operation: what went wrong}."""
    found, problems = {}, {}
    for operation in sorted(OPERATIONS):
        try:
            found[operation] = recorded(operation)
        except Exception as error:
            problems[operation] = f"{type(error).__name__}: {error}"
    kept = {operation: shown for operation, shown in found.items() if shown}
    RECORDED.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    recorded_examples.cache_clear()
    return problems


def test_every_request_body_has_an_example():
    lacking = [
        operation
        for operation, (_, _, described) in OPERATIONS.items()
        if has_members(described) and not described["requestBody"]["content"][JSON].get("examples")
    ]

    assert lacking == []


def has_members(described):
    schema = described.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema", {})
    named = CONTRACT["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
    return bool(named.get("properties"))


def exactly(schema):
    """The same schema, refusing members it does not name."""
    if isinstance(schema, dict):
        closed = {"additionalProperties": False} if schema.get("type") == "object" and "properties" in schema else {}
        return {key: exactly(value) for key, value in schema.items()} | closed
    return [exactly(each) for each in schema] if isinstance(schema, list) else schema


@pytest.mark.parametrize("operation", sorted(recorded_examples()))
def test_a_recorded_answer_has_exactly_the_documented_shape(operation):
    _, _, described = OPERATIONS[operation]

    for status, answer in recorded_examples()[operation].get("answers", {}).items():
        schema = content_of(described, status)[JSON]["schema"]
        jsonschema.validate(answer, exactly({**schema, "components": CONTRACT["components"]}))


def test_the_product_answers_as_recorded():
    """One of them asked again: what is kept is neither written by hand nor dependent on what ran before."""
    assert recorded("read_case") == recorded_examples()["read_case"]


def test_no_example_holds_a_secret():
    text = RECORDED.read_text(encoding="utf-8")

    assert (SECRET.search(text), "testserver" in text) == (None, False)


def test_examples_of_problems_say_what_the_product_says(administrator):
    tool = Tool(administrator, "export")
    asked = {
        "invalid-parameter": tool.get("schemes/?stats=1"),
        "not-signed-in": Tool().get("me/"),
        "insufficient-scope": tool.send("POST", "cases/", {}),
        "not-found": tool.get("nowhere/"),
        "not-acceptable": tool.get("schemes/", headers={"Accept": "image/png"}),
    }

    for slug, answer in asked.items():
        example = CONTRACT["components"]["examples"][slug]["value"]
        said = answer.json()
        assert set(example) == set(said), slug
        assert (example["type"], example["status"]) == (said["type"], answer.status_code), slug
