"""Logging a case, and the receipt for it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from registry import access
from registry.actions import cases
from registry.choices import Status
from registry.web.case_forms import case_form, prefilled
from registry.web.log_page import again_address, log_context, next_steps


@require_http_methods(["GET", "HEAD", "POST"])
def log_case(request):
    if not request.user.may_log:
        raise PermissionDenied("Readers do not log cases; ask an administrator for another role.")
    if request.method != "POST":
        form = case_form(request.user, initial=prefilled(request.user, request.GET))
        return render(request, "log/log.html", log_context(request.user, form))
    form = case_form(request.user, data=request.POST)
    submit = "keep" not in request.POST
    if submit:
        form.need_everything()
    case = logged(request, form, submit=submit) if form.is_valid() else None
    if case is None:
        return render(request, "log/log.html", log_context(request.user, form), status=422)
    return after_saving(request, case)


def logged(request, form, *, submit):
    """The new case; None with the errors at the form's fields where the action refused it."""
    try:
        return cases.log_case(by=request.user, at=timezone.now(), submit=submit, **form.values())
    except ValidationError as error:
        form.place_errors(error)
        return None


def after_saving(request, case):
    """To the receipt of a submitted case, to the draft's own page otherwise."""
    if case.status == Status.DRAFT:
        messages.success(request, f"Kept as draft {case.reference}. Only you can see it until you submit it.")
        return redirect("case-edit", reference=case.reference)
    return redirect("case-receipt", reference=case.reference)


@require_GET
def receipt(request, reference):
    case = access.case_for(request.user, reference)
    context = {"case": case, "again": again_address(case), "next_steps": next_steps(request.user, case)}
    return render(request, "log/receipt.html", context)
