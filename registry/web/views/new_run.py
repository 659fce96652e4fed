"""Asking for a run of the patterns, over all cases or over some, and how far it is."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from registry.actions import populations
from registry.choices import LabelRule
from registry.models import PatternRun, Population
from registry.web import new_run
from registry.web.numbers import whole
from registry.web.pattern_jobs import job_state
from registry.web.selection import query_dict

ASKED = "A new run is asked for. It takes its turn within seconds; this page says when it is there."


@require_safe
def new(request):
    """Choose which cases and labels a run counts; says how many before it is asked for."""
    if not request.user.may_label:
        raise PermissionDenied("Only analysts, reviewers and administrators ask for a new run.")
    return _page(request, new_run.read(request.GET, person=request.user))


@require_POST
def compute(request):
    """Ask for a run of what `rule` and `query` name; of all cases with their agreed labels without them."""
    asked = query_dict(request.POST.get("query", "")).copy()
    asked[new_run.RULE] = rule = request.POST.get(new_run.RULE, LabelRule.AGREED)
    try:
        job = populations.ask_for_run(
            by=request.user, at=timezone.now(), label_rule=rule, query=request.POST.get("query", "")
        )
    except ValidationError as error:
        return _page(request, new_run.read(asked, person=request.user), problems=new_run.in_words(error), status=422)
    messages.success(request, ASKED)
    if not job.key:
        return redirect("patterns")
    return redirect(new_run.address_of(Population.objects.get(pk=job.key)))


@require_safe
def job(request):
    """The line about the work under way, fetched again and again while there is some.

    `run` is what the page shows; where it shows none, `population` is what a run was asked for.
    """
    run = PatternRun.objects.select_related("population").filter(pk=whole(request.GET.get("run"))).first()
    population = Population.objects.filter(pk=whole(request.GET.get("population"))).first()
    return render(request, "patterns/_job.html", job_state(request.user, run, population=population))


def _page(request, asked, *, problems=(), status=200):
    context = new_run.context(asked, request.user) | job_state(request.user, None, population=asked.population)
    context["problems"] = list(problems) or asked.problems
    return render(request, "patterns/new.html", context, status=status)
