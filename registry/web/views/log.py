"""Logging a case: the page before there is a draft, and the receipt afterwards."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from registry import access
from registry.actions import drafts
from registry.web.case_forms import prefilled_form
from registry.web.draft_json import by_field
from registry.web.forms.labels_block import LabelsBlock
from registry.web.log_page import again_address, log_context, next_steps
from registry.web.writing import Writing


@require_http_methods(["GET", "HEAD", "POST"])
def log_case(request):
    if not request.user.may_log:
        raise PermissionDenied("Readers do not log cases; ask an administrator for another role.")
    if request.method == "POST":
        return taken_in(request, Writing(request.user, request.POST))
    form = prefilled_form(request.user, request.GET)
    labels = LabelsBlock() if request.user.may_label else None
    return render(request, "log/log.html", log_context(request.user, form, labels=labels))


def taken_in(request, writing):
    """Keep what was sent as a draft, or log it at once; the page again with what is wrong otherwise."""
    if "keep" in request.POST:
        if draft := kept(request, writing):
            messages.success(request, "Kept as a draft. Only you can see it until you share or submit it.")
            return redirect(draft)
    elif writing.is_complete() and (case := logged(request, writing)):
        return after_submitting(request, case)
    return log_page(request, writing, status=422)


def kept(request, writing):
    """The new draft; None with the errors at the form's fields where something cannot be kept."""
    changes = {name: ([], texts) for name, texts in writing.answers.items()}
    try:
        return drafts.start_draft(by=request.user, at=timezone.now(), changes=changes).draft
    except ValidationError as error:
        writing.place_problems(by_field(error))
        return None


def logged(request, writing):
    """The new case; None with the errors at the form's fields where the action refused it."""
    try:
        return drafts.log_at_once(by=request.user, at=timezone.now(), **writing.handed_in())
    except ValidationError as error:
        writing.form.place_errors(error)
        return None


def log_page(request, writing, *, conflict=None, status=200):
    context = log_context(request.user, writing.form, draft=writing.draft, labels=writing.labels, conflict=conflict)
    return render(request, "log/log.html", context, status=status)


def after_submitting(request, case):
    """To the receipt; to the rest of the questions where more is to be said; home where others only may see it."""
    if not access.seen_by(request.user).filter(pk=case.pk).exists():
        messages.success(request, "It is submitted. You are not among those who may see the case.")
        return redirect("draft-list")
    if "details" in request.POST:
        messages.success(request, f"{case.reference} is in triage. Add what you know; nothing more is needed.")
        return redirect("case-edit", reference=case.reference)
    return redirect("case-receipt", reference=case.reference)


@require_GET
def receipt(request, reference):
    case = access.case_for(request.user, reference)
    context = {"case": case, "again": again_address(case), "next_steps": next_steps(request.user, case)}
    return render(request, "log/receipt.html", context)
