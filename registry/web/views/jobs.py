"""How far a piece of one's own work is: a part of other pages, fetched again and again."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from registry.choices import JobKind
from registry.models import Job
from registry.web import exports_page


@require_safe
def job(request, pk):
    """The row's state; whoever did not ask for the work does not learn that there is any."""
    found = get_object_or_404(Job, pk=pk, asked_by=request.user)
    if found.kind == JobKind.EXPORT:
        return render(request, "exports/_state.html", {"export": exports_page.shown(found, request.user)})
    return render(request, "jobs/_progress.html", {"job": found})
