"""Who gets in, with what, and what a token may be used for."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone

from api.models import ApiToken, Scope
from api.tokens import create_token, digest_of, revoke_token
from registry.models import Person
from tests.api.conftest import Tool, token_for
from tests.factories import make_case

pytestmark = pytest.mark.django_db
REFUSED = "Send a token that is valid: this one is unknown, expired or revoked."


def bearer(text):
    tool = Tool()
    tool.defaults["HTTP_AUTHORIZATION"] = f"Bearer {text}"
    return tool


def refusal(response):
    return response.status_code, response["WWW-Authenticate"], response.json()["detail"]


def test_without_a_token_the_answer_is_401_and_says_how_to_sign_in():
    response = Tool().get("me/")

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="Alignment Incident Registry"'
    assert (response["Content-Type"], response.json()["type"]) == (
        "application/problem+json",
        "/api/v1/problems/not-signed-in/",
    )


def test_me_says_who_and_with_which_token(analyst):
    me = Tool(analyst, Scope.CASES_READ).get("me/").json()

    assert (me["username"], me["role"], me["token"]["scopes"]) == ("mira", "analyst", ["cases:read"])
    assert me["may"] == {"log": True, "label": True, "review": False, "administer": False}


def test_only_the_sha256_of_the_secret_is_kept(analyst):
    text = token_for(analyst)

    row = ApiToken.objects.values().get()

    key, secret = text.removeprefix("air_").split(".")
    assert (row["key"], row["digest"]) == (key, digest_of(secret))
    assert secret not in str(row)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM api_apitokenevent t")
        assert not [line for line in cursor.fetchall() if secret in line[0] or row["digest"] in line[0]]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"),
        lambda text: text.replace("air_", "air-"),
        lambda text: text.partition(".")[0],
        lambda text: "air_" + "a" * 12 + "." + "b" * 43,
        lambda text: text + "\x00",
        lambda text: "",
    ],
)
def test_a_token_that_is_not_genuine_is_refused(analyst, spoil):
    assert refusal(bearer(spoil(token_for(analyst))).get("me/"))[::2] == (401, REFUSED)


def test_expired_revoked_and_orphaned_tokens_are_refused_alike(analyst, other_analyst, reporter):
    now = timezone.now()
    _, expired = create_token(
        by=analyst, at=now - timedelta(days=2), person=analyst, name="old", scopes=[Scope.CASES_READ], days=1
    )
    token, revoked = create_token(by=None, at=now, person=other_analyst, name="lost", scopes=[Scope.CASES_READ])
    revoke_token(token=token, by=other_analyst, at=now)
    gone = token_for(reporter)
    Person.objects.filter(pk=reporter.pk).update(is_active=False)

    answers = {refusal(bearer(text).get("me/")) for text in (expired, revoked, gone)}

    assert answers == {(401, 'Bearer realm="Alignment Incident Registry"', REFUSED)}


def test_another_scheme_of_authorisation_is_refused():
    response = Tool().get("me/", headers={"Authorization": "Basic YTpi"})

    assert response.status_code == 401


def test_the_last_use_is_written_once_a_minute(analyst, django_assert_num_queries):
    text = token_for(analyst)
    ApiToken.objects.update(last_used_at=None)

    # The token, its use, and the teams that the answer names.
    with django_assert_num_queries(3):
        bearer(text).get("me/")
    first = ApiToken.objects.get().last_used_at
    with django_assert_num_queries(2):
        bearer(text).get("me/")

    assert first is not None
    assert ApiToken.objects.get().last_used_at == first


def test_a_token_without_the_scope_is_told_which_one_it_needs(analyst):
    response = Tool(analyst, Scope.LABELS_WRITE).get("cases/")

    assert (response.status_code, response.json()["detail"]) == (403, "The token lacks: cases:read.")
    assert 'error="insufficient_scope", scope="cases:read"' in response["WWW-Authenticate"]


def test_a_write_scope_does_not_read(analyst):
    case = make_case()
    logs_only = Tool(analyst, Scope.CASES_WRITE)

    assert logs_only.get(f"cases/{case.reference}/").status_code == 403
    assert logs_only.send("PATCH", f"cases/{case.reference}/", {}, match="*").status_code == 403


def test_a_token_never_exceeds_its_person(reader):
    response = Tool(reader).send("POST", "cases/", {"title": "Boat circles the lagoon"})

    assert (response.status_code, response.json()["type"]) == (403, "/api/v1/problems/not-allowed/")


def test_a_token_in_the_address_is_an_unknown_parameter(analyst):
    response = Tool(analyst).get(f"me/?access_token={token_for(analyst)}")

    assert response.json()["errors"][0]["code"] == "unknown_parameter"


def test_a_browser_reads_by_its_session(analyst):
    browser = Client()
    browser.force_login(analyst, backend="django.contrib.auth.backends.ModelBackend")

    me = browser.get("/api/v1/me/").json()

    assert (me["username"], me["token"]) == ("mira", None)


def test_a_browser_writes_only_with_a_csrf_token(analyst):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(analyst, backend="django.contrib.auth.backends.ModelBackend")
    browser.get("/api/v1/docs/")
    body = {"title": "Boat circles the lagoon"}

    without = browser.post("/api/v1/cases/", body, content_type="application/json")
    headers = {"X-CSRFToken": browser.cookies["csrftoken"].value}
    with_it = browser.post("/api/v1/cases/", body, content_type="application/json", headers=headers)

    assert (without.status_code, without["Content-Type"]) == (403, "application/problem+json")
    assert with_it.status_code == 201


def test_create_token_prints_the_token_alone(analyst, capsys):
    call_command("create_token", "mira", "harness", "--scope", "cases:read", "--scope", "cases:write")

    printed = capsys.readouterr().out
    assert bearer(printed.strip()).get("me/").json()["token"]["scopes"] == ["cases:read", "cases:write"]
    token = ApiToken.objects.get()
    assert (token.name, (token.expires_at - token.created_at).days) == ("harness", 90)
    assert printed == printed.strip() + "\n"


@pytest.mark.parametrize("arguments", [("nobody", "x"), ("mira", "x", "--days", "0"), ("mira", "")])
def test_create_token_refuses_nonsense(analyst, arguments):
    with pytest.raises(CommandError):
        call_command("create_token", *arguments, "--scope", "cases:read")

    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"scopes": ["cases:read", "root"]},
        {"scopes": []},
        {"expires_at": "2000-01-01T00:00:00Z"},
        {"digest": "plain secret"},
        {"name": ""},
    ],
)
def test_the_database_refuses_a_token_that_is_not_one(analyst, values):
    token_for(analyst)

    with pytest.raises(IntegrityError):
        ApiToken.objects.update(**values)
