"""Rates per use: of the latest run, or of one kept before."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.web import exposure_page as prepared
from registry.web.pattern_frame import frame, job_state, run_asked
from registry.web.tables import csv_answer, wants_csv


@require_safe
def rates(request, run=None):
    found = run_asked(run)
    if found is None:
        return render(request, "patterns/empty.html", job_state(request.user, None))
    if wants_csv(request):
        rows = prepared.csv_rows(found, request.user)
        return csv_answer(request, f"exposure-run-{found.pk}", prepared.HEADS, rows)
    context = frame(request, found, "exposure") | {"tables": prepared.exposure_tables(found, request.user)}
    return render(request, "patterns/exposure.html", context)
