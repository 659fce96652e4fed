"""The triage queue, and what one does in it without leaving it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from registry import access
from registry.actions import owning
from registry.actions.signing import Conflict
from registry.choices import Right
from registry.web import triage_queue as queue
from registry.web.forms.plan import PlanForm
from taxonomy.models import SeverityTier


@require_safe
def triage(request):
    context = queue.context(request.user, request.GET, timezone.localdate())
    return render(request, "triage/queue.html", context)


@require_POST
def claim(request, reference):
    """Take a case, or let go of it."""
    case = access.case_for(request.user, reference)
    act = owning.release_case if request.POST.get("claim") == "0" else owning.claim_case
    try:
        act(case=case, by=request.user, at=timezone.now())
    except ValidationError as error:
        return answer(request, case, problems=error.messages)
    words = "is free again" if act is owning.release_case else "is yours"
    return answer(request, case, done=f"{case.reference} {words}.", acted="claim")


@require_POST
def plan(request, reference):
    """Hand a case to somebody, and say when it is due."""
    case = access.case_for(request.user, reference, to=Right.ANALYSE)
    form = PlanForm(request.POST)
    if not form.is_valid():
        return answer(request, case, problems=[error for errors in form.errors.values() for error in errors])
    given = form.cleaned_data
    try:
        planned(case, request.user, given["owner"], given["due_on"], given["version_read"])
    except Conflict:
        return answer(request, case, problems=["Somebody else changed it meanwhile; this is how it stands now."])
    except ValidationError as error:
        return answer(request, case, problems=error.messages)
    return answer(request, case, done=f"{case.reference} is saved.", acted="plan")


@transaction.atomic
def planned(case, person, owner, due_on, version):
    """Both or neither."""
    now = timezone.now()
    case = owning.set_due(case=case, by=person, at=now, due_on=due_on, version=version)
    owning.assign_case(case=case, by=person, at=now, owner=owner, version=case.version)


def answer(request, case, *, done="", problems=(), acted="plan"):
    """The row as it stands for htmx; otherwise back to where it was done."""
    if not request.htmx:
        for words in problems:
            messages.error(request, words)
        if done:
            messages.success(request, done)
        return redirect(way_back(request))
    today = timezone.localdate()
    context = {
        "row": queue.row_for(request.user, case, today),
        "case": case,
        "problems": problems,
        "done": done,
        "acted": acted,
        "here": way_back(request).partition("?")[2],
        "numbers": queue.numbers(queue.waiting(request.user, today), request.user),
    }
    return render(request, "triage/_answer.html", context)


def way_back(request):
    """The page the person acted on: home, or the queue with its filters."""
    if request.POST.get("back") == "home":
        return reverse("home")
    tiers = list(SeverityTier.objects.order_by("-rank"))
    asked = queue.Asked.read(QueryDict(request.POST.get("back", "")[:200]), tiers)
    query = asked.address(page=asked.page)
    return f"{reverse('triage')}?{query}" if query else reverse("triage")
