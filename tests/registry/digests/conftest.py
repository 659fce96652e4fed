"""A subscriber, runs of statistics made by hand, and a real mail server."""

import pytest

from registry.choices import Role
from registry.models import Subscription
from tests.factories import NOW, make_person
from tests.mailserver import running_mail_server, use
from tests.registry.digests.builders import WEEK


@pytest.fixture
def noor(db):
    return make_person(role=Role.REVIEWER, username="noor", name="Noor Haddad", email="noor@example.org")


@pytest.fixture
def subscription(noor):
    return Subscription.objects.create(person=noor, created_at=NOW - 8 * WEEK)


@pytest.fixture
def mail_server(settings):
    with running_mail_server() as (postbox, port):
        use(settings, port)
        yield postbox
