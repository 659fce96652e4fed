"""Saved views: keep what is filtered, rename, share, delete, and choose the one the list opens with."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.actions import views
from registry.actions.signing import Conflict
from registry.saved_views import ALL, find_view, views_for
from registry.web import selection
from registry.web.forms.view import NewViewForm, ViewForm
from registry.web.numbers import whole
from registry.web.view_tabs import view_chips


@require_safe
def view_list(request):
    saved = [
        {"view": view, "chips": view_chips(view), "own": view.owner_id == request.user.pk}
        for view in views_for(request.user)
    ]
    return render(request, "views/list.html", {"saved": saved, "mine": any(row["own"] for row in saved)})


@require_POST
def save_view(request):
    """Keep the filters of the list under a name; the form comes back where the name does not do."""
    form = NewViewForm(request.POST)
    if form.is_valid():
        try:
            view = views.save_view(by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"Saved as “{view.name}”.")
            return redirect(address_of(view))
    filters = selection.read(selection.query_dict(form["query"].value() or ""), person=request.user)
    return render(request, "views/new.html", {"form": form, "chips": filters.chips}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request, slug):
    """Rename and share; only for its owner. Others are shown whose it is."""
    view = found(request.user, slug)
    if view.owner_id != request.user.pk:
        return settings_page(request, view, None)
    if request.method != "POST":
        return settings_page(request, view, ViewForm(initial={"name": view.name, "shared": view.shared}))
    form = ViewForm(request.POST)
    if form.is_valid():
        problems = problems_of(request, views.edit_view, view, **form.cleaned_data)
        if not problems:
            messages.success(request, "Saved.")
            return redirect("view-list")
        form.add_error(None, problems)
    return settings_page(request, view, form, status=422)


@require_POST
def change_filters(request, slug):
    view = found(request.user, slug)
    if problems := problems_of(request, views.change_filters, view, query=request.POST.get("query", "")):
        messages.error(request, " ".join(problems))
    else:
        messages.success(request, f"“{view.name}” now holds these filters.")
    return redirect(address_of(view))


@require_POST
def delete(request, slug):
    view = found(request.user, slug)
    if problems := problems_of(request, views.delete_view, view):
        messages.error(request, " ".join(problems))
        return redirect("view-settings", slug=view.slug)
    messages.success(request, f"“{view.name}” is deleted.")
    return redirect("view-list")


@require_POST
def choose_default(request):
    """Open the list with the view named, or with all cases."""
    slug = request.POST.get("view", "")
    view = None if slug in ("", ALL) else found(request.user, slug)
    views.choose_default(by=request.user, at=timezone.now(), view=view)
    messages.success(request, f"Your list opens with {f'“{view.name}”' if view else 'all cases'}.")
    return redirect("view-list")


def found(person, slug):
    try:
        return find_view(person, slug)
    except ValidationError as error:
        raise Http404(error.messages[0]) from None


def problems_of(request, action, view, **values):
    """Carry `action` out on the version that was shown; what stands against it in words, none if it is done."""
    try:
        action(by=request.user, at=timezone.now(), view=view, version=version_in(request), **values)
    except ValidationError as error:
        return error.messages
    except Conflict as conflict:
        return [f"“{conflict.current.name}” was changed elsewhere since you opened it. Look again."]
    return []


def version_in(request):
    return whole(request.POST.get("version")) or 0


def settings_page(request, view, form, *, status=200):
    context = {"view": view, "form": form, "chips": view_chips(view)}
    return render(request, "views/settings.html", context, status=status)


def address_of(view):
    return f"{reverse('case-list')}?view={view.slug}"
