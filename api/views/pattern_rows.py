"""Rows of runs: nothing in them ever changes, so that they may be kept by whoever read them."""

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.response import Response

from api import describing
from api.finding import row_or_404
from api.rendering import as_json
from api.versions import etag_of, unchanged
from api.views.base import ListView, RegistryView
from registry.models import PatternRun

KEPT = "private, max-age=86400"


def never_changing(response):
    """`response` for a reader to keep for a day."""
    response["Cache-Control"] = KEPT
    return response


class OfOneRun(ListView):
    """The rows of `model` in one of `runs`."""

    runs = PatternRun.objects
    model = None
    # What `listed` is told beside the attributes.
    told = {
        "also": [describing.ETAG, describing.IF_NONE_MATCH],
        "answers": {304: OpenApiResponse(description="Not modified.")},
    }

    def get(self, request, **address):
        response = super().get(request, **address)
        body = as_json(response.data)
        etag = etag_of(1, body)
        if unchanged(request, etag):
            return never_changing(Response(None, status=304, headers={"ETag": etag}))
        response.data, response["ETag"] = body, etag
        return never_changing(response)

    def found(self, number):
        return self.rows_in(row_or_404(self.runs.all(), number))

    def rows_in(self, run):
        return self.model.objects.filter(run=run)


class LatestRows(RegistryView):
    """Leads to the rows of the latest run: pages of them belong to one run, whatever is computed meanwhile."""

    kind = None

    def get(self, request):
        number = PatternRun.objects.standard().values_list("pk", flat=True).first()
        if number is None:
            raise Http404
        query = request.META.get("QUERY_STRING", "")
        url = f"{self.addresses().run(number)['url']}{self.kind}/"
        return Response(None, status=307, headers={"Location": f"{url}?{query}" if query else url})


def latest_rows(kind, rows):
    """The view that leads to `rows`, the view of one kind of rows; it takes the same parameters."""
    members = {"kind": kind, "known": rows.known, "repeatable": rows.repeatable}
    view = type(f"Latest{kind.title()}", (LatestRows,), members)
    location = OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[307])
    paging = describing.paging(rows.shape, rows.orderings, next(iter(rows.orderings)), ())
    view.get = extend_schema(
        operation_id=f"find_latest_{kind}",
        summary=f"Leads to the {kind} of the latest run, with the same parameters",
        parameters=[*paging, *describing.filters_of(rows.filter_set), location],
        responses={307: OpenApiResponse(description="To the run."), **describing.refusals(*describing.READING)},
    )(lambda self, request: LatestRows.get(self, request))
    return view
