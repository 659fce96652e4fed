"""How cases stand to one another, and cases that became one."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from registry.choices import LinkKind
from registry.models.case import Case
from registry.models.people import Person
from taxonomy.constraints import one_of, tracked


@tracked()
class CaseLink(models.Model):
    """One row is somebody's answer how one case stands to another; “different” is an answer too."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=20, choices=LinkKind.choices)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Least("case", "other"),
                Greatest("case", "other"),
                name="registry_caselink_once",
                violation_error_message="It is said already how these two cases stand to one another.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_of_two_cases",
                condition=~Q(case=F("other")),
                violation_error_message="A case is not linked to itself.",
            ),
            one_of("kind", LinkKind),
        ]

    def __str__(self):
        return f"{self.case.reference} {self.get_kind_display().lower()} {self.other.reference}"

    def other_than(self, case):
        """The number of the case at the other end."""
        return self.other_id if self.case_id == case.pk else self.case_id


@tracked("moved")
class CaseMerge(models.Model):
    """One row says that one case was merged into another, and holds all that is needed to take it back.

    `moved` lists every row that was changed, as it was before: {"table", "id", "before", "after"} with the changed
    columns only; `before` is None for a row that the merge made, `after` None for one it deleted.
    """

    kept = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="merged_away")
    reason = models.TextField()
    moved = models.JSONField()
    merged_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    undone_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_into_one_case",
                fields=["merged"],
                condition=Q(undone_at__isnull=True),
                violation_error_message="This case is merged into another already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_of_two_cases",
                condition=~Q(kept=F("merged")),
                violation_error_message="A case is not merged into itself.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_undone_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                violation_error_message="A merge that was taken back says who did it and when.",
            ),
        ]

    def __str__(self):
        return f"{self.merged.reference} merged into {self.kept.reference}"
