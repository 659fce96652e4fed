"""What each webhook is owed."""

import pytest

from registry.choices import Visibility
from registry.webhooks import planning
from tests.factories import NOW, log, make_case, make_node
from tests.registry.webhooks.builders import make_webhook

pytestmark = pytest.mark.django_db


def owed(webhook):
    rows = webhook.deliveries.order_by("pk").select_related("change")
    return [(row.change.what, row.change.case_number) for row in rows]


def test_each_change_since_it_was_made_is_owed_once(reader):
    make_case()
    webhook = make_webhook(reader)
    first = make_case()
    planning.plan(at=NOW)
    second = make_case()

    planning.plan(at=NOW)
    planning.plan(at=NOW)

    assert owed(webhook) == [("case", first.pk), ("case", second.pk)]
    assert len(set(webhook.deliveries.values_list("message_id", flat=True))) == 2


def test_what_its_owner_may_not_see_is_not_owed(reader, analyst):
    webhook, own = make_webhook(reader), make_webhook(analyst)

    case = log(by=analyst, visibility=Visibility.NAMED)
    planning.plan(at=NOW)

    assert owed(webhook) == []
    assert owed(own) == [("case", case.pk)]


def test_only_kinds_that_were_asked_for_are_owed(reader):
    webhook = make_webhook(reader, kinds=["node"])
    make_case()
    make_node()

    planning.plan(at=NOW)

    assert ("node", None) in owed(webhook)
    assert {what for what, _ in owed(webhook)} == {"node"}


def test_a_paused_webhook_is_told_everything_once_it_goes_on(reader):
    webhook = make_webhook(reader, active=False)
    case = make_case()
    planning.plan(at=NOW)
    paused = owed(webhook)
    type(webhook).objects.update(active=True)

    planning.plan(at=NOW)

    assert (paused, owed(webhook)) == ([], [("case", case.pk)])


def test_more_than_fits_at_once_is_owed_in_order(reader, monkeypatch):
    monkeypatch.setattr(planning, "AT_ONCE", 2)
    webhook = make_webhook(reader)
    numbers = [make_case().pk for _ in range(7)]

    planning.plan(at=NOW)

    assert [number for _, number in owed(webhook)] == numbers
