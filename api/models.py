"""Tokens by which other tools sign in."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from registry.models import Person
from taxonomy.constraints import filled, tracked


class Scope(models.TextChoices):
    """What a token may be used for. No scope includes another, and none exceeds its person's rights."""

    CASES_READ = "cases:read", "Read cases and patterns"
    CASES_WRITE = "cases:write", "Log and change cases"
    LABELS_WRITE = "labels:write", "Label cases"
    TAXONOMY_WRITE = "taxonomy:write", "Change vocabularies"
    EXPORT = "export", "Export"
    ADMIN = "admin", "Administer"


@tracked("digest", "last_used_at")
class ApiToken(models.Model):
    """One row is one named token of one person. Its secret is shown once; only a SHA-256 of it is kept."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=60, help_text="What uses it.")
    key = models.CharField(max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "API token"
        constraints = [
            filled("name"),
            filled("key"),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_scopes_known",
                condition=Q(scopes__contained_by=Scope.values) & Q(scopes__len__gt=0),
                violation_error_message=f"A token has one or more of the scopes: {', '.join(Scope.values)}.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_expires_after_it_was_made",
                condition=Q(expires_at__gt=F("created_at")),
                violation_error_message="A token expires after it was made.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_digest_is_sha256",
                condition=Q(digest__regex="^[0-9a-f]{64}$"),
                violation_error_message="Only the SHA-256 of a secret is kept.",
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.person})"
