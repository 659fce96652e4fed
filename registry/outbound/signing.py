"""Signatures by which a receiver knows that a message is ours: Standard Webhooks, symmetric, version 1."""

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"
BYTES = 32


def new_secret():
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def signature(*, secret, message_id, timestamp, body):
    """`v1,` and the HMAC-SHA256 of id, time in seconds and body (bytes) with points between, as base64."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def headers(*, keys, message_id, timestamp, body):
    """The three headers; with several secrets a signature for each, so that a receiver may know either."""
    signatures = (signature(secret=key, message_id=message_id, timestamp=timestamp, body=body) for key in keys)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
