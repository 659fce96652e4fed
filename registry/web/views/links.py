"""How one case stands to others: answered beside the hint, or by number."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from registry import access, similar
from registry.actions import links
from registry.choices import Right
from registry.relations.links import links_of
from registry.web import likeness

TAKEN_BACK = "none"


@require_http_methods(["GET", "HEAD", "POST"])
def case_links(request, reference):
    case = access.case_for(request.user, reference)
    links.require_may_link(request.user, case)
    if request.method != "POST":
        return page(request, case, likeness.LinkForm(person=request.user, case=case))
    if request.POST.get("answer") == TAKEN_BACK:
        return taken_back(request, case)
    data = request.POST.copy()
    data["kind"] = likeness.KIND_OF.get(data.get("answer"), data.get("kind", ""))
    form = likeness.LinkForm(data, person=request.user, case=case)
    if not form.is_valid():
        return page(request, case, form, status=422)
    return answered(request, case, form.cleaned_data["other"], form.cleaned_data["kind"])


def answered(request, case, other, kind):
    links.answer(case=case, other=other, kind=kind, by=request.user, at=timezone.now())
    return shown(request, case, other, f"{case.reference} and {other.reference}: kept.")


def taken_back(request, case):
    try:
        other = likeness.other_case(request.user, case, request.POST.get("other", ""))
    except ValidationError as error:
        form = likeness.LinkForm({"other": request.POST.get("other", "")}, person=request.user, case=case)
        form.is_valid()
        form.errors.clear()
        form.add_error("other", error)
        return page(request, case, form, status=422)
    links.take_back(case=case, other=other, by=request.user, at=timezone.now())
    return shown(request, case, other, f"{case.reference} and {other.reference}: taken back.")


def shown(request, case, other, words):
    """The one hit again where htmx asked for it, the case's page otherwise."""
    if not request.htmx:
        messages.success(request, words)
        return redirect(f"{case.get_absolute_url()}#links")
    link = next((row for row in links_of(request.user, case) if row.other.pk == other.pk), None)
    found = similar.alike(request.user, similar.sought_of(request.user, case))
    hit = next((hit for hit in found if hit.case.pk == other.pk), similar.Hit(other))
    context = {
        "case": case,
        "row": likeness.linked(request.user, hit, link),
        "buttons": likeness.BUTTONS,
        "may_link": True,
        "may_merge": access.may(request.user, Right.ANALYSE, case),
        "fresh": True,
    }
    return render(request, "alike/_case_hit.html", context)


def page(request, case, form, *, status=200):
    return render(request, "alike/link.html", {"case": case, "form": form}, status=status)
