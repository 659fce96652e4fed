"""The pages where people make, see and revoke their tokens."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from api.models import ApiToken, Scope
from api.tokens import create_token, digest_of, revoke_token
from tests.api.conftest import Tool
from tests.registry.web.pages import signed_in

pytestmark = pytest.mark.django_db
LIST, NEW = "/account/tokens/", "/account/tokens/new/"
FORM = {"name": "nightly evaluation", "scopes": ["cases:read", "export"], "days": "30"}
PASSWORD = "correct horse battery staple"


@pytest.fixture
def with_password(analyst, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    analyst.set_password(PASSWORD)
    analyst.save()
    return analyst


def token_of(person, *, days_ago=0, days=90, name="harness"):
    made = timezone.now() - timedelta(days=days_ago)
    return create_token(by=person, at=made, person=person, name=name, scopes=[Scope.CASES_READ], days=days)


def sections(page):
    """Names of the tokens in use, and of those that ended."""
    in_use, _, ended = page.partition("Expired and revoked")
    return [re.findall(r'class="ttl">([^<]+)<', part) for part in (in_use, ended)]


def test_the_token_is_shown_once_and_works(analyst):
    browser = signed_in(analyst)

    made = browser.post(NEW, FORM)

    text = re.search(r'id="new-token"[^>]*>([^<]+)<', made.text)[1]
    token = ApiToken.objects.get()
    assert (token.person, token.name, token.scopes) == (analyst, "nightly evaluation", ["cases:read", "export"])
    assert (token.expires_at - token.created_at).days == 30
    assert token.digest == digest_of(text.partition(".")[2])
    assert f"Bearer {text}" in made.text.replace("&quot;", '"')
    assert "no-store" in made["Cache-Control"]
    assert Tool().get("me/", headers={"Authorization": f"Bearer {text}"}).status_code == 200
    assert text not in browser.get(LIST).text
    assert text not in str(dict(browser.session))


def test_the_list_keeps_apart_what_ended_and_marks_what_ends_soon(analyst, other_analyst):
    token_of(analyst, name="fresh")
    token_of(analyst, name="nearly over", days_ago=85)
    token_of(analyst, name="over", days_ago=91)
    lost, _ = token_of(analyst, name="lost")
    revoke_token(token=lost, by=analyst, at=timezone.now())
    token_of(other_analyst, name="not mine")

    page = signed_in(analyst).get(LIST).text

    assert sections(page) == [["nearly over", "fresh"], ["lost", "over"]]
    assert page.count("Ends soon") == 1


def test_without_a_token_the_page_says_what_one_is_for(analyst):
    page = signed_in(analyst).get(LIST).text

    assert "No token in use" in page
    assert f'href="{NEW}"' in page
    assert "Expired and revoked" not in page


@pytest.mark.parametrize("n", [1, 30])
def test_the_list_takes_as_many_queries_for_thirty_as_for_one(analyst, n, django_assert_num_queries):
    browser = signed_in(analyst)
    for _ in range(n):
        token_of(analyst)

    with django_assert_num_queries(4):  # the session, the person, their news, the tokens
        browser.get(LIST)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "What will use it?"),
        ({"name": "x" * 61}, "What will use it?"),
        ({"name": "a\x00b"}, "What will use it?"),
        ({"scopes": []}, "What may it do?"),
        ({"scopes": ["root"]}, "What may it do?"),
        ({"days": "31"}, "How long?"),
        ({"days": "ever"}, "How long?"),
    ],
)
def test_what_is_wrong_stands_above_the_form_and_no_token_is_made(analyst, change, field):
    response = signed_in(analyst).post(NEW, FORM | change)

    assert "No token was made" in response.text
    assert f"{field} · " in response.text
    assert not ApiToken.objects.exists()


def test_only_administrators_are_offered_the_scope_for_it(analyst, administrator):
    assert 'value="admin"' not in signed_in(analyst).get(NEW).text
    assert 'value="admin"' in signed_in(administrator).get(NEW).text
    assert "No token was made" in signed_in(analyst).post(NEW, FORM | {"scopes": ["admin"]}).text


def test_every_scope_is_explained(administrator):
    page = signed_in(administrator).get(NEW).text

    assert re.findall(r'<input type="checkbox" name="scopes" value="([^"]+)"', page) == Scope.values
    assert len(re.findall(r"<small>[^<]{10,}</small>", page)) >= len(Scope.values)


def test_whoever_has_a_password_confirms_it_before_a_token_is_made(with_password):
    browser = signed_in(with_password)

    asked = [browser.get(NEW), browser.post(NEW, FORM)]
    resumed = browser.post("/account/reauthenticate/", {"password": PASSWORD, "next": NEW})

    assert [response.status_code for response in asked] == [302, 302]
    assert all(response["Location"].startswith("/account/reauthenticate/") for response in asked)
    assert (resumed.status_code, ApiToken.objects.count()) == (200, 1)
    assert "Copy it now." in resumed.text


def test_a_wrong_password_makes_no_token(with_password):
    browser = signed_in(with_password)
    browser.post(NEW, FORM)

    browser.post("/account/reauthenticate/", {"password": "guess", "next": NEW})

    assert not ApiToken.objects.exists()


def test_a_revoked_token_is_refused_at_once(analyst):
    token, text = token_of(analyst)
    browser = signed_in(analyst)

    answer = browser.post(f"/account/tokens/{token.pk}/revoke", follow=True)

    assert "“harness” is revoked." in answer.text
    assert sections(answer.text) == [[], ["harness"]]
    assert Tool().get("me/", headers={"Authorization": f"Bearer {text}"}).status_code == 401


@pytest.mark.parametrize("number", ["{other}", "0", "2147483648", "99999999999999999999"])
def test_somebody_elses_token_is_not_there(analyst, other_analyst, number):
    token, _ = token_of(other_analyst)

    answer = signed_in(analyst).post(f"/account/tokens/{number.format(other=token.pk)}/revoke")

    token.refresh_from_db()
    assert (answer.status_code, token.revoked_at) == (404, None)


def test_revoking_is_no_link(analyst):
    token, _ = token_of(analyst)

    assert signed_in(analyst).get(f"/account/tokens/{token.pk}/revoke").status_code == 405


@pytest.mark.parametrize("address", [LIST, NEW])
def test_the_pages_ask_to_sign_in(address):
    assert Client().get(address)["Location"].startswith("/account/login/")


def test_a_name_is_only_text(analyst):
    token_of(analyst, name="<script>alert(1)</script>")

    assert "<script>alert" not in signed_in(analyst).get(LIST).text


def test_the_account_page_and_the_api_document_lead_here(analyst):
    browser = signed_in(analyst)

    assert f'href="{LIST}"' in browser.get("/account/me/").text
    assert f'href="{LIST}"' in browser.get("/api/v1/docs/").text
