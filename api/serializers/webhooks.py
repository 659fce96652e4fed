"""Webhooks and what they were sent, as the API shows them; secrets only once."""

from django.urls import reverse
from rest_framework import serializers

from api.addresses import reference_of
from api.serializers.strict import Choice, Moment, StrictSerializer, Text, YesNo
from registry.choices import ChangeOf, DeliveryState
from registry.outbound.guard import LONGEST
from registry.webhooks.messages import TEST


class WebhookShape(serializers.Serializer):
    id = serializers.IntegerField()
    url = serializers.URLField(help_text="Of this webhook here; where messages go is `target`.")
    html_url = serializers.URLField(allow_null=True, help_text="The page of one's own.")
    owner = serializers.CharField()
    name = serializers.CharField()
    target = serializers.CharField(help_text="The address that is sent to.")
    kinds = serializers.ListField(child=serializers.ChoiceField(ChangeOf.values), help_text="Empty for all.")
    active = serializers.BooleanField()
    disabled_at = serializers.DateTimeField(allow_null=True, help_text="When the registry gave it up.")
    disabled_because = serializers.CharField(allow_null=True)
    failures = serializers.IntegerField(help_text="One after another; 0 after each success.")
    failing_since = serializers.DateTimeField(allow_null=True)
    former_secret_until = serializers.DateTimeField(allow_null=True, help_text="Until then two secrets sign.")
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class WebhookWithSecretShape(WebhookShape):
    secret = serializers.CharField(
        allow_null=True, help_text="Shown here only; null when the answer is given again by an Idempotency-Key."
    )


class WebhookChangeInput(StrictSerializer):
    name = Text(max_length=60, required=False, help_text="What receives it.")
    target = Text(max_length=LONGEST, required=False, help_text="https://…, on the public internet.")
    kinds = serializers.ListField(
        child=Choice(ChangeOf.choices), required=False, max_length=len(ChangeOf.values), help_text="Empty for all."
    )
    active = YesNo(required=False)


class WebhookInput(WebhookChangeInput):
    name = Text(max_length=60, help_text="What receives it.")
    target = Text(max_length=LONGEST, help_text="https://…, on the public internet.")


class DeliveryShape(serializers.Serializer):
    id = serializers.IntegerField()
    url = serializers.URLField()
    html_url = serializers.URLField(allow_null=True)
    message_id = serializers.CharField(help_text="`webhook-id` of every attempt.")
    tells = serializers.CharField(help_text="What it is about, for example `case`; `webhook.test` for a test.")
    case = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(DeliveryState.choices)
    attempts = serializers.IntegerField()
    next_at = serializers.DateTimeField(allow_null=True, help_text="When it is due; null once it is over.")
    tried_at = serializers.DateTimeField(allow_null=True)
    status = serializers.IntegerField(allow_null=True, help_text="Of the last answer; null if there was none.")
    milliseconds = serializers.IntegerField(allow_null=True)
    error = serializers.CharField(allow_null=True)
    excerpt = serializers.CharField(help_text="The beginning of the last answer.")
    created_at = serializers.DateTimeField()


class SinceInput(StrictSerializer):
    since = Moment(help_text="Messages made since then.")


class SentAgainShape(serializers.Serializer):
    messages = serializers.IntegerField(help_text="How many are sent again.")


def webhook_of(webhook, *, addresses, own):
    return {
        "id": webhook.pk,
        "url": f"{addresses.api}/webhooks/{webhook.pk}/",
        "html_url": addresses.root + reverse("webhook", kwargs={"number": webhook.pk}) if own else None,
        "owner": webhook.owner.username,
        "name": webhook.name,
        "target": webhook.url,
        "kinds": webhook.kinds,
        "active": webhook.active,
        "disabled_at": webhook.disabled_at,
        "disabled_because": webhook.disabled_because or None,
        "failures": webhook.failures,
        "failing_since": webhook.failing_since,
        "former_secret_until": webhook.former_until,
        "version": webhook.version,
        "created_at": webhook.created_at,
        "updated_at": webhook.updated_at,
    }


def delivery_of(delivery, *, webhook, addresses, own):
    """Whoever only administers is not told of which case it tells, nor what was answered."""
    number = delivery.change.case_number if own and delivery.change else None
    page = addresses.root + reverse("webhook", kwargs={"number": webhook.pk}) if own else None
    return {
        "id": delivery.pk,
        "url": f"{addresses.api}/webhooks/{webhook.pk}/deliveries/{delivery.pk}/",
        "html_url": page,
        "message_id": delivery.message_id,
        "tells": delivery.change.what if delivery.change else TEST,
        "case": reference_of(number) if number else None,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_at": delivery.next_at if delivery.state in (DeliveryState.DUE, DeliveryState.SENDING) else None,
        "tried_at": delivery.tried_at,
        "status": delivery.status,
        "milliseconds": delivery.milliseconds,
        "error": delivery.error or None,
        "excerpt": delivery.excerpt if own else "",
        "created_at": delivery.created_at,
    }
