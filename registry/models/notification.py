"""Who wants to hear of a case, and what they were told."""

from django.db import models
from django.db.models import Q

from registry.choices import NotificationKind
from registry.models.case import Case
from registry.models.comment import Comment
from registry.models.people import Person
from taxonomy.constraints import one_of, tracked


@tracked()
class CaseWatch(models.Model):
    """One row is one person's wish about one case: to hear of it, or, though involved, not to.

    Reporter, owner, reviewer and whoever commented hear of a case without a row.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="watches")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="watches")
    watching = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["case", "person"],
                violation_error_message="This person has said already whether they watch the case.",
            )
        ]

    def __str__(self):
        return f"{self.person} {'watches' if self.watching else 'ignores'} {self.case}"


class Notification(models.Model):
    """One row tells one person of one thing in a case. It holds no text; pages and mails write their own."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notifications")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notifications")
    kind = models.CharField(max_length=20, choices=NotificationKind.choices)
    actor = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    comment = models.ForeignKey(Comment, null=True, blank=True, on_delete=models.PROTECT, related_name="notifications")
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_comment_known",
                condition=Q(comment__isnull=False)
                | ~Q(kind__in=[NotificationKind.MENTIONED, NotificationKind.COMMENTED, NotificationKind.RESOLVED]),
                violation_error_message="What is told of a comment names the comment.",
            ),
            one_of("kind", NotificationKind),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="registry_notification_of"),
            # Asked on every page: how many cases have news.
            models.Index(fields=["person", "case"], name="registry_notification_unseen", condition=Q(seen_at=None)),
            # Asked every few minutes: whom to write to.
            models.Index(
                fields=["person"],
                name="registry_notification_unmailed",
                condition=Q(seen_at__isnull=True, mailed_at__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.kind} {self.case}"
