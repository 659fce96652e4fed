"""Reading pages in tests: what a case form sends, what a page shows."""

import re
from html import unescape

from django.test import Client

TAGS = re.compile(r"<[^>]+>")


def signed_in(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def answers(**values):
    """The six answers of the log form."""
    return {
        "title": "Agent edits a failing test",
        "observed_behaviour": "It changed the assertion instead of the code.",
        "system": ["code-agent"],
        "version": ["2.1"],
        "precision": "day",
        "occurred": "12 Nov 2026",
        "kind": "incident",
        "visibility": "everyone",
    } | values


def text_of(response):
    """The page as one reads it, on one line."""
    return " ".join(unescape(TAGS.sub(" ", response.content.decode())).split())


def titles_in(response):
    """The titles in the rows of the case list."""
    return [case.title for case in response.context["rows"]]


def errors_of(response):
    """The messages at each field of the form shown."""
    return {name: [str(error) for error in errors] for name, errors in response.context["form"].errors.items()}
