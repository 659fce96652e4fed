"""Bringing back an earlier value of a field: what would change, then the change."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from registry import access
from registry.actions import restoring
from registry.actions.signing import Conflict
from registry.choices import Right
from registry.web.forms.restore import RestoreForm
from registry.web.restore_page import context


@require_http_methods(["GET", "HEAD", "POST"])
def restore_field(request, reference, event, field):
    case = access.case_for(request.user, reference, to=Right.EDIT)
    restoring.held_at(case, event, field)
    if request.method != "POST":
        return page(request, case, event, field, RestoreForm(initial={"version_read": case.version}))
    form = RestoreForm(request.POST)
    if not form.is_valid():
        return page(request, case, event, field, form, status=422)
    return restored(request, case, event, field, form)


def restored(request, case, event, field, form):
    version, reason = form.cleaned_data["version_read"], form.cleaned_data["reason"]
    try:
        case = restoring.restore_field(
            case=case, by=request.user, at=timezone.now(), version=version, event=event, field=field, reason=reason
        )
    except Conflict as conflict:
        data = request.POST.copy()
        data["version_read"] = conflict.current.version
        form = RestoreForm(data)
        form.add_error(None, "Somebody else saved the case since you opened this page. Look at what it holds now.")
        return page(request, conflict.current, event, field, form, status=409)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return page(request, case, event, field, form, status=422)
    messages.success(request, f"{case.reference} is saved as it was. What stood there is in the history.")
    return redirect(case)


def page(request, case, event, field, form, *, status=200):
    return render(request, "case/restore.html", context(case, event, field) | {"form": form}, status=status)
