"""What no evidence can be."""

import pytest

from registry.models import Draft, Evidence
from tests.factories import NOW, make_case, make_person
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db

HASH = "0" * 64


def evidence(**values):
    values = {"kind": "note", "title": "A note", "sha256": HASH, "added_by": make_person(), "added_at": NOW} | values
    if not values.keys() & {"case", "draft"}:
        values["case"] = make_case()
    return Evidence.objects.create(**values)


def draft():
    return Draft.objects.create(author=make_person(), created_at=NOW, updated_at=NOW)


FILE = {"kind": "file", "file": "ab/abc", "media_type": "image/png", "size": 0}


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_evidence_of_a_case_or_a_draft", {"case": None}),
        ("registry_evidence_file_iff_file", FILE | {"file": ""}),
        ("registry_evidence_file_iff_file", FILE | {"media_type": ""}),
        ("registry_evidence_file_iff_file", FILE | {"size": None}),
        ("registry_evidence_file_iff_file", {"file": "ab/abc"}),
        ("registry_evidence_file_iff_file", {"size": 3}),
        ("registry_evidence_turns_iff_transcript", {"kind": "transcript"}),
        ("registry_evidence_turns_iff_transcript", {"turns": [{"role": "user", "text": "Hi"}]}),
        ("registry_evidence_removed_by_somebody", {"removed_at": NOW}),
        ("registry_evidence_hashed", {"sha256": ""}),
        ("registry_evidence_hashed", {"sha256": "G" * 64}),
        ("registry_evidence_kind_known", {"kind": "rumour"}),
        ("registry_evidence_title_filled", {"title": ""}),
        ("registry_evidence_note_at_most_50000", {"note": "x" * 50_001}),
    ],
)
def test_evidence_refuses(constraint, values):
    with refused_by(constraint):
        evidence(**values)


def test_evidence_belongs_to_a_case_or_to_a_draft_and_not_to_both():
    evidence(draft=draft())

    with refused_by("registry_evidence_of_a_case_or_a_draft"):
        evidence(case=make_case(), draft=draft())


def test_a_file_and_a_transcript_are_kept():
    evidence(**FILE)
    evidence(kind="transcript", turns=[{"role": "user", "text": "Hi", "tool_calls": []}], note="x" * 50_000)

    assert list(Evidence.objects.order_by("pk").values_list("kind", flat=True)) == ["file", "transcript"]
