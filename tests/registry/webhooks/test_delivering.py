"""Sending what is due, to a real receiver."""

import json
from datetime import timedelta

import pytest

from registry.actions import cases
from registry.actions.webhooks import send_again, send_test
from registry.choices import DeliveryState, Visibility
from registry.models import Webhook
from registry.outbound import posting, signing
from registry.webhooks import delivering, planning
from tests.factories import NOW, log, make_case
from tests.receivers import receiving
from tests.registry.webhooks.builders import make_webhook

pytestmark = pytest.mark.django_db


def send(at=NOW):
    delivering.send_due(now=lambda: at)


def told(webhook):
    return list(webhook.deliveries.order_by("pk").values_list("state", "attempts", "status"))


def test_a_change_arrives_signed_and_says_what_changed(reader, analyst, receiver):
    webhook = make_webhook(reader, receiver=receiver)
    case = log(by=analyst)
    planning.plan(at=NOW)

    send()

    (_, headers, body), delivery = receiver.received[0], webhook.deliveries.get()
    content = json.loads(body)
    assert headers["webhook-signature"] == signing.signature(
        secret=webhook.secret, message_id=delivery.message_id, timestamp=int(NOW.timestamp()), body=body
    )
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == (delivery.message_id, str(int(NOW.timestamp())))
    assert (content["type"], content["data"]["case"], content["data"]["by"]) == (
        "case.made",
        case.reference,
        analyst.username,
    )
    assert content["data"]["url"].endswith(f"/api/v1/cases/{case.reference}/")
    assert (delivery.state, delivery.attempts, delivery.status, delivery.excerpt) == ("sent", 1, 200, "thanks")
    assert delivery.tried_at == NOW


def test_messages_of_one_webhook_come_in_order(reader, receiver):
    make_webhook(reader, receiver=receiver)
    numbers = [make_case().reference for _ in range(5)]
    planning.plan(at=NOW)

    send()

    assert [json.loads(body)["data"]["case"] for _, _, body in receiver.received] == numbers


def test_a_failed_message_comes_again_later_under_its_id(reader, receiver):
    receiver.answers = [(500, {}, b"not now"), (200, {}, b"")]
    webhook = make_webhook(reader, receiver=receiver)
    make_case()
    planning.plan(at=NOW)

    send()
    failed = told(webhook)
    send(NOW + timedelta(seconds=1))
    too_early = len(receiver.received)
    send(NOW + timedelta(seconds=7))

    assert (failed, too_early) == ([("due", 1, 500)], 1)
    assert told(webhook) == [("sent", 2, 200)]
    assert len(receiver.ids) == 2
    assert len(set(receiver.ids)) == 1
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.failing_since, webhook.not_before) == (0, None, None)


def test_a_message_is_given_up_after_a_day_or_so(reader, receiver):
    receiver.answers = [(500, {}, b"")]
    webhook = make_webhook(reader, receiver=receiver)
    make_case()
    planning.plan(at=NOW)

    moment = NOW
    for _ in range(20):
        send(moment)
        moment = max(webhook.deliveries.get().next_at, moment) + timedelta(seconds=1)

    assert told(webhook) == [("failed", 8, 500)]
    assert timedelta(hours=20) < webhook.deliveries.get().tried_at - NOW < timedelta(hours=36)


def test_retry_after_is_honoured(reader, receiver):
    receiver.answers = [(429, {"Retry-After": "600"}, b"")]
    webhook = make_webhook(reader, receiver=receiver)
    make_case()
    planning.plan(at=NOW)

    send()
    send(NOW + timedelta(seconds=599))

    assert len(receiver.received) == 1
    assert webhook.deliveries.get().next_at == NOW + timedelta(seconds=600)


def test_gone_disables_the_webhook_at_once_and_says_why(reader, receiver):
    receiver.answers = [(410, {}, b"")]
    webhook = make_webhook(reader, receiver=receiver)
    make_case(), make_case()
    planning.plan(at=NOW)

    send()
    send(NOW + timedelta(days=1))

    webhook.refresh_from_db()
    assert (webhook.active, webhook.disabled_at, webhook.disabled_because) == (False, NOW, "It answered 410: gone.")
    assert told(webhook) == [("failed", 1, 410), ("due", 0, None)]


