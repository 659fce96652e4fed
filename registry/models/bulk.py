"""One change of many cases, and how each of them went."""

from django.db import models
from django.db.models import Q

from registry.choices import BulkAction, BulkOutcome
from registry.models.case import Case
from registry.models.people import Person
from taxonomy.constraints import one_of


class BulkChange(models.Model):
    """One row is one thing that somebody did to many cases at once.

    `arguments` holds what the action needs, ids only: {"owner"}, {"node", "confidence", "grounds"},
    {"step", "reason", "owner"} or {"event_group"}.
    """

    action = models.CharField(max_length=20, choices=BulkAction.choices)
    arguments = models.JSONField(default=dict, blank=True)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("action", BulkAction),
            models.CheckConstraint(
                name="registry_bulkchange_undone_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                violation_error_message="An undone change says who undid it and when.",
            ),
        ]

    def __str__(self):
        return f"{self.get_action_display()} ({self.asked_by})"


class BulkChangeRow(models.Model):
    """One row is one case of a bulk change: how it went, and what it was before, for undoing."""

    change = models.ForeignKey(BulkChange, on_delete=models.CASCADE, related_name="rows")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=20, choices=BulkOutcome.choices, default=BulkOutcome.WAITING)
    message = models.TextField(blank=True)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("outcome", BulkOutcome),
            models.UniqueConstraint(
                name="registry_bulkchangerow_once",
                fields=["change", "case"],
                violation_error_message="The case is part of this change already.",
            ),
        ]

    def __str__(self):
        return f"{self.case.reference}: {self.outcome}"
