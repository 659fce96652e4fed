"""The numbers that cases have elsewhere."""

from django.db import models
from django.db.models import Q

from registry.models.case import Case
from taxonomy.constraints import filled, tracked


@tracked()
class ExternalId(models.Model):
    """One row is the number of a case in another database.

    A number may stand on several cases, as a CVE does. Where a case was imported under it, `imported`
    holds the values the importer last wrote, so that the next import can tell what the other
    database changed from what people changed here; such a number belongs to one case only.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="external_ids")
    source = models.SlugField(max_length=40)
    value = models.CharField(max_length=200)
    url = models.URLField(max_length=1000, blank=True)
    imported = models.JSONField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["case", "source", "value"],
                violation_error_message="The case has this external number already.",
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_imported_once",
                fields=["source", "value"],
                condition=Q(imported__isnull=False),
                violation_error_message="A case was imported under this external number already.",
            ),
            filled("source"),
            filled("value"),
        ]
        indexes = [models.Index(fields=["source", "value"], name="registry_externalid_number")]

    def __str__(self):
        return f"{self.source} {self.value}"
