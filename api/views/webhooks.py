"""Webhooks: one's own to make and change; administrators read everybody's, without secrets or answers.

With a token, an administrator needs the scope `admin` for those of others, as for everything that is not theirs.
"""

import django_filters
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.auth import administers
from api.models import Scope
from api.serializers.case_input import checked
from api.serializers.webhooks import (
    DeliveryShape,
    SentAgainShape,
    SinceInput,
    WebhookChangeInput,
    WebhookInput,
    WebhookShape,
    WebhookWithSecretShape,
    delivery_of,
    webhook_of,
)
from api.versions import required_version
from api.views.base import NEWEST_FIRST, ListView, RegistryView, VersionedView, answer
from registry.actions import webhooks
from registry.choices import DeliveryState
from registry.models import WebhookDelivery

SCOPES = (Scope.CASES_READ, Scope.EXPORT)
TARGET = "https://hooks.example.org/registry"


class DeliveryFilterSet(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=DeliveryState.choices, label="One of these states.")


class Webhooks:
    """What the views of webhooks share."""

    def webhook(self, number, *, to_change=False):
        person, others_too = self.request.user, administers(self.request)
        found = webhooks.webhook_for(person, int(number), to_change=to_change and others_too)
        if found.owner_id != person.pk and not others_too:
            raise Http404
        return found

    def data_of(self, webhook):
        return webhook_of(webhook, addresses=self.addresses(), own=webhook.owner_id == self.request.user.pk)

    def delivery_data(self, delivery, webhook):
        own = webhook.owner_id == self.request.user.pk
        return delivery_of(delivery, webhook=webhook, addresses=self.addresses(), own=own)


class WebhookList(Webhooks, ListView):
    scopes = {"GET": SCOPES, "POST": SCOPES}
    shape = WebhookShape
    orderings = NEWEST_FIRST
    shown_once = ("secret",)

    @describing.lists(
        WebhookShape, orderings=NEWEST_FIRST, default="-id", operation_id="list_webhooks", summary="Your webhooks"
    )
    def get(self, request):
        return super().get(request)

    @describing.writes(
        WebhookWithSecretShape,
        takes=WebhookInput,
        status=201,
        operation_id="make_webhook",
        summary="Have what changes from now on sent to an address",
        examples=[describing.example("Cases only", {"name": "Ticket system", "target": TARGET, "kinds": ["case"]})],
    )
    def post(self, request):
        values = given(WebhookInput, request.data)
        webhook = with_target(webhooks.make_webhook, by=request.user, at=timezone.now(), **values)
        data = self.data_of(webhook)
        headers = {"Location": data["url"], "Cache-Control": "no-store"}
        secret = {**data, "secret": webhook.secret}
        return answer(request, secret, version=webhook.version, status=201, headers=headers)

    def found(self):
        rows = webhooks.webhooks_of(self.request.user).select_related("owner")
        return rows if administers(self.request) else rows.filter(owner=self.request.user)

    def row_of(self, row):
        return self.data_of(row)


class OneWebhook(Webhooks, VersionedView):
    named = "webhook"
    scopes = {"GET": SCOPES, "PATCH": SCOPES, "DELETE": SCOPES}

    @describing.reads(WebhookShape, operation_id="read_webhook", summary="One webhook and how it fares")
    def get(self, request, number):
        return self.answer_for(self.webhook(number))

    @describing.writes(
        WebhookShape,
        takes=WebhookChangeInput,
        matched=True,
        operation_id="change_webhook",
        summary="Change a webhook, pause it or let it go on",
        examples=[describing.example("Pause", {"active": False})],
    )
    def patch(self, request, number):
        webhook = self.webhook(number, to_change=True)
        version, values = required_version(request, webhook.version), given(WebhookChangeInput, request.data)
        return self.answer_for(with_target(self.carry_out, webhooks.change_webhook, webhook, version, **values))

    @extend_schema(
        operation_id="delete_webhook",
        summary="Forget a webhook and what it was sent",
        parameters=[describing.IF_MATCH],
        responses={204: None, **describing.refusals(*describing.READING, 409, 412, 428)},
    )
    def delete(self, request, number):
        webhook = self.webhook(number, to_change=True)
        self.carry_out(webhooks.delete_webhook, webhook, required_version(request, webhook.version))
        return Response(status=204)


