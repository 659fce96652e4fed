"""One case to take along: on paper, as Markdown. JSON is what the API answers at the case's address."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from registry import access
from registry.web import one_case


@require_safe
def print_page(request, reference):
    case = access.case_for(request.user, reference)
    return render(request, "case/print.html", one_case.print_context(request.user, case, at=timezone.now()))


@require_safe
def markdown_file(request, reference):
    case = access.case_for(request.user, reference)
    text = one_case.markdown_of(request.user, case, at=timezone.now())
    response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{case.reference}.md"'
    response["Cache-Control"] = "private, no-store"
    return response
