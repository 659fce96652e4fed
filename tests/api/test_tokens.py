"""Tokens by way of the API: one's own, and everybody's for administrators."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from api.models import ApiToken, KeptAnswer, Scope
from api.tokens import create_token, digest_of, revoke_token
from tests.api.conftest import Tool, token_for

pytestmark = pytest.mark.django_db
BODY = {"name": "nightly evaluation", "scopes": ["cases:read", "cases:write"], "days": 30}


def browser_of(person):
    browser = Client()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def make(browser, body=BODY, **headers):
    return browser.post("/api/v1/tokens/", body, content_type="application/json", headers=headers)


def problem(response):
    return response.status_code, response.json()["type"].split("/")[-2]


def test_a_browser_makes_a_token_and_is_shown_it_once(analyst):
    browser = browser_of(analyst)

    made = make(browser)
    read = browser.get(made["Location"])

    token = ApiToken.objects.get()
    text = made.json()["token"]
    assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
    assert {name: made.json()[name] for name in ("name", "scopes", "state", "person", "last_used_at")} == {
        "name": "nightly evaluation",
        "scopes": ["cases:read", "cases:write"],
        "state": "active",
        "person": "mira",
        "last_used_at": None,
    }
    assert (token.expires_at - token.created_at).days == 30
    assert token.digest == digest_of(text.partition(".")[2])
    assert "token" not in read.json()
    assert text.partition(".")[2] not in read.text
    assert Tool().get("me/", headers={"Authorization": f"Bearer {text}"}).status_code == 200


def test_a_token_makes_no_tokens_whatever_its_scopes(administrator):
    response = make(Tool(administrator))

    assert problem(response) == (403, "not-allowed")
    assert response.json()["detail"] == "A token makes no tokens: a person does, signed in with a browser."
    assert ApiToken.objects.count() == 1


def test_a_browser_without_its_csrf_token_makes_none(analyst):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(analyst, backend="django.contrib.auth.backends.ModelBackend")

    assert problem(make(browser)) == (403, "not-allowed")
    assert not ApiToken.objects.exists()


def test_a_session_that_nobody_has_confirmed_of_late_makes_none(analyst, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    analyst.set_password("correct horse battery staple")
    analyst.save()
    browser = browser_of(analyst)

    before = make(browser)
    browser.post("/account/reauthenticate/", {"password": "correct horse battery staple"})
    after = make(browser)

    assert (problem(before), after.status_code) == ((403, "not-allowed"), 201)
    assert "/account/reauthenticate/" in before.json()["detail"]


def test_given_again_by_its_key_the_answer_has_no_secret_and_there_is_one_token(analyst):
    browser = browser_of(analyst)

    first, again = (make(browser, **{"Idempotency-Key": "one"}) for _ in "ab")

    assert first.json()["token"].startswith("air_")
    assert again.json() == first.json() | {"token": None}
    assert ApiToken.objects.count() == 1
    secret = first.json()["token"].partition(".")[2].encode()
    assert secret not in bytes(KeptAnswer.objects.get().body)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "#/name"),
        ({"name": "x" * 61}, "#/name"),
        ({"name": None}, "#/name"),
        ({"scopes": []}, "#/scopes"),
        ({"scopes": ["root"]}, "#/scopes/0"),
        ({"scopes": "cases:read"}, "#/scopes"),
        ({"scopes": None}, "#/scopes"),
        ({"days": 0}, "#/days"),
        ({"days": 10**9}, "#/days"),
        ({"days": True}, "#/days"),
        ({"expires_at": "2099-01-01T00:00:00Z"}, "#/expires_at"),
        ({"person": "ada"}, "#/person"),
    ],
)
def test_what_is_wrong_with_a_new_token_is_pointed_at(analyst, change, pointer):
    response = make(browser_of(analyst), BODY | change)

    assert problem(response) == (400, "invalid-input")
    assert response.json()["errors"][0]["pointer"] == pointer
    assert not ApiToken.objects.exists()


def test_the_list_holds_ones_own_alone_the_newest_first(analyst, other_analyst):
    tool = Tool(analyst, Scope.CASES_READ)
    now = timezone.now()
    create_token(by=analyst, at=now - timedelta(days=2), person=analyst, name="old", scopes=["export"], days=1)
    revoked, _ = create_token(by=analyst, at=now, person=analyst, name="lost", scopes=["export"])
    revoke_token(token=revoked, by=analyst, at=now)
    token_for(other_analyst)

    rows = tool.get("tokens/").json()["results"]

    assert [(row["name"], row["state"]) for row in rows] == [
        ("lost", "revoked"),
        ("old", "expired"),
        ("harness", "active"),
    ]
    assert [row["html_url"] for row in rows] == ["http://testserver/account/tokens/"] * 3


@pytest.mark.parametrize("n", [1, 30])
def test_the_list_takes_two_queries(analyst, n, django_assert_num_queries):
    tool = Tool(analyst)
    for _ in range(n - 1):
        token_for(analyst)

    with django_assert_num_queries(2):  # the token that asks, the page
        assert len(tool.get("tokens/").json()["results"]) == n


def test_a_revoked_token_is_refused_at_once_and_revoking_again_changes_nothing(analyst):
    tool, lost = Tool(analyst), Tool(analyst)
    number = ApiToken.objects.latest("pk").pk

    first = tool.send("DELETE", f"tokens/{number}/")
    ended_at = ApiToken.objects.get(pk=number).revoked_at
    second = tool.send("DELETE", f"tokens/{number}/")

    assert (first.status_code, second.status_code, lost.get("me/").status_code) == (204, 204, 401)
    assert ApiToken.objects.get(pk=number).revoked_at == ended_at


@pytest.mark.parametrize("number", ["0", "2147483648", "9999999999"])
def test_a_number_that_no_token_has_is_not_found(as_analyst, number):
    assert problem(as_analyst.get(f"tokens/{number}/")) == (404, "not-found")
    assert problem(as_analyst.send("DELETE", f"tokens/{number}/")) == (404, "not-found")


def test_an_administrator_sees_and_revokes_somebodys_tokens(administrator, analyst):
    lost, tool = Tool(analyst), Tool(administrator)
    row = tool.get("people/mira/tokens/").json()["results"][0]

    read = tool.get(row["url"])
    ended = tool.send("DELETE", row["url"])

    assert (read.json(), row["html_url"], row["person"]) == (row, None, "mira")
    assert (ended.status_code, lost.get("me/").status_code) == (204, 401)


def test_an_administrator_needs_the_scope_for_it(administrator, analyst):
    tool = Tool(administrator, Scope.CASES_READ)
    token_for(analyst)

    assert problem(tool.get("people/mira/tokens/")) == (403, "insufficient-scope")


def test_a_token_is_found_under_its_own_person_only(administrator, analyst, other_analyst):
    token_for(analyst)
    number = ApiToken.objects.get().pk
    tool = Tool(administrator)

    assert problem(tool.get(f"people/jonas/tokens/{number}/")) == (404, "not-found")
    assert problem(tool.get(f"people/nobody/tokens/{number}/")) == (404, "not-found")


def test_the_history_says_who_revoked_a_token(administrator, analyst):
    token_for(analyst)
    number = ApiToken.objects.get().pk

    Tool(administrator).send("DELETE", f"people/mira/tokens/{number}/", headers={"X-Request-ID": "clean-up-1"})

    event = ApiToken.pgh_event_model.objects.filter(pgh_obj_id=number).latest("pgh_id")
    signed = event.pgh_context.metadata
    assert (signed["person"], signed["action"], signed["request_id"]) == (
        administrator.pk,
        "revoke_token",
        "clean-up-1",
    )
    assert event.revoked_at is not None
