"""Enumerations of the domain; importable from anywhere."""

from django.db.models import IntegerChoices, TextChoices


class Role(TextChoices):
    READER = "reader"
    REPORTER = "reporter"
    ANALYST = "analyst"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"


class Right(TextChoices):
    """What a person may do with a case, beyond knowing that it exists."""

    VIEW = "view"
    EDIT = "edit"
    LABEL = "label"
    ANALYSE = "analyse"
    REVIEW = "review"


class Status(TextChoices):
    DRAFT = "draft"
    TRIAGE = "triage"
    ANALYSIS = "analysis"
    REVIEW = "review"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


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


class DigestState(TextChoices):
    DUE = "due"
    HANDING = "handing", "Handed to the mail server"
    SENT = "sent"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    FAILED = "failed"


class Weekday(IntegerChoices):
    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


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
