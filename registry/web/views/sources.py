"""Sources shared between cases: the list, one source, and correcting it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from registry import access
from registry.actions import sources
from registry.actions.signing import Conflict
from registry.web import source_page as prepared
from registry.web.cursors import list_or_its_beginning
from registry.web.forms.source import form_for


@require_safe
def source_list(request):
    context = list_or_its_beginning(prepared.list_context, request.user, request.GET)
    return render(request, "sources/list.html", context)


@require_safe
def source(request, pk):
    found = get_object_or_404(access.sources_for(request.user), pk=pk)
    return render(request, "sources/source.html", prepared.source_context(request.user, found))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    found = get_object_or_404(access.sources_for(request.user), pk=pk)
    if not request.user.may_label:
        raise PermissionDenied("Only analysts correct sources.")
    if request.method != "POST":
        return page(request, found, form_for(found))
    form = form_for(found, request.POST)
    if not form.is_valid():
        return page(request, found, form, status=422)
    try:
        sources.edit_source(source=found, by=request.user, at=timezone.now(), **form.values())
    except Conflict as conflict:
        data = request.POST.copy()
        data["seen"] = sources.state_of(conflict.current)
        return page(request, conflict.current, form_for(conflict.current, data), clash=True, status=409)
    except ValidationError as error:
        form.place_errors(error)
        return page(request, found, form, status=422)
    messages.success(request, "The source is saved.")
    return redirect("source", pk=pk)


def page(request, found, form, *, clash=False, status=200):
    context = {"source": found, "form": form, "clash": clash, "facts": prepared.facts_of(found)}
    return render(request, "sources/edit.html", context, status=status)
