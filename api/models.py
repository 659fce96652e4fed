"""Tokens by which other tools sign in."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from registry.models import Job, Person
from taxonomy.constraints import filled, one_of, tracked


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


class KeptAnswer(models.Model):
    """One row is the answer to a request that named an Idempotency-Key, given again when it is repeated.

    Written in the transaction of what the request did: either both are there or neither.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    method = models.CharField(max_length=6)
    path = models.CharField(max_length=400)
    key = models.CharField(max_length=255)
    body_digest = models.CharField(max_length=64, help_text="SHA-256 of the body.")
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict, blank=True)
    body = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="api_keptanswer_once",
                fields=["person", "method", "path", "key"],
                violation_error_message="This key has been used here already.",
            )
        ]
        indexes = [models.Index(fields=["made_at"], name="api_keptanswer_made_at")]

    def __str__(self):
        return f"{self.method} {self.path} ({self.status})"


class RateWindow(models.Model):
    """One row is how many requests one token, or one person's session, has sent in its present window.

    The table is unlogged: after a crash everybody starts anew.
    """

    caller = models.CharField(
        max_length=20,
        primary_key=True,
        help_text="t and a token's id, p and a person's, or i and the hash of an address that sent wrong tokens.",
    )
    began_at = models.DateTimeField()
    n_requests = models.IntegerField(default=0)

    def __str__(self):
        return f"{self.caller}: {self.n_requests}"


class BatchKind(models.TextChoices):
    CREATE = "create", "Log cases"
    CHANGE = "change", "Change cases"


class Batch(models.Model):
    """One row is a list of cases that a tool sent to be logged or changed by a job, and how each row went.

    `rows` are as they were sent; they are emptied once the outcomes are there.
    """

    kind = models.CharField(max_length=10, choices=BatchKind.choices)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    job = models.OneToOneField(Job, null=True, blank=True, on_delete=models.PROTECT, related_name="batch")
    atomic = models.BooleanField(default=False, help_text="All of it or nothing.")
    rows = models.JSONField(default=list, blank=True)
    outcomes = models.JSONField(default=list, blank=True)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "batches"
        constraints = [one_of("kind", BatchKind)]

    def __str__(self):
        return f"{self.get_kind_display()} ({self.asked_by})"
