"""The weekly digest: when it comes."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.auth import administers
from api.errors import Problem
from api.models import Scope
from api.serializers.case_input import checked
from api.serializers.mail import SubscriptionInput, SubscriptionShape, subscription_of
from api.views.base import ListView, RegistryView
from registry.actions import subscriptions
from registry.models import Subscription

WRITE = (Scope.CASES_READ, Scope.CASES_WRITE)
EXAMPLE = {"weekday": "friday", "hour": 16, "time_zone": "Europe/London"}


def whose(request, rows):
    """The caller's own of `rows`, everybody's for an administrator."""
    rows = rows.select_related("person")
    return rows if administers(request) else rows.filter(person=request.user)


@describing.listed("list_subscriptions", "Your subscription to the weekly digest; everybody's with the scope `admin`")
class SubscriptionList(ListView):
    scopes = {"GET": (Scope.CASES_READ,), "POST": WRITE}
    shape = SubscriptionShape

    def found(self):
        return whose(self.request, Subscription.objects.filter(active=True))

    def row_of(self, row):
        return subscription_of(row, at=timezone.now(), addresses=self.addresses())

    @extend_schema(
        operation_id="subscribe",
        summary="Have the weekly digest sent to you",
        request=SubscriptionInput,
        responses={201: SubscriptionShape, **describing.refusals(*describing.WRITING)},
        examples=[describing.example("Friday afternoons", EXAMPLE)],
    )
    def post(self, request):
        values = checked(SubscriptionInput, request.data)
        if Subscription.objects.filter(person=request.user, active=True).exists():
            raise Problem("already-exists", "You are subscribed already; change that subscription.")
        row = subscriptions.subscribe(person=request.user, by=request.user, at=timezone.now(), **values)
        data = self.row_of(row)
        return Response(data, status=201, headers={"Location": data["url"]})


class OneSubscription(RegistryView):
    scopes = {"GET": (Scope.CASES_READ,), "PATCH": WRITE, "DELETE": WRITE}

    @extend_schema(
        operation_id="read_subscription",
        summary="One subscription",
        responses={200: SubscriptionShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, number):
        return self.answer_for(self.found(number))

    @extend_schema(
        operation_id="change_subscription",
        summary="Move the digest to another weekday, hour or time zone",
        request=SubscriptionInput,
        responses={200: SubscriptionShape, **describing.refusals(*describing.WRITING)},
        examples=[describing.example("Later in the day", {"hour": 18})],
    )
    def patch(self, request, number):
        row = self.found(number)
        values = {"weekday": row.weekday, "hour": row.hour, "time_zone": row.time_zone}
        values |= checked(SubscriptionInput, request.data)
        row = subscriptions.change_subscription(subscription=row, by=request.user, at=timezone.now(), **values)
        return self.answer_for(row)

    @extend_schema(
        operation_id="unsubscribe",
        summary="Stop the weekly digest",
        responses={204: None, **describing.refusals(*describing.READING, 409)},
    )
    def delete(self, request, number):
        subscriptions.unsubscribe(subscription=self.found(number), by=request.user, at=timezone.now())
        return Response(status=204)

    def found(self, number):
        rows = whose(self.request, Subscription.objects.filter(active=True))
        return get_object_or_404(rows, pk=number)

    def answer_for(self, row):
        return Response(subscription_of(row, at=timezone.now(), addresses=self.addresses()))
