"""How routes describe themselves in the OpenAPI document."""

from functools import cache

import django_filters
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
    inline_serializer,
)
from rest_framework import serializers

from api.errors import MEDIA_TYPE
from api.parameters import DEFAULT_LIMIT, MOST_ROWS
from api.problems import PROBLEMS
from registry.filter_fields import LONGEST_PART, SHORTEST_PART, DayFilter, MomentFilter, PartFilter, SeveralFilter

ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200, 201], description="Strong, from `version`."
)
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The `ETag` you read; `*` takes any version."
)
IF_MATCH_IF_THERE = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="Needed when you have labelled the case with this node already.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="Answers 304 if it matches."
)


class RouteSchema(AutoSchema):
    """Says of each operation which scopes it needs, instead of repeating the code's own comments."""

    def get_description(self):
        scopes = self.view.scopes.get(self.method, ())
        return f"A token needs the scopes {', '.join(scopes)}." if scopes else "Any token will do."


class ErrorEntry(serializers.Serializer):
    pointer = serializers.CharField(
        help_text="`#/title` points into the body or the case, `?limit` names a parameter, `If-Match` a header."
    )
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemShape(serializers.Serializer):
    """RFC 9457."""

    type = serializers.CharField(help_text="The address of a page that explains it.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField(help_text="The request id, as in `X-Request-ID`.")
    errors = ErrorEntry(many=True)
    etag = serializers.CharField(required=False, help_text="With 412: the row as it stands.")
    changed = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="With 412: the fields that differ from your version."
    )


def refusals(*statuses):
    """The problems a route may answer with, beside those every route has."""
    titles = {status: [kind.title for kind in PROBLEMS.values() if kind.status == status] for status in statuses}
    return {(s, MEDIA_TYPE): OpenApiResponse(ProblemShape, description=". ".join(titles[s])) for s in sorted(titles)}


READING = (400, 401, 403, 404, 406)
WRITING = (*READING, 409, 413, 415)


def reads(shape, *, parameters=(), **options):
    return extend_schema(
        parameters=[*parameters, ETAG, IF_NONE_MATCH],
        responses={200: shape, 304: OpenApiResponse(description="Not modified."), **refusals(*READING)},
        **options,
    )


def writes(shape, *, takes, status=200, matched=False, parameters=(), also=None, **options):
    """`matched` says that If-Match is needed."""
    headers = [IF_MATCH] if matched else []
    more = (412, 428) if matched else ()
    return extend_schema(
        request=takes,
        parameters=[*parameters, *headers, ETAG],
        responses={status: shape, **(also or {}), **refusals(*WRITING, *more)},
        **options,
    )


@cache
def list_of(shape):
    """One serializer for all lists of `shape`, so that they share its place in the document."""
    return inline_serializer(
        f"{shape.__name__.removesuffix('Shape')}List",
        {
            "results": shape(many=True),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "count": serializers.IntegerField(required=False, help_text="With count=exact."),
        },
    )


def lists(shape, *, orderings, default, filter_set=None, expandable=(), also=(), answers=None, **options):
    """A list of `shape`, with its paging and filter parameters; `answers` are its other forms."""
    parameters = [
        *paging(shape, orderings, default, expandable),
        *(filters_of(filter_set) if filter_set else ()),
        *also,
    ]
    found = {(200, "application/json"): list_of(shape), **answers} if answers else {200: list_of(shape)}
    return extend_schema(parameters=parameters, responses={**found, **refusals(*READING)}, **options)


def listed(operation_id, summary, **options):
    """Describes the `get` of a ListView from its own attributes."""

    def describe(view):
        described = lists(
            view.shape,
            orderings=view.orderings,
            default=next(iter(view.orderings)),
            filter_set=view.filter_set,
            operation_id=operation_id,
            summary=summary,
            **options,
        )
        return extend_schema_view(get=described)(view)

    return describe


def paging(shape, orderings, default, expandable):
    several = {"type": "array", "minItems": 1, "items": {"type": "string", "enum": sorted(shape().fields)}}
    yield parameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": DEFAULT_LIMIT})
    yield parameter("cursor", {"type": "string", "minLength": 1}, "From `next` or `previous`; opaque.")
    yield parameter("ordering", {"type": "string", "enum": list(orderings), "default": default})
    yield parameter("count", {"type": "string", "enum": ["exact"]}, "Count all rows as well.")
    yield parameter("fields", several, "Only these fields; between commas or repeated.")
    if expandable:
        several = {"type": "array", "minItems": 1, "items": {"type": "string", "enum": list(expandable)}}
        yield parameter("expand", several, "Say more; between commas or repeated.")


