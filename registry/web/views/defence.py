"""Defence in depth: techniques against failure modes, layers that fail together, what a portfolio leaves open."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.web import defence_page, defence_tables
from registry.web.pattern_frame import run_asked
from registry.web.tables import csv_answer, wants_csv


@require_safe
def defence(request, run=None):
    """Of the latest run of all cases, or of the one named; without any run the published matrix alone."""
    found = run_asked(run)
    if not wants_csv(request):
        return render(request, "defence/defence.html", defence_page.context(request, found))
    table = defence_tables.table(request.GET.get("table", "outcomes"), found, request.GET)
    if table is None:
        raise Http404
    return csv_answer(request, *table)
