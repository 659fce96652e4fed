"""The reader's digests: the archive, each letter as it was sent, when they come, and stopping them."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from registry.actions import subscriptions
from registry.digests import archive, links
from registry.models import Subscription
from registry.paging import BadCursor
from registry.web.forms.subscription import SubscriptionForm

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
            "next_at": archive.next_for(archive.subscription_of(request.user), at=timezone.now()),
            "mails_reach_readers": archive.mails_reach_readers(),
        },
    )


@require_safe
def digest(request, pk):
    found = archive.digest_for(request.user, pk)
    words = {"digest": found, "period": archive.period_of(found), "mails_reach_readers": archive.mails_reach_readers()}
    return render(request, "digests/digest.html", words)


@require_safe
@never_cache
@xframe_options_sameorigin
@csp(LETTER_POLICY)
def letter(request, pk):
    """The mail itself, for the frame of the page above."""
    return HttpResponse(archive.letter(archive.digest_for(request.user, pk)))


@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request):
    present = archive.subscription_of(request.user)
    if request.method != "POST":
        return subscription_page(request, present, SubscriptionForm(initial=wishes_of(request.user, present)))
    if "stop" in request.POST and present:
        subscriptions.unsubscribe(subscription=present, by=request.user, at=timezone.now())
        messages.success(request, "The weekly digest is stopped.")
        return redirect("digest-list")
    form = SubscriptionForm(request.POST, initial=wishes_of(request.user, present))
    if not form.is_valid() or not subscribed(request, form, present):
        return subscription_page(request, present, form, status=422)
    messages.success(request, "Saved. The next digest comes as you said.")
    return redirect("digest-list")


def wishes_of(person, present):
    if present is None:
        return {"weekday": 0, "hour": 7, "time_zone": person.time_zone}
    return {"weekday": present.weekday, "hour": present.hour, "time_zone": present.time_zone}


def subscribed(request, form, present):
    """Whether the wish was carried out; if not, the form says why."""
    signature = {"by": request.user, "at": timezone.now()}
    try:
        if present and present.active:
            subscriptions.change_subscription(subscription=present, **signature, **form.cleaned_data)
        else:
            subscriptions.subscribe(person=request.user, **signature, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


def subscription_page(request, present, form, *, status=200):
    active = bool(present and present.active)
    return render(request, "digests/subscription.html", {"form": form, "active": active}, status=status)


@csrf_exempt  # a mail program posts here by itself (RFC 8058); the signed address is the proof
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request, token):
    """Stop a subscription from its mail. Looking at the address changes nothing, only posting to it does."""
    present = get_object_or_404(Subscription.objects.select_related("person"), pk=links.stopped_by(token))
    if request.method == "POST":
        present = subscriptions.unsubscribe(subscription=present, by=present.person, at=timezone.now())
    return render(request, "digests/stop.html", {"subscription": present})
