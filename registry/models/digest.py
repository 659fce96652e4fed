"""Who gets the weekly digest, and the ledger of what was sent."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from registry.choices import DigestState, Weekday
from registry.models.pattern import PatternRun
from registry.models.people import Person
from taxonomy.constraints import one_of, tracked


def validate_time_zone(name):
    if name not in available_timezones():
        raise ValidationError(f"“{name}” is no time zone; use a name such as Europe/London.")


@tracked()
class Subscription(models.Model):
    """One row is one person's wish for a digest every week."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="subscriptions")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices, default=Weekday.MONDAY)
    hour = models.PositiveSmallIntegerField(default=7, help_text="0 to 23, in the time zone below.")
    time_zone = models.CharField(max_length=60, default="UTC", validators=[validate_time_zone])
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="registry_subscription_one_per_person",
                fields=["person"],
                violation_error_message="This person is subscribed already.",
            ),
            models.CheckConstraint(
                name="registry_subscription_weekday_known",
                condition=Q(weekday__lte=6),
                violation_error_message="The weekday is 0 (Monday) to 6 (Sunday).",
            ),
            models.CheckConstraint(
                name="registry_subscription_hour_of_day",
                condition=Q(hour__lte=23),
                violation_error_message="The hour is 0 to 23.",
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.get_weekday_display()} {self.hour}:00 {self.time_zone}"


class Digest(models.Model):
    """One row is one mail owed to one subscription for one period; never two for the same period."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="digests")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="digests")
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
