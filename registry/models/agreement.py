"""How far raters agreed; immutable, as a pattern run is."""

from django.db import models
from django.db.models import F, Q

from registry.choices import Measure
from registry.models.pattern import immutable
from registry.models.people import Person
from taxonomy.constraints import one_of
from taxonomy.models import Node, Scheme


class AgreementRun(models.Model):
    """One row is one computation of the agreement of raters over the cases open to everyone, rated in one period.

    `period` is "all", a year (2026) or a quarter (2026-Q4), by the day a rating was submitted.
    """

    computed_at = models.DateTimeField()
    period = models.CharField(max_length=10)
    fingerprint = models.CharField(max_length=64, help_text="A digest of everything that was counted.")
    code_version = models.CharField(max_length=40)
    n_cases = models.PositiveIntegerField(help_text="Cases with ratings of two raters or more.")
    n_raters = models.PositiveIntegerField()
    n_labels = models.PositiveIntegerField()
    seed = models.PositiveBigIntegerField()
    n_resamples = models.PositiveIntegerField()
    seconds = models.FloatField()

    class Meta:
        triggers = immutable()
        indexes = [models.Index(fields=["period", "-id"], name="registry_agreement_latest")]

    def __str__(self):
        return f"Agreement {self.pk} ({self.period})"


class AgreementScore(models.Model):
    """One row is Krippendorff's alpha of one node, of one scheme (no node) or of a severity (neither)."""

    run = models.ForeignKey(AgreementRun, on_delete=models.PROTECT, related_name="scores")
    measure = models.CharField(max_length=10, choices=Measure.choices)
    scheme = models.ForeignKey(Scheme, null=True, on_delete=models.PROTECT, related_name="+")
    node = models.ForeignKey(Node, null=True, on_delete=models.PROTECT, related_name="agreement")
    n_cases = models.PositiveIntegerField(help_text="Cases that two raters or more spoke of.")
    n_raters = models.PositiveIntegerField()
    n_values = models.PositiveIntegerField(help_text="Their judgements in all.")
    n_disputed = models.PositiveIntegerField(help_text="Cases on which they differ.")
    alpha = models.FloatField(null=True, help_text="None where all said the same, or too few spoke.")
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)

    class Meta:
        triggers = immutable()
        constraints = [
            models.UniqueConstraint(
                name="registry_agreementscore_once",
                fields=["run", "measure", "scheme", "node"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="registry_agreementscore_interval_holds_it",
                condition=Q(low__isnull=True) | Q(low__lte=F("high")),
            ),
            one_of("measure", Measure),
        ]

    def __str__(self):
        return f"{self.node or self.scheme or self.measure}: {self.alpha}"


class RaterPair(models.Model):
    """One row is how two raters agree over the nodes of one scheme: per cent agreement and Cohen's kappa."""

    run = models.ForeignKey(AgreementRun, on_delete=models.PROTECT, related_name="rater_pairs")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    n_cases = models.PositiveIntegerField()
    n_judgements = models.PositiveIntegerField()
    n_agreed = models.PositiveIntegerField()
    kappa = models.FloatField(null=True, help_text="None where chance alone would agree always.")

    class Meta:
        triggers = immutable()
        constraints = [
            models.UniqueConstraint(name="registry_raterpair_once", fields=["run", "scheme", "first", "second"]),
            models.CheckConstraint(
                name="registry_raterpair_agreed_of_all", condition=Q(n_agreed__lte=F("n_judgements"))
            ),
        ]

    def __str__(self):
        return f"{self.first} and {self.second}: {self.kappa}"


class Confusion(models.Model):
    """One row is two nodes of a scheme that raters chose one for the other: on `n_cases` cases."""

    run = models.ForeignKey(AgreementRun, on_delete=models.PROTECT, related_name="confusions")
    node_a = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    node_b = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    n_cases = models.PositiveIntegerField()
    n_together = models.PositiveIntegerField(help_text="Cases on which any rater chose either.")

    class Meta:
        triggers = immutable()
        constraints = [
            models.UniqueConstraint(name="registry_confusion_once", fields=["run", "node_a", "node_b"]),
            models.CheckConstraint(name="registry_confusion_ordered", condition=Q(node_a__lt=F("node_b"))),
        ]

    def __str__(self):
        return f"{self.node_a} for {self.node_b}: {self.n_cases}"
