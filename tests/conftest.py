"""Fixtures every test may use: people of each role, the shipped vocabularies, a fixed time."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from config import local_services
from registry.choices import Role
from taxonomy.actions import load_taxonomy
from taxonomy.models import Node
from tests.factories import NOW, make_person


# Last, because the folders of journeys and faults mark their tests in the same hook.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Tests that commit come last: they empty every table, and the others find the shipped vocabularies there.

    pytest-django puts them last too, but pytest then draws together what shares a browser, in the midst of the rest.
    Where tests run in several processes, a file stays in one, and so does all that drives browsers or kills; the tour
    of every page waits for nothing and takes as long as the others together, so it is no part of that.
    """
    items.sort(key=commits)
    for item in items:
        alone = any(item.get_closest_marker(name) for name in ("browser", "faults")) and item.path.stem != "test_pages"
        group = f"{item.path} {'commits' if commits(item) else 'rolls back'}"
        item.add_marker(pytest.mark.xdist_group("alone" if alone else group))


def commits(item):
    marker = item.get_closest_marker("django_db")
    asked = bool(marker and (marker.kwargs.get("transaction") or marker.args[:1] == (True,)))
    return asked or bool({"transactional_db", "live_server"} & set(item.fixturenames))


@pytest.fixture(autouse=True, scope="session")
def plain_static_names():
    """Static files under their own names: hashes in them would need `collectstatic` before every run."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)  # whitenoise warns about a missing folder
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}):
        yield


@pytest.fixture(autouse=True, scope="session")
def no_rate_limit():
    """Tests send more in a minute than any client should; those about the limit set their own."""
    with override_settings(API_REQUESTS_PER_MINUTE=0):
        yield


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def reader(db):
    return make_person(role=Role.READER, username="rena", name="Rena Reader")


@pytest.fixture
def reporter(db):
    return make_person(role=Role.REPORTER, username="sam", name="Sam Adeyemi")


@pytest.fixture
def analyst(db):
    return make_person(role=Role.ANALYST, username="mira", name="Mira Okafor")


@pytest.fixture
def other_analyst(db):
    return make_person(role=Role.ANALYST, username="jonas", name="Jonas Weber")


@pytest.fixture
def reviewer(db):
    return make_person(role=Role.REVIEWER, username="priya", name="Priya Raman")


@pytest.fixture
def administrator(db):
    return make_person(role=Role.ADMINISTRATOR, username="ada", name="Ada Admin")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The vocabularies, tiers and matrix ship with the product, so every test finds them."""
    with django_db_blocker.unblock():
        load_taxonomy()


@pytest.fixture(scope="session")
def own_services():
    """What the plugin of the tests keeps of the services it started."""
    kept = local_services.read_kept(settings.DATA_DIR)
    if not (Path(kept["home"]) / "postgres").exists():
        pytest.skip("DATABASE_URL names a PostgreSQL that the tests did not start, and whose roles they leave alone")
    return kept


@pytest.fixture
def shipped_taxonomy(db):
    """The same for a test that commits: the test before it may have emptied every table."""
    if not Node.objects.exists():
        load_taxonomy()
