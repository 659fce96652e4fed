"""Work on many cases, and work that may wait."""

from django.db.models import TextChoices


class BulkAction(TextChoices):
    ASSIGN = "assign", "Assign an owner"
    LABEL = "label", "Add a label"
    STATUS = "status", "Change the status"
    EVENT_GROUP = "event-group", "Add to an event group"


class BulkOutcome(TextChoices):
    WAITING = "waiting"
    DONE = "done"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    UNDONE = "undone"
    KEPT = "kept", "Changed since, and kept"


class JobKind(TextChoices):
    RECOMPUTE = "recompute", "Recompute patterns"
    EXPORT = "export", "Export cases"
    BULK = "bulk", "Change many cases"
    AGREEMENT = "agreement", "Recompute the agreement of raters"
    BATCH = "batch", "Log or change the cases that a tool sent"
    COUNT = "count", "Count the cases of one range for the patterns"


class JobState(TextChoices):
    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"
    CANCELLED = "cancelled"


class ExportFormat(TextChoices):
    CSV = "csv", "CSV"
    NDJSON = "ndjson", "NDJSON"
    XLSX = "xlsx", "XLSX"
