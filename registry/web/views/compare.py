"""Comparing two to five cases side by side."""

from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from registry.web import comparing


@require_http_methods(["GET", "HEAD", "POST"])
def compare(request):
    """The page for the cases in the address. What is ticked in the list is sent, and leads to such an address."""
    if request.method == "POST":
        chosen = [("case", text) for text in request.POST.getlist("case")[: comparing.MOST_ASKED]]
        return redirect(f"{reverse('case-compare')}?{urlencode(chosen)}")
    asked = comparing.asked(request.user, request.GET.getlist("case"))
    shown = [] if asked.problem else comparing.sections(request.user, asked.cases)
    context = {
        "asked": asked,
        "columns": columns(asked.cases),
        "sections": shown,
        "n_different": sum(row.mark != comparing.SAME for section in shown for row in section.rows),
        "most": comparing.MOST,
    }
    return render(request, "cases/compare.html", context)


def columns(cases):
    """Each case with the address of the comparison without it, while enough are left."""
    enough = len(cases) > comparing.FEWEST
    return [{"case": case, "without": address(cases, case) if enough else ""} for case in cases]


def address(cases, without):
    others = [("case", case.reference) for case in cases if case != without]
    return f"{reverse('case-compare')}?{urlencode(others)}"
