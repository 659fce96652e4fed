"""Sending what the log page and its script send, in tests of drafts."""

import json


def send(client, address, body):
    data = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return client.post(address, data, content_type="application/json")


def change(**fields):
    """The body of a save: a pair of texts (base, mine) for each field."""
    return {"changes": {name: {"base": [base], "mine": [mine]} for name, (base, mine) in fields.items()}}


def save(client, draft, body):
    return send(client, f"/drafts/{draft.pk}/save", body)


def finish(client, draft, **values):
    """Send the log form of `draft` as its page shows it, with `values` typed in."""
    page = client.get(f"/drafts/{draft.pk}/")
    form = page.context["form"]
    hidden = {name: form[name].value() for name in ("version_read", "digests_read")}
    return client.post(f"/drafts/{draft.pk}/", hidden | values)
