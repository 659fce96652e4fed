"""The API against its own document: inputs made from it, valid and not, and no answer outside it."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from api.views.document import document
from config.wsgi import application
from registry.choices import Role
from tests.api.conftest import token_for
from tests.factories import make_case, make_person
from tests.api.test_patterns import make_run

pytestmark = pytest.mark.django_db
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def contract(db):
    import json

    return schemathesis.openapi.from_dict(json.loads(document()))


schema = schemathesis.pytest.from_fixture("contract")


@pytest.fixture
def administrator_token(db):
    """The token of somebody who may do everything; requests run inside the test's transaction."""
    make_case()
    make_run()
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield token_for(make_person(role=Role.ADMINISTRATOR))
    for signal in signals:
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_answer_lies_outside_the_document(case, administrator_token):
    case.app = application
    case.call_and_validate(headers={"Authorization": f"Bearer {administrator_token}"}, checks=CHECKS)
