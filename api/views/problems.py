"""A page for each type of problem, and the answer for addresses that do not exist."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from api.errors import page_not_found
from api.problems import PROBLEMS


@login_not_required
def problem_page(request, slug):
    """Open to everybody: whoever was refused for not being signed in must be able to read why."""
    if slug not in PROBLEMS:
        raise Http404
    return render(request, "api/problem.html", {"slug": slug, "kind": PROBLEMS[slug]})


@csrf_exempt
@login_not_required
def nothing_here(request):
    """Any other address below the API, with any method."""
    return page_not_found(request, None)
