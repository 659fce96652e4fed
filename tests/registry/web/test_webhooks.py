"""The pages of one's own webhooks."""

import pytest
from django.urls import reverse

from registry.actions.webhooks import new_message_id
from registry.models import Webhook, WebhookDelivery
from registry.outbound import guard
from tests.factories import NOW, make_person
from tests.registry.web.pages import signed_in
from tests.registry.webhooks.builders import make_webhook

pytestmark = pytest.mark.django_db
TARGET = "https://hooks.example.org/registry"


@pytest.fixture(autouse=True)
def public(monkeypatch):
    monkeypatch.setattr(guard, "look_up", lambda host, port: ["93.184.215.14"])


@pytest.fixture
def browser(reader):
    return signed_in(reader)


def page(webhook):
    return f"/account/webhooks/{webhook.pk}/"


def sent(webhook, **values):
    values = {"message_id": new_message_id(), "state": "sent", "next_at": NOW, "created_at": NOW} | values
    return WebhookDelivery.objects.create(webhook=webhook, **values)


def test_the_account_leads_here(browser):
    assert reverse("webhook-list") in browser.get("/account/me/").content.decode()
    assert "No webhooks yet" in browser.get("/account/webhooks/").content.decode()


def test_making_one_shows_its_secret_on_that_page_and_never_again(browser, reader):
    made = browser.post("/account/webhooks/new", {"name": "Tickets", "url": TARGET, "kinds": ["case"]})

    webhook = Webhook.objects.get()
    assert (webhook.owner, webhook.url, webhook.kinds) == (reader, TARGET, ["case"])
    assert webhook.secret in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    for address in ("/account/webhooks/", page(webhook)):
        assert webhook.secret not in browser.get(address).content.decode()


def test_what_stands_against_an_address_stands_at_its_field(browser, monkeypatch):
    monkeypatch.setattr(guard, "look_up", lambda host, port: ["10.0.0.1"])

    answer = browser.post("/account/webhooks/new", {"name": "Tickets", "url": TARGET})

    assert (answer.status_code, Webhook.objects.count()) == (422, 0)
    assert answer.context["form"].errors == {"url": ["The host is not on the public internet."]}


def test_changing_one_that_was_changed_elsewhere_is_refused(browser, reader):
    webhook = make_webhook(reader)
    values = {"name": "Renamed", "url": TARGET, "version": 1}

    saved = browser.post(page(webhook), values)
    late = browser.post(page(webhook), values | {"name": "Otherwise"})

    assert (saved.status_code, late.status_code) == (302, 422)
    assert Webhook.objects.get().name == "Renamed"


def test_pausing_going_on_testing_and_deleting(browser, reader):
    webhook = make_webhook(reader)
    states = []

    for name, version in (("test", 0), ("pause", 1), ("resume", 2)):
        browser.post(f"{page(webhook)}steps/{name}", {"version": version})
        states.append((Webhook.objects.get().active, webhook.deliveries.count()))
    gone = browser.post(f"{page(webhook)}steps/delete", {"version": 3})

    assert states == [(True, 1), (False, 1), (True, 1)]
    assert (gone["Location"], Webhook.objects.count()) == ("/account/webhooks/", 0)


def test_a_step_on_what_was_changed_elsewhere_changes_nothing(browser, reader):
    webhook = make_webhook(reader)

    browser.post(f"{page(webhook)}steps/delete", {"version": 7})
    unknown = browser.post(f"{page(webhook)}steps/burn", {"version": 1})

    assert (Webhook.objects.count(), unknown.status_code) == (1, 404)


def test_a_new_secret_is_shown_once(browser, reader):
    webhook = make_webhook(reader)

    shown = browser.post(f"{page(webhook)}secret")

    former, webhook = webhook.secret, Webhook.objects.get()
    assert webhook.secret in shown.content.decode()
    assert (webhook.former_secret, former in shown.content.decode()) == (former, False)


def test_the_log_shows_what_was_answered_as_text(browser, reader):
    webhook = make_webhook(reader)
    sent(webhook, state="failed", status=500, attempts=8, tried_at=NOW, milliseconds=12, excerpt="<script>alert(1)")

    content = browser.get(page(webhook)).content.decode()

    assert "&lt;script&gt;alert(1)" in content
    assert "<script>alert(1)" not in content
    assert "Given up" in content
    assert "500 in 12 ms" in content


def test_sending_again_keeps_the_id(browser, reader):
    webhook = make_webhook(reader)
    message = sent(webhook)

    browser.post(f"{page(webhook)}messages/{message.pk}")

    again = webhook.deliveries.get()
    assert (again.state, again.message_id) == ("due", message.message_id)


@pytest.mark.parametrize("number", [0, 10**12, 10**30])
def test_numbers_that_nothing_has_are_not_found(browser, reader, number):
    webhook = make_webhook(reader)

    assert browser.get(f"/account/webhooks/{number}/").status_code == 404
    assert browser.post(f"{page(webhook)}messages/{number}").status_code == 404


def test_nobody_opens_or_changes_anothers(browser):
    webhook = make_webhook(make_person())

    opened = browser.get(page(webhook)).status_code
    changed = [browser.post(f"{page(webhook)}{rest}").status_code for rest in ("", "secret", "steps/delete")]

    assert (opened, changed) == (404, [404, 404, 404])
    assert browser.get("/account/webhooks/").context["rows"] == []


def test_pages_of_the_log_follow_one_another(browser, reader):
    webhook = make_webhook(reader)
    for _ in range(31):
        sent(webhook)

    first = browser.get(page(webhook)).context
    second = browser.get(page(webhook) + first["page"]["next_url"].removesuffix("#log")).context
    wrong = browser.get(f"{page(webhook)}?cursor=nonsense").context

    assert [len(found["deliveries"]) for found in (first, second, wrong)] == [30, 1, 30]


@pytest.mark.parametrize("n", [1, 30])
def test_query_counts(browser, reader, django_assert_num_queries, n):
    webhook, *_ = [make_webhook(reader) for _ in range(n)]
    for _ in range(n):
        sent(webhook)
    browser.get("/account/webhooks/")

    with django_assert_num_queries(4):
        browser.get("/account/webhooks/")
    with django_assert_num_queries(5):
        browser.get(page(webhook))
