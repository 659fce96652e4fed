"""Changing many cases at once: choose what happens, confirm, see how each of them went, undo."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from registry.actions import bulk
from registry.choices import BulkAction
from registry.models import BulkChange
from registry.paging import BadCursor
from registry.web import bulk_page
from registry.web.cursors import neighbours
from registry.web.forms.bulk import FORMS


@require_POST
def confirm(request):
    """What the change needs, what it does, to how many, and the first of them; nothing happens yet."""
    require_right(request.user)
    chosen = bulk_page.chosen_cases(request.user, request.POST)
    if not chosen.n:
        messages.warning(request, "Choose the cases first: tick their rows.")
        return redirect(chosen.back)
    action = asked_action(request)
    form = FORMS[action](person=request.user, numbers=chosen.numbers)
    problem = differing(chosen) if chosen.differs else ""
    return page(request, action, chosen, form, problem=problem)


@require_POST
def make(request):
    """Do it: at once for a few, by a job for many."""
    require_right(request.user)
    chosen = bulk_page.chosen_cases(request.user, request.POST)
    action = asked_action(request)
    form = FORMS[action](request.POST, person=request.user, numbers=chosen.numbers)
    if chosen.differs:
        return page(request, action, chosen, form, problem=differing(chosen), status=409)
    if not form.is_valid():
        return page(request, action, chosen, form, status=422)
    at = timezone.now()
    try:
        change = bulk.ask(by=request.user, at=at, action=action, arguments=form.arguments(), numbers=chosen.numbers)
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
        return page(request, action, chosen, form, status=422)
    if bulk.fits_in_request(change):
        bulk.carry_out(change=change, at=at)
    return redirect(f"{reverse('bulk-change', args=[change.pk])}?{urlencode({'back': chosen.back})}")


@require_safe
def changes(request):
    """One's own bulk changes, the latest first."""
    return render(request, "bulk/changes.html", {"rows": bulk_page.latest_changes(request.user)})


@require_safe
def result(request, pk):
    change = own_change(request, pk)
    outcome = request.GET.get("outcome", "")
    back = bulk_page.safe_back(request.GET.get("back", ""))
    try:
        rows = bulk_page.rows_of(change, request.user, outcome=outcome, cursor=request.GET.get("cursor"))
    except BadCursor:
        raise Http404 from None
    kept = {"back": back} | ({"outcome": outcome} if outcome else {})
    context = {
        "words": bulk_page.done_words(change),
        "rows": rows.rows,
        "page": neighbours(rows, kept),
        "back": back,
        "outcome": outcome,
        **bulk_page.progress(change),
    }
    return render(request, "bulk/result.html", context)


@require_safe
def progress(request, pk):
    """How far it is, fetched again and again; the whole page once it is done."""
    change = own_change(request, pk)
    state = bulk_page.progress(change)
    response = render(request, "bulk/_progress.html", state)
    if not state["working"]:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def undo(request, pk):
    change = own_change(request, pk)
    at = timezone.now()
    try:
        change = bulk.ask_undo(change=change, by=request.user, at=at)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if bulk.fits_in_request(change):
            bulk.take_back(change=change, at=at)
    return to_result(request, change)


@require_POST
def go_on(request, pk):
    change = own_change(request, pk)
    bulk.go_on(change=change, by=request.user, at=timezone.now())
    return to_result(request, change)


def to_result(request, change):
    back = bulk_page.safe_back(request.POST.get("back", ""))
    return redirect(f"{reverse('bulk-change', args=[change.pk])}?{urlencode({'back': back})}")


def own_change(request, pk):
    """The change if the person made it; to everybody else it is not there."""
    return get_object_or_404(BulkChange.objects.select_related("asked_by"), pk=pk, asked_by=request.user)


def require_right(person):
    if not bulk.may_change_many(person):
        raise PermissionDenied(bulk.NO_RIGHT)


def asked_action(request):
    action = request.POST.get("action", "")
    if action not in BulkAction.values:
        raise Http404
    return BulkAction(action)


def differing(chosen):
    before, now = chosen.expected, bulk_page.cases_words(chosen.n)
    return f"These are {now} now; {before:,} when you chose them. Nothing was changed. Look at them again."


def page(request, action, chosen, form, *, problem="", status=200):
    verb, explanation = bulk_page.HEADINGS[action]
    try:
        bulk.require_some(chosen.numbers)
    except ValidationError as error:
        problem = f"{' '.join(error.messages)} Narrow the filters, or tick fewer rows."
    context = {
        "action": action,
        "form": form,
        "chosen": chosen,
        "heading": f"{verb} {bulk_page.cases_words(chosen.n)}",
        "button": f"{bulk_page.BUTTONS[action]} {bulk_page.cases_words(chosen.n)}",
        "explanation": explanation,
        "undo_words": "" if action == BulkAction.STATUS else bulk_page.CAN_UNDO,
        "by_job": chosen.n > bulk.IN_REQUEST,
        "too_many": not 0 < chosen.n <= bulk.MOST_AT_ONCE,
        "problem": problem,
        **bulk_page.preview(request.user, chosen),
    }
    return render(request, "bulk/confirm.html", context, status=status)
