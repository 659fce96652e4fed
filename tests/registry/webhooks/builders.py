"""Webhooks for tests, and a receiver that they may reach."""

from itertools import count

from registry import changes
from registry.models import Webhook
from registry.outbound import signing
from tests.factories import NOW, make_person

numbers = count(1)


def make_webhook(owner=None, *, receiver=None, **values):
    """A webhook that starts at the end of the feed, sending to `receiver` if there is one."""
    changes.place()
    port = receiver.port if receiver else 8080
    values = {
        "name": f"Harness {next(numbers)}",
        "url": f"http://hooks.example.org:{port}/in",
        "secret": signing.new_secret(),
        "position": changes.latest_position(),
        "created_at": NOW,
        "updated_at": NOW,
    } | values
    return Webhook.objects.create(owner=owner or make_person(), **values)
