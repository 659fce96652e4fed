"""Schemes through the API: made, and brought in and taken away as files."""

import json

import pytest

from taxonomy.models import Node, Scheme
from tests.api.conftest import Tool
from tests.factories import make_node, make_scheme

pytestmark = pytest.mark.django_db

TASTES = {
    "namespace": "tastes",
    "expanded": "Tastes",
    "predicates": [{"value": "sour", "expanded": "Sour"}, {"value": "sweet", "expanded": "Sweet"}],
}


@pytest.fixture
def boss(administrator):
    return Tool(administrator, "taxonomy:write")


def file_of(content=None, **values):
    return {"format": "misp", "text": json.dumps(content or TASTES)} | values


def test_a_scheme_is_made_and_read_where_it_says(boss):
    made = boss.send("POST", "schemes/", {"slug": "tones", "name": "Tones", "kind": "symptom", "guidance": ["Listen."]})

    assert made.status_code == 201, made.content
    assert (made.json()["guidance"], made.json()["source_url"]) == (["Listen."], None)
    assert boss.get(made["Location"]).content == made.content
    assert boss.send("POST", "schemes/", {"slug": "tones", "name": "Tones", "kind": "symptom"}).status_code == 409


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"kind": "mood"}, "#/kind"),
        ({"slug": "Tones"}, "#/slug"),
        ({"slug": "import"}, "#/slug"),
        ({"slug": None}, "#/slug"),
        ({"guidance": "Listen."}, "#/guidance"),
        ({"allows_several": "yes"}, "#/allows_several"),
        ({"source_url": "javascript:alert(1)"}, "#/source_url"),
        ({"order": 1}, "#/order"),
    ],
)
def test_a_scheme_that_will_not_do_is_refused_with_a_pointer(boss, values, pointer):
    refused = boss.send("POST", "schemes/", {"slug": "tones", "name": "Tones", "kind": "symptom"} | values)

    assert refused.status_code == 400
    assert [each["pointer"] for each in refused.json()["errors"]] == [pointer]
    assert not Scheme.objects.filter(name="Tones").exists()


def test_a_dry_run_counts_what_a_file_would_bring_and_brings_nothing(boss):
    make_node("bitter", scheme=make_scheme("tastes", name="Tastes"))

    found = boss.send("POST", "schemes/import/?dry_run=true", file_of())

    assert found.status_code == 200, found.content
    body = found.json()
    assert (body["scheme"], body["is_new"], body["n_new"], body["n_gone"]) == ("tastes", False, 2, 1)
    assert (body["new"], body["gone"]) == (["sour", "sweet"], ["bitter"])
    assert not Node.objects.filter(slug="sour").exists()


def test_a_file_is_taken_as_it_was_seen_and_not_otherwise(boss):
    seen = boss.send("POST", "schemes/import/?dry_run=true", file_of()).json()["state"]
    taken = boss.send("POST", "schemes/import/", file_of(seen=seen))

    late = boss.send("POST", "schemes/import/", file_of(seen=seen))

    assert (taken.status_code, taken.json()["is_new"], late.status_code) == (200, True, 412)
    assert sorted(Node.objects.filter(scheme__slug="tastes").values_list("slug", flat=True)) == ["sour", "sweet"]
    again = boss.send("POST", "schemes/import/?dry_run=true", file_of()).json()
    assert (again["changes_nothing"], again["n_unchanged"]) == (True, 2)


@pytest.mark.parametrize(
    ("sent", "status", "pointer"),
    [
        (file_of(text="no json"), 400, "#/text"),
        (file_of(text='{"namespace": "import", "predicates": [{"value": "sour"}]}'), 400, "#/text"),
        (file_of(format="xml"), 400, "#/format"),
        (file_of(text=None), 400, "#/text"),
        (file_of(text="x" * 1_000_001), 400, "#/text"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(boss, sent, status, pointer):
    refused = boss.send("POST", "schemes/import/", sent)

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (status, pointer)


def test_dry_run_is_true_or_false(boss):
    refused = boss.send("POST", "schemes/import/?dry_run=perhaps", file_of())

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "?dry_run")
    assert not Scheme.objects.filter(slug="tastes").exists()


@pytest.mark.parametrize(
    ("name", "syntax", "content_type"),
    [
        ("misp.json", "misp", "application/json"),
        ("skos.ttl", "turtle", "text/turtle; charset=utf-8"),
        ("skos.jsonld", "json-ld", "application/ld+json"),
    ],
)
def test_a_scheme_taken_away_as_a_file_comes_back_unchanged(boss, name, syntax, content_type):
    path = f"schemes/misalignment-causes/files/{name}/"

    taken = boss.get(path, headers={"Accept": "text/turtle"})

    assert (taken.status_code, taken["Content-Type"], taken["X-Content-Type-Options"]) == (200, content_type, "nosniff")
    back = boss.send("POST", "schemes/import/?dry_run=true", {"format": syntax, "text": taken.content.decode()})
    assert (back.json()["n_new"], back.json()["n_gone"]) == (0, 0)
    assert boss.get(path, headers={"If-None-Match": taken["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", ["schemes/none/files/skos.ttl/", "schemes/goodhart/files/skos.xml/", "schemes/none/"])
def test_what_does_not_exist_is_not_found(boss, path):
    response = boss.get(path)

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
