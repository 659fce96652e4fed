"""Every refusal and failure of the API as `application/problem+json` (RFC 9457)."""

import orjson
from django.core import exceptions as django_errors
from django.db import DatabaseError
from django.db.models import ProtectedError
from django.http import Http404, HttpResponse
from django.http.request import UnreadablePostError
from django.views import defaults
from rest_framework import exceptions as drf_errors
from rest_framework.response import Response

from api.addresses import Addresses
from api.problems import PROBLEMS
from registry import access
from registry.actions.signing import Conflict, StepRefused

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5
NOTHING_HERE = "There is nothing here that you may see."
# What the database refuses although it is well: SQLSTATE → (type, detail).
REFUSED_BY_DATABASE = {
    "23505": ("already-exists", "Another row has this value already."),
    "23503": ("still-in-use", "Other rows refer to it."),
    "40001": ("busy", "Two changes met. Try again."),
    "40P01": ("busy", "Two changes met. Try again."),
    "55P03": ("busy", "Somebody else holds this. Try again."),
}
BY_STATUS = {
    drf_errors.MethodNotAllowed: "method-not-allowed",
    drf_errors.NotAcceptable: "not-acceptable",
    drf_errors.UnsupportedMediaType: "unsupported-media-type",
    drf_errors.Throttled: "too-many-requests",
    drf_errors.NotAuthenticated: "not-signed-in",
    drf_errors.AuthenticationFailed: "not-signed-in",
    drf_errors.PermissionDenied: "not-allowed",
    drf_errors.ParseError: "malformed-body",
}
# The pages' forms call some things otherwise than the API.
POINTERS = {"system": "systems"}


class Problem(Exception):
    """A refusal. `errors` are dicts of pointer, code and detail; `more` are members of its own."""

    def __init__(self, slug, detail, *, errors=(), headers=None, **more):
        super().__init__(detail)
        self.slug, self.detail, self.errors, self.headers, self.more = slug, str(detail), list(errors), headers, more

    def body(self, request):
        kind = PROBLEMS[self.slug]
        return {
            "type": f"/api/v1/problems/{self.slug}/",
            "title": kind.title,
            "status": kind.status,
            "detail": self.detail,
            "instance": getattr(request, "request_id", ""),
            "errors": self.errors,
            **self.more,
        }


def error(pointer, detail, code="invalid", **more):
    return {"pointer": pointer, "code": code, "detail": str(detail), **more}


def problem_response(exception, context):
    """What REST framework answers for `exception`; None leaves it to the middleware and the server's handler."""
    request = context["request"]
    if isinstance(exception, access.Merged) and request.method in ("GET", "HEAD"):
        return Response(
            None, status=308, headers={"Location": Addresses(request).case(exception.into.reference)["url"]}
        )
    problem = as_problem(exception)
    if problem is None:
        return None
    body = problem.body(context["request"]._request)
    headers = problem.headers or {}
    if getattr(exception, "auth_header", None):
        headers = {"WWW-Authenticate": exception.auth_header}
    if getattr(exception, "wait", None):
        headers = {"Retry-After": str(int(exception.wait) + 1)}
    return Response(body, status=body["status"], headers=headers, content_type=MEDIA_TYPE)


def as_problem(exception):
    """The Problem that says what `exception` means; None if it is our own fault."""
    if isinstance(exception, Problem):
        return exception
    if isinstance(exception, drf_errors.ValidationError):
        return Problem("invalid-input", "See errors.", errors=from_serializer(exception.get_full_details()))
    if isinstance(exception, StepRefused):
        return step_refused(exception)
    if isinstance(exception, django_errors.ValidationError):
        return from_action(exception)
    if isinstance(exception, Conflict):
        return Problem("stale-version", str(exception))
    return named(exception)


def named(exception):
    for kind, slug in BY_STATUS.items():
        if isinstance(exception, kind):
            return Problem(slug, exception.detail)
    # A row can vanish between being read and being locked.
    if isinstance(exception, (Http404, django_errors.ObjectDoesNotExist)):
        return Problem("not-found", NOTHING_HERE)
    if isinstance(exception, django_errors.PermissionDenied):
        return Problem("not-allowed", str(exception) or "You may not do this.")
    if isinstance(exception, django_errors.RequestDataTooBig):
        return Problem("content-too-large", "The body is larger than this server takes.")
    if isinstance(exception, (django_errors.SuspiciousOperation, UnreadablePostError)):
        return Problem("bad-request", "The request could not be read.")
    if isinstance(exception, ProtectedError):
        return Problem("still-in-use", f"{len(exception.protected_objects)} other rows refer to it.")
    if isinstance(exception, DatabaseError):
        return from_database(exception)
    return None


def from_database(exception):
    state = getattr(exception.__cause__, "sqlstate", None) or ""
    if state in REFUSED_BY_DATABASE:
        return Problem(*REFUSED_BY_DATABASE[state])
    # Class 22: a value that its column cannot hold.
    return Problem("invalid-input", "A value is out of range.") if state.startswith("22") else None


def step_refused(exception):
    errors = [error(f"#/{POINTERS.get(m.field, m.field)}", m.message, "missing") for m in exception.missing]
    return Problem("step-refused", exception.messages[0], errors=errors)


def from_action(exception):
    """What an action refused, field by field where it says so."""
    if getattr(exception, "code", None) == "unique":
        return Problem("already-exists", exception.messages[0])
    if not hasattr(exception, "error_dict"):
        return Problem("invalid-input", exception.messages[0], errors=[])
    errors = [
        error(
            "#" if field == django_errors.NON_FIELD_ERRORS else f"#/{POINTERS.get(field, field)}",
            text,
            one.code or "invalid",
        )
        for field, found in exception.error_dict.items()
        for one in found
        for text in one.messages
    ]
    return Problem("invalid-input", errors[0]["detail"], errors=errors)


def from_serializer(details, pointer="#"):
    """REST framework's nested details as a flat list with JSON pointers."""
    if isinstance(details, dict) and "message" in details and "code" in details:
        return [error(pointer, details["message"], str(details["code"]))]
    if isinstance(details, dict):
        return [
            one
            for key, value in details.items()
            for one in from_serializer(value, pointer if key == "non_field_errors" else f"{pointer}/{escaped(key)}")
        ]
    return [
        one
        for position, value in enumerate(details)
        for one in from_serializer(value, pointer if is_message(value) else f"{pointer}/{position}")
    ]


def is_message(value):
    return isinstance(value, dict) and set(value) == {"message", "code"}


def escaped(key):
    """A key as one step of a JSON pointer (RFC 6901)."""
    return str(key).replace("~", "~0").replace("/", "~1")


def outside_a_view(request, problem, page, *arguments, **options):
    """The problem for an address of the API, the page of `defaults` for any other."""
    if not request.path.startswith("/api/"):
        return page(request, *arguments, **options)
    body = problem.body(request)
    return HttpResponse(orjson.dumps(body), status=body["status"], content_type=MEDIA_TYPE)


def bad_request(request, exception):
    return outside_a_view(
        request, Problem("bad-request", "The request could not be read."), defaults.bad_request, exception
    )


def permission_denied(request, exception):
    return outside_a_view(
        request, Problem("not-allowed", "You may not do this."), defaults.permission_denied, exception
    )


def page_not_found(request, exception):
    return outside_a_view(request, Problem("not-found", NOTHING_HERE), defaults.page_not_found, exception)


def server_error(request):
    detail = "It has been written to the log under this request id."
    return outside_a_view(request, Problem("server-error", detail), defaults.server_error)
