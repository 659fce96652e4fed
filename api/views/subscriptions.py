"""Subscriptions to digests: what each follows, when it comes and on which conditions."""

from django.db.models import Case, When
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.auth import administers
from api.models import Scope
from api.serializers.case_input import checked
from api.serializers.mail import (
    DigestRowShape,
    SubscriptionChangeInput,
    SubscriptionInput,
    SubscriptionShape,
    digest_row_of,
    subscription_of,
)
from api.views.base import WRITE, ListView, RegistryView
from registry.actions import subscriptions
from registry.digests import ledger
from registry.digests.clock import database_now
from registry.models import Subscription

FRIDAYS = {"weekday": "friday", "hour": 16, "time_zone": "Europe/London"}
AT_ONCE = {"about": "branch", "node": "cause:inner", "cadence": "hourly", "max_q": 0.05, "min_severity": "high"}


class Subscriptions:
    """What the views of subscriptions share: one's own and one's teams', everybody's for an administrator."""

    def running(self):
        own = subscriptions.theirs(self.request.user)
        rows = Subscription.objects.filter(active=True).select_related(*subscriptions.NAMED)
        rows = rows if administers(self.request) else rows.filter(own)
        return rows.annotate(own=Case(When(own, then=True), default=False))

    @cached_property
    def now(self):
        return database_now()

    def row_of(self, row):
        return subscription_of(row, at=self.now, own=row.own, addresses=self.addresses())

    def one(self, number):
        return get_object_or_404(self.running(), pk=number)


@describing.listed("list_subscriptions", "Your subscriptions and your teams'; everybody's with the scope `admin`")
class SubscriptionList(Subscriptions, ListView):
    scopes = {"GET": (Scope.CASES_READ,), "POST": WRITE}
    shape = SubscriptionShape

    def found(self):
        return self.running()

    @extend_schema(
        operation_id="subscribe",
        summary="Have digests of something sent to you, or to a team of yours",
        request=SubscriptionInput,
        responses={201: SubscriptionShape, **describing.refusals(*describing.WRITING)},
        examples=[
            describing.example("Everything, on Friday afternoons", FRIDAYS),
            describing.example("What cannot wait in one branch", AT_ONCE),
        ],
    )
    def post(self, request):
        values = checked(SubscriptionInput, request.data, context={"person": request.user})
        made = subscriptions.subscribe(person=request.user, by=request.user, at=database_now(), **values)
        data = self.row_of(self.one(made.pk))
        return Response(data, status=201, headers={"Location": data["url"]})


class OneSubscription(Subscriptions, RegistryView):
    scopes = {"GET": (Scope.CASES_READ,), "PATCH": WRITE, "DELETE": WRITE}

    @extend_schema(
        operation_id="read_subscription",
        summary="One subscription",
        responses={200: SubscriptionShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, number):
        return Response(self.row_of(self.one(number)))

    @extend_schema(
        operation_id="change_subscription",
        summary="Change when a digest comes and on which conditions, pause it or let it go on",
        request=SubscriptionChangeInput,
        responses={200: SubscriptionShape, **describing.refusals(*describing.WRITING)},
        examples=[
            describing.example("Later in the day", {"hour": 18}),
            describing.example("Only if something moved", {"only_if_moved": True}),
            describing.example("Pause", {"paused_until": "2026-12-07T00:00:00Z"}),
        ],
    )
    def patch(self, request, number):
        row, values = self.one(number), checked(SubscriptionChangeInput, request.data)
        subscriptions.revise_subscription(subscription=row, by=request.user, at=database_now(), **values)
        return Response(self.row_of(self.one(number)))

    @extend_schema(
        operation_id="unsubscribe",
        summary="Stop a digest",
        responses={204: None, **describing.refusals(*describing.READING, 409)},
    )
    def delete(self, request, number):
        subscriptions.unsubscribe(subscription=self.one(number), by=request.user, at=database_now())
        return Response(status=204)


class SendNow(Subscriptions, RegistryView):
    scopes = {"POST": WRITE}

    @describing.writes(
        DigestRowShape,
        takes=None,
        status=202,
        operation_id="send_digest_now",
        summary="Have the digest sent now, from where the last one ended; the one under way if there is one",
    )
    def post(self, request, number):
        # What a digest of somebody else is about is theirs to know.
        own = get_object_or_404(self.running().filter(own=True), pk=number)
        asked = ledger.ask_for_now(subscription=own, by=request.user, at=database_now())
        data = digest_row_of(asked, self.addresses())
        return Response(data, status=202, headers={"Location": data["url"]})
