"""The OpenAPI document: valid, complete, and a contract that changes only on purpose.

After an intended change: `pytest tests/api/test_document.py --snapshot-update`, and read the difference.
"""

import json
from pathlib import Path

import jsonschema
import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from api.models import Scope
from api.parameters import PAGE
from api.serializers import case_input, case_rows
from api.urls import urlpatterns
from api.views.document import document
from registry.actions.cases import EDITABLE, RELATED
from registry.actions.exports import ask_for_export
from registry.filters import ORDERINGS, CaseFilterSet
from registry.models.case import NARRATIVE_FIELDS
from taxonomy.models import Node
from tests.api.conftest import Tool
from tests.api.test_patterns import make_pair, make_run
from tests.factories import NOW, label, make_case, make_node

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def contract():
    return json.loads(document())


def without_examples(part):
    """The same without what is recorded in api/examples.json, which test_examples.py looks after."""
    if isinstance(part, dict):
        return {name: without_examples(value) for name, value in part.items() if name != "examples"}
    return [without_examples(value) for value in part] if isinstance(part, list) else part


def test_the_document_is_valid_openapi_31(contract):
    validate_schema(contract)

    assert contract["openapi"] == "3.1.0"


def test_no_two_things_in_it_have_one_name():
    """The generator only warns, and describes both by the last."""
    GENERATOR_STATS.reset()

    document.__wrapped__()

    assert dict(GENERATOR_STATS._warn_cache) == {}


def test_the_contract_has_not_changed(contract, snapshot):
    assert without_examples(contract) == snapshot


def test_every_route_is_described_with_its_own_name_and_summary(contract):
    views = [route.callback.cls for route in urlpatterns if hasattr(route.callback, "cls")]
    operations = [operation for path in contract["paths"].values() for operation in path.values()]

    assert len(contract["paths"]) == len(views)
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all(operation["summary"] for operation in operations)


def test_every_filter_and_paging_parameter_is_described(contract):
    described = {each["name"] for each in contract["paths"]["/api/v1/cases/"]["get"]["parameters"]}

    assert described == {*CaseFilterSet.base_filters, *PAGE, "view", "format", "columns"}


def test_every_field_that_people_may_set_can_be_sent():
    assert set(case_input.CaseInput().fields) == {*EDITABLE, *RELATED}


def test_what_changes_something_says_what_it_needs(contract):
    for path, operations in contract["paths"].items():
        for method, operation in operations.items():
            headers = {each["name"] for each in operation.get("parameters", []) if each["in"] == "header"}
            asked_for = "428" in operation["responses"] or (method, "/by-ref/" in path) == ("put", True)
            assert ("If-Match" in headers) == asked_for, (method, path)
            assert "412" in operation["responses"] or "428" not in operation["responses"], (method, path)
            assert ("Idempotency-Key" in headers) == (method == "post"), (method, path)
            assert {"401", "403", "429", "500", "503"} <= set(operation["responses"]), (method, path)
            assert operation["tags"] != [""], (method, path)


def test_the_document_needs_somebody_signed_in(as_reader):
    assert Tool().get("openapi.json").status_code == 401
    assert as_reader.get("openapi.json").content == document()


def schema_of(contract, path, method="get", status="200"):
    schema = contract["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"]
    return {**schema, "components": contract["components"]}


def exactly(schema):
    """The same schema, refusing members it does not name: an answer must not say more than the document."""
    if isinstance(schema, dict):
        closed = {"additionalProperties": False} if schema.get("type") == "object" and "properties" in schema else {}
        return {key: exactly(value) for key, value in schema.items()} | closed
    return [exactly(each) for each in schema] if isinstance(schema, list) else schema


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/api/v1/cases/", "cases/?expand=people,labels,narrative&count=exact"),
        ("/api/v1/cases/", "cases/"),
        ("/api/v1/cases/{reference}/", "cases/{case}/"),
        ("/api/v1/cases/facets/", "cases/facets/"),
        ("/api/v1/cases/by-ref/{source}/{external_id}/", "cases/by-ref/aiid/7/"),
        ("/api/v1/jobs/", "jobs/?whose=mine"),
        ("/api/v1/exports/", "exports/?count=exact"),
        ("/api/v1/cases/{reference}/labels/", "cases/{case}/labels/"),
        ("/api/v1/cases/{reference}/labels/{key}/", "cases/{case}/labels/colours:red/"),
        ("/api/v1/schemes/", "schemes/"),
        ("/api/v1/schemes/{slug}/", "schemes/goodhart/"),
        ("/api/v1/nodes/", "nodes/?limit=200"),
        ("/api/v1/nodes/{key}/", "nodes/misalignment-causes:outer/"),
        ("/api/v1/severity-tiers/", "severity-tiers/"),
        ("/api/v1/reference-matrix/", "reference-matrix/?limit=200"),
        ("/api/v1/patterns/latest/", "patterns/latest/"),
        ("/api/v1/patterns/runs/", "patterns/runs/"),
        ("/api/v1/patterns/runs/{number}/pairs/", "patterns/runs/{run}/pairs/"),
        ("/api/v1/changes/", "changes/?limit=200"),
        ("/api/v1/me/", "me/"),
    ],
)
def test_real_answers_have_exactly_the_documented_shape(contract, as_analyst, analyst, path, address):
    case = make_case(owner=analyst, kind="", status="draft", reporter=analyst, nodes=[make_node("blue")])
    type(case).objects.filter(pk=case.pk).update(kind="incident", status="analysis", locus="both")
    case.sources.create(title="A report", url="https://example.org")
    case.external_ids.create(source="aiid", value="7")
    ask_for_export(by=analyst, at=NOW, file_format="csv", columns=["title"])
    label(case, make_node("red"), by=analyst)
    run = make_run()
    make_pair(run, *Node.objects.order_by("pk")[:2])

    answer = as_analyst.get(address.format(case=case.reference, run=run.pk))

    assert answer.status_code == 200, answer.content
    jsonschema.validate(answer.json(), exactly(schema_of(contract, path)))


def test_a_problem_has_exactly_the_documented_shape(contract):
    shape = {"$ref": "#/components/schemas/ProblemShape", "components": contract["components"]}

    jsonschema.validate(Tool().get("me/").json(), exactly(shape))


def test_the_light_row_is_what_the_document_says(contract):
    assert set(contract["components"]["schemas"]["CaseRow"]["properties"]) == {*case_rows.FIELDS, *NARRATIVE_FIELDS}


def test_the_page_of_the_document_loads_nothing_from_elsewhere_and_has_no_inline_script(reader):
    browser = Client()
    browser.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")

    page = browser.get("/api/v1/docs/").text

    assert 'data-document="/api/v1/openapi.json"' in page
    assert "<script>" not in page
    assert "style=" not in page
    assert "https://" not in page


def test_the_guide_names_every_route_scope_and_ordering(contract):
    guide = (Path(__file__).resolve().parents[2] / "docs/api.md").read_text(encoding="utf-8")
    nouns = {path.removeprefix("/api/v1/").split("/")[0] for path in contract["paths"]}
    steps = {path.rstrip("/").rpartition("/")[2] for path, each in contract["paths"].items() if set(each) == {"post"}}

    missing = [word for word in sorted(nouns | steps | set(ORDERINGS)) if word not in guide]

    assert missing + [scope for scope in Scope.values if f"`{scope}`" not in guide] == []
