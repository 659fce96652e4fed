"""Webhooks over REST."""

from datetime import timedelta

import pytest

from registry.actions.webhooks import MOST_WEBHOOKS, new_message_id
from registry.choices import Visibility
from registry.models import Webhook, WebhookDelivery
from registry.outbound import guard
from registry.webhooks import planning
from tests.api.conftest import Tool
from tests.factories import NOW, log, make_case
from tests.registry.webhooks.builders import make_webhook

pytestmark = pytest.mark.django_db
TARGET = "https://hooks.example.org/registry"


@pytest.fixture(autouse=True)
def public(monkeypatch):
    """Names lead to a public number; nothing is sent in these tests."""
    monkeypatch.setattr(guard, "look_up", lambda host, port: ["93.184.215.14"])


def pointers(response):
    return response.status_code, [error["pointer"] for error in response.json()["errors"]]


def delivered(webhook, **values):
    values = {"message_id": new_message_id(), "next_at": NOW, "created_at": NOW, "state": "sent"} | values
    return WebhookDelivery.objects.create(webhook=webhook, **values)


def test_making_one_shows_its_secret_once(as_reader, reader):
    make_case()
    response = as_reader.send("POST", "webhooks/", {"name": "Tickets", "target": TARGET, "kinds": ["node", "case"]})

    body = response.json()
    webhook = Webhook.objects.get()
    assert (response.status_code, response["Location"], response["Cache-Control"]) == (201, body["url"], "no-store")
    assert body["secret"] == webhook.secret
    assert (body["target"], body["kinds"], body["active"], body["owner"]) == (TARGET, ["case", "node"], True, "rena")
    again = as_reader.get(body["url"]).json()
    assert {name: value for name, value in body.items() if name != "secret"} == again
    assert webhook.secret not in as_reader.get("webhooks/").content.decode()


def test_it_starts_where_the_feed_ends(as_reader):
    make_case()
    as_reader.send("POST", "webhooks/", {"name": "Tickets", "target": TARGET})
    webhook = Webhook.objects.get()
    case = make_case()

    planning.plan(at=NOW)

    assert [row.change.case_number for row in webhook.deliveries.all()] == [case.pk]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/name"),
        ({"name": "a"}, "#/target"),
        ({"name": None, "target": TARGET}, "#/name"),
        ({"name": "a", "target": None}, "#/target"),
        ({"name": "a", "target": "http://hooks.example.org/"}, "#/target"),
        ({"name": "a", "target": "https://hooks.example.org:22/"}, "#/target"),
        ({"name": "a", "target": TARGET, "kinds": ["party"]}, "#/kinds/0"),
        ({"name": "a", "target": TARGET, "kinds": None}, "#/kinds"),
        ({"name": "a", "target": TARGET, "active": "yes"}, "#/active"),
        ({"name": "a", "target": TARGET, "secret": "mine"}, "#/secret"),
        ({"name": "a", "target": TARGET, "owner": "ada"}, "#/owner"),
        ({"name": "x" * 61, "target": TARGET}, "#/name"),
    ],
)
def test_what_it_does_not_take_is_refused_where_it_stands(as_reader, body, pointer):
    status, found = pointers(as_reader.send("POST", "webhooks/", body))

    assert (status, pointer in found, Webhook.objects.count()) == (400, True, 0)


def test_an_address_inside_our_network_is_refused(as_reader, monkeypatch):
    monkeypatch.setattr(guard, "look_up", lambda host, port: ["169.254.169.254"])

    response = as_reader.send("POST", "webhooks/", {"name": "a", "target": TARGET})

    assert pointers(response) == (400, ["#/target"])
    assert response.json()["errors"][0]["detail"] == "The host is not on the public internet."


def test_a_name_is_used_once_and_there_is_an_end_to_them(as_reader, reader):
    as_reader.send("POST", "webhooks/", {"name": "Tickets", "target": TARGET})

    same = as_reader.send("POST", "webhooks/", {"name": "Tickets", "target": TARGET})
    for _ in range(MOST_WEBHOOKS - 1):
        make_webhook(reader)
    more = as_reader.send("POST", "webhooks/", {"name": "One more", "target": TARGET})

    assert (same.status_code, more.status_code) == (409, 400)


def test_changing_one_needs_its_version(as_reader, reader):
    webhook = make_webhook(reader)
    read = as_reader.get(f"webhooks/{webhook.pk}/")

    without = as_reader.send("PATCH", f"webhooks/{webhook.pk}/", {"active": False})
    changed = as_reader.send("PATCH", f"webhooks/{webhook.pk}/", {"active": False}, match=read["ETag"])
    late = as_reader.send("PATCH", f"webhooks/{webhook.pk}/", {"name": "b"}, match=read["ETag"])

    assert (without.status_code, changed.status_code, late.status_code) == (428, 200, 412)
    assert (changed.json()["active"], changed.json()["version"]) == (False, 2)
    assert late["ETag"] == as_reader.get(f"webhooks/{webhook.pk}/")["ETag"]


def test_switching_a_disabled_one_on_forgets_why_it_was(as_reader, reader):
    webhook = make_webhook(reader, active=False, disabled_at=NOW, disabled_because="Gone.", failures=9)

    body = as_reader.send("PATCH", f"webhooks/{webhook.pk}/", {"active": True}, match="*").json()

    assert (body["active"], body["disabled_at"], body["disabled_because"], body["failures"]) == (True, None, None, 0)


def test_deleting_one_takes_its_messages_along(as_reader, reader):
    webhook = make_webhook(reader)
    delivered(webhook)

    response = as_reader.send("DELETE", f"webhooks/{webhook.pk}/", match="*")

    assert (response.status_code, Webhook.objects.count(), WebhookDelivery.objects.count()) == (204, 0, 0)


