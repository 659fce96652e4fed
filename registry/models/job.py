"""Work that may wait, as rows: the broker may forget, the database does not."""

from django.db import models
from django.db.models import Q

from registry.choices import JobKind, JobState
from registry.models.people import Person
from taxonomy.constraints import one_of


class JobQuerySet(models.QuerySet):
    def ready(self, at):
        """Pending and due, or running with a lease that ran out because its worker died."""
        return self.filter(
            Q(state=JobState.PENDING, not_before__lte=at) | Q(state=JobState.RUNNING, lease_until__lt=at)
        )


class Job(models.Model):
    """One row is one piece of work; at most one of a kind and key is pending."""

    kind = models.CharField(max_length=20, choices=JobKind.choices)
    key = models.CharField(max_length=100, blank=True, help_text="What it is about; part of its identity.")
    payload = models.JSONField(default=dict, blank=True, help_text="Ids only.")
    asked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="jobs")
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Percent.")
    result = models.JSONField(null=True, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="registry_job_one_pending",
                fields=["kind", "key"],
                condition=Q(state=JobState.PENDING),
                violation_error_message="This is waiting to be done already.",
            ),
            models.CheckConstraint(
                name="registry_job_leased_iff_running",
                condition=Q(state=JobState.RUNNING, lease_until__isnull=False)
                | (~Q(state=JobState.RUNNING) & Q(lease_until__isnull=True)),
                violation_error_message="A running job has a lease, and only a running one.",
            ),
            models.CheckConstraint(
                name="registry_job_progress_is_percent",
                condition=Q(progress__lte=100),
                violation_error_message="Progress lies between 0 and 100.",
            ),
            one_of("state", JobState),
            one_of("kind", JobKind),
        ]
        indexes = [
            models.Index(
                name="registry_job_open",
                fields=["not_before"],
                condition=Q(state__in=[JobState.PENDING, JobState.RUNNING]),
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.key} ({self.state})"
