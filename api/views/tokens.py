"""Tokens: one's own, and everybody's for administrators. Made by a person at a browser only."""

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.models import ApiToken, Scope
from api.serializers.case_input import checked
from api.serializers.tokens import NewTokenShape, TokenInput, TokenShape, token_of
from api.tokens import create_token, revoke_token
from api.views.base import NEWEST_FIRST, ListView, RegistryView, answer
from registry.models import Person

REVOKED = {204: None, **describing.refusals(*describing.READING, 409)}


class OwnTokenList(ListView):
    """The caller's own."""

    scopes = {"GET": (), "POST": ()}
    shape = TokenShape
    orderings = NEWEST_FIRST
    shown_once = ("token",)

    @describing.lists(
        TokenShape, orderings=NEWEST_FIRST, default="-id", operation_id="list_tokens", summary="Your tokens"
    )
    def get(self, request):
        return super().get(request)

    @describing.writes(
        NewTokenShape,
        takes=TokenInput,
        status=201,
        operation_id="make_token",
        summary="Make a token of yours, from a browser that is signed in",
        examples=[describing.example("For a harness", {"name": "nightly evaluation", "scopes": ["cases:read"]})],
    )
    def post(self, request):
        require_somebody_at_a_browser(request)
        values = checked(TokenInput, request.data)
        token, text = create_token(person=request.user, by=request.user, at=timezone.now(), **values)
        data = self.row_of(token)
        headers = {"Location": data["url"], "Cache-Control": "no-store"}
        return Response({**data, "token": text}, status=201, headers=headers)

    def found(self):
        return ApiToken.objects.filter(person=self.request.user)

    def row_of(self, row):
        return token_of(row, person=self.request.user, at=timezone.now(), addresses=self.addresses(), own=True)


class OwnToken(RegistryView):
    scopes = {"GET": (), "DELETE": ()}

    @describing.reads(TokenShape, operation_id="read_token", summary="One of your tokens")
    def get(self, request, number):
        token = token_or_404(request.user, number)
        data = token_of(token, person=request.user, at=timezone.now(), addresses=self.addresses(), own=True)
        return answer(request, data, version=0)

    @extend_schema(operation_id="revoke_token", summary="End one of your tokens at once", responses=REVOKED)
    def delete(self, request, number):
        revoke_token(token=token_or_404(request.user, number), by=request.user, at=timezone.now())
        return Response(status=204)


@describing.listed("list_tokens_of_person", "Somebody's tokens; administrators only")
class TokensOfPerson(ListView):
    scopes = {"GET": (Scope.ADMIN,)}
    shape = TokenShape
    orderings = NEWEST_FIRST

    def found(self, username):
        self.person = person_for_administrator(self.request, username)
        return ApiToken.objects.filter(person=self.person)

    def row_of(self, row):
        return token_of(row, person=self.person, at=timezone.now(), addresses=self.addresses(), own=False)


class TokenOfPerson(RegistryView):
    scopes = {"GET": (Scope.ADMIN,), "DELETE": (Scope.ADMIN,)}

    @describing.reads(
        TokenShape, operation_id="read_token_of_person", summary="One of somebody's tokens; administrators only"
    )
    def get(self, request, username, number):
        person = person_for_administrator(request, username)
        token = token_or_404(person, number)
        data = token_of(token, person=person, at=timezone.now(), addresses=self.addresses(), own=False)
        return answer(request, data, version=0)

    @extend_schema(
        operation_id="revoke_token_of_person",
        summary="End one of somebody's tokens at once; administrators only",
        responses=REVOKED,
    )
    def delete(self, request, username, number):
        token = token_or_404(person_for_administrator(request, username), number)
        revoke_token(token=token, by=request.user, at=timezone.now())
        return Response(status=204)


def require_somebody_at_a_browser(request):
    """PermissionDenied for a token, which must not make others, and for a session nobody has confirmed of late."""
    if request.auth is not None:
        raise PermissionDenied("A token makes no tokens: a person does, signed in with a browser.")
    if is_reauthentication_required(request._request, app="account"):
        where = reverse("account_reauthenticate")
        raise PermissionDenied(f"Confirm that it is you first, at {where}; then send this again.")


def token_or_404(person, number):
    token = ApiToken.objects.filter(person=person, pk=number).first() if int(number) < 2**31 else None
    if token is None:
        raise Http404
    return token


def person_for_administrator(request, username):
    """The person of that name; PermissionDenied for anybody else than an administrator, whoever is named."""
    if not request.user.is_administrator:
        raise PermissionDenied("Only administrators see other people's tokens.")
    return Person.objects.named(username)
