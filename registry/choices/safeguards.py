"""What stood between a system and harm, and what is done about it."""

from django.db.models import TextChoices


class Deployed(TextChoices):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Expected(TextChoices):
    """Whether a safeguard was meant to catch what happened."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Outcome(TextChoices):
    """What a safeguard made of what happened."""

    CAUGHT = "caught"
    PARTIAL = "partial", "Stopped part of it"
    MISSED = "missed"
    NOT_EXERCISED = "not-exercised", "Not exercised"
    UNKNOWN = "unknown"


class MitigationState(TextChoices):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in-progress", "In progress"
    DONE = "done"
    WILL_NOT_DO = "will-not-do", "Will not do"


class Effect(TextChoices):
    """Whether a mitigation was seen to help."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"
