"""Alignment debt that somebody decided to carry for a while."""

from django.db import models
from django.db.models import F, Q

from registry.models.case import Case
from registry.models.people import Person
from taxonomy.constraints import at_most, filled, tracked


@tracked()
class DebtAcceptance(models.Model):
    """One row says who carries the debt of one case, why and until when: from `expires_on` on it counts again."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="debt_acceptances")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    expires_on = models.DateField()
    accepted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_in_force",
                fields=["case"],
                condition=Q(ended_at__isnull=True),
                violation_error_message="The debt of this case is accepted already; end that first.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_expires_later",
                condition=Q(expires_on__gt=F("accepted_at__date")),
                violation_error_message="Debt is accepted until a day after today.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                violation_error_message="An acceptance that was ended says who did it and when.",
            ),
            filled("reason"),
            at_most("reason", 10000),
        ]

    def __str__(self):
        return f"{self.owner} carries the debt of {self.case} until {self.expires_on}"
