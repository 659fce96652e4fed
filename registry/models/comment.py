"""What people say to one another about a case."""

from django.db import models
from django.db.models import Q

from registry.models.case import Case
from registry.models.people import Person
from taxonomy.constraints import at_most, filled, tracked


@tracked()
class Comment(models.Model):
    """One row is one comment on a case, or an answer to one. Whoever sees the case sees it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="comments")
    answers = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField()
    written_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_resolved_by_somebody",
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                violation_error_message="A resolved comment says who resolved it and when.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_removed_by_somebody",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                violation_error_message="A removed comment says who removed it and when.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_answers_are_not_resolved",
                condition=Q(answers__isnull=True) | Q(resolved_at__isnull=True),
                violation_error_message="A thread is resolved at its first comment.",
            ),
            filled("text"),
            at_most("text", 10000),
        ]

    def __str__(self):
        return f"{self.author} on {self.case}"


@tracked()
class CommentMention(models.Model):
    """One row says that a comment names one person, who is told of it."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="mentions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["comment", "person"],
                violation_error_message="This person is mentioned already.",
            )
        ]

    def __str__(self):
        return f"{self.comment} mentions {self.person}"
