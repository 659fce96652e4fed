"""One page for each step in the life of a case."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from registry import access
from registry.actions.signing import Conflict
from registry.blind import is_blind
from registry.choices import Right, Status
from registry.steps import BY_SLUG, missing_as_seen, refusal
from registry.web.forms.steps import step_form
from registry.web.forms.triage_words import FIRST_QUESTIONS
from registry.web.steps import todo
from registry.web.templatetags.registry_ui import status_words


@require_http_methods(["GET", "HEAD", "POST"])
def take_step(request, reference, step):
    case = access.case_for(request.user, reference)
    if step not in BY_SLUG:
        raise Http404
    step = BY_SLUG[step]
    access.require(request.user, step.right, case)
    if request.method != "POST" or not step.fits(case):
        return page(request, case, step, step_form(step, case, request.user))
    form = step_form(step, case, request.user, request.POST)
    if not form.is_valid():
        return page(request, case, step, form, status=422)
    return taken(request, case, step, form)


def taken(request, case, step, form):
    version = form.cleaned_data["version_read"]
    try:
        case = step.action(case=case, by=request.user, at=timezone.now(), version=version, **form.values())
    except Conflict as conflict:
        data = request.POST.copy()
        data["version_read"] = conflict.current.version
        form = step_form(step, conflict.current, request.user, data)
        form.is_valid()
        form.add_error(None, "Somebody else saved the case since you opened this page. Look at it again, then repeat.")
        return page(request, conflict.current, step, form, status=409)
    except ValidationError as error:
        form.place_errors(error)
        return page(request, case, step, form, status=422)
    messages.success(request, f"{case.reference} is {status_words(case.status).lower()} now.")
    return redirect(case)


def page(request, case, step, form, *, status=200):
    blind = is_blind(request.user, case)
    missing = missing_as_seen(request.user, case, step.status, blind=blind)
    context = {
        "case": case,
        "step": step,
        "form": form,
        "fits": step.fits(case),
        "may_merge": case.status != Status.DRAFT and access.may(request.user, Right.ANALYSE, case),
        "questions": FIRST_QUESTIONS if step.slug == "accept" else (),
        "refusal": refusal(request.user, case, step, blind=blind),
        "todo": todo(case, [item for item in missing if item.field not in form.fields]),
    }
    return render(request, "case/step.html", context, status=status)
