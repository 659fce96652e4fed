"""The case list."""

from django.shortcuts import render
from django.utils import timezone

from registry import access
from registry.filters import ORDERINGS
from registry.paging import BadCursor, page_of
from registry.web import case_list as listing
from registry.web import selection
from registry.web.facets import count_cases


def case_list(request):
    chosen = selection.read(request.GET)
    visible = access.visible_to(request.user)
    found = chosen.cases(listing.rows_for(visible, request.user))
    page = first_or_asked_page(found, chosen)
    counts = count_cases(
        chosen.cases(visible, without=("status", "severity", "kind")),
        chosen=chosen.chosen,
        today=timezone.localdate(),
    )
    context = listing.context(request.user, chosen, page, counts)
    response = render(request, "cases/list.html", context)
    if request.htmx:
        response["HX-Push-Url"] = request.path + (chosen.address() if chosen.address() != "?" else "")
    return response


def first_or_asked_page(found, chosen):
    """The page after the cursor; the first one, with a word about it, where the cursor is not ours."""
    order = {"ordering": chosen.ordering, "fields": ORDERINGS[chosen.ordering], "limit": listing.PER_PAGE}
    try:
        return page_of(found, cursor=chosen.cursor, **order)
    except BadCursor as error:
        chosen.problems.append(f"cursor: {error}")
        return page_of(found, **order)
