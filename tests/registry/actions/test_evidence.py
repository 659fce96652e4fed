"""Adding, removing and bringing back evidence; what is on the disk, and who may."""

import hashlib
import resource
import stat
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import Http404

from registry import access
from registry.actions import drafts, evidence
from registry.choices import EvidenceKind, Status, Visibility
from registry.models import Evidence
from tests.factories import NOW, case_values, make_case, make_person
from tests.registry.sniffing.files import packed, png

pytestmark = pytest.mark.django_db
TURNS = [{"role": "user", "text": "Mend it.", "tool_calls": []}]


@pytest.fixture(autouse=True)
def attachments(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "attachments"
    return settings.MEDIA_ROOT


def add_file(by, data=b"leaflet;lost\n", name="leaflet-runs.csv", **place):
    return evidence.add_file(by=by, at=NOW, upload=SimpleUploadedFile(name, data), **place)


def files_in(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def start_draft(by):
    return drafts.start_draft(by=by, at=NOW, changes={"title": ([], ["Leaflet loses a warning"])}).draft


def test_a_file_is_kept_with_its_hash_size_and_sniffed_type(analyst):
    case, data = make_case(), png()

    row = add_file(analyst, data, "screen.png", case=case)

    row.refresh_from_db()
    assert (row.title, row.file_name, row.media_type, row.size, row.sha256, row.added_by, row.added_at) == (
        "screen.png",
        "screen.png",
        "image/png",
        len(data),
        hashlib.sha256(data).hexdigest(),
        analyst,
        NOW,
    )
    with row.file.open() as stored:
        assert stored.read() == data


def test_a_stored_file_has_a_random_name_and_is_for_the_registry_alone(analyst, attachments):
    add_file(analyst, case=make_case())

    (stored,) = files_in(attachments)
    assert "leaflet" not in str(stored.relative_to(attachments))
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (stored.parent, attachments)} == {0o700}


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"<html>", "page.html", "page.html: HTML can run script; save it as PDF or as a picture."),
        (packed({"a": b"\0" * 3_000_000}), "a.zip", "a.zip: The archive unpacks to more than 100 times its size"),
        (b"", "empty.txt", "empty.txt: The file is empty."),
        (b"a\x00b", "a.txt", "a.txt: It holds NUL bytes, so it is no text."),
    ],
)
def test_a_refused_file_leaves_nothing_behind(analyst, attachments, data, name, words):
    with pytest.raises(ValidationError) as refused:
        add_file(analyst, data, name, case=make_case())

    assert refused.value.message_dict["file"][0].startswith(words)
    assert (files_in(attachments), Evidence.objects.count()) == ([], 0)


@pytest.mark.parametrize(("size", "taken"), [(2048, True), (2049, False)])
def test_the_cap_is_the_last_size_that_is_taken(analyst, settings, size, taken):
    settings.MAX_FILE_BYTES = 2048
    case = make_case()
    if not taken:
        with pytest.raises(ValidationError, match="more than 2 kB"):
            add_file(analyst, b"a" * size, "a.txt", case=case)
        return

    assert add_file(analyst, b"a" * size, "a.txt", case=case).size == 2048


def test_no_file_stays_when_the_row_cannot_be_written(analyst, attachments):
    with pytest.raises(ValidationError):
        evidence.add_file(
            by=analyst, at=NOW, case=make_case(), title="t" * 201, upload=SimpleUploadedFile("a.txt", b"text")
        )

    assert (files_in(attachments), Evidence.objects.count()) == ([], 0)


def test_a_file_that_cannot_be_written_whole_leaves_no_half_of_it(analyst, attachments):
    case, (soft, hard) = make_case(), resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            add_file(analyst, b"a" * 5000, "a.txt", case=case)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert (files_in(attachments), Evidence.objects.count()) == ([], 0)


def test_whoever_may_not_edit_the_case_adds_nothing(reader, attachments):
    case = make_case()

    with pytest.raises(PermissionDenied):
        add_file(reader, case=case)
    with pytest.raises(PermissionDenied):
        evidence.add_note(by=reader, at=NOW, case=case, note="I was there.")
    assert (files_in(attachments), Evidence.objects.count()) == ([], 0)


def test_adding_to_a_hidden_case_is_like_adding_to_none(analyst):
    with pytest.raises(Http404):
        add_file(analyst, case=make_case(visibility=Visibility.NAMED))


def test_a_closed_case_takes_no_evidence(analyst):
    with pytest.raises(PermissionDenied):
        evidence.add_transcript(by=analyst, at=NOW, case=make_case(status=Status.CLOSED), turns=TURNS)


