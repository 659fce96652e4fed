"""What the caller was told of cases."""

import django_filters
from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.models import Scope
from api.serializers.case_input import checked
from api.serializers.mail import NotificationShape, SeenInput, SeenShape, UnseenShape, notification_of
from api.views.base import NEWEST_FIRST, ListView, RegistryView
from registry import access
from registry.actions import notifications
from registry.models import Notification


class NotificationFilterSet(django_filters.FilterSet):
    unseen = django_filters.BooleanFilter(field_name="seen_at", lookup_expr="isnull")

    class Meta:
        model = Notification
        fields = []


@describing.listed("list_notifications", "What you were told of cases you may see, the latest first")
class NotificationList(ListView):
    shape, build, filter_set = NotificationShape, notification_of, NotificationFilterSet
    orderings = NEWEST_FIRST

    def found(self):
        return notifications.told_to(self.request.user).select_related("actor")


class OneNotification(RegistryView):
    @extend_schema(
        operation_id="read_notification",
        summary="One thing you were told",
        responses={200: NotificationShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, number):
        rows = notifications.told_to(request.user).select_related("actor")
        return Response(notification_of(get_object_or_404(rows, pk=number), self.addresses()))


class Unseen(RegistryView):
    @extend_schema(
        operation_id="count_unseen",
        summary="How much you have not seen yet",
        responses={200: UnseenShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request):
        unseen = notifications.told_to(request.user).filter(seen_at=None)
        return Response(unseen.aggregate(notifications=Count("pk"), cases=Count("case", distinct=True)))


class Seen(RegistryView):
    scopes = {"POST": (Scope.CASES_READ, Scope.CASES_WRITE)}

    @extend_schema(
        operation_id="mark_seen",
        summary="Say that you have seen what you were told, all of it or of one case",
        request=SeenInput,
        responses={200: SeenShape, **describing.refusals(*describing.WRITING)},
        examples=[describing.example("Of one case", {"case": "AIR-42"})],
    )
    def post(self, request):
        reference = checked(SeenInput, request.data).get("case")
        case = access.case_for(request.user, reference) if reference else None
        return Response({"seen": notifications.mark_seen(person=request.user, at=timezone.now(), case=case)})
