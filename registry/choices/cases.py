"""What is said of a case."""

from django.db.models import TextChoices


class Status(TextChoices):
    DRAFT = "draft"
    TRIAGE = "triage"
    ANALYSIS = "analysis"
    REVIEW = "review"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


# How pages and digests say it.
STATUS_WORDS = {
    Status.DRAFT: "Draft",
    Status.TRIAGE: "In triage",
    Status.ANALYSIS: "In analysis",
    Status.REVIEW: "In review",
    Status.CLOSED: "Closed",
    Status.WITHDRAWN: "Withdrawn",
}
# The whole life of a case; the guards of each step are in models/workflow.py.
TRANSITIONS = {
    Status.DRAFT: (Status.TRIAGE, Status.WITHDRAWN),
    Status.TRIAGE: (Status.ANALYSIS, Status.WITHDRAWN),
    Status.ANALYSIS: (Status.REVIEW, Status.WITHDRAWN),
    Status.REVIEW: (Status.CLOSED, Status.ANALYSIS, Status.WITHDRAWN),
    Status.CLOSED: (Status.ANALYSIS,),
    Status.WITHDRAWN: (Status.ANALYSIS,),
}


class Visibility(TextChoices):
    EVERYONE = "everyone", "Everyone signed in"
    TEAM = "team", "One team only"
    NAMED = "named", "Named people only"


class Kind(TextChoices):
    INCIDENT = "incident", "Incident"
    NEAR_MISS = "near-miss", "Near miss"
    FINDING = "finding", "Evaluation or red-team finding"
    TRAINING = "training", "Training-time observation"
    HYPOTHETICAL = "hypothetical", "Hypothetical"


class Precision(TextChoices):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class Stage(TextChoices):
    PRE_TRAINING = "pre-training"
    POST_TRAINING = "post-training"
    EVALUATION = "evaluation"
    STAGED_RELEASE = "staged-release", "Staged release"
    DEPLOYMENT = "deployment"


class Locus(TextChoices):
    BEHAVIOURAL = "behavioural"
    INTERNAL = "internal"
    BOTH = "both"
    UNKNOWN = "unknown"


class Predictability(TextChoices):
    WARNED = "warned", "Foreseeable and warned"
    FORESEEABLE = "foreseeable", "Foreseeable"
    NOT_FORESEEABLE = "not-foreseeable", "Not foreseeable"
    UNKNOWN = "unknown", "Unknown"


class Triage(TextChoices):
    SPECIFICATION_GAMING = "specification-gaming", "Specification gaming"
    GOAL_FAILURE = "goal-failure", "Goal failure"
    ORDINARY_BUG = "ordinary-bug", "Ordinary bug"
    MISUSE = "misuse", "Misuse"
    CAPABILITY_LIMIT = "capability-limit", "Capability limit"
    UNCLEAR = "unclear", "Unclear"


class Scope(TextChoices):
    CORE = "core"
    BOUNDARY = "boundary"
    OUT = "out", "Out of scope"


class Gap(TextChoices):
    """Whether one arrow between two objectives holds."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNKNOWN = "unknown"


class SystemRole(TextChoices):
    SUBJECT = "subject"
    COMPONENT = "component"
    EVALUATOR = "evaluator"


class PartyRole(TextChoices):
    DEVELOPER = "developer"
    DEPLOYER = "deployer"
    AFFECTED = "affected"


class SourceKind(TextChoices):
    PRIMARY = "primary"
    SECONDARY = "secondary"
    DATABASE = "database"
    INTERNAL = "internal"


class Verification(TextChoices):
    SEEN = "seen"
    NOT_SEEN = "not-seen", "Not seen"


class EvidenceKind(TextChoices):
    FILE = "file"
    TRANSCRIPT = "transcript"
    NOTE = "note"


class LinkKind(TextChoices):
    """How one case stands to another, read from the first to the second."""

    DUPLICATE = "duplicate", "Duplicate of"
    VARIANT = "variant", "Variant of"
    RELATED = "related", "Related to"
    CAUSED_BY = "caused-by", "Caused by"
    DIFFERENT = "different", "Different from"


# How a link reads from the second case to the first, where that differs.
SEEN_FROM_THE_OTHER = {LinkKind.DUPLICATE: "Has the duplicate", LinkKind.CAUSED_BY: "Led to"}

# The nine fields of the case-study template, in its order.
TEMPLATE_FIELDS = (
    "title",
    "context",
    "intended_objective",
    "optimised_objective",
    "observed_behaviour",
    "root_cause",
    "evaluation_breakdown",
    "mitigation_strategy",
    "alignment_lesson",
)
