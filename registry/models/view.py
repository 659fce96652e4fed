"""Filters worth keeping."""

from django.db import models
from django.db.models import Q

from registry.models.people import Person
from taxonomy.constraints import at_most, filled, tracked


class SavedViewQuerySet(models.QuerySet):
    def for_person(self, person):
        """One's own views, and those others share."""
        return self.filter(Q(owner=person) | Q(shared=True))


@tracked()
class SavedView(models.Model):
    """One row is a set of filters and an order under a name: a tab of the case list, and `?view=<slug>`."""

    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="views")
    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=80, unique=True)
    query = models.TextField(blank=True, help_text="As in the list's address, the ordering with it.")
    shared = models.BooleanField(default=False, help_text="Everyone signed in may use it; each sees their own cases.")
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_name_once",
                fields=["owner", "name"],
                violation_error_message="You have a view of this name already.",
            ),
            filled("name"),
            at_most("query", 4000),
        ]

    def __str__(self):
        return self.name
