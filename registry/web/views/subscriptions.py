"""One's subscriptions to digests: making, changing, pausing, stopping, and seeing the mail before it comes."""

from contextlib import suppress
from datetime import datetime, time
from zoneinfo import ZoneInfo

from csp.decorators import csp
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.actions import subscriptions as actions
from registry.actions.following import node_named
from registry.choices import About, Cadence
from registry.digests import archive, ledger, links, wishes
from registry.digests.clock import database_now
from registry.models import Subscription
from registry.picking import node_words
from registry.web.forms.subscription import PauseForm, SubscriptionForm, WishForm
from registry.web.views.digests import LETTER_POLICY

COMES_SOON = "It is being written and comes within a minute, to {address}."
ON_ITS_WAY = "It was asked for already and is on its way to {address}."


@require_safe
def former_address(request):
    """Where mails of before several subscriptions lead."""
    return redirect("subscription-list", permanent=True)


@require_safe
def subscription_list(request):
    at = database_now()
    rows = [wishes.shown(each, at=at) for each in actions.subscriptions_for(request.user).order_by("pk")]
    context = {
        "running": [row for row in rows if row["subscription"].active],
        "stopped": [row for row in rows if not row["subscription"].active],
        "mails_reach_readers": archive.mails_reach_readers(),
    }
    return render(request, "digests/subscriptions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Ask for a digest; the address may say of what: `about`, `view`, `node`, `system`, `cadence`."""
    if request.method != "POST":
        return render(request, "digests/new.html", {"form": SubscriptionForm(request.user, initial=asked_in(request))})
    form = SubscriptionForm(request.user, request.POST, initial={"time_zone": request.user.time_zone})
    if form.is_valid():
        named = {name: form.cleaned_data[name] for name in actions.FOLLOWED}
        made = placed(
            form, actions.subscribe, person=request.user, by=request.user, at=database_now(), **named, **form.wishes()
        )
        if made:
            messages.success(request, f"{wishes.followed(made)}: {wishes.shown(made, at=made.created_at)['schedule']}.")
            return redirect("subscription-list")
    return render(request, "digests/new.html", {"form": form}, status=422)


def asked_in(request):
    """What the form of a new subscription starts with."""
    said = {name: request.GET.get(name, "").replace("\x00", "")[:300] for name in ("view", "node", "system")}
    about, cadence = request.GET.get("about"), request.GET.get("cadence")
    said["about"] = about if about in About.values else About.EVERYTHING
    said["cadence"] = cadence if cadence in Cadence.values else Cadence.WEEKLY
    if said["node"]:
        # What names no node stands in the form as it came, and is refused there.
        with suppress(ValidationError):
            said["node"] = node_words(node_named(said["node"]))
    return said | {"time_zone": request.user.time_zone}


@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request, pk):
    """When it comes and on which conditions, with what else may be done with it."""
    found = subscription_of(request, pk)
    if request.method != "POST":
        return subscription_page(request, found, WishForm(initial=wishes_of(found)))
    form = WishForm(request.POST, initial={"time_zone": found.time_zone})
    if form.is_valid():
        values = {"subscription": found, **form.wishes()}
        if placed(form, actions.change_subscription, by=request.user, at=database_now(), **values):
            messages.success(request, "Saved.")
            return redirect("subscription-list")
    return subscription_page(request, found, form, status=422)


def subscription_of(request, pk):
    return get_object_or_404(actions.subscriptions_for(request.user), pk=pk)


def wishes_of(found):
    """The fields of the form as they stand."""
    values = {name: getattr(found, name) for name in actions.SCHEDULE + actions.CONDITIONS}
    return values | {"min_severity": found.min_severity and found.min_severity.slug}


def subscription_page(request, found, form, *, pausing=None, status=200):
    context = {"form": form, "pausing": pausing, **wishes.shown(found, at=database_now())}
    return render(request, "digests/subscription.html", context, status=status)


def placed(form, action, **values):
    """What `action` gives; None with what stands against it placed at the fields of `form`."""
    try:
        return action(**values)
    except ValidationError as error:
        form.place_errors(error)
    return None


@require_POST
def step(request, pk, name):
    """Pause, resume, stop, start again, or send now."""
    found = subscription_of(request, pk)
    if name == "pause":
        return paused(request, found)
    if name not in STEPS:
        raise Http404
    try:
        said = STEPS[name](found, by=request.user, at=database_now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return redirect("subscription-list")


def paused(request, found):
    """Pause until the morning of the day that was chosen, on the clocks of the subscription."""
    pausing, at = PauseForm(request.POST), database_now()
    if pausing.is_valid():
        until = datetime.combine(pausing.cleaned_data["until"], time(), tzinfo=ZoneInfo(found.time_zone))
        try:
            found = actions.pause(subscription=found, until=until, by=request.user, at=at)
        except ValidationError as error:
            pausing.add_error("until", error.messages)
        else:
            until = wishes.shown(found, at=at)["until"]
            messages.success(request, f"Paused until {until}. The next digest then covers the time between.")
            return redirect("subscription-list")
    return subscription_page(request, found, WishForm(initial=wishes_of(found)), pausing=pausing, status=422)


def resume(found, *, by, at):
    actions.resume(subscription=found, by=by, at=at)
    return "It goes on. The next digest covers the pause."


def stop_here(found, *, by, at):
    actions.unsubscribe(subscription=found, by=by, at=at)
    return f"Stopped: {wishes.followed(found)}. What was sent stays in the archive."


def start_again(found, *, by, at):
    again = actions.start_again(subscription=found, by=by, at=at)
    return f"It goes on: {wishes.shown(again, at=at)['schedule']}. Nothing is told of the time it was stopped."


def send_now(found, *, by, at):
    asked = ledger.ask_for_now(subscription=found, by=by, at=at)
    words = COMES_SOON if asked.created_at == at else ON_ITS_WAY
    return words.format(address=ledger.address_of(found))


STEPS = {"resume": resume, "stop": stop_here, "start": start_again, "send": send_now}


@require_safe
@never_cache
def preview(request, pk):
    """The mail as it would be now, and whether its conditions are met."""
    found, at = subscription_of(request, pk), database_now()
    content, mail = archive.composed_now(found, at=at)
    context = {"content": content, "mail": mail, "chart": archive.chart_of(content), **wishes.shown(found, at=at)}
    return render(request, "digests/preview.html", context)


@require_safe
@never_cache
@xframe_options_sameorigin
@csp(LETTER_POLICY)
def preview_letter(request, pk):
    """The same mail alone, for the frame of the page above."""
    return HttpResponse(archive.preview(subscription_of(request, pk), at=database_now()).html)


@csrf_exempt  # a mail program posts here by itself (RFC 8058); the signed address is the proof
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request, token):
    """Stop a subscription from its mail. Looking at the address changes nothing, only posting to it does.

    A team's is stopped by somebody who is signed in: one reader must not stop it for all.
    """
    rows = Subscription.objects.select_related("person", "view", "node", "system")
    present = get_object_or_404(rows, pk=links.stopped_by(token))
    if present.team_id:
        return redirect("subscription", pk=present.pk)
    if request.method == "POST":
        actions.unsubscribe(subscription=present, by=present.person, at=database_now())
        present.active = False
    return render(request, "digests/stop.html", wishes.shown(present, at=database_now()))
