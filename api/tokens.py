"""Making and revoking tokens."""

import hashlib
import secrets
import string
from datetime import timedelta

from django.core.exceptions import ValidationError

from api.models import ApiToken, Scope
from registry.actions.signing import check, lock, signed

LETTERS = string.ascii_letters + string.digits
DEFAULT_DAYS = 90
MOST_DAYS = 3650


def digest_of(secret):
    """Hexadecimal SHA-256. The secret has 256 random bits, so a slow hash would protect nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


@signed
def create_token(*, by, at, person, name, scopes, days=DEFAULT_DAYS):
    """Make a token of `person`. Returns (row, `air_<key>.<secret>`); the text cannot be had again."""
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError({"days": f"A token lives from 1 to {MOST_DAYS} days."})
    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown or not scopes:
        raise ValidationError({"scopes": f"Choose one or more of: {', '.join(Scope.values)}."})
    key = "".join(secrets.choice(LETTERS) for _ in range(12))
    secret = secrets.token_urlsafe(32)
    token = ApiToken(
        person=person,
        name=name,
        key=key,
        digest=digest_of(secret),
        scopes=sorted(set(scopes)),
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    check(token)
    token.save(force_insert=True)
    return token, f"air_{key}.{secret}"


@signed
def revoke_token(*, token, by, at):
    """End a token at once; a second time changes nothing."""
    token = lock(token)
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
    return token
