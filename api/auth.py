"""Who asks: a token for tools, the session for browsers; whether they ask too often, and have the scopes."""

import hmac
import re
from datetime import timedelta
from functools import cache

from django.db import connection
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission

from api import rates
from api.errors import Problem
from api.models import ApiToken, Scope
from api.tokens import digest_of
from registry.models import Person

TOKEN = re.compile(r"air_([A-Za-z0-9]{12})\.([A-Za-z0-9_-]{43})")
# Written at most so often: a busy client would otherwise turn every read into a write.
NOTE_USE_EVERY = timedelta(minutes=1)
REALM = 'Bearer realm="Alignment Incident Registry"'


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer air_<key>.<secret>`, counted and found in one query. Every refusal reads the same."""

    def authenticate(self, request):
        scheme, _, credentials = get_authorization_header(request).decode("latin-1").partition(" ")
        if not scheme:
            return None
        now = timezone.now()
        token, allowance = (None, None)
        if scheme.lower() == "bearer":
            token, allowance = token_of(credentials.strip(), at=now)
        if token is None:
            rates.count_refused_token(request.META.get("REMOTE_ADDR", ""), at=now)
            raise AuthenticationFailed("Send a token that is valid: this one is unknown, expired or revoked.")
        note_allowance(request, allowance)
        return token.person, token

    def authenticate_header(self, request):
        return REALM


def note_allowance(request, allowance):
    """Keep it for the answer's headers; Problem if nothing is left."""
    request._request.allowance = allowance
    if allowance is not None:
        rates.require_some_left(allowance)


def token_of(credentials, *, at):
    """(the token, if it is genuine, alive and its person may sign in; what they may still send, if that is counted)."""
    found = TOKEN.fullmatch(credentials)
    if not found:
        return None, None
    digest = digest_of(found[2])
    token, allowance = token_with(found[1], digest, at=at)
    if not token or not hmac.compare_digest(token.digest, digest):
        return None, None
    if token.revoked_at or token.expires_at <= at or not token.person.is_active:
        return None, None
    if token.last_used_at is None or at - token.last_used_at >= NOTE_USE_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
    return token, allowance


def token_with(key, digest, *, at):
    """(the token of that key with its person, its allowance), counting the request if the secret is right.

    The statement is compiled once: every request waits for it.
    """
    counting = rates.limited()
    statement, token_columns, person_columns = token_statement(counting)
    with connection.cursor() as cursor:
        cursor.execute(statement, [at, key, digest, key] if counting else [key])
        row = cursor.fetchone()
    if row is None:
        return None, None
    *row, began_at, used = row if counting else (*row, None, None)
    token = ApiToken.from_db(connection.alias, token_columns, row[: len(token_columns)])
    token.person = Person.from_db(connection.alias, person_columns, row[len(token_columns) :])
    return token, rates.allowance_of(began_at, used, at=at) if used else None


COUNTED = rates.COUNT.format(source="SELECT 't' || id, %s, 1 FROM api_apitoken WHERE key = %s AND digest = %s")
COUNT_AND_FIND = "WITH counted AS ({count}) SELECT {columns}, counted.* FROM {rows} LEFT JOIN counted ON true {which}"


@cache
def token_statement(counting):
    columns = [[field.attname for field in model._meta.concrete_fields] for model in (ApiToken, Person)]
    wanted = (*columns[0], *(f"person__{name}" for name in columns[1]))
    statement, _ = ApiToken.objects.filter(key="any").values_list(*wanted).query.sql_with_params()
    if counting:
        selected, _, rest = statement.removeprefix("SELECT ").partition(" FROM ")
        rows, where, which = rest.partition(" WHERE ")
        statement = COUNT_AND_FIND.format(count=COUNTED, columns=selected, rows=rows, which=where + which)
    return statement, *columns


class BrowserSession(SessionAuthentication):
    """The session of somebody signed in to the pages, with CSRF for everything that changes something."""

    def authenticate(self, request):
        found = super().authenticate(request)
        if found and rates.limited():
            person, _ = found
            note_allowance(request, rates.counted(f"p{person.pk}", at=timezone.now()))
        return found


class SignedInWithScope(BasePermission):
    """Somebody is signed in and, with a token, it has the scopes that the view names for the method."""

    def has_permission(self, request, view):
        if request.user is None:
            return False
        if request.auth is None:
            return True
        require_scopes(request.auth, view.scopes.get("GET" if request.method == "HEAD" else request.method, ()))
        return True


def require_scopes(token, wanted):
    """Problem unless the token has them all. A browser's session (None) has every scope."""
    lacking = [scope for scope in wanted if token is not None and scope not in token.scopes]
    if lacking:
        needed = " ".join(wanted)
        header = {"WWW-Authenticate": f'{REALM}, error="insufficient_scope", scope="{needed}"'}
        raise Problem("insufficient-scope", f"The token lacks: {', '.join(lacking)}.", headers=header)


def administers(request):
    """Whether the caller is an administrator who asks as one: with a token, one that has the scope."""
    return request.user.is_administrator and (request.auth is None or Scope.ADMIN in request.auth.scopes)
