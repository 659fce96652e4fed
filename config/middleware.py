"""What every request passes: bounded bodies, plain answers when the database is away, signed history."""

import errno
import re
import uuid
from contextlib import suppress

import pghistory
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.template.loader import render_to_string

LONGEST_BODY = 25 * 1024 * 1024
MOST_DRAINED = 64 * 1024 * 1024
# Over the cap of one file: a form with a file a little too large still comes through, and its page can say so.
ROOM_IN_FORMS = 39 * 1024 * 1024
RETRY_AFTER_SECONDS = 5
DISK_FULL = "53100"
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdMiddleware:
    """Give every request an id, or keep the one its client sent, and say it in the answer, the log and the history."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not REQUEST_ID.fullmatch(request.META.get("HTTP_X_REQUEST_ID", "")):
            request.META["HTTP_X_REQUEST_ID"] = str(uuid.uuid4())
        request.request_id = request.META["HTTP_X_REQUEST_ID"]
        response = self.get_response(request)
        response["X-Request-ID"] = request.request_id
        return response


class BoundedRequestMiddleware:
    """Refuse chunked bodies, which gunicorn hands on as empty ones, and bodies over the cap.

    What a refusal left unread is read: a connection that is closed on unread bytes takes the answer with it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
            detail = "Send the body with a Content-Length header."
            return plain_problem(request, 411, "length-required", "Length required", detail)
        length, longest = request.headers.get("Content-Length", ""), self._longest(request)
        length = int(length) if length.isdigit() else 0
        if length > longest:
            detail = f"The body has {length:,} bytes; at most {longest:,} are taken."
            response = plain_problem(request, 413, "content-too-large", "Content too large", detail)
        else:
            response = self.get_response(request)
        if length and response.status_code >= 400:
            self._drain(request, length)
        return response

    @staticmethod
    def _longest(request):
        """The cap of this body. Files go to the disk as they come in, each bounded by CappedUploadHandler."""
        if request.content_type == "multipart/form-data":
            return settings.MAX_FILE_BYTES + ROOM_IN_FORMS
        if request.path.startswith("/api/") and request.content_type == "application/json":
            return settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return LONGEST_BODY

    @staticmethod
    def _drain(request, length):
        """Read up to 64 MB, so that the client gets to see the answer instead of a broken pipe."""
        remaining = min(length, MOST_DRAINED)
        with suppress(UnreadablePostError, ValueError):
            while remaining > 0 and (chunk := request.read(min(remaining, 1024 * 1024))):
                remaining -= len(chunk)


class DatabaseFaultMiddleware:
    """Answer 503 with Retry-After while the database is away or full; nothing was half-written."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        full = isinstance(exception, DatabaseError) and getattr(exception.__cause__, "sqlstate", "") == DISK_FULL
        full = full or (isinstance(exception, OSError) and exception.errno in (errno.ENOSPC, errno.EDQUOT))
        if not full and not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        detail = "Nothing was saved. Try again in a few seconds."
        response = plain_problem(request, 503, "database-away", "The database is away", detail)
        response["Retry-After"] = RETRY_AFTER_SECONDS
        return response


def plain_problem(request, status, slug, title, detail):
    """A problem+json answer for the API, a short one for our own scripts and a small page for people, without
    touching the database.
    """
    if request.path.startswith("/api/"):
        body = {"type": f"/api/v1/problems/{slug}/", "title": title, "status": status, "detail": detail}
        body |= {"instance": request.request_id, "errors": []}
        return JsonResponse(body, status=status, content_type="application/problem+json")
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"errors": [detail]}, status=status)
    page = render_to_string("problem.html", {"title": title, "detail": detail})
    return HttpResponse(page, status=status)


class HistoryContextMiddleware:
    """Sign the history of every changing request with its id and address."""

    SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in self.SAFE:
            return self.get_response(request)
        with pghistory.context(request_id=request.request_id):
            return self.get_response(request)