def test_a_transcript_is_hashed_as_it_is_downloaded(analyst):
    row = evidence.add_transcript(by=analyst, at=NOW, case=make_case(), turns=TURNS)

    assert evidence.transcript_bytes(TURNS) == b'[{"role":"user","text":"Mend it.","tool_calls":[]}]'
    assert (row.kind, row.title, row.sha256) == (
        EvidenceKind.TRANSCRIPT,
        "Transcript",
        hashlib.sha256(evidence.transcript_bytes(TURNS)).hexdigest(),
    )


def test_an_empty_note_is_refused(analyst):
    with pytest.raises(ValidationError, match="Write something"):
        evidence.add_note(by=analyst, at=NOW, case=make_case(), note=" \n")


def test_removed_evidence_is_out_of_sight_until_it_is_brought_back(analyst):
    row = evidence.add_note(by=analyst, at=NOW, case=make_case(), note="I was there.")

    evidence.remove_evidence(evidence=row, by=analyst, at=NOW)

    with pytest.raises(Http404):
        access.evidence_for(analyst, row.pk)
    removed = access.evidence_for(analyst, row.pk, removed=True)
    assert (removed.removed_by, removed.removed_at) == (analyst, NOW)

    evidence.restore_evidence(evidence=removed, by=analyst, at=NOW)

    assert access.evidence_for(analyst, row.pk) == row


def test_a_reader_removes_nothing(analyst, reader):
    row = evidence.add_note(by=analyst, at=NOW, case=make_case(), note="I was there.")

    with pytest.raises(PermissionDenied):
        evidence.remove_evidence(evidence=row, by=reader, at=NOW)

    assert access.evidence_for(reader, row.pk).removed_at is None


def test_a_case_holds_a_bounded_number_of_things(analyst, monkeypatch):
    monkeypatch.setattr(evidence, "MOST", 2)
    case = make_case()
    rows = [evidence.add_note(by=analyst, at=NOW, case=case, note="One more.") for _ in range(2)]

    with pytest.raises(ValidationError, match="at most 2 files"):
        evidence.add_note(by=analyst, at=NOW, case=case, note="One too many.")

    evidence.remove_evidence(evidence=rows[0], by=analyst, at=NOW)
    assert evidence.add_note(by=analyst, at=NOW, case=case, note="Now there is room.").case == case


def test_only_the_writers_of_a_draft_add_to_it_and_see_what_it_holds(reporter, reviewer):
    draft = start_draft(reporter)

    row = add_file(reporter, draft=draft)

    assert access.evidence_for(reporter, row.pk).draft == draft
    with pytest.raises(Http404):
        access.evidence_for(reviewer, row.pk)
    with pytest.raises(Http404):
        add_file(reviewer, draft=draft)


def test_what_arrives_after_the_draft_was_submitted_lands_in_its_case(reporter):
    draft = start_draft(reporter)
    case = drafts.submit_draft(draft=draft, by=reporter, at=NOW, version=draft.version, values=case_values())

    row = add_file(reporter, draft=draft)

    assert (row.case, row.draft) == (case, None)


def test_a_discarded_draft_takes_nothing(reporter):
    draft = start_draft(reporter)
    drafts.discard_draft(draft=draft, by=reporter, at=NOW)

    with pytest.raises(ValidationError, match="discarded"):
        add_file(reporter, draft=draft)


@pytest.mark.django_db(transaction=True)
def test_an_expired_draft_takes_its_files_with_it_once_that_is_committed(shipped_taxonomy, attachments):
    person = make_person()
    draft = start_draft(person)
    add_file(person, draft=draft)

    with transaction.atomic():
        assert evidence.delete_with_draft(draft) == 1
        assert len(files_in(attachments)) == 1

    assert (files_in(attachments), Evidence.objects.count()) == ([], 0)


def test_evidence_is_seen_as_long_as_its_case_is(analyst, other_analyst):
    case = make_case(owner=analyst)
    row = evidence.add_note(by=analyst, at=NOW, case=case, note="I was there.")
    assert access.evidence_for(other_analyst, row.pk) == row

    case.visibility = Visibility.NAMED
    case.save()

    with pytest.raises(Http404):
        access.evidence_for(other_analyst, row.pk)
    assert access.evidence_for(analyst, row.pk) == row


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
def test_evidence_that_cannot_be_is_not_found(analyst, number):
    with pytest.raises(Http404):
        access.evidence_for(analyst, number)
