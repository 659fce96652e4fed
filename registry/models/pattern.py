"""What a pattern run found; immutable, so that a number in an old mail can be opened again."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from registry.choices import Dimension, LabelRule, Movement, PairState
from registry.models.people import Person
from taxonomy.constraints import at_most, one_of
from taxonomy.models import Node


def immutable():
    return [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]


class Population(models.Model):
    """One row is one choice of cases and of the labels that count, other than all cases with their agreed labels.

    Runs of one population follow on each other; the population of most runs is the whole registry, which needs no row.
    """

    label_rule = models.CharField(max_length=20, choices=LabelRule.choices, default=LabelRule.AGREED)
    query = models.TextField(blank=True, help_text="The filters of the case list, sorted, as in an address.")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="registry_population_once",
                fields=["label_rule", "query"],
                violation_error_message="This population is known already.",
            ),
            models.CheckConstraint(
                name="registry_population_differs",
                condition=~Q(label_rule=LabelRule.AGREED, query=""),
                violation_error_message="All cases with their agreed labels are the population of every other run.",
            ),
            one_of("label_rule", LabelRule),
            at_most("query", 2000),
        ]

    def __str__(self):
        return f"{self.label_rule} {self.query}"


class PatternRunQuerySet(models.QuerySet):
    def of(self, population):
        """The runs of one population; of the whole registry for None."""
        return self.filter(population=population)

    def standard(self):
        """The runs that count every case open to everyone with its agreed labels, the latest first."""
        return self.filter(population=None).order_by("-pk")


class PatternRun(models.Model):
    """One row is one computation of all pattern statistics over the cases open to everyone, or over some of them."""

    population = models.ForeignKey(Population, null=True, on_delete=models.PROTECT, related_name="runs")

    computed_at = models.DateTimeField()
    code_version = models.CharField(max_length=40)
    taxonomy_version = models.CharField(max_length=64, help_text="A digest of the nodes, parents and mappings.")
    fingerprint = models.CharField(max_length=64, help_text="A digest of everything that was counted.")
    label_rule = models.CharField(max_length=40, default="agreed")
    rules = models.JSONField(help_text="The small-sample rules in force.")
    n_cases = models.PositiveIntegerField()
    n_groups = models.PositiveIntegerField(help_text="Cases after the reports of one event are counted once.")
    n_pairs = models.PositiveIntegerField(help_text="Pairs of labels both carried by enough cases.")
    n_tests = models.PositiveIntegerField(help_text="Size of the family of tests.")
    n_flagged = models.PositiveIntegerField()
    occurred_from = models.DateField(null=True)
    occurred_to = models.DateField(null=True)
    strata = models.JSONField(
        default=dict, help_text="How many events lie in each stratum of each dimension: {setting: {laboratory: 64}}."
    )
    lag_weeks = models.PositiveSmallIntegerField(
        null=True, help_text="Weeks until nine in ten cases are reported; none where too few are dated to measure it."
    )
    lag_cases = models.PositiveIntegerField(default=0, help_text="Cases from which the lag was measured.")
    incomplete_weeks = models.PositiveSmallIntegerField(
        default=1, help_text="The last weeks, the current one included, to which cases are still expected."
    )
    compared_with = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    seconds = models.FloatField(help_text="How long it took.")

    objects = PatternRunQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(name="registry_run_latest", fields=["population", "-id"])]
        triggers = immutable()

    def __str__(self):
        return f"Run {self.pk}"

    def get_absolute_url(self):
        return reverse("pattern-run", kwargs={"run": self.pk})


class PatternNode(models.Model):
    """One row is how many of a run's cases carry one node: k of the n where its scheme was applied."""

    run = models.ForeignKey(PatternRun, on_delete=models.PROTECT, related_name="nodes")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    k = models.PositiveIntegerField()
    n = models.PositiveIntegerField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="registry_patternnode_once", fields=["run", "node"]),
            models.CheckConstraint(name="registry_patternnode_k_of_n", condition=Q(k__lte=F("n"))),
        ]
        triggers = immutable()

    def __str__(self):
        return f"{self.run}: {self.k} of {self.n}"


