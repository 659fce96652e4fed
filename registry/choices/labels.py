"""What raters say, and how labels come to be agreed."""

from django.db.models import TextChoices


class Stance(TextChoices):
    PRESENT = "present"
    ABSENT = "absent"
    UNSURE = "unsure"


class Grounds(TextChoices):
    SPECULATIVE = "speculative"
    INFERRED = "inferred"
    DOCUMENTED = "documented"
    REPRODUCED = "reproduced"


class LoadBearing(TextChoices):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Method(TextChoices):
    """How an agreed classification came about."""

    ADJUDICATED = "adjudicated"
    MAJORITY = "majority"
    SINGLE_RATER = "single-rater", "Single rater"
    IMPORTED = "imported"


class RatingState(TextChoices):
    """How far one rater is with one case. Whoever stands aside sees the others' labels without rating blind."""

    WORKING = "working", "At work"
    SUBMITTED = "submitted"
    ASIDE = "aside", "Stood aside"


class TaxonomyChangeKind(TextChoices):
    """What was done to a node that cases carry."""

    RETIRE = "retire", "Retired"
    REPLACE = "replace", "Replaced by another"
    SPLIT = "split", "Split into several"
    MERGE = "merge", "Merged into another"
    MOVE = "move", "Moved under another parent"


class Measure(TextChoices):
    """What raters may agree on."""

    LABEL = "label", "Labels"
    REALISED = "realised", "Realised severity"
    POTENTIAL = "potential", "Potential severity"
