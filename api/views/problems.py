"""A page for each type of problem and one that lists them, and the answer for addresses that do not exist."""

import json

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from api.errors import page_not_found
from api.problem_examples import example_of
from api.problems import PROBLEMS


@login_not_required
def problem_page(request, slug):
    """Open to everybody: whoever was refused for not being signed in must be able to read why."""
    if slug not in PROBLEMS:
        raise Http404
    example = json.dumps(example_of(slug), indent=2, ensure_ascii=False)
    # Every second part stood between backticks.
    words = {"slug": slug, "kind": PROBLEMS[slug], "meaning": PROBLEMS[slug].meaning.split("`"), "example": example}
    return render(request, "api/problem.html", words)


@login_not_required
def problem_list(request):
    """All of them, by status."""
    problems = sorted(PROBLEMS.items(), key=lambda each: each[1].status)
    return render(request, "api/problems.html", {"problems": problems})


@csrf_exempt
@login_not_required
def nothing_here(request):
    """Any other address below the API, with any method."""
    return page_not_found(request, None)
