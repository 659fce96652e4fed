"""A real browser in front of a real server. What the console complains about fails the test."""

import os
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

# Playwright keeps an event loop in this thread, which Django takes for an asynchronous caller.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", MAC)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
QUIET += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
PASSWORD = "correct horse battery staple"


def chromium():
    chosen = os.environ.get("AIR_CHROMIUM")
    return chosen or next(filter(None, map(shutil.which, NAMES)), None)


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if chromium() is None:
                item.add_marker(pytest.mark.skip(reason="there is no Chrome or Chromium on this machine"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": chromium(), "args": QUIET}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "en-GB", "timezone_id": "UTC", "viewport": {"width": 1360, "height": 900}}


@pytest.fixture
def page(page):
    """A page whose console must stay silent."""
    complaints = []

    def listen(message):
        # A missing page says 404 of itself, and rightly so.
        if message.type == "error" and message.location.get("url") != page.url:
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    yield page

    assert complaints == []


@pytest.fixture
def enter(page, live_server):
    """Open a page of the live server, signed in as a person without walking through the sign-in page."""

    def enter(path, person=None):
        if person:
            client = Client()
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page.goto(live_server.url + path)
        return page

    return enter


# Colours on their way from one appearance to the other are not the page as it stands.
AT_REST = """() => Promise.allSettled(
    document.getAnimations()
        .filter((one) => one.effect.getComputedTiming().endTime < Infinity)
        .map((one) => one.finished)
)"""


def axe_findings(page):
    """What axe finds on the page once it has come to rest: [(rule, first place)]."""
    page.evaluate(AT_REST)
    results = Axe().run(page)
    return [(found["id"], found["nodes"][0]["html"][:160]) for found in results.response["violations"]]
