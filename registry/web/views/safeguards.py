"""The grid in which the safeguards of a case are recorded."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from registry import access
from registry.actions import safeguards
from registry.actions.signing import Conflict
from registry.choices import Right
from registry.web import safeguards_page as prepared
from registry.web.forms.safeguards import SafeguardGrid


@require_http_methods(["GET", "HEAD", "POST"])
def grid(request, reference):
    case = access.case_for(request.user, reference, to=Right.EDIT)
    recorded = prepared.safeguards_of(case)
    if request.method != "POST":
        return page(request, case, SafeguardGrid(recorded=recorded))
    form = SafeguardGrid(request.POST, recorded=recorded)
    if not form.is_valid():
        return page(request, case, form, status=422)
    try:
        safeguards.set_safeguards(case=case, by=request.user, at=timezone.now(), **form.values())
    except Conflict as conflict:
        return clashed(request, case, conflict.current)
    except ValidationError as error:
        form.place_errors(error)
        return page(request, case, form, status=422)
    messages.success(request, f"The safeguards of {case.reference} are saved.")
    return redirect(f"{case.get_absolute_url()}#safeguards")


def clashed(request, case, current):
    """The grid again as it was typed, at the versions that stand now, and what others made of those rows."""
    data = request.POST.copy()
    for technique, row in current.items():
        data[f"{technique}-version"] = row.version if row else 0
    recorded = prepared.safeguards_of(case)
    form = SafeguardGrid(data, recorded=recorded)
    form.is_valid()
    return page(request, case, form, clashes=prepared.clashes_of(form.techniques, current), status=409)


def page(request, case, form, *, clashes=(), status=200):
    context = {"case": case, "form": form, "rows": list(form.rows()), "clashes": clashes}
    return render(request, "safeguards/edit.html", context, status=status)
