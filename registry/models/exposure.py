"""How much an AI system was used: what a number of incidents has to be divided by."""

from django.db import models
from django.db.models import Q

from registry.choices import ExposureUnit
from registry.models.party import System
from taxonomy.constraints import filled, one_of, tracked


@tracked()
class Exposure(models.Model):
    """One row is how much one system was used in one month, counted in one unit."""

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="exposures")
    month = models.DateField(help_text="The first day of the month.")
    unit = models.CharField(max_length=20, choices=ExposureUnit.choices)
    amount = models.PositiveBigIntegerField()
    source = models.CharField(max_length=500, help_text="Where the number comes from.")
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["system", "month", "unit"],
                violation_error_message="The use of this system in this month is recorded in this unit already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_month_begins",
                condition=Q(month__day=1),
                violation_error_message="A month is given by its first day.",
            ),
            one_of("unit", ExposureUnit),
            filled("source"),
        ]

    def __str__(self):
        return f"{self.system} {self.month:%Y-%m}: {self.amount} {self.unit}"
