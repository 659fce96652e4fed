"""What the cases have in common: a run and its tabs, one pair, the runs before, and asking for a new one."""

from functools import wraps

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from registry import access
from registry.filters import CaseFilterSet
from registry.models import PatternPair, Population
from registry.paging import BadCursor, page_of
from registry.patterns.run_rules import by_other_rules
from registry.patterns.sentences import FEWER_CAUTION, movement_words
from registry.web import (
    exposure_page,
    foresight_page,
    heat,
    pair_page,
    pair_table,
    pattern_runs,
    source_splits,
    trend_panels,
)
from registry.web.cursors import neighbours
from registry.web.numbers import whole
from registry.web.pair_table import PairChoice, counts_by_view
from registry.web.pattern_frame import frame, run_asked, tab_url, tabs_of
from registry.web.pattern_jobs import job_state
from registry.web.pattern_rows import moved_groups
from registry.web.tables import csv_answer, csv_url, wants_csv
from registry.web.trend_panels import TrendChoice

RUNS_PER_PAGE = 30
FIRST_RUNS = 5
FEW_MOVED = 5  # beside fewer the limits would stand alone, so they stand below
# Where the choices of the one page stand that all tabs once were.
MOVED_AWAY = {"show": "pairs", "sort": "pairs", "rows": "pairs", "columns": "pairs", "trends": "trends"}


def of_run(tab):
    """The view of a tab: `tab(request, found)` of the run asked for, or what says that there is none yet."""

    @require_safe
    @wraps(tab)
    def view(request, run=None):
        found = run_asked(run)
        if found is None:
            return render(request, "patterns/empty.html", job_state(request.user, None))
        return tab(request, found)

    return view


@require_safe
def patterns(request, run=None):
    for key, tab in MOVED_AWAY.items():
        if key in request.GET:
            return redirect(f"{tab_url(tab, run)}?{request.GET.urlencode()}")
    return moved(request, run)


@of_run
def moved(request, found):
    """What moved, and the beginning of every other tab."""
    if wants_csv(request):
        rows = pair_table.csv_rows(found, pair_table.MOVED)
        return csv_answer(request, f"moved-run-{found.pk}", pair_table.FILE, rows)
    counts = counts_by_view(found)
    context = frame(request, found, "moved")
    groups = moved_groups(found, counts, request.user)
    context |= {
        "bottom_line": movement_words(counts, compared_with=found.compared_with_id),
        "moved": groups,
        "by_other_rules": by_other_rules(found),
        "few_moved": sum(len(group.rows) for group in groups) < FEW_MOVED,
        "counts": counts,
        "table": pair_table.first_pairs(found, counts, base=context["urls"]["pairs"]),
        "heat": heat.heat_map(found),
        "trends": trend_panels.first_panels(found),
        "runs": pattern_runs.with_movements(pattern_runs.all_runs().of(found.population_id)[:FIRST_RUNS]),
        "axis": pattern_runs.AXIS,
    }
    return render(request, "patterns/patterns.html", context)


@of_run
def pairs(request, found):
    choice = PairChoice.from_query(request.GET)
    if wants_csv(request) and request.GET.get("table") == "heat":
        return _heat_file(request, found, choice)
    if wants_csv(request):
        rows = pair_table.csv_rows(found, choice)
        return csv_answer(request, f"pairs-run-{found.pk}", pair_table.FILE, rows)
    context = frame(request, found, "pairs") | {
        "choice": choice,
        "fewer_caution": FEWER_CAUTION,
        "table": pair_table.pair_table(found, choice, counts_by_view(found)),
        "heat": heat.heat_map(found, rows=choice.rows, columns=choice.columns),
        "heat_csv_url": csv_url(request, table="heat"),
    }
    return render(request, "patterns/pairs.html", context)


