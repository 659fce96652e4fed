"""Old numbers of cases that were merged into others."""

from django.contrib import messages
from django.shortcuts import redirect

from registry import access


class MergedCaseMiddleware:
    """Leads from every page of a merged case to the case it became part of, if the person may see that one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, access.Merged):
            return None
        saved = "" if request.method in ("GET", "HEAD") else " Nothing was saved."
        messages.info(request, f"{exception.reference} was merged into {exception.into.reference}.{saved}")
        return redirect(exception.into)
