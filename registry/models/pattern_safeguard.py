"""What a pattern run found about safeguards and foresight; immutable like the run."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from registry.choices import ExposureUnit
from registry.models.party import System
from registry.models.pattern import PatternRun, immutable
from taxonomy.constraints import one_of
from taxonomy.models import Node

CASES = "The newest cases behind it, at most 500."


class PatternLayers(models.Model):
    """One row is one combination of outcomes: which techniques missed and which caught it, in `n` of the run's events.

    All miss rates, joint misses and layers follow from these rows. A technique in neither list was not in place, not
    exercised, or its outcome is not known. Partly stopped counts as missed.
    """

    run = models.ForeignKey(PatternRun, on_delete=models.PROTECT, related_name="layers")
    missed = ArrayField(models.IntegerField(), help_text="Nodes, sorted.")
    caught = ArrayField(models.IntegerField(), help_text="Nodes, sorted.")
    n = models.PositiveIntegerField()
    case_ids = ArrayField(models.IntegerField(), default=list, help_text=CASES)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="registry_patternlayers_once", fields=["run", "missed", "caught"]),
        ]
        triggers = immutable()

    def __str__(self):
        return f"{self.run}: {len(self.missed)} missed, {len(self.caught)} caught"


class PatternMiss(models.Model):
    """One row is how often one technique missed by one failure mode (none: not said), or was not there.

    `absent` counts the events in which it was not in place although it was expected to catch this.
    """

    run = models.ForeignKey(PatternRun, on_delete=models.PROTECT, related_name="misses")
    technique = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    failure_mode = models.ForeignKey(Node, null=True, on_delete=models.PROTECT, related_name="+")
    absent = models.BooleanField(default=False)
    n = models.PositiveIntegerField()
    n_partial = models.PositiveIntegerField(default=0, help_text="Of these, how often it stopped part of it.")
    case_ids = ArrayField(models.IntegerField(), default=list, help_text=CASES)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="registry_patternmiss_once",
                fields=["run", "technique", "failure_mode", "absent"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="registry_patternmiss_absent_has_no_mode", condition=Q(absent=False) | Q(failure_mode=None)
            ),
        ]
        triggers = immutable()

    def __str__(self):
        return f"{self.run}: {self.technique} {'absent' if self.absent else self.failure_mode or 'missed'}"


class PatternForesight(models.Model):
    """One row is how foreseeable the events with one node were, or all events where the node is empty."""

    run = models.ForeignKey(PatternRun, on_delete=models.PROTECT, related_name="foresight")
    node = models.ForeignKey(Node, null=True, on_delete=models.PROTECT, related_name="+")
    warned = models.PositiveIntegerField()
    foreseeable = models.PositiveIntegerField()
    not_foreseeable = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField()
    lead_days = ArrayField(
        models.IntegerField(),
        default=list,
        help_text="Days from the warning to the event, sorted; of those with both.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="registry_patternforesight_once", fields=["run", "node"], nulls_distinct=False
            ),
        ]
        triggers = immutable()

    def __str__(self):
        return f"{self.run}: foresight of {self.node or 'all cases'}"


class PatternExposure(models.Model):
    """One row is the events of one system in the months for which its use is recorded, in one unit."""

    run = models.ForeignKey(PatternRun, on_delete=models.PROTECT, related_name="exposures")
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=20, choices=ExposureUnit.choices)
    n = models.PositiveIntegerField(help_text="Events of the system in those months.")
    n_outside = models.PositiveIntegerField(help_text="Its events in other months, or without one.")
    amount = models.PositiveBigIntegerField(help_text="Its use in all of those months.")
    months = ArrayField(models.DateField(), help_text="The first day of each month recorded, sorted.")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="registry_patternexposure_once", fields=["run", "system", "unit"]),
            one_of("unit", ExposureUnit),
        ]
        triggers = immutable()

    def __str__(self):
        return f"{self.run}: {self.system} by {self.unit}"
