"""What is being written and has not been handed in."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from registry.models.case import Case
from registry.models.people import Person


class Draft(models.Model):
    """One row is what somebody has typed into the log form and not submitted yet.

    `answers` maps each field of the form to the texts typed into it, exactly as typed, so that half a
    date or half a name is kept too. A submitted draft is empty and points to its case; a discarded one
    can be brought back until it expires.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="drafts")
    answers = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True, blank=True, help_text="When its author was told that it will expire.")
    discarded_at = models.DateTimeField(null=True, blank=True)
    case = models.OneToOneField(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="draft")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="registry_draft_not_submitted_and_discarded",
                condition=Q(case__isnull=True) | Q(discarded_at__isnull=True),
                violation_error_message="A submitted draft cannot be discarded.",
            ),
            models.CheckConstraint(
                name="registry_draft_empty_once_submitted",
                condition=Q(case__isnull=True) | Q(answers={}),
                violation_error_message="What a submitted draft held stands in its case.",
            ),
        ]
        indexes = [models.Index(fields=["author", "-updated_at"], name="registry_draft_of_author")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("draft", kwargs={"key": self.pk})

    @property
    def title(self):
        return " ".join("".join(self.answers.get("title", [])).split()) or "Untitled draft"


class DraftEditor(models.Model):
    """One row lets one more person read, write and submit one draft."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="editors")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="shared_drafts")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="registry_drafteditor_once",
                fields=["draft", "person"],
                violation_error_message="The draft is shared with this person already.",
            )
        ]

    def __str__(self):
        return f"{self.person} writes in {self.draft}"
