"""What no draft can be."""

import pytest

from registry.models import Draft, DraftEditor
from tests.factories import NOW, make_case, make_person
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


def draft(**values):
    return Draft.objects.create(**{"author": make_person(), "created_at": NOW, "updated_at": NOW} | values)


def test_a_submitted_draft_is_not_discarded():
    with refused_by("registry_draft_not_submitted_and_discarded"):
        draft(case=make_case(), discarded_at=NOW)


def test_what_a_submitted_draft_held_stands_in_its_case():
    with refused_by("registry_draft_empty_once_submitted"):
        draft(case=make_case(), answers={"title": ["Boat circles"]})


def test_a_draft_is_shared_with_a_person_once():
    editor = DraftEditor.objects.create(draft=draft(), person=make_person())

    with refused_by("registry_drafteditor_once"):
        DraftEditor.objects.create(draft=editor.draft, person=editor.person)


@pytest.mark.parametrize(
    ("answers", "title"),
    [
        ({"title": [" Boat  circles\n"]}, "Boat circles"),
        ({"title": [""]}, "Untitled draft"),
        ({}, "Untitled draft"),
    ],
)
def test_a_draft_is_called_by_what_was_typed_as_its_title(answers, title):
    assert draft(answers=answers).title == title
