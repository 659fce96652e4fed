"""What every request passes: bounded bodies, plain answers when the database is away, signed history."""

import pghistory
import structlog
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string

LONGEST_BODY = 25 * 1024 * 1024
RETRY_AFTER_SECONDS = 5
DISK_FULL = "53100"


class BoundedRequestMiddleware:
    """Refuse chunked bodies, which gunicorn hands on as empty ones, and bodies over the cap."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
            return plain_problem(request, 411, "Length required", "Send the body with a Content-Length header.")
        length = request.headers.get("Content-Length", "")
        if length.isdigit() and int(length) > LONGEST_BODY:
            self._drain(request, int(length))
            detail = f"The body has {int(length):,} bytes; at most {LONGEST_BODY:,} are taken."
            return plain_problem(request, 413, "Content too large", detail)
        return self.get_response(request)

    @staticmethod
    def _drain(request, length):
        """Read up to 64 MB, so that the client gets to see the answer instead of a broken pipe."""
        remaining = min(length, 64 * 1024 * 1024)
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
        if not full and not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        response = plain_problem(request, 503, "The database is away", "Nothing was saved. Try again in a few seconds.")
        response["Retry-After"] = RETRY_AFTER_SECONDS
        return response


def plain_problem(request, status, title, detail):
    """A problem+json answer for the API and a small page for people, without touching the database."""
    if request.path.startswith("/api/"):
        body = {"type": f"/docs/problems/{status}", "title": title, "status": status, "detail": detail}
        return JsonResponse(body, status=status, content_type="application/problem+json")
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
        request_id = structlog.contextvars.get_contextvars().get("request_id", "")
        with pghistory.context(request_id=request_id):
            return self.get_response(request)
