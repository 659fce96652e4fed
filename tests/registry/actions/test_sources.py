"""Correcting a source."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from registry.actions import sources
from registry.actions.signing import Conflict
from registry.choices import SourceKind, Verification
from registry.models import Source
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    return Source.objects.create(url="https://example.org/a", title="A report")


def edit(source, by, *, seen=None, **values):
    return sources.edit_source(source=source, by=by, at=NOW, seen=seen or sources.state_of(source), **values)


def test_an_analyst_corrects_every_fact(analyst, source):
    facts = {
        "title": "The report",
        "publisher": "Example Press",
        "published_on": date(2026, 11, 2),
        "kind": SourceKind.PRIMARY,
        "verification": Verification.SEEN,
    }

    edit(source, analyst, **facts)

    assert Source.objects.values(*facts).get() == facts


def test_a_reporter_corrects_nothing(reporter, source):
    with pytest.raises(PermissionDenied):
        edit(source, reporter, title="Mine")


def test_a_correction_on_top_of_one_unseen_is_refused_with_what_stands_now(analyst, other_analyst, source):
    seen = sources.state_of(source)
    edit(source, other_analyst, publisher="Example Press")

    with pytest.raises(Conflict) as conflict:
        edit(source, analyst, seen=seen, title="Mine")

    assert (conflict.value.current.title, conflict.value.current.publisher) == ("A report", "Example Press")


def test_a_source_keeps_a_title(analyst, source):
    with pytest.raises(ValidationError):
        edit(source, analyst, title="")


def test_the_address_stays(analyst, source):
    edit(source, analyst, url="https://example.org/b")

    source.refresh_from_db()
    assert source.url == "https://example.org/a"