def test_rotating_gives_a_new_secret_and_keeps_the_former_for_a_day(as_reader, reader):
    webhook = make_webhook(reader)
    former = webhook.secret

    body = as_reader.send("POST", f"webhooks/{webhook.pk}/rotate-secret/").json()

    webhook.refresh_from_db()
    assert (webhook.secret, webhook.former_secret) == (body["secret"], former)
    assert former != body["secret"]
    assert webhook.former_until - webhook.updated_at == timedelta(hours=24)


def test_a_test_message_waits_to_be_sent_unless_it_is_paused(as_reader, reader):
    webhook = make_webhook(reader)

    sent = as_reader.send("POST", f"webhooks/{webhook.pk}/test/")
    Webhook.objects.update(active=False)
    paused = as_reader.send("POST", f"webhooks/{webhook.pk}/test/")

    assert (sent.status_code, sent.json()["tells"], sent.json()["state"]) == (201, "webhook.test", "due")
    assert sent["Location"] == sent.json()["url"]
    assert as_reader.get(sent["Location"]).json() == sent.json()
    assert paused.status_code == 400


def test_the_log_says_how_each_message_went_and_narrows_by_state(as_reader, reader):
    webhook = make_webhook(reader)
    case = make_case()
    planning.plan(at=NOW)
    failed = delivered(webhook, state="failed", status=500, attempts=8, error="It answered 500.", excerpt="<b>no</b>")

    rows = as_reader.get(f"webhooks/{webhook.pk}/deliveries/").json()["results"]
    narrowed = as_reader.get(f"webhooks/{webhook.pk}/deliveries/?state=failed&state=sent").json()["results"]

    assert [(row["tells"], row["case"], row["state"]) for row in rows] == [
        ("webhook.test", None, "failed"),
        ("case", case.reference, "due"),
    ]
    assert [row["id"] for row in narrowed] == [failed.pk]
    assert (narrowed[0]["excerpt"], narrowed[0]["next_at"]) == ("<b>no</b>", None)


def test_a_message_is_sent_again_under_its_id_and_so_is_everything_since_a_time(as_reader, reader):
    webhook = make_webhook(reader)
    old, new = delivered(webhook, created_at=NOW - timedelta(days=2)), delivered(webhook)
    base = f"webhooks/{webhook.pk}"

    one = as_reader.send("POST", f"{base}/deliveries/{old.pk}/replay/")
    twice = as_reader.send("POST", f"{base}/deliveries/{old.pk}/replay/")
    since = as_reader.send("POST", f"{base}/replay/", {"since": "2026-11-19T00:00:00Z"})

    assert (one.status_code, one.json()["message_id"], one.json()["state"]) == (200, old.message_id, "due")
    assert twice.status_code == 400
    assert since.json() == {"messages": 1}
    new.refresh_from_db()
    assert new.state == "due"


def test_an_administrators_token_without_its_scope_finds_only_their_own(administrator, reader):
    others, own = make_webhook(reader), make_webhook(administrator)
    tool = Tool(administrator, "cases:read", "export")
    addresses = f"webhooks/{others.pk}/", f"webhooks/{others.pk}/deliveries/"

    listed = [row["id"] for row in tool.get("webhooks/").json()["results"]]
    answers = [tool.get(address).status_code for address in addresses]
    answers.append(tool.send("DELETE", addresses[0], match="*").status_code)

    assert (listed, answers) == ([own.pk], [404, 404, 404])
    assert tool.get(f"webhooks/{own.pk}/").status_code == 200


def test_administrators_read_everybodys_without_secrets_answers_or_cases(administrator, reader, analyst):
    webhook = make_webhook(analyst)
    log(by=analyst, visibility=Visibility.NAMED)
    planning.plan(at=NOW)
    delivered(webhook, excerpt="something confidential")
    tool = Tool(administrator)

    answers = [tool.get(f"webhooks/{rest}").content.decode() for rest in ("", f"{webhook.pk}/")]
    rows = tool.get(f"webhooks/{webhook.pk}/deliveries/").json()["results"]

    assert all(webhook.secret not in answer and analyst.username in answer for answer in answers)
    assert [(row["case"], row["excerpt"]) for row in rows] == [(None, "")] * 2
    assert Tool(reader).get("webhooks/").json()["results"] == []


@pytest.mark.parametrize("number", ["0", "99999999999", "9999999999"])
def test_numbers_that_nothing_has_are_not_found(as_reader, reader, number):
    webhook = make_webhook(reader)

    assert as_reader.get(f"webhooks/{number}/").status_code == 404
    assert as_reader.get(f"webhooks/{webhook.pk}/deliveries/{number * 3}/").status_code == 404


def test_a_token_needs_the_scope_to_export(reader):
    tool = Tool(reader, "cases:read")

    assert tool.get("webhooks/").status_code == 403


@pytest.mark.parametrize("n", [1, 30])
def test_query_counts(as_reader, reader, django_assert_num_queries, n):
    webhook, *_ = [make_webhook(reader) for _ in range(n)]
    for _ in range(n):
        make_case()
    planning.plan(at=NOW)

    with django_assert_num_queries(2):
        hooks = as_reader.get("webhooks/")
    with django_assert_num_queries(3):
        log_of = as_reader.get(f"webhooks/{webhook.pk}/deliveries/")
    with django_assert_num_queries(2):
        as_reader.get(f"webhooks/{webhook.pk}/")

    assert [len(answer.json()["results"]) for answer in (hooks, log_of)] == [n, n]
