"""The list of cases as a file: the same filters, every row, sent as it is read."""

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone

from api import parameters
from api.auth import require_scopes
from api.models import Scope
from api.rendering import JSONRenderer
from registry.choices import ExportFormat
from registry.exchange import exporting
from registry.exchange.columns import columns_for

FORMATS = ("json", "csv", "ndjson")
# What belongs to pages of rows means nothing in a file of all of them.
OF_PAGES = parameters.PAGE
NOT_IN_FILES = "A file holds every row, in the order of the numbers: leave “{}” out, or take the list as JSON."


class CSVRenderer(JSONRenderer):
    """Stands for the file when what a client accepts is weighed; refusals are JSON all the same."""

    media_type = "text/csv"
    format = "csv"


class NDJSONRenderer(JSONRenderer):
    media_type = "application/x-ndjson"
    format = "ndjson"


def format_of(request):
    """What the client wants: `format` in the address goes before `Accept`."""
    wanted = parameters.one_of(request.query_params, "format", FORMATS, request.accepted_renderer.format)
    if wanted == "json":
        request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
    return wanted


def streamed(request, file_format, found):
    """The answer that streams `found`, a function that filters the cases once it is clear that they may be had."""
    require_scopes(request.auth, (Scope.CASES_READ, Scope.EXPORT))
    asked = request.query_params
    if unfit := [name for name in asked if name in OF_PAGES]:
        raise parameters.refused([parameters.wrong(name, NOT_IN_FILES.format(name)) for name in unfit])
    columns = columns_of(request.user, asked)
    cases = found()
    headers = {
        "Content-Type": exporting.media_type(file_format),
        "Content-Disposition": f'attachment; filename="cases-{timezone.now():%Y-%m-%d-%H%M}.{file_format}"',
        "X-Content-Type-Options": "nosniff",
    }
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    parts = exporting.streamed_by_number(request.user, ExportFormat(file_format), columns, cases)
    return StreamingHttpResponse(parts, headers=headers)


def columns_of(person, asked):
    """All of them, whatever the person chose on a page, or those named in `columns`; always in the same order."""
    available = columns_for(person)
    names = parameters.names_of(asked, "columns", [column.name for column in available])
    return [column for column in available if not names or column.name in names]
