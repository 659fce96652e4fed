"""What shows that a case happened: files, transcripts and notes."""

import uuid

from django.db import models
from django.db.models import Q

from registry.choices import EvidenceKind
from registry.models.case import LONGEST_NARRATIVE, Case
from registry.models.draft import Draft
from registry.models.people import Person
from taxonomy.constraints import at_most, filled, one_of, tracked


def stored_name(evidence, file_name):
    """A random name: neither what the file was called nor whose it is shows in the attachments folder."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}"


@tracked()
class Evidence(models.Model):
    """One row is one file, transcript or note that shows what happened, in a case or in a draft of one.

    `turns` of a transcript is a list of {"role", "text", "tool_calls": [{"name", "arguments"}]}. `sha256` is of
    the file's bytes, of the turns as compact JSON with sorted keys, or of the note's UTF-8 text.
    Removed evidence stays, out of sight.
    """

    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence")
    draft = models.ForeignKey(Draft, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=20, choices=EvidenceKind.choices)
    title = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    turns = models.JSONField(default=list, blank=True)
    file = models.FileField(upload_to=stored_name, max_length=100, blank=True)
    file_name = models.CharField(max_length=255, blank=True, help_text="What the file was called.")
    media_type = models.CharField(max_length=100, blank=True, help_text="As found in its bytes, not as its name says.")
    size = models.PositiveBigIntegerField(null=True, blank=True, help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_of_a_case_or_a_draft",
                condition=Q(case__isnull=True, draft__isnull=False) | Q(case__isnull=False, draft__isnull=True),
                violation_error_message="Evidence belongs to a case or to a draft.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_file_iff_file",
                condition=(Q(kind=EvidenceKind.FILE, size__isnull=False) & ~Q(file="") & ~Q(media_type=""))
                | (~Q(kind=EvidenceKind.FILE) & Q(file="", size__isnull=True)),
                violation_error_message="A file has bytes and a type, and nothing else has.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_turns_iff_transcript",
                condition=(Q(kind=EvidenceKind.TRANSCRIPT) & ~Q(turns=[]))
                | (~Q(kind=EvidenceKind.TRANSCRIPT) & Q(turns=[])),
                violation_error_message="A transcript has turns, and nothing else has.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_removed_by_somebody",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                violation_error_message="Removed evidence says who removed it and when.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_hashed",
                condition=Q(sha256__regex="^[0-9a-f]{64}$"),
                violation_error_message="Evidence carries its SHA-256.",
            ),
            one_of("kind", EvidenceKind),
            filled("title"),
            at_most("note", LONGEST_NARRATIVE),
        ]
        indexes = [models.Index(fields=["sha256"], name="registry_evidence_hash")]

    def __str__(self):
        return self.title
