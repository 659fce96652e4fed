"""The caller, other people, and their tokens."""

from django.utils import timezone

from api.tokens import create_token
from registry.models import Person
from tests.api.matrix.rows import ALL, GONE, OWN, Row
from tests.factories import make_person, make_team

ENDED = (204,) * 5
NOBODY = (403,) * 5
NOT_READERS = (403, 200, 200, 200, 200)
ADMINISTRATORS = (403, 403, 403, 403, 200)
NEW_TOKEN = '{"name": "nightly", "scopes": ["cases:read"]}'
NEW_PERSON = '{"username": "newcomer", "email": "newcomer@example.org"}'

ABOUT_A_THING = {
    Row("api-token", "GET", "tokens/{token}/"): (ALL, GONE, GONE),
    Row("api-token", "DELETE", "tokens/{token}/"): (ENDED, GONE, GONE),
    Row("api-team", "GET", "teams/{team}/"): (ALL, (404, 404, 404, 404, 200), (404, 404, 404, 404, 200)),
}
ELSEWHERE = {
    Row("api-me", "GET", "me/"): ALL,
    Row("api-schema", "GET", "openapi.json"): ALL,
    Row("api-token-list", "GET", "tokens/"): ALL,
    # A token makes no tokens; tests/api/test_tokens.py has the browser's side.
    Row("api-token-list", "POST", "tokens/", NEW_TOKEN): NOBODY,
    Row("api-person-list", "GET", "people/"): NOT_READERS,
    Row("api-person-list", "POST", "people/", NEW_PERSON): (403, 403, 403, 403, 201),
    Row("api-person", "GET", "people/{person}/"): NOT_READERS,
    Row("api-person", "PATCH", "people/{person}/", '{"name": "Another Name"}'): ADMINISTRATORS,
    Row("api-person-token-list", "GET", "people/{person}/tokens/"): ADMINISTRATORS,
    Row("api-person-token", "GET", "people/{person}/tokens/{persons_token}/"): ADMINISTRATORS,
    Row("api-person-token", "DELETE", "people/{person}/tokens/{persons_token}/"): (403, 403, 403, 403, 204),
    Row("api-team-list", "GET", "teams/"): ALL,
}
# The first asks a browser to sign in, the second is open so that a refusal can be read.
PAGES = {"api-docs": 302, "api-problem": 200, "api-problems": 200}


def things(whose, caller, case):
    """A token and a team of the caller or of somebody else, who is `person`."""
    other = Person.objects.filter(username="somebody").first() or make_person(username="somebody")
    owner = caller if whose == OWN else other
    return {
        "token": token_of(owner),
        "team": make_team(owner).pk,
        "person": other.username,
        "persons_token": token_of(other),
    }


def token_of(person):
    token, _ = create_token(by=person, at=timezone.now(), person=person, name="any", scopes=["cases:read"])
    return token.pk
