"""Where a case is reported."""

from django.db import models
from django.db.models import Q

from registry.choices import SourceKind, Verification
from taxonomy.constraints import filled, one_of, tracked


@tracked()
class Source(models.Model):
    """One row is one article, paper or database page; it may report several cases."""

    url = models.URLField(max_length=1000, blank=True)
    title = models.CharField(max_length=500)
    publisher = models.CharField(max_length=200, blank=True)
    published_on = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=20, choices=SourceKind.choices, default=SourceKind.SECONDARY)
    verification = models.CharField(max_length=20, choices=Verification.choices, default=Verification.NOT_SEEN)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            one_of("kind", SourceKind),
            one_of("verification", Verification),
            filled("title"),
        ]
        # Not unique: whoever cannot see the cases of a source gets a source of their own for its address.
        indexes = [models.Index(fields=["url"], condition=~Q(url=""), name="registry_source_by_url")]

    def __str__(self):
        return self.title
