"""Many cases in one request."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse
from rest_framework.response import Response

from api import batches, describing, parameters
from api.addresses import reference_of
from api.errors import Problem
from api.models import BatchKind
from api.serializers.batches import (
    FILTER_EXAMPLE,
    NEW_EXAMPLE,
    ROWS_EXAMPLE,
    BatchShape,
    ManyChangesInput,
    ManyNewInput,
    row_of,
)
from api.serializers.case_input import checked
from api.serializers.jobs import JobShape, job_of
from api.views.base import WRITE, RegistryView
from registry import access
from registry.filters import CaseFilterSet

SWITCH = {"type": "boolean", "default": False}
SWITCHES = (
    describing.parameter("atomic", SWITCH, "All rows or none."),
    describing.parameter("dry_run", SWITCH, "Check everything and save nothing."),
)
LATER = {202: OpenApiResponse(JobShape, f"More than {batches.AT_ONCE} rows are done by a job.")}
NO_RIGHT = "Readers do not log cases; ask an administrator for another role."


class ManyCases(RegistryView):
    scopes = {"POST": WRITE, "PATCH": WRITE}
    taken = dict.fromkeys(("POST", "PATCH"), frozenset({"atomic", "dry_run"}))

    @describing.writes(
        BatchShape,
        takes=ManyNewInput,
        parameters=SWITCHES,
        also=LATER,
        operation_id="log_cases",
        summary="Log many cases, each as if it were sent by itself",
        examples=[describing.example("Two cases", NEW_EXAMPLE)],
    )
    def post(self, request):
        if not request.user.may_log:
            raise PermissionDenied(NO_RIGHT)
        rows = checked(ManyNewInput, request.data)["cases"]
        return self.done(batches.Wanted(BatchKind.CREATE, rows, **self.switches()))

    @describing.writes(
        BatchShape,
        takes=ManyChangesInput,
        parameters=SWITCHES,
        also=LATER,
        operation_id="edit_cases",
        summary="Change many cases: each by itself, or all that a filter finds",
        examples=[
            describing.example("Rows with their versions", ROWS_EXAMPLE),
            describing.example("All that a filter finds", FILTER_EXAMPLE),
        ],
    )
    def patch(self, request):
        values = checked(ManyChangesInput, request.data, context={"person": request.user})
        if "cases" in values:
            return self.done(batches.Wanted(BatchKind.CHANGE, values["cases"], **self.switches()))
        rows = [{"reference": reference_of(number)} for number in self.counted(values)]
        return self.done(batches.Wanted(BatchKind.CHANGE, rows, given=request.data["set"], **self.switches()))

    def switches(self):
        return {name: parameters.is_on(self.request.query_params, name) for name in ("atomic", "dry_run")}

    def counted(self, values):
        """The numbers of the cases that the filter finds. Problem unless they are as many as expected."""
        person, expected = self.request.user, values["expected_count"]
        visible = access.visible_to(person)
        found, _ = parameters.filtered_by_body(CaseFilterSet, values["filter"], visible, person=person)
        n = found.order_by().count()
        if n != expected:
            raise Problem("count-differs", f"The filter finds {n:,} cases now, not {expected:,}.", count=n)
        if n > batches.MOST:
            raise Problem("invalid-input", f"At most {batches.MOST:,} cases are changed at once; these are {n:,}.")
        return found.order_by("pk").values_list("pk", flat=True)

    def done(self, wanted):
        person, at = self.request.user, timezone.now()
        if len(wanted.rows) > batches.AT_ONCE:
            job = batches.leave(wanted, by=person, at=at)
            data = job_of(job, person, self.addresses())
            return Response(data, status=202, headers={"Location": data["url"], "Retry-After": "2"})
        outcomes = batches.done_now(wanted, by=person, at=at)
        rows = [row_of(outcome, self.addresses()) for outcome in outcomes]
        if wanted.atomic and any(row["problem"] for row in rows):
            raise refused_whole(rows)
        counts = batches.counts_of(outcomes)
        return Response({"atomic": wanted.atomic, "dry_run": wanted.dry_run, "counts": counts, "rows": rows})


def refused_whole(rows):
    errors = [error for row in rows for error in row["problem"]["errors"]]
    return Problem("batch-refused", f"{len(rows):,} rows were refused.", errors=errors, rows=rows)
