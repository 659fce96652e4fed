"""Sending what the ledger owes."""

from collections import Counter

from registry.choices import DigestState
from registry.digests import ledger, mail


def send(*, digest_id, at):
    """Compose, hand over and record one digest; returns its state then, None when there was nothing to do.

    Safe to run twice and at once: only one caller finds the row due.
    """
    digest = ledger.take(digest_id=digest_id, at=at)
    if digest is None or digest.state != DigestState.HANDING:
        return digest and DigestState(digest.state)
    outcome = mail.hand_over(digest)
    return DigestState(ledger.record(digest=digest, outcome=outcome, at=at).state)


def send_due(*, at):
    """Send everything that is due, one after the other; returns how many ended in which state."""
    ledger.doubt(at=at)
    states = Counter(send(digest_id=number, at=at) for number in ledger.due(at=at))
    del states[None]
    return states
