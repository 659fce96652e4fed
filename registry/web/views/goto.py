"""To a case by its number, and the names to suggest while somebody filters."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from registry import access, search
from registry.web.suggestions import suggested


@require_safe
def go_to_case(request):
    """The case whose number is given; else the list, searched for what was typed, with a word about it."""
    words = request.GET.get("number", "").replace("\x00", "").strip()[: search.LONGEST]
    case = visible_case(request.user, words)
    if case is not None:
        return redirect(case)
    if words:
        messages.warning(request, f"There is no case “{words[:80]}” that you may see. This is what a search finds.")
    return redirect(f"{reverse('case-list')}?{urlencode({'q': words})}" if words else "case-list")


@require_safe
def suggest(request, name):
    """Names for the box of one filter, as the options of its list."""
    words = request.GET.get(name, "").replace("\x00", "").strip()[:100]
    return render(request, "cases/_suggestions.html", {"options": suggested(request.user, name, words)})


def visible_case(person, words):
    number = search.number_in(words)
    return access.visible_to(person).only("pk").filter(pk=number).first() if number else None
