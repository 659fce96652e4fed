"""What stood between a system and harm in one case, and what it made of what happened."""

import pgtrigger
from django.db import models
from django.db.models import Q

from registry.choices import Deployed, Expected, Outcome
from registry.models.case import Case
from taxonomy.constraints import at_most, one_of, tracked
from taxonomy.models import Node

KIND_GUARD = """
IF NOT EXISTS (
    SELECT 1 FROM taxonomy_node n JOIN taxonomy_scheme s ON s.id = n.scheme_id
    WHERE n.id = NEW.technique_id AND s.kind = 'technique'
) THEN
    RAISE EXCEPTION 'A safeguard is a node of a scheme of techniques.' USING ERRCODE = 'check_violation';
END IF;
IF NEW.failure_mode_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM taxonomy_node n JOIN taxonomy_scheme s ON s.id = n.scheme_id
    WHERE n.id = NEW.failure_mode_id AND s.kind = 'failure mode'
) THEN
    RAISE EXCEPTION 'How a safeguard failed is a node of a scheme of failure modes.' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


@tracked()
class Safeguard(models.Model):
    """One row is one technique in one case: was it in place, was it meant to catch this, and did it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="safeguards")
    technique = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="safeguards")
    deployed = models.CharField(max_length=10, choices=Deployed.choices, default=Deployed.UNKNOWN)
    expected = models.CharField(max_length=10, choices=Expected.choices, default=Expected.UNKNOWN)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default=Outcome.UNKNOWN)
    failure_mode = models.ForeignKey(
        Node, null=True, blank=True, on_delete=models.PROTECT, related_name="failed_safeguards"
    )
    how = models.TextField(blank=True, help_text="How it caught it, or got past it.")
    order = models.PositiveSmallIntegerField(default=0, help_text="In the order the behaviour met them.")
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["case", "technique"],
                violation_error_message="This safeguard is recorded for the case already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_outcome_only_if_deployed",
                condition=~Q(deployed=Deployed.NO) | Q(outcome__in=[Outcome.NOT_EXERCISED, Outcome.UNKNOWN]),
                violation_error_message="What was not deployed neither caught nor missed anything.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_mode_only_if_it_failed",
                condition=Q(failure_mode__isnull=True) | Q(outcome__in=[Outcome.MISSED, Outcome.PARTIAL]),
                violation_error_message="Only a safeguard that missed all or part of it has a failure mode.",
            ),
            one_of("deployed", Deployed),
            one_of("expected", Expected),
            one_of("outcome", Outcome),
            at_most("how", 10000),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="technique_and_failure_mode",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("technique_id", "failure_mode_id"),
                func=KIND_GUARD,
            )
        ]

    def __str__(self):
        return f"{self.technique} in {self.case}: {self.outcome}"
