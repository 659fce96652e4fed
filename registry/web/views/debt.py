"""The debt ledger, the cases behind its numbers, and carrying the debt of a case for a while."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry import access, owed
from registry.actions import debt
from registry.blind import is_blind
from registry.choices import Right
from registry.web import debt_page as prepared
from registry.web.forms.debt import AcceptanceForm


@require_safe
def ledger(request):
    return render(request, "debt/ledger.html", prepared.ledger(request.user, request.GET, now=timezone.now()))


@require_safe
def cases(request):
    return render(request, "debt/cases.html", prepared.cases_behind(request.user, request.GET, now=timezone.now()))


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request, reference):
    case = access.case_for(request.user, reference, to=Right.REVIEW)
    now = timezone.now()
    if request.method != "POST":
        return page(request, case, AcceptanceForm(case=case, person=request.user, now=now), now)
    form = AcceptanceForm(request.POST, case=case, person=request.user, now=now)
    if not form.is_valid():
        return page(request, case, form, now, status=422)
    try:
        accepted = debt.accept_debt(case=case, by=request.user, at=now, **form.cleaned_data)
    except ValidationError as error:
        form.place_errors(error)
        return page(request, case, form, now, status=422)
    messages.success(
        request, f"{accepted.owner.name} carries the debt of {case.reference} until {accepted.expires_on:%-d %B %Y}."
    )
    return redirect(case)


@require_POST
def end(request, reference):
    case = access.case_for(request.user, reference)
    now = timezone.now()
    acceptance = debt.in_force(case, at=now)
    if acceptance is None:
        messages.info(request, f"Nobody carries the debt of {case.reference}; it counts already.")
        return redirect(case)
    try:
        debt.end_acceptance(acceptance=acceptance, by=request.user, at=now)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"The debt of {case.reference} counts again.")
    return redirect(case)


def page(request, case, form, now, *, status=200):
    owes = owed.of_case(request.user, case, at=now, blind=is_blind(request.user, case))
    refusal = debt.refusal(request.user, case)
    context = {"case": case, "form": form, "refusal": refusal, **owes}
    return render(request, "debt/accept.html", context, status=status)
