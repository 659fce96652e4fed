"""What was done to nodes that cases carry, and the cases that somebody has to look at again because of it."""

from django.db import models
from django.db.models import Q

from registry.choices import TaxonomyChangeKind
from registry.models.case import Case
from registry.models.people import Person
from taxonomy.constraints import at_most, filled, one_of, tracked
from taxonomy.models import Node


@tracked()
class TaxonomyChange(models.Model):
    """One row is one change of one node's place or use, with the reason and what takes its place."""

    kind = models.CharField(max_length=10, choices=TaxonomyChangeKind.choices)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="changes")
    targets = models.ManyToManyField(Node, related_name="+", blank=True)
    reason = models.TextField()
    n_cases = models.PositiveIntegerField(help_text="Cases that carried the node or one below it.")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [one_of("kind", TaxonomyChangeKind), filled("reason"), at_most("reason", 10000)]

    def __str__(self):
        return f"{self.node}: {self.get_kind_display().lower()}"


@tracked()
class Relabel(models.Model):
    """One row is one case to be labelled again after a change of a node it carries."""

    change = models.ForeignKey(TaxonomyChange, on_delete=models.PROTECT, related_name="relabels")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="relabels")
    done_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["change", "case"],
                violation_error_message="This case waits for this change already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_done_by_somebody",
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                violation_error_message="What is labelled again says who did it and when.",
            ),
        ]
        indexes = [
            models.Index(fields=["change", "case"], name="registry_relabel_waiting", condition=Q(done_at__isnull=True))
        ]

    def __str__(self):
        return f"{self.case} after {self.change}"
