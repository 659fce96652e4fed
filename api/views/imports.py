"""Files of other databases: whole or not at all, as `manage.py import_cases` does it."""

import io

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from api import describing, parameters
from api.errors import Problem, error
from api.models import Scope
from api.serializers.imports import ImportShape, import_of, refusal_of
from api.views.base import RegistryView
from registry.exchange.importing import SOURCES, import_file

MOST_TOLD = 100


class WholeFile(BaseParser):
    """The body as it came, up to the cap of every body."""

    def parse(self, stream, media_type=None, parser_context=None):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise Problem("content-too-large", f"The file has more than {limit:,} bytes; import it on the server.")
        return io.BytesIO(body)


class CSVFile(WholeFile):
    media_type = "text/csv"


class JSONFile(WholeFile):
    media_type = "application/json"


class NDJSONFile(WholeFile):
    media_type = "application/x-ndjson"


class Imports(RegistryView):
    """Only for administrators: an import makes cases that everyone sees, and changes those of earlier imports."""

    scopes = {"POST": (Scope.CASES_READ, Scope.CASES_WRITE, Scope.ADMIN)}
    taken = {"POST": frozenset({"source", "dry_run"})}
    parser_classes = (CSVFile, JSONFile, NDJSONFile)

    @extend_schema(
        operation_id="import_cases",
        summary="Import a file of another database, sent as the body: the whole file or nothing",
        parameters=[
            describing.parameter(
                "source", {"type": "string", "enum": sorted(SOURCES)}, "What kind of file it is.", required=True
            ),
            describing.parameter("dry_run", {"type": "boolean", "default": False}, "Do everything, then take it back."),
        ],
        request={
            CSVFile.media_type: OpenApiTypes.BINARY,
            JSONFile.media_type: {"type": "object"},
            NDJSONFile.media_type: OpenApiTypes.BINARY,
        },
        responses={200: ImportShape, **describing.refusals(*describing.WRITING)},
    )
    def post(self, request):
        if not request.user.is_administrator:
            raise PermissionDenied("Only administrators import files.")
        query = request.query_params
        source = parameters.one_of(query, "source", sorted(SOURCES), "")
        if not source:
            raise parameters.refused([parameters.wrong("source", f"“source” is one of: {', '.join(sorted(SOURCES))}.")])
        dry_run = parameters.is_on(query, "dry_run")
        # Without a body no parser is asked.
        file = request.data if isinstance(request.data, io.BytesIO) else io.BytesIO()
        report = import_file(source=source, file=file, by=request.user, at=timezone.now(), dry_run=dry_run)
        if report.refusals:
            raise refused(report.refusals)
        return Response(import_of(report, source=source, dry_run=dry_run))


def refused(refusals):
    """Problem with the first of them, line by line."""
    told = [refusal_of(refusal) for refusal in refusals[:MOST_TOLD]]
    errors = [error(f"#line={each['line']}", each["detail"], each["field"] or "line") for each in told]
    detail = f"{len(refusals):,} records are unfit; nothing was imported."
    return Problem("invalid-input", detail, errors=errors, refusals=told)
