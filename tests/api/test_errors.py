"""Everything that goes wrong below /api/ is application/problem+json."""

import html
import json

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from api.errors import as_problem
from api.problems import PROBLEMS
from registry.models import Case
from tests.api.conftest import Tool
from tests.factories import make_case

pytestmark = pytest.mark.django_db
KEYS = ["type", "title", "status", "detail", "instance", "errors"]


def problem(response):
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert list(body)[:6] == KEYS
    assert (body["status"], body["instance"]) == (response.status_code, response["X-Request-ID"])
    assert body["title"] == PROBLEMS[body["type"].split("/")[-2]].title
    return body["type"].removeprefix("/api/v1/problems/").removesuffix("/")


@pytest.mark.parametrize("address", ["nope", "nope/", "cases/1/nope/", "", "/api/", "/api/v2/cases/", "%00"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_address_is_not_found(method, address):
    assert problem(Tool().generic(method, address)) == "not-found"


def test_an_address_of_the_pages_answers_people():
    assert Tool().get("/no-such-page/")["Content-Type"].startswith("text/html")


def test_a_wrong_method_says_which_ones_are_taken(as_analyst):
    response = as_analyst.send("PUT", "cases/", {})

    assert (problem(response), response["Allow"]) == ("method-not-allowed", "GET, HEAD, POST")


def test_an_answer_nobody_can_give_is_not_acceptable(as_analyst):
    assert problem(as_analyst.get("cases/", headers={"Accept": "text/html"})) == "not-acceptable"


def test_a_fault_of_ours_is_a_problem_without_its_cause(as_analyst, monkeypatch):
    def fail(*arguments, **options):
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("api.views.cases.detail_of", fail)

    response = as_analyst.get(f"cases/{make_case().reference}/")

    assert problem(response) == "server-error"
    assert b"secret" not in response.content


def test_a_database_that_is_away_is_503_with_retry_after(as_analyst, monkeypatch):
    def away(*arguments, **options):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr("api.views.cases.detail_of", away)

    response = as_analyst.get(f"cases/{make_case().reference}/")

    assert (problem(response), response["Retry-After"]) == ("database-away", "5")


@pytest.mark.parametrize(
    ("statement", "slug"),
    [
        ("INSERT INTO registry_system (name, created_at) VALUES ('a', now()), ('A', now())", "already-exists"),
        ("DELETE FROM registry_person", "still-in-use"),
        ("SELECT ''::int", "invalid-input"),
        ("SELECT 'x' FROM generate_series(1, 2) WHERE 1 / (generate_series - 1) = 0", "invalid-input"),
    ],
)
def test_what_the_database_refuses_is_said_in_words(statement, slug):
    make_case()

    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; {statement}")

    assert as_problem(refused.value).slug == slug


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_else_holds_is_busy(shipped_taxonomy):
    case = make_case()
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        other = connection.copy()
        with pytest.raises(DatabaseError) as refused, other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM registry_case WHERE id = %s FOR UPDATE NOWAIT", [case.pk])
        other.close()

    assert as_problem(refused.value).slug == "busy"


def test_the_request_id_of_a_client_is_kept_if_it_is_one(as_analyst):
    kept = as_analyst.get("me/", headers={"X-Request-ID": "run-2026.11_21"})
    replaced = as_analyst.get("me/", headers={"X-Request-ID": "a b\x0bc"})

    assert kept["X-Request-ID"] == "run-2026.11_21"
    assert len(replaced["X-Request-ID"]) == 36


def test_the_history_carries_the_request_id(as_analyst):
    body = {"title": "Boat circles the lagoon"}

    as_analyst.send("POST", "cases/", body, headers={"X-Request-ID": "harness-run-1"})

    with connection.cursor() as cursor:
        cursor.execute("SELECT metadata FROM pghistory_context c JOIN registry_caseevent e ON c.id = e.pgh_context_id")
        metadata = json.loads(cursor.fetchone()[0])
    assert (metadata["request_id"], metadata["action"]) == ("harness-run-1", "log_case")


@pytest.mark.parametrize("slug", PROBLEMS)
def test_each_type_of_problem_has_a_page_open_to_everybody(slug):
    page = Tool().get(f"problems/{slug}/")

    assert page.status_code == 200
    assert PROBLEMS[slug].title in html.unescape(page.text)


def test_answers_are_for_their_reader_alone(as_analyst):
    response = as_analyst.get("cases/")

    assert response["Cache-Control"] == "private, no-cache"
    assert "Authorization" in response["Vary"]
