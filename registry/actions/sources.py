"""Correcting what the registry says of a source."""

import hashlib
import json

from django.core.exceptions import PermissionDenied

from registry.actions.signing import Conflict, check, lock, signed

# The address is what a source is found by, so it stays.
EDITABLE = ("title", "publisher", "published_on", "kind", "verification")


@signed
def edit_source(*, source, by, at, seen, **values):
    """Change the facts of a source. Raises Conflict unless it is as it was `seen` (see `state_of`)."""
    if not by.may_label:
        raise PermissionDenied("Only analysts correct sources.")
    source = lock(source)
    if state_of(source) != seen:
        raise Conflict(source)
    for name in EDITABLE:
        if name in values:
            setattr(source, name, values[name])
    check(source)
    source.save(force_update=True)
    return source


def state_of(source):
    """A short text that changes whenever one of the facts does."""
    facts = json.dumps([str(getattr(source, name) or "") for name in EDITABLE])
    return hashlib.sha256(facts.encode()).hexdigest()[:16]
