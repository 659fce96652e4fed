"""The ledger of digests: what is owed to whom, and what became of it."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from registry.choices import DigestState
from registry.models.pattern import PatternRun
from registry.models.people import Person
from registry.models.subscription import Subscription
from taxonomy.constraints import one_of


class Digest(models.Model):
    """One row is one mail owed to one subscription for one period; never two for the same period.

    `asked` marks one that its reader asked for besides those that fall due by themselves.
    """

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="digests")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="digests")
    asked = models.BooleanField(default=False)
    address = models.EmailField(max_length=254, blank=True, help_text="Where it was sent.")
    period_start = models.DateTimeField(help_text="Half-open: the start is in, the end is out.")
    period_end = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DigestState.choices, default=DigestState.DUE)
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    message_id = models.CharField(max_length=200)
    run = models.ForeignKey(PatternRun, null=True, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    chart = models.BinaryField(blank=True, default=b"")
    handed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="registry_digest_once_per_period",
                fields=["subscription", "period_end"],
                violation_error_message="This period's digest exists already.",
            ),
            models.CheckConstraint(
                name="registry_digest_period_forwards",
                condition=Q(period_start__lt=F("period_end")),
                violation_error_message="A period ends after it starts.",
            ),
            models.CheckConstraint(
                name="registry_digest_sent_at_iff_sent",
                condition=Q(state=DigestState.SENT, sent_at__isnull=False)
                | (~Q(state=DigestState.SENT) & Q(sent_at__isnull=True)),
                violation_error_message="A sent digest has a time of sending, and only a sent one.",
            ),
            one_of("state", DigestState),
        ]
        indexes = [models.Index(name="registry_digest_owed", fields=["not_before"], condition=Q(state=DigestState.DUE))]

    def __str__(self):
        return f"{self.person}, to {self.period_end:%d %B %Y}"

    def get_absolute_url(self):
        return reverse("digest", kwargs={"pk": self.pk})
