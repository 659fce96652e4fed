"""The API against its own document: inputs made from it, valid and not, and no answer outside it.

Every operation is sent three kinds of requests: generated valid ones, generated invalid ones, and those of
schemathesis' coverage phase, which try each parameter, header and method by itself. All of its checks look at each
answer. Addresses are filled from the access matrix, so that a new route needs a row there and nothing here.

`AIR_CONFORMANCE_EXAMPLES=50 pytest tests/api/test_conformance.py` sends 50 times as many of each kind to each
operation as an ordinary run; the number of requests that were sent is printed with `-s`.

Two checks of schemathesis look at chains of requests, which a document without links does not give it; the last test
does what they do, from the rows of the matrix.

What cannot be held, and is not asked:
- that valid input is always accepted where it names a row (`owner`, `node`, a slug): the document cannot list them;
- that a cursor made up by a client is taken, although it is a text as the document says.
"""

import json
import os
import re
from itertools import islice

import pytest
import schemathesis
from django.test.client import ClientHandler
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import GenerationConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.generation.meta import CoverageScenario, coverage_scenario

from api.views.document import document
from registry.choices import Role
from tests.api import matrix
from tests.api.conftest import Tool, token_for
from tests.api.test_examples import rows_of
from tests.factories import make_case, make_person

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("AIR_CONFORMANCE_EXAMPLES", "1"))


class Counted:
    """The product as WSGI, by way of Django's test handler, which keeps to the test's transaction."""

    sent = 0

    def __call__(self, environ, start_response):
        type(self).sent += 1
        response = ClientHandler()(environ)
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.headers.items()))
        return [b"".join(response.streaming_content) if response.streaming else response.content]


SCHEMA = schemathesis.openapi.from_dict(json.loads(document()))
SCHEMA.app = Counted()
# Without If-Match the answer is 428.
SCHEMA.config.checks.missing_required_header.expected_statuses.append("428")
# Refused before anybody looks at the value.
SCHEMA.config.checks.negative_data_rejection.expected_statuses.extend(["411", "412", "413"])
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
load_all_checks()
# Probes with two people's rights, which the access matrix does for every role.
ELSEWHERE = {"object_level_authorization"}
ALWAYS = [check for check in CHECKS.get_all() if check.__name__ not in ELSEWHERE]
# Names of rows, and cursors: any text is valid as far as the document can say.
ACCEPTED = [check for check in ALWAYS if check.__name__ != "positive_data_acceptance"]
TEMPLATE = re.compile(r"{(\w+)}")


class Places(dict):
    """What stands in addresses; a name that is made for one request stays the same for all of an operation."""

    def __getitem__(self, name):
        value = format(super().__getitem__(name))
        self[name] = value
        return value


def filled(operation, person):
    """(values of the address, `If-Match`) of an operation, from the first row of the matrix that asks it."""
    rows = rows_of(operation.path, operation.method.upper())
    if not rows or "{" not in operation.path:
        return {}, "*"
    case = make_case(reporter=person)
    places = Places({"case": case.reference, **matrix.things(matrix.OWN, person, case)})
    address = rows[0].address.partition("?")[0]
    named = "/api/v1/" + re.sub(r"{(\w+)}", lambda found: places[found[1]], address)
    pattern = TEMPLATE.sub(lambda found: f"(?P<{found[1]}>[^/]+)", operation.path.rstrip("/"))
    return re.fullmatch(pattern, named.rstrip("/")).groupdict(), rows[0].match


@pytest.fixture(scope="module", autouse=True)
def counting():
    yield
    print(f"\n{Counted.sent} requests")


@pytest.fixture
def asked(request, settings):
    """(operation, the values of its address, headers of somebody who may do everything)."""
    settings.API_REQUESTS_PER_MINUTE = 0
    operation = request.param
    person = make_person(role=Role.ADMINISTRATOR)
    make_person(username="keeper", role=Role.ANALYST)
    named, match = filled(operation, person)
    headers = {"Authorization": f"Bearer {token_for(person)}"}
    if match and operation.method in ("patch", "put", "post", "delete"):
        headers["If-Match"] = match
    return operation, named, headers


def sent(case, headers, checks):
    """Send it as somebody who may do everything, with a version, unless it is headers that it tries out."""
    if case.meta.is_negative_at(ParameterLocation.HEADER):
        headers = {name: value for name, value in headers.items() if name != "If-Match"}
    case.call_and_validate(headers=headers, checks=checks)


every_operation = pytest.mark.parametrize("asked", OPERATIONS, indirect=True, ids=lambda operation: operation.label)


@every_operation
@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
def test_no_answer_lies_outside_the_document(asked, mode):
    operation, named, headers = asked
    # What is wrong shall be in the body where there is one, else in the address.
    chosen = {"path_parameters": named} if named and (mode == GenerationMode.POSITIVE or list(operation.body)) else {}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode, **chosen))
    def holds(case):
        sent(case, headers, ACCEPTED)

    holds()


@every_operation
def test_each_parameter_header_and_method_by_itself(asked):
    operation, named, headers = asked
    modes, config = list(GenerationMode), GenerationConfig()
    cases = SCHEMA.iter_coverage_cases(operation, generation_modes=modes, generation_config=config)
    every = list(islice(cases, EXAMPLES * 100))

    for case in chosen_of(every):
        if named and not case.meta.is_negative_at(ParameterLocation.PATH):
            case.path_parameters = {**(case.path_parameters or {}), **named}
        sent(case, headers, ACCEPTED)


def chosen_of(cases):
    """Evenly spread ones, a third of them with a method that is not there."""
    elsewhere = [case for case in cases if coverage_scenario(case) == CoverageScenario.UNSPECIFIED_HTTP_METHOD]
    here = [case for case in cases if coverage_scenario(case) != CoverageScenario.UNSPECIFIED_HTTP_METHOD]
    return spread(here, EXAMPLES * 4) + spread(elsewhere, EXAMPLES * 2)


def spread(cases, most):
    return cases[:: -(-len(cases) // most) or 1]


# A wish that is always there to be read, and tokens, which end and stay in the list with the day they did.
STAY = {"api-case-watch", "api-token", "api-person-token"}
CHANGING = [row for row in matrix.EVERY if row.method in ("POST", "DELETE")]


@pytest.mark.parametrize("row", CHANGING, ids=str)
def test_what_was_made_is_there_and_what_was_removed_is_gone(row):
    """What `ensure_resource_availability` and `use_after_free` look for in chains of requests, for every route."""
    person = make_person(role=Role.ADMINISTRATOR)
    make_person(username="keeper", role=Role.ANALYST)
    case, tool = make_case(reporter=person), Tool(person)
    places = Places({"case": case.reference, **matrix.things(matrix.OWN, person, case)})
    address = re.sub(r"{(\w+)}", lambda found: places[found[1]], row.address)

    answer = tool.send(row.method, address, json.loads(row.body) if row.body else None, match=row.match)

    if answer.status_code == 201 and "Location" in answer:
        assert tool.get(answer["Location"]).status_code == 200
    if row.method == "DELETE" and answer.status_code == 204 and row.name not in STAY:
        assert tool.get(address).status_code in (404, 405)
