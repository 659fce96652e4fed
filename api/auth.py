"""Who asks: a token for tools, the session for browsers; and whether the token's scopes suffice."""

import hmac
import re
from datetime import timedelta
from functools import cache

from django.db import connection
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission

from api.errors import Problem
from api.models import ApiToken
from api.tokens import digest_of
from registry.models import Person

TOKEN = re.compile(r"air_([A-Za-z0-9]{12})\.([A-Za-z0-9_-]{43})")
# Written at most so often: a busy client would otherwise turn every read into a write.
NOTE_USE_EVERY = timedelta(minutes=1)
REALM = 'Bearer realm="Alignment Incident Registry"'


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer air_<key>.<secret>`, in one query. Every refusal reads the same."""

    def authenticate(self, request):
        scheme, _, credentials = get_authorization_header(request).decode("latin-1").partition(" ")
        if not scheme:
            return None
        token = token_of(credentials.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            raise AuthenticationFailed("Send a token that is valid: this one is unknown, expired or revoked.")
        return token.person, token

    def authenticate_header(self, request):
        return REALM


def token_of(credentials):
    """The token, if it is genuine, alive and its person may sign in."""
    found = TOKEN.fullmatch(credentials)
    token = found and token_with(found[1])
    if not token or not hmac.compare_digest(token.digest, digest_of(found[2])):
        return None
    now = timezone.now()
    if token.revoked_at or token.expires_at <= now or not token.person.is_active:
        return None
    if token.last_used_at is None or now - token.last_used_at >= NOTE_USE_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def token_with(key):
    """The token of that key with its person. The statement is compiled once: every request waits for it."""
    statement, token_columns, person_columns = token_statement()
    with connection.cursor() as cursor:
        cursor.execute(statement, [key])
        row = cursor.fetchone()
    if row is None:
        return None
    token = ApiToken.from_db(connection.alias, token_columns, row[: len(token_columns)])
    token.person = Person.from_db(connection.alias, person_columns, row[len(token_columns) :])
    return token


@cache
def token_statement():
    columns = [[field.attname for field in model._meta.concrete_fields] for model in (ApiToken, Person)]
    wanted = (*columns[0], *(f"person__{name}" for name in columns[1]))
    statement, _ = ApiToken.objects.filter(key="any").values_list(*wanted).query.sql_with_params()
    return statement, *columns


class BrowserSession(SessionAuthentication):
    """The session of somebody signed in to the pages, with CSRF for everything that changes something."""


class SignedInWithScope(BasePermission):
    """Somebody is signed in and, with a token, it has the scopes that the view names for the method."""

    def has_permission(self, request, view):
        if request.user is None:
            return False
        if request.auth is None:
            return True
        wanted = view.scopes.get("GET" if request.method == "HEAD" else request.method, ())
        lacking = [scope for scope in wanted if scope not in request.auth.scopes]
        if lacking:
            needed = " ".join(wanted)
            header = {"WWW-Authenticate": f'{REALM}, error="insufficient_scope", scope="{needed}"'}
            raise Problem("insufficient-scope", f"The token lacks: {', '.join(lacking)}.", headers=header)
        return True