def example(name, value, *, request=True):
    return OpenApiExample(name, value, request_only=request, response_only=not request)


def parameter(name, schema, description="", *, required=False):
    query = OpenApiParameter.QUERY
    return OpenApiParameter(name, schema, query, description=description, required=required, explode=True)


DRY_RUN = parameter("dry_run", {"type": "boolean"}, "Only say what it would do.")
VIEW = parameter("view", {"type": "string", "minLength": 1}, "A saved view, by its slug; other filters narrow it.")


FILE = (
    parameter("format", {"type": "string", "enum": ["json", "csv", "ndjson"]}, "Goes before `Accept`."),
    parameter(
        "columns",
        {"type": "array", "minItems": 1, "items": {"type": "string"}},
        "Of a file: only these columns; between commas or repeated. Without it, all of them in their fixed order.",
    ),
)
CSV_EXAMPLE = "\ufeffreference,title,status\r\nAIR-42,Boat circles the lagoon,closed\r\n"
NDJSON_EXAMPLE = '{"reference":"AIR-42","title":"Boat circles the lagoon"}\n{"complete":true,"cases":1}\n'
# Every row at once, for a token with the scope `export`.
FILES = {
    (200, "text/csv"): OpenApiResponse(
        OpenApiTypes.STR,
        "Every case, in the order of the numbers; a stream that breaks off is cut in its chunked encoding.",
        [example("Two columns and one case", CSV_EXAMPLE, request=False)],
    ),
    (200, "application/x-ndjson"): OpenApiResponse(
        OpenApiTypes.STR,
        "One case a line, then a line that says `complete`: without it the stream was cut.",
        [example("One case", NDJSON_EXAMPLE, request=False)],
    ),
}


def filters_of(filter_set):
    return [parameter(name, filter_schema(each), each.label or "") for name, each in filter_set.base_filters.items()]


def filter_schema(each):
    text = {"type": "string", "minLength": 1}
    if isinstance(each, django_filters.BooleanFilter):
        return {"type": "boolean"}
    if each.extra.get("max_value"):
        return {"type": "integer", "minimum": each.extra["min_value"], "maximum": each.extra["max_value"]}
    if isinstance(each, django_filters.NumberFilter):
        return {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
    if isinstance(each, django_filters.ModelMultipleChoiceFilter):
        return {"type": "array", "minItems": 1, "items": text}
    if isinstance(each, django_filters.MultipleChoiceFilter):
        values = [value for value, _ in each.extra["choices"]]
        return {"type": "array", "minItems": 1, "items": {"type": "string", "enum": values}}
    if isinstance(each, DayFilter):
        return {"type": "string", "pattern": r"^(\d{4}-\d{2}-\d{2}|-\d{1,5}d)$"}
    if isinstance(each, MomentFilter):
        return {"type": "string", "pattern": r"^(\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?|-\d{1,5}d)$"}
    if isinstance(each, PartFilter):
        return {"type": "string", "minLength": SHORTEST_PART, "maxLength": LONGEST_PART}
    if isinstance(each, SeveralFilter):
        return {"type": "array", "minItems": 1, "items": text}
    return text


class BearerToken(OpenApiAuthenticationExtension):
    target_class = "api.auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token `air_<key>.<secret>` from your account page or `manage.py create_token`.",
        }


class SessionCookie(OpenApiAuthenticationExtension):
    target_class = "api.auth.BrowserSession"
    name = "session"

    def get_security_definition(self, auto_schema):
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "A browser that is signed in; what changes something also sends `X-CSRFToken`.",
        }


def rows_may_be_partial(result, generator, request, public):
    """With `fields` a row of a list has only those, so none of them is certain."""
    lists_of_rows = [name for name in result["components"]["schemas"] if name.endswith("List")]
    for name in lists_of_rows:
        items = result["components"]["schemas"][name]["properties"]["results"]["items"]
        whole = result["components"]["schemas"][items["$ref"].rpartition("/")[2]]
        result["components"]["schemas"][name]["properties"]["results"]["items"] = {
            "type": "object",
            "properties": whole["properties"],
        }
    return result
