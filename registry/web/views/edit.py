"""Editing a case, and finishing one that a tool left as a draft."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from registry import access
from registry.actions import cases
from registry.actions.signing import Conflict
from registry.choices import Right, Status
from registry.web.case_forms import case_form, initial_of
from registry.web.log_page import edit_context
from registry.web.merging import merge


@require_http_methods(["GET", "HEAD", "POST"])
def edit_case(request, reference):
    case = access.case_for(request.user, reference, to=Right.EDIT)
    if request.method != "POST":
        return page(request, case, case_form(request.user, case=case, initial=initial_of(case)))
    form = case_form(request.user, case=case, data=request.POST)
    if submitting(request, case):
        form.need_everything()
    if not form.is_valid():
        return page(request, case, form, status=422)
    try:
        return saved(request, case, form)
    except Conflict as conflict:
        merged = merge(request.user, conflict.current, request.POST)
        return page(request, conflict.current, merged.form, conflict=merged, status=409)
    except ValidationError as error:
        form.place_errors(error)
        return page(request, case, form, status=422)


def submitting(request, case):
    return case.status == Status.DRAFT and "keep" not in request.POST


def saved(request, case, form):
    """Save what was typed; a draft that is to be submitted goes on to triage."""
    person, now = request.user, timezone.now()
    values = form.values()
    version, reason = form.cleaned_data["version_read"] or 0, form.cleaned_data["reason"]
    submit = submitting(request, case)
    case = cases.edit_case(case=case, by=person, at=now, version=version, reason=reason, **values)
    if submit:
        case = cases.submit_case(case=case, by=person, at=now, version=case.version)
        return redirect("case-receipt", reference=case.reference)
    if case.status == Status.DRAFT:
        messages.success(request, f"Draft {case.reference} is saved.")
        return redirect("case-edit", reference=case.reference)
    messages.success(request, f"{case.reference} is saved.")
    return redirect(case)


def page(request, case, form, *, conflict=None, status=200):
    context = edit_context(request.user, form, case=case, conflict=conflict)
    return render(request, "case/edit.html", context, status=status)