class PatternPair(models.Model):
    """One row is one pair of nodes of a run: its counts, effect, test and how it moved.

    A run writes up to twenty thousand of these at once. Its unique index serves the look-ups by run, and
    the nodes were read in the same transaction, so two more indexes and forty thousand checks buy nothing.
    """

    run = models.ForeignKey(PatternRun, on_delete=models.PROTECT, related_name="pairs", db_index=False)
    node_a = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    node_b = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    state = models.CharField(max_length=10, choices=PairState.choices)
    joint = models.PositiveIntegerField()
    k_a = models.PositiveIntegerField()
    k_b = models.PositiveIntegerField()
    n = models.PositiveIntegerField()
    expected = models.FloatField(null=True)
    rate_low = models.FloatField(null=True)
    rate_high = models.FloatField(null=True)
    phi = models.FloatField(null=True)
    lift = models.FloatField(null=True)
    jaccard = models.FloatField(null=True)
    odds_ratio = models.FloatField(null=True)
    odds_low = models.FloatField(null=True)
    odds_high = models.FloatField(null=True)
    p = models.FloatField(null=True)
    q = models.FloatField(null=True)
    effect = models.FloatField(null=True, help_text="Shrunken log odds ratio; pairs are ranked by it.")
    flagged = models.BooleanField(default=False)
    movement = models.CharField(max_length=10, choices=Movement.choices, default=Movement.NONE)
    joint_before = models.PositiveIntegerField(null=True)
    q_before = models.FloatField(null=True)
    first_flagged = models.PositiveIntegerField(
        null=True, help_text="The number of the first run of this population that flagged it."
    )
    first_supported = models.PositiveIntegerField(
        null=True, help_text="The number of the first run with as many joint cases as a flag needs."
    )
    case_ids = ArrayField(
        models.IntegerField(), default=list, help_text="The cases behind the joint count, newest first."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="registry_patternpair_once", fields=["run", "node_a", "node_b"]),
            models.CheckConstraint(name="registry_patternpair_ordered", condition=Q(node_a__lt=F("node_b"))),
            models.CheckConstraint(name="registry_patternpair_joint_of_n", condition=Q(joint__lte=F("n"))),
            one_of("state", PairState),
            one_of("movement", Movement),
        ]
        indexes = [models.Index(name="registry_pair_by_q", fields=["run", "-flagged", "q", "id"])]
        triggers = immutable()

    def __str__(self):
        return f"{self.run}: {self.node_a} with {self.node_b}"


class PatternSplit(models.Model):
    """One row is one flagged pair of a run in the strata of one dimension; the arrays are of one length.

    An event lies in one stratum of each dimension, so that the counts add up to those of the pair.
    """

    pair = models.ForeignKey(PatternPair, on_delete=models.PROTECT, related_name="splits")
    dimension = models.CharField(max_length=10, choices=Dimension.choices)
    strata = ArrayField(models.TextField(), help_text="In the order shown; empty text for unknown.")
    joint = ArrayField(models.PositiveIntegerField())
    k_a = ArrayField(models.PositiveIntegerField())
    k_b = ArrayField(models.PositiveIntegerField())
    n = ArrayField(models.PositiveIntegerField())

    class Meta:
        constraints = [
            models.UniqueConstraint(name="registry_patternsplit_once", fields=["pair", "dimension"]),
            one_of("dimension", Dimension),
        ]
        triggers = immutable()

    def __str__(self):
        return f"{self.pair} by {self.dimension}"


class PatternTrend(models.Model):
    """One row is the weekly counts of one node, or of all cases where the node is empty; the run's incomplete weeks
    come last.
    """

    run = models.ForeignKey(PatternRun, on_delete=models.PROTECT, related_name="trends")
    node = models.ForeignKey(Node, null=True, on_delete=models.PROTECT, related_name="+")
    first_week = models.DateField(help_text="The Monday of the first week counted.")
    weeks = ArrayField(models.PositiveIntegerField())
    recent = models.PositiveIntegerField()
    baseline = models.PositiveIntegerField()
    ratio = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    p = models.FloatField(null=True)
    q = models.FloatField(null=True)
    flagged = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="registry_patterntrend_once", fields=["run", "node"], nulls_distinct=False),
        ]
        triggers = immutable()

    def __str__(self):
        return f"{self.run}: {self.node or 'all cases'}"
