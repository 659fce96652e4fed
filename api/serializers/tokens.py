"""Tokens as the API shows them; their secret only once."""

from urllib.parse import quote

from django.urls import reverse
from rest_framework import serializers

from api.models import Scope
from api.serializers.strict import Choice, StrictSerializer, Text, Whole
from api.tokens import DEFAULT_DAYS, MOST_DAYS

STATES = ("active", "expired", "revoked")


class TokenShape(serializers.Serializer):
    id = serializers.IntegerField()
    url = serializers.URLField()
    html_url = serializers.URLField(allow_null=True, help_text="The page of one's own tokens.")
    person = serializers.CharField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.values))
    state = serializers.ChoiceField(STATES)
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="To the minute.")


class NewTokenShape(TokenShape):
    token = serializers.CharField(
        allow_null=True, help_text="Shown here only; null when the answer is given again by an Idempotency-Key."
    )


class TokenInput(StrictSerializer):
    name = Text(max_length=60, help_text="What will use it.")
    scopes = serializers.ListField(child=Choice(Scope.choices), min_length=1, max_length=len(Scope.values))
    days = Whole(min_value=1, max_value=MOST_DAYS, default=DEFAULT_DAYS)


def state_of(token, at):
    if token.revoked_at:
        return "revoked"
    return "expired" if token.expires_at <= at else "active"


def token_of(token, *, person, at, addresses, own):
    """`own` says that the caller reads it among their own tokens, not as an administrator among somebody's."""
    where = "tokens" if own else f"people/{quote(person.username)}/tokens"
    return {
        "id": token.pk,
        "url": f"{addresses.api}/{where}/{token.pk}/",
        "html_url": addresses.root + reverse("account-tokens") if own else None,
        "person": person.username,
        "name": token.name,
        "scopes": token.scopes,
        "state": state_of(token, at),
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "last_used_at": token.last_used_at,
    }
