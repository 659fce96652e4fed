"""What a draft acknowledged it holds, whatever was killed in between."""

import threading
import time
from contextlib import contextmanager, nullcontext

import pytest
from django.db import connection

from registry.choices import Role
from registry.models import Draft
from tests.factories import make_person
from tests.servers import Browser, running_server

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "It loosened the test instead of mending the code, and said that all was well. Nobody looked for a week."
SAVES = len(TEXT)


def title():
    return Draft.objects.values_list("answers__title__0", flat=True).get()


@contextmanager
def meanwhile(act, *, after):
    """Do `act` in another thread `after` seconds from now, and wait for it at the end."""
    thread = threading.Thread(target=lambda: (time.sleep(after), act()))
    thread.start()
    try:
        yield
    finally:
        thread.join()


def cut_the_server_off():
    """What the server notices of a database that was killed: all its connections are gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def type_and_save(browser, address, *, first, last):
    """Save after each keystroke from `first` on; what was acknowledged stands in the database at that moment."""
    for n in range(first, last):
        body = {"changes": {"title": {"base": [TEXT[: n - 1]], "mine": [TEXT[:n]]}}}
        status, answer = browser.send_until_answered(address, body)
        assert (status, answer["clashes"], title()) == (200, {}, TEXT[:n])


def test_a_hundred_keystrokes_outlive_a_killed_server_a_lost_database_and_a_killed_editor(tmp_path):
    author = make_person(role=Role.REPORTER)
    with running_server(tmp_path) as server:
        browser = Browser(server, author)
        _, made = browser.send_until_answered("/drafts/new", {"changes": {"title": {"base": [], "mine": [TEXT[:1]]}}})
        address = made["save_url"]

        def restart():
            server.kill()
            server.start()

        with meanwhile(restart, after=0.15):
            type_and_save(browser, address, first=2, last=60)
        acknowledged = title()
        cut_the_server_off()
        type_and_save(browser, address, first=60, last=80)
        # The editor is killed with a save on its way; it reads what is there and goes on.
        browser.send(address, {"changes": {"title": {"base": [TEXT[:79]], "mine": [TEXT[:80]]}}}, wait=False)
        type_and_save(Browser(server, author), address, first=80, last=SAVES + 1)

    assert acknowledged == TEXT[:59]
    assert SAVES > 100
    assert title() == TEXT
    assert Draft.objects.get().version == SAVES + 1


@pytest.mark.faults
def test_a_server_killed_again_and_again_keeps_each_save_whole_or_not_at_all(tmp_path):
    author = make_person(role=Role.REPORTER)
    texts = ["a" * 50_000, "b" * 50_000]
    with running_server(tmp_path) as server:
        browser = Browser(server, author)
        _, made = browser.send_until_answered("/drafts/new", {"changes": {}})
        for n in range(200):
            mine, base = texts[n % 2], texts[(n + 1) % 2]
            both = {name: {"base": [base], "mine": [mine]} for name in ("context", "root_cause")}
            with meanwhile(lambda: (server.kill(), server.start()), after=0.01) if n % 40 == 20 else nullcontext():
                status, answer = browser.send_until_answered(made["save_url"], {"changes": both})
            stored = Draft.objects.get().answers
            assert (status, answer["clashes"]) == (200, {})
            assert stored["context"] == stored["root_cause"] == [mine]
