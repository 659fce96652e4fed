"""Schemes: list, make, read, and their files in both directions."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.negotiation import DefaultContentNegotiation

from api import describing, parameters
from api.errors import Problem, error
from api.models import Scope
from api.serializers import nodes as node_shapes
from api.serializers import taxonomy as shapes
from api.serializers.case_input import checked
from api.serializers.vocabulary_input import RESERVED, SchemeFileInput, SchemeInput
from api.versions import etag_of, unchanged
from api.views.base import ListView, RegistryView, answer
from registry.actions import nodes, schemes
from registry.actions.signing import Conflict
from taxonomy import exchanging
from taxonomy.formats import Unreadable
from taxonomy.models import Scheme

# Read by anybody signed in, whatever the token's scopes.
OPEN = {"GET": ()}
WRITE = (Scope.TAXONOMY_WRITE,)
FILES = {
    "misp.json": ("misp", "application/json"),
    "skos.ttl": ("turtle", "text/turtle; charset=utf-8"),
    "skos.jsonld": ("json-ld", "application/ld+json"),
}
NEW_SCHEME = {"slug": "house-style", "name": "House style", "kind": "symptom", "guidance": ["Read the log first."]}


@describing.listed("list_schemes", "The vocabularies")
class SchemeList(ListView):
    scopes = OPEN | {"POST": WRITE}
    shape, build, columns = shapes.SchemeShape, shapes.scheme_of, shapes.SCHEME_COLUMNS
    orderings = {"order": ("order", "id"), "id": ("id",)}

    def found(self):
        return Scheme.objects.all()

    @describing.writes(
        shapes.SchemeShape,
        takes=SchemeInput,
        status=201,
        operation_id="make_scheme",
        summary="Make a vocabulary, the last of all; administrators only",
        examples=[describing.example("A vocabulary of one's own", NEW_SCHEME)],
    )
    def post(self, request):
        values = checked(SchemeInput, request.data)
        scheme = nodes.make_scheme(by=request.user, at=timezone.now(), **values)
        data = shapes.scheme_of(scheme, self.addresses())
        return answer(request, data, version=scheme.version, status=201, headers={"Location": data["url"]})


class OneScheme(RegistryView):
    scopes = OPEN

    @describing.reads(shapes.SchemeShape, operation_id="read_scheme", summary="One vocabulary")
    def get(self, request, slug):
        scheme = get_object_or_404(Scheme, slug=slug)
        return answer(request, shapes.scheme_of(scheme, self.addresses()), version=scheme.version)


def shape_of(kind):
    """What the document says of a file; the format itself is described elsewhere."""
    return {"type": "object" if "json" in kind else "string"}


class FormatOfName(DefaultContentNegotiation):
    """The name in the address says the format; whatever `Accept` says, refusals are problem+json."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class SchemeFile(RegistryView):
    scopes = OPEN
    content_negotiation_class = FormatOfName

    @extend_schema(
        operation_id="download_scheme",
        summary="A vocabulary as a file: misp.json, skos.ttl or skos.jsonld",
        parameters=[describing.ETAG, describing.IF_NONE_MATCH],
        responses={
            **{(200, kind.partition(";")[0]): shape_of(kind) for _, kind in FILES.values()},
            304: OpenApiResponse(description="Not modified."),
            **describing.refusals(400, 401, 404),
        },
    )
    def get(self, request, slug, name):
        scheme = get_object_or_404(Scheme, slug=slug)
        syntax, content_type = FILES[name]
        content = exchanging.write(scheme, syntax=syntax, base=settings.BASE_URL)
        etag = etag_of(scheme.version, content)
        if unchanged(request, etag):
            return HttpResponse(status=304, headers={"ETag": etag})
        disposition = f'attachment; filename="{scheme.slug}.{name}"'
        headers = {"ETag": etag, "Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
        return HttpResponse(content, content_type=content_type, headers=headers)


class SchemeImport(RegistryView):
    """A vocabulary from a file, whole or not at all; see taxonomy.exchanging."""

    scopes = {"POST": WRITE}
    taken = {"POST": frozenset({"dry_run"})}

    @describing.writes(
        node_shapes.SchemeComparisonShape,
        takes=SchemeFileInput,
        parameters=[describing.DRY_RUN],
        also=describing.refusals(412),
        operation_id="import_scheme",
        summary="Bring in a vocabulary from a file, or see what that would change; administrators only",
        examples=[
            describing.example(
                "MISP machinetags",
                {
                    "format": "misp",
                    "name": "house-style.json",
                    "text": '{"namespace": "house-style", "predicates": [{"value": "terse", "expanded": "Terse"}]}',
                },
            )
        ],
    )
    def post(self, request):
        dry_run = parameters.flag(request.query_params, "dry_run")
        sent = checked(SchemeFileInput, request.data)
        try:
            found = self.compared(sent) if dry_run else self.taken_in(sent)
        except Unreadable as unreadable:
            errors = [error("#/text", fault, "unreadable") for fault in unreadable.faults]
            raise Problem("invalid-input", errors[0]["detail"], errors=errors) from None
        return answer(request, node_shapes.comparison_of(found, schemes.state_of(found)), version=1)

    def compared(self, sent):
        schemes.require_importer(self.request.user)
        return exchanging.compare(self.vocabulary(sent))

    def taken_in(self, sent):
        schemes.require_importer(self.request.user)
        try:
            return schemes.import_scheme(
                vocabulary=self.vocabulary(sent), by=self.request.user, at=timezone.now(), seen=sent.get("seen")
            )
        except Conflict:
            raise Problem("stale-version", "The import would do something else by now; look again.") from None

    def vocabulary(self, sent):
        content = sent["text"].encode()
        found = exchanging.read(content, syntax=sent["format"], base=settings.BASE_URL, file=sent.get("name", ""))
        if found.slug in RESERVED:
            raise Unreadable(f"The scheme is called “{found.slug}”, which is part of another address.")
        return found
