"""Where other tools want to be told of what changes, and what they were sent."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q

from registry.choices import ChangeOf, DeliveryState
from registry.models.change import Change
from registry.models.people import Person
from taxonomy.constraints import at_most, filled, one_of, tracked

# What changes with every delivery is in the deliveries, and secrets are nowhere else.
UNTOLD = ("secret", "former_secret", "position", "failures", "failing_since", "not_before")


@tracked(*UNTOLD)
class Webhook(models.Model):
    """One row is one address that is sent the change feed, as its owner may see it at the time of sending."""

    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="webhooks")
    name = models.CharField(max_length=60)
    url = models.CharField("address", max_length=1000)
    kinds = ArrayField(models.CharField(max_length=20, choices=ChangeOf.choices), default=list, blank=True)
    active = models.BooleanField(default=True)
    secret = models.CharField(max_length=80, editable=False)
    former_secret = models.CharField(max_length=80, blank=True, editable=False)
    former_until = models.DateTimeField(null=True, blank=True, editable=False)
    position = models.BigIntegerField(default=0, editable=False, help_text="How far in the feed deliveries were made.")
    failures = models.PositiveIntegerField(default=0, editable=False, help_text="One after another.")
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    not_before = models.DateTimeField(null=True, blank=True, editable=False, help_text="It is left alone until then.")
    disabled_at = models.DateTimeField(null=True, blank=True, editable=False)
    disabled_because = models.CharField(max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_name_once",
                fields=["owner", "name"],
                violation_error_message="You have a webhook of this name already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_kinds_known",
                condition=Q(kinds__contained_by=ChangeOf.values),
                violation_error_message=f"A webhook is sent changes of: {', '.join(ChangeOf.values)}.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_disabled_with_a_reason",
                condition=Q(disabled_at__isnull=True, disabled_because="")
                | (Q(disabled_at__isnull=False, active=False) & ~Q(disabled_because="")),
                violation_error_message="A webhook that was disabled says why and is not active.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_former_secret_until",
                condition=Q(former_secret="", former_until__isnull=True)
                | (~Q(former_secret="") & Q(former_until__isnull=False)),
                violation_error_message="A former secret is used until a certain time.",
            ),
            filled("name"),
            filled("url"),
            filled("secret"),
        ]

    def __str__(self):
        return f"{self.name} ({self.owner})"


class WebhookDelivery(models.Model):
    """One row is one message to one webhook: what it tells, and how the attempts to send it went.

    It holds the number of the change only; what is sent is written, and who may see it asked, at every attempt. A
    message without a change is a test.
    """

    id = models.BigAutoField(primary_key=True)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    change = models.ForeignKey(Change, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    message_id = models.CharField(max_length=60, unique=True)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(help_text="When it is due, or until when whoever sends it holds it.")
    tried_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    error = models.TextField(blank=True, validators=[MaxLengthValidator(500)])
    excerpt = models.TextField(blank=True, help_text="The beginning of what was answered.")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "webhook deliveries"
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once",
                fields=["webhook", "change"],
                violation_error_message="This webhook is told of this change already.",
            ),
            one_of("state", DeliveryState),
            filled("message_id"),
            at_most("error", 500),
            at_most("excerpt", 1000),
        ]
        indexes = [
            models.Index(
                name="registry_webhookdelivery_due",
                fields=["webhook", "id"],
                condition=Q(state__in=[DeliveryState.DUE, DeliveryState.SENDING]),
            ),
            models.Index(name="registry_webhookdelivery_log", fields=["webhook", "-id"]),
        ]

    def __str__(self):
        return f"{self.message_id} ({self.state})"