def _heat_file(request, run, choice):
    found = heat.heat_map(run, rows=choice.rows, columns=choice.columns)
    rows = heat.csv_rows(found) if found else []
    return csv_answer(request, f"heat-map-run-{run.pk}", heat.CSV_HEADS, rows)


@of_run
def trends(request, found):
    if wants_csv(request):
        kept = trend_panels.trends_of(found)
        heads = trend_panels.csv_heads(kept, found)
        return csv_answer(request, f"trends-run-{found.pk}", heads, trend_panels.csv_rows(kept))
    context = frame(request, found, "trends")
    context["trends"] = trend_panels.panels_page(found, TrendChoice.from_query(request.GET))
    return render(request, "patterns/trends.html", context)


@of_run
def foresight(request, found):
    if wants_csv(request) and request.GET.get("table") == "caught":
        rows = foresight_page.csv_caught(found)
        return csv_answer(request, f"caught-run-{found.pk}", foresight_page.CAUGHT_HEADS, rows)
    if wants_csv(request):
        rows = foresight_page.csv_rows(found)
        return csv_answer(request, f"foreseeability-run-{found.pk}", foresight_page.CSV_HEADS, rows)
    context = frame(request, found, "foresight")
    context |= foresight_page.foresight_page(found, scheme=request.GET.get("scheme", ""))
    context["caught_csv_url"] = csv_url(request, table="caught")
    return render(request, "patterns/foresight.html", context)


@of_run
def sources(request, found):
    if wants_csv(request):
        rows = source_splits.csv_rows(found)
        return csv_answer(request, f"sources-run-{found.pk}", source_splits.CSV_HEADS, rows)
    context = frame(request, found, "sources") | source_splits.source_view(found, request.GET.get("page", ""))
    return render(request, "patterns/sources.html", context)


@of_run
def exposure(request, found):
    """Rates per use."""
    if wants_csv(request):
        rows = exposure_page.csv_rows(found, request.user)
        return csv_answer(request, f"exposure-run-{found.pk}", exposure_page.HEADS, rows)
    context = frame(request, found, "exposure") | {"tables": exposure_page.exposure_tables(found, request.user)}
    return render(request, "patterns/exposure.html", context)


@require_safe
def runs(request):
    """All runs, or those of one population, which `population` names by its number."""
    number = request.GET.get("population")
    population = get_object_or_404(Population, pk=whole(number)) if number else None
    found = pattern_runs.all_runs().of(population) if population else pattern_runs.all_runs()
    if wants_csv(request):
        rows = pattern_runs.csv_rows(found)
        return csv_answer(request, "pattern-runs", pattern_runs.CSV_HEADS, rows)
    try:
        page = page_of(
            found.order_by(),
            ordering="-id",
            fields=("-id",),
            limit=RUNS_PER_PAGE,
            cursor=request.GET.get("cursor"),
        )
    except BadCursor:
        raise Http404 from None
    kept = {"population": population.pk} if population else {}
    context = {"runs": pattern_runs.with_movements(page.rows), "page": neighbours(page, kept), "tabs": tabs_of(None)}
    context |= {"population": population, "csv_url": csv_url(request)}
    context |= job_state(request.user, None, population=population)
    return render(request, "patterns/runs.html", context)


@require_safe
def pair(request, pk):
    found = get_object_or_404(
        PatternPair.objects.select_related(
            "run", "run__compared_with", "run__population", "node_a__scheme", "node_b__scheme"
        ),
        pk=pk,
    )
    if wants_csv(request):
        kind = request.GET.get("table", "")
        heads, rows = pair_page.file_of(found, kind)
        return csv_answer(request, f"pair-{found.pk}", heads, rows)
    cases = CaseFilterSet({"pair": pk}, queryset=access.visible_to(request.user), person=request.user).qs
    context = frame(request, found.run, "pairs") | pair_page.pair_page(found, cases)
    context["history_csv_url"] = csv_url(request, table="history")
    return render(request, "patterns/pair.html", context)
