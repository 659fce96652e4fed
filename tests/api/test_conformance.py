"""The API against its own document: inputs made from it, valid and not, and no answer outside it."""

import json

import pytest
import schemathesis
from django.test.client import ClientHandler
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.views.document import document
from tests.api.conftest import token_for
from tests.api.test_patterns import make_run
from tests.factories import make_case

pytestmark = pytest.mark.django_db
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = [found.ok() for found in schemathesis.openapi.from_dict(json.loads(document())).get_all_operations()]


@pytest.fixture
def there(db):
    """What the addresses may name, so that valid input gets past them."""
    return {
        "reference": make_case().reference,
        "number": make_run().pk,
        "slug": "goodhart",
        "key": "goodhart:causal",
    }


def application(environ, start_response):
    """The product as WSGI, by way of Django's test handler, which keeps to the test's transaction."""
    response = ClientHandler()(environ)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.headers.items()))
    return [response.content]


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_answer_lies_outside_the_document(operation, mode, there, administrator):
    headers = {"Authorization": f"Bearer {token_for(administrator)}"}
    if operation.method in ("patch", "post"):
        headers["If-Match"] = "*"
    named = {name: value for name, value in there.items() if f"{{{name}}}" in operation.path}
    # What is wrong shall be in the body where there is one, else in the address.
    chosen = {"path_parameters": named} if named and (mode == GenerationMode.POSITIVE or list(operation.body)) else {}

    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode, **chosen))
    def holds(case):
        case.call_and_validate(app=application, headers=headers, checks=CHECKS)

    holds()
