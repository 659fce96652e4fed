"""The reader's digests: the archive, and each letter as it was sent."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from registry.actions.subscriptions import subscriptions_for
from registry.choices import Cadence
from registry.digests import archive, wishes
from registry.digests.clock import database_now
from registry.paging import BadCursor

# A letter brings its own styles and its picture, and nothing else: no script, no form, nothing from elsewhere.
LETTER_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-top-navigation-by-user-activation"],
}


@require_safe
def digest_list(request):
    try:
        page = archive.page_for(request.user, cursor=request.GET.get("cursor"))
    except BadCursor as error:
        raise Http404 from error
    return render(
        request,
        "digests/list.html",
        {
            "digests": page.rows,
            "page": {
                "previous_url": f"?cursor={page.previous}" if page.previous else "",
                "next_url": f"?cursor={page.next}" if page.next else "",
            },
            **coming(request.user),
            "mails_reach_readers": archive.mails_reach_readers(),
        },
    )


def coming(person):
    """How many subscriptions run, and the one of which something comes next, in words."""
    at, running = database_now(), list(subscriptions_for(person).filter(active=True))
    told = [each for each in running if each.cadence != Cadence.HOURLY]
    first = min(told, key=lambda each: wishes.next_at(each, at=at), default=None)
    return {"n_running": len(running), "next": first and wishes.shown(first, at=at)}


@require_safe
def digest(request, pk):
    found = archive.digest_for(request.user, pk)
    words = {
        "digest": found,
        "period": archive.period_of(found),
        "followed": wishes.followed(found.subscription),
        "mails_reach_readers": archive.mails_reach_readers(),
    }
    return render(request, "digests/digest.html", words)


@require_safe
@never_cache
@xframe_options_sameorigin
@csp(LETTER_POLICY)
def letter(request, pk):
    """The mail itself, for the frame of the page above."""
    return HttpResponse(archive.letter(archive.digest_for(request.user, pk)))
