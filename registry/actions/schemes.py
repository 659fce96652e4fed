"""Bringing a vocabulary from a file into the registry, whole or not at all."""

import hashlib

from django.core.exceptions import PermissionDenied

from registry.actions import jobs
from registry.actions.signing import Conflict, signed
from taxonomy import exchanging


@signed
def import_scheme(*, vocabulary, by, at, seen=None):
    """Take the vocabulary; returns the comparison that says what became of it. Raises formats.Unreadable.

    Conflict unless it would still change what it would have when it was `seen` (see `state_of`).
    """
    require_importer(by)
    if seen is not None and seen != state_of(exchanging.compare(vocabulary)):
        raise Conflict(None)
    found = exchanging.take(vocabulary, at=at)
    jobs.leave_recompute(at=at)
    return found


def require_importer(person):
    """PermissionDenied unless `person` may bring vocabularies in, and so look at what that would change."""
    if not person.is_administrator:
        raise PermissionDenied("Only administrators bring vocabularies in.")


def state_of(found):
    """A short text that changes with what the comparison says."""
    said = [
        found.scheme and found.scheme.version,
        found.scheme_changes,
        [term.slug for term in found.new],
        [(term.slug, differs) for term, differs in found.changed],
        [term.slug for term in found.gone],
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
