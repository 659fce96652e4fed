"""What one delivery sends: written at the time of sending, for its owner as they are then."""

import json
from dataclasses import dataclass

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from registry import changes
from registry.actions.webhooks import keys_of
from registry.choices import ChangeAction
from registry.outbound import signing

AGENT = "Alignment-Incident-Registry-Webhooks/1"
TEST = "webhook.test"


@dataclass(frozen=True)
class Message:
    url: str
    body: bytes
    headers: dict


def message_of(delivery, *, at):
    """The message as its owner may see it now; None if they may not know of the change any more."""
    webhook = delivery.webhook
    content = content_of(delivery, webhook.owner)
    if content is None:
        return None
    body = json.dumps(content, cls=DjangoJSONEncoder, separators=(",", ":")).encode()
    headers = signing.headers(
        keys=keys_of(webhook, at), message_id=delivery.message_id, timestamp=int(at.timestamp()), body=body
    )
    return Message(webhook.url, body, {"Content-Type": "application/json", "User-Agent": AGENT, **headers})


def content_of(delivery, person):
    if delivery.change_id is None:
        return {"type": TEST, "timestamp": delivery.created_at, "data": {}}
    position = delivery.change.position
    page = changes.page_for(person, since=position - 1, limit=1, until=position)
    if not page.rows:
        return None
    facts = changes.facts_of(page.rows[0])
    facts |= {"cursor": changes.cursor_of(position), "url": address_of(facts)}
    return {"type": f"{facts['what']}.{facts['action']}", "timestamp": facts.pop("at"), "data": facts}


def address_of(facts):
    """Where to read the case or the node; the rest is beside the case."""
    if facts["action"] == ChangeAction.GONE:
        return None
    for family, name in (("cases", facts["case"]), ("nodes", facts["node"]), ("schemes", facts["reference"])):
        if name:
            return f"{settings.BASE_URL}/api/v1/{family}/{name}/"
    return None
