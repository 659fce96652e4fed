"""Files of cases: asked for, written by a job, fetched once they are there."""

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.response import Response

from api import describing, parameters
from api.errors import Problem, error
from api.models import Scope
from api.rendering import JSONRenderer
from api.serializers.case_input import checked
from api.serializers.exports import EXAMPLE, ExportInput, ExportShape, export_of
from api.views.base import NEWEST_FIRST, ListView, RegistryView
from api.views.jobs import LOOK_AGAIN_SECONDS, OPEN, own_job
from registry import access
from registry.actions import exports
from registry.choices import ExportFormat, JobKind
from registry.exchange import exporting
from registry.exchange.columns import columns_for
from registry.filters import RELEVANCE, CaseFilterSet
from registry.models import Job

EXPORT = (Scope.CASES_READ, Scope.EXPORT)


@extend_schema_view(
    post=describing.writes(
        ExportShape,
        takes=ExportInput,
        status=202,
        operation_id="ask_for_export",
        summary="Ask for a file of cases, which a job writes",
        examples=[describing.example("A spreadsheet", EXAMPLE)],
    )
)
@describing.listed("list_exports", "Your files of cases, the latest first")
class ExportList(ListView):
    scopes = {"GET": EXPORT, "POST": EXPORT}
    shape, build = ExportShape, export_of
    orderings = NEWEST_FIRST

    def found(self):
        return Job.objects.filter(kind=JobKind.EXPORT, asked_by=self.request.user)

    def post(self, request):
        wanted = checked(ExportInput, request.data)
        visible, filters = access.visible_to(request.user), wanted.get("filter", {})
        _, query = parameters.filtered_by_body(CaseFilterSet, filters, visible, person=request.user)
        if wanted["ordering"] in RELEVANCE and not query.get("q"):
            detail = "Relevance needs words to search for: give “q”."
            raise Problem("invalid-input", detail, errors=[error("#/ordering", detail)])
        query["ordering"] = wanted["ordering"]
        job = exports.ask_for_export(
            by=request.user,
            at=timezone.now(),
            file_format=wanted["format"],
            columns=columns_named(request.user, wanted.get("columns", ())),
            query=query.urlencode(),
        )
        data = export_of(job, self.addresses())
        return Response(data, status=202, headers={"Location": data["url"], "Retry-After": LOOK_AGAIN_SECONDS})


def columns_named(person, names):
    """The names, or those of all columns there are. Problem for one that is none."""
    available = [column.name for column in columns_for(person)]
    for place, name in enumerate(names):
        if name not in available:
            detail = f"There is no column “{name[:60]}”."
            raise Problem("invalid-input", detail, errors=[error(f"#/columns/{place}", detail, "unknown")])
    return list(names) or available


class OneExport(RegistryView):
    scopes = {"GET": EXPORT}

    @extend_schema(
        operation_id="read_export",
        summary="How far a file is, and where it can be fetched",
        responses={200: ExportShape, **describing.refusals(*describing.READING)},
    )
    def get(self, request, number):
        job = own_job(request, number, kind=JobKind.EXPORT)
        headers = {"Retry-After": LOOK_AGAIN_SECONDS} if job.state in OPEN else None
        return Response(export_of(job, self.addresses()), headers=headers)


class AnyFile(JSONRenderer):
    """A file is what it was asked for as, whatever the client accepts."""

    media_type = "*/*"


FILES = {(200, exporting.media_type(each).partition(";")[0]): OpenApiTypes.BINARY for each in ExportFormat}


class ExportFile(RegistryView):
    scopes = {"GET": EXPORT}
    renderer_classes = (JSONRenderer, AnyFile)

    @extend_schema(
        operation_id="fetch_export",
        summary="The file itself, while everything in it may still be seen by you",
        responses={**FILES, **describing.refusals(*describing.READING)},
    )
    def get(self, request, number):
        job = own_job(request, number, kind=JobKind.EXPORT)
        try:
            found = exporting.result_of(job, request.user)
        except ValidationError as closed:
            raise Problem("not-allowed", closed.messages[0]) from None
        if found is None:
            raise Http404
        name = f"cases-{job.finished_at:%Y-%m-%d-%H%M}.{job.payload['format']}"
        return FileResponse(found.file, as_attachment=True, filename=name, content_type=found.media_type)
