"""Labelling a case: choose a node, say whether it applies, and take a label back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from registry import access
from registry.actions import labels
from registry.choices import Right
from registry.web.forms.label import LabelForm
from registry.web.label_page import label_address, label_context, own_label, starting_form


@require_http_methods(["GET", "HEAD", "POST"])
def label_case(request, reference):
    case = access.case_for(request.user, reference, to=Right.LABEL)
    if request.method != "POST":
        form, problem = starting_form(request.user, case, request.GET.get("node", ""))
        return render(request, "case/label.html", label_context(request, case, form, problem=problem))
    form = LabelForm(request.POST)
    if form.is_valid() and recorded(request, case, form):
        node = form.cleaned_data["node"]
        messages.success(request, f"Your label “{node}” is recorded. Choose the next one, or go back to the case.")
        return redirect(label_address(case))
    return render(request, "case/label.html", label_context(request, case, form), status=422)


def recorded(request, case, form):
    try:
        labels.label_case(case=case, by=request.user, at=timezone.now(), **form.values())
    except ValidationError as error:
        form.place_errors(error)
        return False
    return True


@require_POST
def take_back(request, reference, number):
    case = access.case_for(request.user, reference, to=Right.LABEL)
    label = own_label(request.user, case, number)
    if label is None:
        raise Http404
    labels.take_back_label(label=label, by=request.user, at=timezone.now())
    messages.success(request, f"Your label “{label.node}” is taken back; the history keeps it.")
    return redirect(label_address(case))
