"""A token and a webhook, made in the browser and used from outside of it."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from api.models import ApiToken
from registry.models import Webhook
from registry.outbound import guard
from tests.factories import make_person
from tests.journeys.conftest import PASSWORD, axe_findings


@pytest.fixture
def mira(transactional_db, enter):
    """Signed in, with a password that she is asked for before she makes a token."""
    mira = make_person(username="mira", name="Mira Okafor")
    mira.set_password(PASSWORD)
    mira.save()
    enter("/account/tokens/", mira)
    return mira


def confirm(page):
    page.wait_for_url("**/account/reauthenticate/**")
    page.get_by_label("Password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Make a token")


def answer_to(live_server, token):
    request = Request(live_server.url + "/api/v1/me/", headers={"Authorization": f"Bearer {token}"})
    try:
        with urlopen(request) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refusal:
        return refusal.code, json.load(refusal)


def tab_to(page, target, *, most=60):
    for _ in range(most):
        if target.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {target}")


def test_a_token_is_made_by_keyboard_seen_once_used_and_revoked(page, live_server, mira):
    tab_to(page, page.get_by_role("link", name="Make a token"))
    page.keyboard.press("Enter")
    confirm(page)
    tab_to(page, page.get_by_label("What will use it?"))
    page.keyboard.type("notebook")
    tab_to(page, page.get_by_role("button", name="Make the token"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Your new token")
    assert axe_findings(page) == []
    token = page.locator("#new-token").inner_text()
    status, me = answer_to(live_server, token)
    assert (status, me["username"]) == (200, "mira")
    assert token in page.locator("#try-token").inner_text()

    tab_to(page, page.get_by_role("link", name="I have it"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="In use")).to_be_visible()
    assert token.rpartition(".")[2] not in page.content()
    tab_to(page, page.locator("summary", has_text="Revoke"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Revoke it"))
    page.keyboard.press("Enter")

    expect(page.get_by_text("“notebook” is revoked.")).to_be_visible()
    status, problem = answer_to(live_server, token)
    assert (status, problem["title"]) == (401, "Not signed in")
    assert ApiToken.objects.get().revoked_at


def test_a_token_without_scopes_is_refused_at_its_field(page, mira):
    page.goto(page.url + "new/")
    confirm(page)
    page.get_by_label("What will use it?").fill("notebook")
    page.get_by_role("checkbox", name="cases:read Reading").uncheck()
    page.get_by_role("button", name="Make the token").click()

    expect(page.get_by_text("Choose at least one.").first).to_be_visible()
    assert axe_findings(page) == []
    assert not ApiToken.objects.exists()


def test_the_secret_of_a_webhook_is_seen_once_and_can_be_renewed(enter, page, mira, monkeypatch):
    monkeypatch.setattr(guard, "look_up", lambda host, port: ["93.184.215.14"])
    enter("/account/webhooks/")
    page.get_by_role("link", name="Make a webhook").press("Enter")
    page.get_by_label("Name", exact=True).fill("Tickets")
    page.get_by_label("Address", exact=True).fill("https://hooks.example.org/registry")
    page.get_by_role("checkbox", name="Cases", exact=True).check()
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("The secret")
    assert axe_findings(page) == []
    first = page.locator("#secret").inner_text()
    assert first == Webhook.objects.get().secret

    page.get_by_role("link", name="I have it").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tickets")
    assert first not in page.content()
    assert axe_findings(page) == []
    page.locator("summary", has_text="New secret").press("Enter")
    page.get_by_role("button", name="Make a new secret").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("The new secret")
    webhook = Webhook.objects.get()
    assert page.locator("#secret").inner_text() == webhook.secret
    assert (webhook.former_secret, webhook.secret == first) == (first, False)
