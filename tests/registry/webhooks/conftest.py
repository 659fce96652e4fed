"""A real receiver on this machine under a name that the operator allows."""

import pytest

from registry.outbound import guard
from tests.receivers import receiving


@pytest.fixture(autouse=True)
def reachable(settings, monkeypatch):
    settings.WEBHOOK_ALLOWED_HOSTS = {"hooks.example.org"}
    settings.WEBHOOK_ALLOW_HTTP = True
    monkeypatch.setattr(guard, "look_up", lambda host, port: ["127.0.0.1"])


@pytest.fixture
def receiver():
    with receiving() as found:
        yield found
