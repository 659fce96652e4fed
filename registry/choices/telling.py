"""What people and other tools are told, and when."""

from django.db.models import IntegerChoices, TextChoices


class NotificationKind(TextChoices):
    ASSIGNED = "assigned", "Made you its owner"
    MENTIONED = "mentioned", "Mentioned you"
    COMMENTED = "commented", "Commented"
    RESOLVED = "resolved", "Resolved a comment"
    MOVED = "moved", "Moved it on"
    RETURNED = "returned", "Returned it to analysis"
    CLOSED = "closed", "Approved and closed it"
    REOPENED = "reopened", "Reopened it"
    WITHDRAWN = "withdrawn", "Withdrew it"
    ADJUDICATED = "adjudicated", "Decided between the raters"
    DUE = "due", "Is due"


class About(TextChoices):
    """What a subscription follows."""

    EVERYTHING = "everything", "Everything I may see"
    VIEW = "view", "A saved view"
    BRANCH = "branch", "A branch of the taxonomy"
    SYSTEM = "system", "A system"
    QUEUE = "queue", "What waits for me"


class Cadence(TextChoices):
    """How often a subscription falls due. Hourly is for what cannot wait: it is sent only when it has to be."""

    HOURLY = "hourly", "As soon as it happens"
    DAILY = "daily", "Every day"
    WEEKLY = "weekly", "Every week"
    MONTHLY = "monthly", "Every month"


class DigestState(TextChoices):
    """How a digest stands. Quiet: its reader wanted it only if something happened, and nothing had."""

    DUE = "due"
    HANDING = "handing", "Handed to the mail server"
    SENT = "sent"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    QUIET = "quiet", "Nothing happened"


class Weekday(IntegerChoices):
    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


class ChangeOf(TextChoices):
    """What a change in the feed is about."""

    CASE = "case"
    LABEL = "label"
    CLASSIFICATION = "classification"
    SAFEGUARD = "safeguard"
    EVIDENCE = "evidence"
    COMMENT = "comment"
    LINK = "link"
    MITIGATION = "mitigation"
    NODE = "node"
    SCHEME = "scheme"


class ChangeAction(TextChoices):
    """What happened to it. `gone` is the last that somebody hears of a case they may not see any more."""

    MADE = "made"
    CHANGED = "changed"
    REMOVED = "removed"
    GONE = "gone"


class DeliveryState(TextChoices):
    """How a message to a webhook stands. Dropped: its owner may not see any more what it would tell."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
