"""How far labels can be trusted, and the cases on which raters differ."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry import disputes
from registry.agreement import latest_runs
from registry.patterns.judgements import FEWEST_CASES
from registry.web import agreement_page, agreement_rows
from registry.web.node_agreement_table import NodeChoice, node_table
from registry.web.numbers import MOST_PAGES, whole


@require_safe
def agreement(request):
    runs = latest_runs()
    if not runs:
        return render(request, "agreement/empty.html")
    period = request.GET.get("period", "all")
    if period not in runs:
        raise Http404
    run = runs[period]
    schemes = agreement_page.scheme_rows(run)
    rewrite, n_below = agreement_page.to_rewrite(run)
    context = {
        "run": run,
        "periods": agreement_page.period_links(runs, run),
        "bottom_line": agreement_page.bottom_line(run, schemes, n_below),
        "schemes": schemes,
        "severities": agreement_page.severity_rows(run),
        "rewrite": rewrite,
        "n_below": n_below,
        "table": node_table(run, NodeChoice.from_query(request.GET, period=period)),
        "confusions": agreement_page.confusions(run),
        "pairs": agreement_page.pairs_by_scheme(run),
        "axis": agreement_rows.axis(),
        "fewest": FEWEST_CASES,
    }
    return render(request, "agreement/agreement.html", context)


@require_safe
def queue(request):
    page = whole(request.GET.get("page", "1"), most=MOST_PAGES)
    if not page:
        raise Http404
    rows, total = disputes.waiting(request.user, page)
    if not rows and page > 1:
        raise Http404
    last = page * disputes.PER_PAGE >= total
    context = {
        "rows": rows,
        "total": total,
        "pages": {
            "previous_url": f"?page={page - 1}" if page > 1 else "",
            "next_url": "" if last else f"?page={page + 1}",
        },
        "first": (page - 1) * disputes.PER_PAGE + 1,
        "formula": disputes.FORMULA,
    }
    return render(request, "agreement/queue.html", context)
