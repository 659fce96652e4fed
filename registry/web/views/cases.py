"""The case list."""

from django.shortcuts import redirect, render
from django.utils import timezone

from registry import access, search
from registry.facets import count_cases
from registry.filters import ALL_ORDERINGS, RELEVANCE
from registry.models import SavedView
from registry.paging import BadCursor, page_of
from registry.saved_views import ALL
from registry.web import case_list as listing
from registry.web import selection
from registry.web.views.goto import visible_case


def case_list(request):
    if elsewhere := other_address(request):
        return elsewhere
    chosen = selection.read(request.GET, person=request.user)
    visible = access.visible_to(request.user)
    page = first_or_asked_page(listing.rows_for(found(visible, chosen), request.user), chosen)
    if chosen.words:
        listing.add_snippets(page.rows, chosen.words)
    counts = count_cases(
        chosen.cases(visible, without=("status", "severity", "kind")),
        chosen=chosen.chosen,
        today=timezone.localdate(),
        person=request.user,
    )
    context = listing.context(request.user, chosen, page, counts)
    response = render(request, "cases/list.html", context)
    if request.htmx:
        response["HX-Push-Url"] = request.path + (chosen.address() if chosen.address() != "?" else "")
    return response


def other_address(request):
    """Where a list without parameters opens with a view, and where the words are one case's reference."""
    if not request.GET and request.user.default_view_id:
        view = SavedView.objects.for_person(request.user).filter(pk=request.user.default_view_id).first()
        return redirect(f"{request.path}?view={view.slug}") if view else None
    words = request.GET.get("q", "")
    others = {name: value for name, value in request.GET.items() if value and name != "q"}
    if not search.is_reference(words) or others not in ({}, {"view": ALL}):
        return None
    case = visible_case(request.user, words)
    if case and request.htmx:
        response = redirect(case)
        response.status_code, response["HX-Redirect"] = 200, case.get_absolute_url()
        return response
    return redirect(case) if case else None


def found(visible, chosen):
    cases = chosen.cases(visible)
    return search.ranked(cases, chosen.words) if chosen.ordering in RELEVANCE else cases


def first_or_asked_page(cases, chosen):
    """The page after the cursor; the first one, with a word about it, where the cursor is not ours."""
    fields = ALL_ORDERINGS[chosen.ordering]
    order = {"ordering": chosen.ordering, "fields": fields, "limit": listing.PER_PAGE}
    try:
        return page_of(cases, cursor=chosen.cursor, **order)
    except BadCursor as error:
        chosen.problems.append(f"cursor: {error}")
        return page_of(cases, **order)
