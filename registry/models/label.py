"""What each rater says of a case, what they have seen of one another, and what was agreed."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from registry.choices import Grounds, LoadBearing, Method, RatingState, Stance
from registry.models.case import Case
from registry.models.people import Person
from taxonomy.constraints import at_most, filled, one_of, tracked
from taxonomy.models import Node, Scheme, SeverityTier


@tracked()
class Rating(models.Model):
    """One row is one rater's work on one case: their labels, their two severities, and what they have seen of others.

    A rater sees others' labels from `opened_at` on: by submitting, or by standing aside to decide between them.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ratings")
    rater = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ratings")
    state = models.CharField(max_length=10, choices=RatingState.choices, default=RatingState.WORKING)
    realised_severity = models.ForeignKey(
        SeverityTier, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    potential_severity = models.ForeignKey(
        SeverityTier, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_per_rater",
                fields=["case", "rater"],
                violation_error_message="This rater is at work on the case already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_opened_unless_at_work",
                condition=Q(state=RatingState.WORKING, opened_at__isnull=True)
                | (~Q(state=RatingState.WORKING) & Q(opened_at__isnull=False)),
                violation_error_message="Others' labels are open to whoever submitted or stood aside, to nobody else.",
            ),
            one_of("state", RatingState),
        ]

    def __str__(self):
        return f"{self.rater} on {self.case} ({self.state})"


@tracked()
class RatedScheme(models.Model):
    """One row says that a rater went through one scheme for a case, so that what they did not label is absent."""

    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="schemes")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["rating", "scheme"],
                violation_error_message="This scheme is marked as done already.",
            )
        ]

    def __str__(self):
        return f"{self.scheme}: {self.rating}"


@tracked()
class Label(models.Model):
    """One row is one rater's judgement whether one node applies to one case.

    Only its rater knows of it until it is submitted. `blind_stance` is what the rater said before seeing anybody
    else's labels, and empty where they had seen them; agreement is computed from it alone.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="labels")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="labels")
    rater = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="labels")
    stance = models.CharField(max_length=10, choices=Stance.choices, default=Stance.PRESENT)
    confidence = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text="0 to 100; empty when not stated.",
    )
    grounds = models.CharField(max_length=20, choices=Grounds.choices, default=Grounds.INFERRED)
    load_bearing = models.CharField(max_length=10, choices=LoadBearing.choices, default=LoadBearing.UNKNOWN)
    rationale = models.TextField(blank=True)
    quote = models.TextField(blank=True, help_text="The passage of the evidence that shows it.")
    criteria_shown = ArrayField(
        models.TextField(),
        default=list,
        blank=True,
        help_text="The criteria of the node that the rater found shown, in the node's words at the time.",
    )
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    blind_stance = models.CharField(max_length=10, choices=Stance.choices, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_per_rater",
                fields=["case", "node", "rater"],
                violation_error_message="This rater has labelled the case with this node already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_confidence_is_percent",
                condition=Q(confidence__isnull=True) | Q(confidence__lte=100),
                violation_error_message="Confidence lies between 0 and 100.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_blind_only_once_submitted",
                condition=Q(blind_stance="") | Q(submitted_at__isnull=False),
                violation_error_message="What was said blind is known once the label is submitted.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_blind_stance_known",
                condition=Q(blind_stance__in=["", *Stance.values]),
                violation_error_message="This is no stance.",
            ),
            one_of("stance", Stance),
            one_of("grounds", Grounds),
            one_of("load_bearing", LoadBearing),
            at_most("rationale", 10000),
            at_most("quote", 10000),
        ]

    def __str__(self):
        return f"{self.case} {self.node}: {self.stance} ({self.rater})"


@tracked()
class Adjudication(models.Model):
    """One row is a reviewer's decision whether one node applies to one case; it stands whatever raters say later."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="adjudications")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="adjudications")
    applies = models.BooleanField()
    reason = models.TextField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="adjudications")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["case", "node"],
                violation_error_message="This was decided already.",
            ),
            filled("reason"),
            at_most("reason", 10000),
        ]

    def __str__(self):
        return f"{self.case} {self.node}: {'applies' if self.applies else 'does not apply'} ({self.decided_by})"


# Taken together with the statement's own row locks, the case's row is always last to change.
# The nodes are held before the tree is read, which foreign keys do at the end only: a move of one waits for us, or we
# for it.
HOLD_NODES = """
PERFORM 1 FROM taxonomy_node WHERE id IN (SELECT node_id FROM new_rows) ORDER BY id FOR KEY SHARE;
"""
KEEP_NODE_PATH = """
UPDATE registry_case SET node_path = registry_node_path(id)
WHERE id IN ({cases});
RETURN NULL;
"""
IN_NEW, IN_OLD = "SELECT case_id FROM new_rows", "SELECT case_id FROM old_rows"


@tracked()
class Classification(models.Model):
    """One row is one node that was agreed to apply to a case. Statistics, filters and facets read this."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="classifications")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="classifications")
    method = models.CharField(max_length=20, choices=Method.choices)
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["case", "node"],
                violation_error_message="This node is agreed for the case already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_adjudicated_by_somebody",
                condition=~Q(method=Method.ADJUDICATED) | Q(decided_by__isnull=False),
                violation_error_message="An adjudicated label names who decided.",
            ),
            one_of("method", Method),
        ]
        indexes = [
            # Asked of every case counted for somebody who may rate: those not known to all. See blind.py.
            models.Index(
                fields=["case"],
                name="registry_classification_rated",
                condition=Q(method__in=[Method.MAJORITY, Method.SINGLE_RATER]),
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name=f"keep_node_path_{name}",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=operation,
                referencing=referencing,
                func=("" if referencing.new is None else HOLD_NODES) + KEEP_NODE_PATH.format(cases=cases),
            )
            for name, operation, referencing, cases in (
                ("insert", pgtrigger.Insert, pgtrigger.Referencing(new="new_rows"), IN_NEW),
                # A classification that moves to another case changes both.
                (
                    "update",
                    pgtrigger.Update,
                    pgtrigger.Referencing(new="new_rows", old="old_rows"),
                    f"{IN_NEW} UNION {IN_OLD}",
                ),
                ("delete", pgtrigger.Delete, pgtrigger.Referencing(old="old_rows"), IN_OLD),
            )
        ]

    def __str__(self):
        return f"{self.case} {self.node} ({self.method})"
