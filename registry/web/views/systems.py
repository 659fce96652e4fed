"""Systems and how much each is used: the list, one system, recording months, correcting and removing one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.actions import exposures
from registry.actions.signing import Conflict
from registry.web import systems_page as prepared
from registry.web.cursors import list_or_its_beginning
from registry.web.forms.exposure import MonthsForm, correction_of
from registry.web.numbers import whole


@require_safe
def system_list(request):
    context = list_or_its_beginning(prepared.list_context, request.user, request.GET)
    return render(request, "systems/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def system(request, pk):
    """One system; a POST records months, all of them or none."""
    found = get_object_or_404(prepared.systems_for(request.user), pk=pk)
    if request.method != "POST":
        return page(request, found, MonthsForm())
    now = timezone.now()
    form = MonthsForm(request.POST, system=found, at=now)
    if not request.user.may_label:
        raise PermissionDenied("Only analysts record how much a system is used.")
    if not form.is_valid():
        return page(request, found, form, status=422)
    facts = {"unit": form.cleaned_data["unit"], "source": form.cleaned_data["source"]}
    try:
        made = exposures.record_exposures(
            system=found, amounts=form.cleaned_data["months"], by=request.user, at=now, **facts
        )
    except ValidationError as error:
        form.place_errors(error)
        return page(request, found, form, status=422)
    messages.success(request, f"{len(made)} month{'' if len(made) == 1 else 's'} recorded.")
    return redirect("system", pk=pk)


def page(request, found, form, *, status=200):
    context = prepared.system_context(request.user, found)
    return render(request, "systems/system.html", context | {"form": form}, status=status)


def exposure_for(request, pk):
    rows = exposures.exposures_for(request.user).select_related("system")
    found = get_object_or_404(rows, pk=pk)
    if not request.user.may_label:
        raise PermissionDenied("Only analysts record how much a system is used.")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    found = exposure_for(request, pk)
    if request.method != "POST":
        return edit_page(request, found, correction_of(found))
    form = correction_of(found, request.POST)
    if not form.is_valid():
        return edit_page(request, found, form, status=422)
    version = form.cleaned_data["version_read"] or 0
    try:
        exposures.change_exposure(exposure=found, by=request.user, at=timezone.now(), version=version, **form.values())
    except Conflict as conflict:
        return clashed(request, conflict.current)
    except ValidationError as error:
        form.place_errors(error)
        return edit_page(request, found, form, status=422)
    messages.success(request, "The month is corrected.")
    return redirect("system", pk=found.system_id)


def clashed(request, current):
    """The form again as it was typed, at the version that stands now, beside what it says now."""
    data = request.POST.copy()
    data["version_read"] = current.version
    return edit_page(request, current, correction_of(current, data), clash=True, status=409)


def edit_page(request, found, form, *, clash=False, status=200):
    context = {"exposure": found, "month": exposures.month_words(found.month), "form": form, "clash": clash}
    return render(request, "systems/exposure.html", context, status=status)


@require_POST
def remove(request, pk):
    found = exposure_for(request, pk)
    try:
        exposures.remove_exposure(
            exposure=found, by=request.user, at=timezone.now(), version=whole(request.POST.get("version")) or 0
        )
    except Conflict as conflict:
        return edit_page(request, conflict.current, correction_of(conflict.current), clash=True, status=409)
    messages.success(request, "The month is removed; the history keeps what it said.")
    return redirect("system", pk=found.system_id)
