"""What pattern runs count, and what they say of a pair."""

from django.db.models import TextChoices


class PairState(TextChoices):
    """Whether a pair of nodes belongs to the family of tests."""

    TESTED = "tested"
    RELATED = "related", "Related by definition"
    EXCLUSIVE = "exclusive", "Exclude one another by definition"
    TOO_FEW = "too-few", "Too few cases"


class Movement(TextChoices):
    NEW = "new"
    STRONGER = "stronger"
    WEAKER = "weaker"
    GONE = "gone"
    STEADY = "steady"
    NONE = "none", "Not flagged"


class LabelRule(TextChoices):
    """Which labels of a case a pattern run counts."""

    AGREED = "agreed", "Agreed: adjudicated, else what most raters said"
    ADJUDICATED = "adjudicated", "Adjudicated only"
    ANY = "any", "Anything a rater submitted as present"


class Dimension(TextChoices):
    """By what the cases of a pattern are split, to see whether it holds everywhere."""

    SETTING = "setting", "Laboratory or production"
    SOURCE = "source", "Where the record comes from"
    YEAR = "year", "Year it occurred"


class ExposureUnit(TextChoices):
    """What a system's use is counted in, month by month."""

    DEPLOYMENTS = "deployments", "Deployments"
    EVALUATION_RUNS = "evaluation-runs", "Evaluation runs"
    CONVERSATIONS = "conversations", "Conversations"