def test_an_endpoint_that_fails_for_days_is_disabled(reader, receiver):
    receiver.answers = [(500, {}, b"")]
    failing = {"failures": 9, "failing_since": NOW - timedelta(days=5)}
    webhook = make_webhook(reader, receiver=receiver, **failing)
    make_case()
    planning.plan(at=NOW)

    send()

    webhook.refresh_from_db()
    assert (webhook.active, webhook.disabled_because) == (False, "10 messages in a row failed over 5 days.")


def test_what_its_owner_may_not_see_any_more_is_dropped_and_says_so(reader, analyst, receiver):
    webhook = make_webhook(reader, receiver=receiver)
    case = log(by=analyst)
    planning.plan(at=NOW)
    cases.edit_case(case=case, by=analyst, at=NOW, version=1, visibility=Visibility.NAMED)

    send()

    assert (told(webhook), receiver.received) == ([("dropped", 1, None)], [])
    assert "may not see it any more" in webhook.deliveries.get().error


def test_an_owner_who_may_not_sign_in_any_more_is_sent_nothing(reader, receiver):
    webhook = make_webhook(reader, receiver=receiver)
    make_case()
    planning.plan(at=NOW)
    type(reader).objects.filter(pk=reader.pk).update(is_active=False)

    send()

    assert (told(webhook), receiver.received) == ([("dropped", 1, None)], [])


def test_after_a_rotation_both_secrets_sign_for_a_day(reader, receiver):
    webhook = make_webhook(reader, receiver=receiver, former_secret=signing.new_secret(), former_until=NOW)
    make_case()
    planning.plan(at=NOW - timedelta(hours=1))

    send(NOW - timedelta(hours=1))
    make_case()
    planning.plan(at=NOW)
    send(NOW)

    counted = [len(headers["webhook-signature"].split()) for _, headers, _ in receiver.received]
    assert counted == [2, 1]
    assert webhook.deliveries.filter(state=DeliveryState.SENT).count() == 2


def test_a_test_message_tells_of_nothing(reader, receiver):
    webhook = make_webhook(reader, receiver=receiver)
    send_test(webhook=webhook, by=reader, at=NOW)

    send()

    content = json.loads(receiver.received[0][2])
    assert (content["type"], content["data"]) == ("webhook.test", {})


def test_a_message_is_sent_again_under_the_same_id(reader, receiver):
    webhook = make_webhook(reader, receiver=receiver)
    make_case()
    planning.plan(at=NOW)
    send()

    send_again(delivery=webhook.deliveries.get(), by=reader, at=NOW)
    send()

    assert len(receiver.ids) == 2
    assert len(set(receiver.ids)) == 1


def test_a_slow_endpoint_does_not_hold_up_the_others(reader, receiver):
    with receiving() as slow:
        slow.stall = 1.5
        make_webhook(reader, receiver=slow)
        quick = make_webhook(reader, receiver=receiver)
        for _ in range(5):
            make_case()
        planning.plan(at=NOW)

        delivering.send_due(now=lambda: NOW, seconds=0.5)

    assert told(quick) == [("sent", 1, 200)] * 5
    assert len(slow.received) == 1


def test_a_failing_endpoint_is_left_alone_for_a_while_though_more_is_due(reader, receiver):
    receiver.answers = [(500, {}, b"")]
    webhook = make_webhook(reader, receiver=receiver)
    make_case(), make_case(), make_case()
    planning.plan(at=NOW)

    send()

    assert told(webhook) == [("due", 1, 500), ("due", 0, None), ("due", 0, None)]


def test_what_a_dead_worker_held_is_sent_by_another_once_its_lease_ran_out(reader, receiver):
    webhook = make_webhook(reader, receiver=receiver)
    make_case()
    planning.plan(at=NOW)
    delivering.claim(at=NOW, most=9)

    send(NOW + timedelta(seconds=60))
    held = list(receiver.received)
    send(NOW + delivering.LEASE)

    assert (held, told(webhook)) == ([], [("sent", 2, 200)])


def test_a_worker_whose_lease_ran_out_records_nothing(reader, receiver):
    webhook = make_webhook(reader, receiver=receiver)
    make_case()
    planning.plan(at=NOW)
    (late,) = delivering.claim(at=NOW, most=9)
    delivering.claim(at=NOW + delivering.LEASE, most=9)

    delivering.record(late, posting.Outcome(500, 9), at=NOW)

    assert told(webhook) == [("sending", 2, None)]
    assert Webhook.objects.get().failures == 0
