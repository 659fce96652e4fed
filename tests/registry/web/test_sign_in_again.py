"""The password in place: the sign-in page's own limits, without leaving the log form."""

import json

import pytest
from django.core.cache import cache
from django.test import Client

from registry.models import Draft
from tests.factories import make_draft
from tests.registry.web.drafting import change, save, send

pytestmark = pytest.mark.django_db


PASSWORD = "correct horse battery staple"


@pytest.fixture
def sam(reporter, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one takes a second
    cache.clear()  # what other tests tried counts towards the limits
    reporter.set_password(PASSWORD)
    reporter.save()
    return reporter


def sign_in_again(client, password=PASSWORD, username="sam"):
    return send(client, "/account/again", {"username": username, "password": password})


def test_the_password_in_place_signs_in_and_gives_the_new_token(sam):
    draft, client = make_draft(sam, title="First"), Client(enforce_csrf_checks=True)
    client.get("/account/login/")
    token = client.cookies["csrftoken"].value

    answer = client.post(
        "/account/again",
        json.dumps({"username": "sam", "password": PASSWORD}),
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )

    saved = client.post(
        f"/drafts/{draft.pk}/save",
        json.dumps(change(title=("First", "Second"))),
        content_type="application/json",
        headers={"X-CSRFToken": answer.json()["csrf"]},
    )
    assert (answer.status_code, saved.status_code) == (200, 200)
    assert Draft.objects.get().answers == {"title": ["Second"]}


@pytest.mark.parametrize(
    "body",
    [
        {"username": "sam", "password": "wrong"},
        {"username": "nobody", "password": PASSWORD},
        {"username": "", "password": ""},
        {"username": "sam\x00", "password": PASSWORD},
    ],
)
def test_a_wrong_password_in_place_is_refused_in_words(sam, body):
    client = Client()

    response = send(client, "/account/again", body)

    assert response.status_code == 403
    assert response.json()["detail"]
    assert client.get("/drafts/").status_code == 302


@pytest.mark.parametrize("body", ["{", '{"username": 1, "password": 2}', '{"username": "\\ud800", "password": "x"}'])
def test_what_is_no_sign_in_is_refused(sam, body):
    response = send(Client(), "/account/again", body)

    assert (response.status_code, response.json()) == (400, {"detail": "Send “username” and “password”."})


def test_guessing_in_place_meets_the_limits_of_the_sign_in_page(sam):
    client = Client()
    guesses = [sign_in_again(client, password=f"guess {n}").status_code for n in range(5)]

    after = [sign_in_again(client), client.post("/account/login/", {"login": "sam", "password": PASSWORD})]

    assert guesses == [403] * 5
    assert [response.status_code for response in after] == [429, 200]
    assert "Too many failed login attempts" in after[0].json()["detail"]


def test_somebody_with_a_second_factor_is_sent_to_the_sign_in_page(sam):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(sam, generate_totp_secret())
    client = Client()

    response = sign_in_again(client)

    assert (response.status_code, response.json()["url"]) == (409, "/account/login/")
    assert client.get("/drafts/").status_code == 302


def test_who_may_not_sign_in_any_more_does_not_in_place(sam):
    sam.is_active = False
    sam.save()

    assert sign_in_again(Client()).status_code == 403


def test_another_person_who_signs_in_does_not_find_the_draft(sam, analyst):
    draft, client = make_draft(analyst, title="Hers"), Client()
    sign_in_again(client)

    assert save(client, draft, change(title=("Hers", "Mine"))).status_code == 404
