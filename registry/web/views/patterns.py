"""What the cases have in common: a run, its pairs, the runs before, and asking for a new one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from registry import access
from registry.actions import jobs
from registry.choices import JobKind, JobState
from registry.filters import CaseFilterSet
from registry.models import Job, PatternPair, PatternRun
from registry.paging import BadCursor, page_of
from registry.patterns.sentences import movement_words
from registry.web import heat, pattern_runs
from registry.web.numbers import whole
from registry.web.pair_table import PairChoice, counts_by_view, pair_table
from registry.web.pattern_rows import max_q, moved_groups, rows_of
from registry.web.trend_panels import trend_panels

RUNS_PER_PAGE = 30
FIRST_RUNS = 5
FIRST_CASES = 12
LONGEST_HISTORY = 12


@require_safe
def patterns(request):
    run = pattern_runs.all_runs().first()
    if run is None:
        return render(request, "patterns/empty.html", _job(request.user, None))
    return _page(request, run)


@require_safe
def run(request, run):
    return _page(request, get_object_or_404(pattern_runs.all_runs(), pk=run))


def _page(request, run):
    counts = counts_by_view(run)
    context = {
        "run": run,
        "latest": not PatternRun.objects.filter(pk__gt=run.pk).exists(),
        "bottom_line": movement_words(counts, compared_with=run.compared_with_id),
        "moved": moved_groups(run, counts, request.user),
        "counts": counts,
        "table": pair_table(run, PairChoice.from_query(request.GET), counts),
        "heat": heat.heat_map(run, rows=request.GET.get("rows", ""), columns=request.GET.get("columns", "")),
        "trends": trend_panels(run, all_nodes=request.GET.get("trends") == "all"),
        "runs": pattern_runs.with_movements(pattern_runs.all_runs()[:FIRST_RUNS]),
        "axis": pattern_runs.AXIS,
        "max_q": max_q(run),
        **_job(request.user, run),
    }
    return render(request, "patterns/patterns.html", context)


@require_safe
def runs(request):
    try:
        page = page_of(
            pattern_runs.all_runs().order_by(),
            ordering="-id",
            fields=("-id",),
            limit=RUNS_PER_PAGE,
            cursor=request.GET.get("cursor"),
        )
    except BadCursor:
        raise Http404 from None
    pages = {
        "previous_url": f"?cursor={page.previous}" if page.previous else "",
        "next_url": f"?cursor={page.next}" if page.next else "",
    }
    context = {"runs": pattern_runs.with_movements(page.rows), "page": pages, **_job(request.user, None)}
    return render(request, "patterns/runs.html", context)


@require_safe
def pair(request, pk):
    found = get_object_or_404(
        PatternPair.objects.select_related("run", "run__compared_with", "node_a__scheme", "node_b__scheme"), pk=pk
    )
    cases = CaseFilterSet({"pair": pk}, queryset=access.visible_to(request.user)).qs
    context = {
        "pair": found,
        "run": found.run,
        "nodes": [found.node_a, found.node_b],
        "row": rows_of([found], found.run)[0],
        "table": _two_by_two(found),
        "history": pattern_runs.history_of(found, most=LONGEST_HISTORY),
        "axis": pattern_runs.AXIS,
        "cases": cases.select_related("potential_severity")
        .prefetch_related("systems")
        .order_by("-occurred_on", "-pk")[:FIRST_CASES],
        "n_cases": cases.count(),
        "max_q": max_q(found.run),
    }
    return render(request, "patterns/pair.html", context)


def _two_by_two(pair):
    """Rows of the table behind a pair: with and without the first label, each with and without the second."""
    only_a, only_b = pair.k_a - pair.joint, pair.k_b - pair.joint
    return {
        "with_a": (pair.joint, only_a, pair.k_a),
        "without_a": (only_b, pair.n - pair.k_a - only_b, pair.n - pair.k_a),
        "total": (pair.k_b, pair.n - pair.k_b, pair.n),
    }


@require_POST
def compute(request):
    jobs.ask_for_recompute(by=request.user, at=timezone.now())
    messages.success(
        request, "A new run is asked for. It takes its turn within seconds; this page says when it is there."
    )
    return redirect("patterns")


@require_safe
def job(request):
    """The line about the work under way, fetched again and again while there is some. `run` is what the page shows."""
    run = PatternRun.objects.filter(pk=whole(request.GET.get("run"))).first()
    return render(request, "patterns/_job.html", _job(request.user, run))


def _job(person, run):
    """The state of the work: the open job, else how the last one ended, and whether there is a newer run."""
    found = Job.objects.filter(kind=JobKind.RECOMPUTE).order_by("-pk").first()
    newest = PatternRun.objects.standard().values_list("pk", flat=True).first()
    return {
        "job": found,
        "working": bool(found) and found.state in (JobState.PENDING, JobState.RUNNING),
        "failed": bool(found) and found.state == JobState.DEAD,
        "newer": newest if run and newest and newest > run.pk else None,
        "may_compute": person.may_label,
        "shown_run": run,
    }
