"""Adding, removing and bringing back what shows that a case happened."""

import hashlib
import json

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from registry import access
from registry.actions.signing import check, lock, signed
from registry.choices import EvidenceKind, Right
from registry.models import Evidence
from registry.sniffing import Refused, media_type_of
from registry.sniffing.names import plain_name

MOST = 200


def add_file(*, by, at, upload, case=None, draft=None, title=""):
    """Keep an uploaded file with a case or a draft. Raises ValidationError at `file` for one that is not taken.

    The bytes are on the disk before the row is written, so no row is without its file. If the row cannot
    be written the file goes again; a kill between the two leaves at worst a file that nothing names.
    """
    # Asked again under a lock below: whoever may not add leaves no bytes here.
    _require_may_add(by, case, draft)
    name = plain_name(upload.name)
    row = Evidence(kind=EvidenceKind.FILE, title=title.strip() or name, file_name=name)
    row.media_type, row.size, row.sha256 = _checked(upload, name)
    row.file.save(name, upload, save=False)
    try:
        return add_evidence(by=by, at=at, row=row, case=case, draft=draft)
    except BaseException:
        row.file.delete(save=False)
        raise


def add_transcript(*, by, at, turns, case=None, draft=None, title=""):
    """Keep the turns of a conversation; see `Evidence` for their shape."""
    row = Evidence(kind=EvidenceKind.TRANSCRIPT, turns=turns, title=title.strip() or "Transcript")
    row.sha256 = digest(transcript_bytes(turns))
    return add_evidence(by=by, at=at, row=row, case=case, draft=draft)


def add_note(*, by, at, note, case=None, draft=None, title=""):
    """Keep a note in Markdown."""
    if not note.strip():
        raise ValidationError({"note": "Write something, or leave the note out."})
    row = Evidence(kind=EvidenceKind.NOTE, note=note, title=title.strip() or "Note")
    row.sha256 = digest(note.encode())
    return add_evidence(by=by, at=at, row=row, case=case, draft=draft)


@signed
def remove_evidence(*, evidence, by, at):
    """Take evidence out of sight; it can be brought back."""
    evidence = _locked(evidence, by)
    if evidence.removed_at is None:
        evidence.removed_at, evidence.removed_by = at, by
        evidence.save(update_fields=["removed_at", "removed_by"])
    return evidence


@signed
def restore_evidence(*, evidence, by, at):
    """Bring removed evidence back."""
    evidence = _locked(evidence, by)
    evidence.removed_at = evidence.removed_by = None
    evidence.save(update_fields=["removed_at", "removed_by"])
    return evidence


def delete_with_draft(draft):
    """Delete the evidence of a draft that expires, in the caller's transaction; the files go once it is through."""
    rows = list(Evidence.objects.filter(draft=draft))
    for row in rows:
        if row.file:
            transaction.on_commit(lambda file=row.file: file.storage.delete(file.name))
    Evidence.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def transcript_bytes(turns):
    """The turns as compact JSON with sorted keys: what is hashed and downloaded."""
    return json.dumps(turns, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(data):
    return hashlib.sha256(data).hexdigest()


def size_in_words(size):
    """What a cap or a size is in words: 25 MB, 18 kB, 412 bytes."""
    if size >= 1024 * 1024:
        return f"{size / 1024 / 1024:.1f}".removesuffix(".0") + " MB"
    return f"{round(size / 1024)} kB" if size >= 1024 else f"{size} bytes"


@signed
def add_evidence(*, by, at, row, case, draft):
    """Write the row, in the draft or, once that was submitted, in the case it became."""
    if draft is not None:
        draft = lock(draft)
        case, draft = draft.case, None if draft.case_id else draft
    if case is not None:
        case = lock(case)
    _require_may_add(by, case, draft)
    row.case, row.draft, row.added_by, row.added_at = case, draft, by, at
    if Evidence.objects.filter(case=case, draft=draft, removed_at=None).count() >= MOST:
        raise ValidationError(f"A case holds at most {MOST} files, transcripts and notes. Remove one, or pack several.")
    check(row)
    row.save(force_insert=True)
    if draft is not None:
        draft.updated_at, draft.warned_at = at, None  # a draft that is added to does not rest
        draft.save(update_fields=["updated_at", "warned_at"])
    return row


def _require_may_add(person, case, draft):
    if draft is not None and not draft.case_id:
        draft = access.draft_for(person, draft.pk)
        if draft.discarded_at:
            raise ValidationError("This draft is discarded; bring it back first.")
    elif case := case or draft.case:
        access.case_for(person, case.pk, to=Right.EDIT)


def _checked(upload, name):
    """(media type, size, SHA-256) of an upload that may be kept."""
    if upload.size > settings.MAX_FILE_BYTES:
        words = f"The file has more than {size_in_words(settings.MAX_FILE_BYTES)}, the most that is taken."
        raise ValidationError({"file": ValidationError(words, code="too_large")})
    try:
        media_type = media_type_of(upload.file, name)
    except Refused as refused:
        raise ValidationError({"file": f"{name}: {refused}"}) from None
    upload.seek(0)
    sha256 = hashlib.file_digest(upload.file, "sha256").hexdigest()
    upload.seek(0)
    return media_type, upload.size, sha256


def _locked(evidence, by):
    """The row, locked, if `by` may change the case or draft it belongs to."""
    evidence = Evidence.objects.select_for_update(of=("self",)).select_related("case", "draft").get(pk=evidence.pk)
    _require_may_add(by, evidence.case, evidence.draft)
    return evidence
