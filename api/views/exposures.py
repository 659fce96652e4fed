"""How much systems are used, month by month: the records about systems that a case names which the caller may see."""

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import describing
from api.finding import row_or_404
from api.models import Scope
from api.serializers.case_input import checked
from api.serializers.exposures import (
    ExposureChangeInput,
    ExposureInput,
    ExposureShape,
    exposure_of,
    system_named,
)
from api.versions import required_version
from api.views.base import NEWEST_FIRST, WRITE, ListView, VersionedView, answer
from registry.actions import exposures
from registry.choices import ExposureUnit
from registry.filter_fields import PersonalFilterSet, one_of
from registry.models import Exposure

EXAMPLE = {
    "system": "code-agent",
    "month": "2026-10",
    "unit": "conversations",
    "amount": 12000,
    "source": "The usage report of October.",
}


class MonthField(forms.CharField):
    def clean(self, value):
        text = super().clean(value)
        return exposures.month_in(text) if text else None


class MonthFilter(django_filters.Filter):
    field_class = MonthField


class ExposureFilterSet(PersonalFilterSet):
    """`person` is who asks: which systems there are to name depends on it."""

    system = django_filters.CharFilter(method="of_system", label="Name or another name of the system")
    unit = one_of(ExposureUnit)
    month__gte = MonthFilter(field_name="month", lookup_expr="gte", label="From this month on, like 2026-01")
    month__lte = MonthFilter(field_name="month", lookup_expr="lte", label="Up to this month, like 2026-12")

    class Meta:
        model = Exposure
        fields = []

    def of_system(self, queryset, name, value):
        return queryset.filter(system=system_named(self.person, value))


def rows_for(person):
    return exposures.exposures_for(person).select_related("system")


@describing.listed("list_exposures", "How much systems are used, by month and unit")
class ExposureList(ListView):
    shape, build, filter_set = ExposureShape, exposure_of, ExposureFilterSet
    orderings = NEWEST_FIRST | {"month": ("month", "id"), "-month": ("-month", "-id")}
    scopes = {"GET": (Scope.CASES_READ,), "POST": WRITE}

    def found(self):
        return rows_for(self.request.user)

    @describing.writes(
        ExposureShape,
        takes=ExposureInput,
        status=201,
        operation_id="record_exposure",
        summary="Record how much a system was used in one month; for analysts",
        examples=[describing.example("One month of conversations", EXAMPLE)],
    )
    def post(self, request):
        if not request.user.may_label:
            raise PermissionDenied("Only analysts record how much a system is used.")
        values = checked(ExposureInput, request.data, context={"person": request.user})
        row = exposures.record_exposure(by=request.user, at=timezone.now(), **values)
        data = self.row_of(row)
        return answer(request, data, version=row.version, status=201, headers={"Location": data["url"]})


class OneExposure(VersionedView):
    named, editable = "exposure", exposures.EDITABLE
    scopes = {"GET": (Scope.CASES_READ,), "PATCH": WRITE, "DELETE": WRITE}

    @describing.reads(ExposureShape, operation_id="read_exposure", summary="One month of one system in one unit")
    def get(self, request, number):
        return self.answer_for(self.found(number))

    @describing.writes(
        ExposureShape,
        takes=ExposureChangeInput,
        matched=True,
        operation_id="change_exposure",
        summary="Correct the amount or where it comes from; month and unit stay",
        examples=[describing.example("The report was corrected", {"amount": 12500})],
    )
    def patch(self, request, number):
        row = self.found(number)
        version = required_version(request, row.version)
        values = checked(ExposureChangeInput, request.data)
        self.carry_out(exposures.change_exposure, row, version, **values)
        return self.answer_for(self.found(number))

    @extend_schema(
        operation_id="remove_exposure",
        summary="Take a record back; the history keeps what it said",
        parameters=[describing.IF_MATCH],
        responses={204: None, **describing.refusals(*describing.READING, 412, 428)},
    )
    def delete(self, request, number):
        row = self.found(number)
        self.carry_out(exposures.remove_exposure, row, required_version(request, row.version))
        return Response(status=204)

    def found(self, number):
        return row_or_404(rows_for(self.request.user), number)

    def data_of(self, row):
        return exposure_of(row, self.addresses())
