"""Mitigations: the list, one of them, proposing and changing one, and which cases it answers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry import access
from registry.actions import mitigations
from registry.actions.signing import Conflict
from registry.web import mitigations_page as prepared
from registry.web.cursors import list_or_its_beginning
from registry.web.forms.mitigations import MitigationForm, initial_of
from registry.web.numbers import whole


@require_safe
def mitigation_list(request):
    today = timezone.localdate()
    context = list_or_its_beginning(prepared.list_context, request.user, request.GET, today=today)
    return render(request, "mitigations/list.html", context)


def found(request, pk):
    rows = mitigations.seen_mitigations(request.user).select_related("owner", "node__scheme", "proposed_by")
    return get_object_or_404(rows, pk=pk)


@require_safe
def mitigation(request, pk):
    return shown(request, found(request, pk))


def shown(request, row, *, problem="", typed="", status=200):
    context = prepared.page_context(request.user, row, today=timezone.localdate())
    return render(request, "mitigations/mitigation.html", context | {"problem": problem, "typed": typed}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    if not request.user.may_label:
        raise PermissionDenied("Only analysts propose mitigations.")
    if request.method != "POST":
        initial = {"cases": request.GET.get("case", "").replace("\x00", "")[:40], "state": "proposed"}
        return page(request, MitigationForm(person=request.user, initial=initial))
    form = MitigationForm(request.POST, person=request.user)
    if not form.is_valid():
        return page(request, form, status=422)
    try:
        made = mitigations.propose_mitigation(by=request.user, at=timezone.now(), **form.values())
    except ValidationError as error:
        form.place_errors(error)
        return page(request, form, status=422)
    messages.success(request, "The mitigation is saved.")
    return redirect("mitigation", pk=made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    row = found(request, pk)
    if not mitigations.may_change(request.user, row):
        raise PermissionDenied("Only analysts, and its owner, change a mitigation.")
    if request.method != "POST":
        return page(request, MitigationForm(person=request.user, mitigation=row, initial=initial_of(row)), row)
    form = MitigationForm(request.POST, person=request.user, mitigation=row)
    if not form.is_valid():
        return page(request, form, row, status=422)
    try:
        version = form.cleaned_data["version_read"] or 0
        mitigations.change_mitigation(
            mitigation=row, by=request.user, at=timezone.now(), version=version, **form.values()
        )
    except Conflict:
        return clashed(request, pk)
    except ValidationError as error:
        form.place_errors(error)
        return page(request, form, row, status=422)
    messages.success(request, "The mitigation is saved.")
    return redirect("mitigation", pk=pk)


def clashed(request, pk):
    """The form again as it was typed, at the version that stands now, beside what it says now."""
    row = found(request, pk)
    data = request.POST.copy()
    data["version_read"] = row.version
    form = MitigationForm(data, person=request.user, mitigation=row)
    form.is_valid()
    return page(request, form, row, clash=prepared.facts_of(row), status=409)


def page(request, form, row=None, *, clash=None, status=200):
    context = {"form": form, "mitigation": row, "clash": clash}
    return render(request, "mitigations/edit.html", context, status=status)


@require_POST
def add_case(request, pk):
    row, typed = found(request, pk), request.POST.get("case", "")[:40]
    case = prepared.named_case(request.user, typed)
    if case is None:
        return shown(request, row, problem=f"There is no case “{typed}”.", typed=typed, status=422)
    try:
        mitigations.answer_case(
            mitigation=row, case=case, by=request.user, at=timezone.now(), version=version_in(request)
        )
    except Conflict:
        return shown(request, found(request, pk), problem=CHANGED, typed=typed, status=409)
    except ValidationError as error:
        return shown(request, row, problem=" ".join(error.messages), typed=typed, status=422)
    messages.success(request, f"It answers {case.reference} too.")
    return redirect("mitigation", pk=pk)


@require_POST
def leave_case(request, pk, reference):
    row, case = found(request, pk), access.case_for(request.user, reference)
    try:
        mitigations.leave_case(
            mitigation=row, case=case, by=request.user, at=timezone.now(), version=version_in(request)
        )
    except Conflict:
        return shown(request, found(request, pk), problem=CHANGED, status=409)
    except ValidationError as error:
        return shown(request, row, problem=" ".join(error.messages), status=422)
    messages.success(request, f"It does not answer {case.reference} any more.")
    return redirect("mitigation", pk=pk)


CHANGED = "Somebody else changed the mitigation since you opened this page. Look at it again, then repeat."


def version_in(request):
    return whole(request.POST.get("version")) or 0