class WebhookSecret(Webhooks, RegistryView):
    scopes = {"POST": SCOPES}
    shown_once = ("secret",)

    @describing.writes(
        WebhookWithSecretShape,
        takes=None,
        operation_id="rotate_webhook_secret",
        summary="Get a new secret; for 24 hours messages carry a signature with the former one too",
    )
    def post(self, request, number):
        webhook = self.webhook(number, to_change=True)
        webhook = webhooks.rotate_secret(webhook=webhook, by=request.user, at=timezone.now())
        data = {**self.data_of(webhook), "secret": webhook.secret}
        return answer(request, data, version=webhook.version, headers={"Cache-Control": "no-store"})


class WebhookTest(Webhooks, RegistryView):
    scopes = {"POST": SCOPES}

    @describing.writes(
        DeliveryShape,
        takes=None,
        status=201,
        operation_id="test_webhook",
        summary="Send a message that tells of nothing, to see whether it arrives",
    )
    def post(self, request, number):
        webhook = self.webhook(number, to_change=True)
        delivery = webhooks.send_test(webhook=webhook, by=request.user, at=timezone.now())
        data = self.delivery_data(delivery, webhook)
        return Response(data, status=201, headers={"Location": data["url"]})


class WebhookReplay(Webhooks, RegistryView):
    scopes = {"POST": SCOPES}

    @describing.writes(
        SentAgainShape,
        takes=SinceInput,
        operation_id="replay_webhook",
        summary="Send everything since a time once more, each message under its own id",
        examples=[describing.example("Since the outage", {"since": "2026-11-20T09:30:00Z"})],
    )
    def post(self, request, number):
        webhook = self.webhook(number, to_change=True)
        since = checked(SinceInput, request.data)["since"]
        again = webhooks.send_again_since(webhook=webhook, by=request.user, at=timezone.now(), since=since)
        return Response({"messages": again})


@describing.listed("list_deliveries", "What a webhook was sent, the latest first")
class DeliveryList(Webhooks, ListView):
    scopes = {"GET": SCOPES}
    shape = DeliveryShape
    orderings = NEWEST_FIRST
    filter_set = DeliveryFilterSet

    def found(self, number):
        self.of = self.webhook(number)
        return WebhookDelivery.objects.filter(webhook=self.of).select_related("change")

    def row_of(self, row):
        return self.delivery_data(row, self.of)


class OneDelivery(Webhooks, RegistryView):
    scopes = {"GET": SCOPES}

    @describing.reads(DeliveryShape, operation_id="read_delivery", summary="One message and how its last attempt went")
    def get(self, request, number, delivery):
        webhook = self.webhook(number)
        return answer(request, self.delivery_data(delivery_of_webhook(webhook, delivery), webhook), version=0)


class DeliveryReplay(Webhooks, RegistryView):
    scopes = {"POST": SCOPES}

    @describing.writes(
        DeliveryShape, takes=None, operation_id="replay_delivery", summary="Send a message once more, under the same id"
    )
    def post(self, request, number, delivery):
        webhook = self.webhook(number, to_change=True)
        found = delivery_of_webhook(webhook, delivery)
        found = webhooks.send_again(delivery=found, by=request.user, at=timezone.now())
        return Response(self.delivery_data(found, webhook))


def delivery_of_webhook(webhook, number):
    found = webhook.deliveries.select_related("change").filter(pk=int(number)).first()
    if found is None:
        raise Http404
    return found


def given(serializer, data):
    """The values as the actions name them: the address that is sent to is `target` here, since `url` is our own."""
    values = checked(serializer, data)
    return {"url" if name == "target" else name: value for name, value in values.items()}


def with_target(action, *row, **arguments):
    """What `action` gives; what it has against the address is said of `target`."""
    try:
        return action(*row, **arguments)
    except ValidationError as error:
        if "url" not in getattr(error, "error_dict", {}):
            raise
        raise ValidationError({"target": error.error_dict["url"]}) from None
