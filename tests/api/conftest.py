"""A client for each person, signed in by a token with every scope, as another tool would be."""

from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from api.models import ApiToken, Scope
from api.tokens import create_token


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """The few pages of the API are tested without `collectstatic`."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def token_for(person, *scopes, **options):
    """The text of a new token, used just now, so that the next use is not written down."""
    token, text = create_token(
        by=person, at=timezone.now(), person=person, name="harness", scopes=scopes or Scope.values, **options
    )
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now())
    return text


class Tool(Client):
    """Speaks JSON, and adds /api/v1 to the addresses."""

    def __init__(self, person=None, *scopes, **defaults):
        super().__init__(raise_request_exception=False, **defaults)
        if person:
            self.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token_for(person, *scopes)}"

    def generic(self, method, path, data="", content_type="application/json", *arguments, **options):
        path = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        return super().generic(method, path, data, content_type, *arguments, **options)

    def send(self, method, path, body=None, *, match=None, **options):
        """`body` as JSON, `match` as If-Match."""
        headers = {**options.pop("headers", {}), **({"If-Match": match} if match else {})}
        data = self._encode_json({} if body is None else body, "application/json")
        return self.generic(method, path, data, headers=headers, **options)


@pytest.fixture
def as_analyst(analyst):
    return Tool(analyst)


@pytest.fixture
def as_reporter(reporter):
    return Tool(reporter)


@pytest.fixture
def as_reader(reader):
    return Tool(reader)


@pytest.fixture
def as_reviewer(reviewer):
    return Tool(reviewer)
