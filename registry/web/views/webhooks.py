"""One's own webhooks: where changes are sent, how that goes, and sending again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.actions import webhooks
from registry.actions.signing import Conflict
from registry.web.forms.webhook import WebhookForm
from registry.web.views.views import version_in
from registry.web.webhooks_page import deliveries_of, health_of, kinds_of, own_webhook, own_webhooks


@require_safe
def webhook_list(request):
    return render(request, "webhooks/list.html", {"rows": own_webhooks(request.user)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Make a webhook; its secret is shown on the page that answers, and never again."""
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        webhook = placed(form, webhooks.make_webhook, by=request.user, at=timezone.now(), **form.cleaned_data)
        if webhook:
            return render(request, "webhooks/secret.html", {"webhook": webhook, "is_new": True})
    return render(request, "webhooks/new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request, number):
    """How a webhook fares, what it was sent, and a form to change it."""
    found = own_webhook(request.user, number)
    if request.method != "POST":
        return webhook_page(request, found, WebhookForm(initial=fields_of(found)))
    form = WebhookForm(request.POST)
    values = {"webhook": found, "version": version_in(request)}
    if form.is_valid():
        values |= form.cleaned_data
        if placed(form, webhooks.change_webhook, by=request.user, at=timezone.now(), **values):
            messages.success(request, "Saved.")
            return redirect("webhook", number=number)
    return webhook_page(request, found, form, status=422)


@never_cache
@require_POST
def secret(request, number):
    """A new secret, shown once."""
    found = own_webhook(request.user, number)
    found = webhooks.rotate_secret(webhook=found, by=request.user, at=timezone.now())
    return render(request, "webhooks/secret.html", {"webhook": found, "is_new": False})


@require_POST
def step(request, number, name):
    """Pause, go on, test or delete."""
    if name not in STEPS:
        raise Http404
    action, values, done = STEPS[name]
    found = own_webhook(request.user, number)
    if name != "test":
        values = {**values, "version": version_in(request)}
    try:
        action(webhook=found, by=request.user, at=timezone.now(), **values)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Conflict:
        messages.error(request, "It was changed elsewhere since you opened it. Look again.")
    else:
        messages.success(request, done)
        if name == "delete":
            return redirect("webhook-list")
    return redirect("webhook", number=number)


STEPS = {
    "pause": (webhooks.change_webhook, {"active": False}, "Paused. What changes meanwhile is sent once it goes on."),
    "resume": (webhooks.change_webhook, {"active": True}, "Messages are sent again."),
    "test": (webhooks.send_test, {}, "A test message is on its way."),
    "delete": (webhooks.delete_webhook, {}, "The webhook is deleted."),
}


@require_POST
def send_again(request, number, delivery):
    found = own_webhook(request.user, number)
    row = found.deliveries.filter(pk=delivery).first()
    if row is None:
        raise Http404
    try:
        webhooks.send_again(delivery=row, by=request.user, at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "It is sent once more, under the same id.")
    return redirect("webhook", number=number)


def placed(form, action, **values):
    """What `action` gives; None with what stands against it placed at the fields of `form`."""
    try:
        return action(**values)
    except ValidationError as error:
        found = error.update_error_dict({})
        for name, texts in found.items():
            form.add_error(name if name in form.fields else None, texts)
    except Conflict:
        form.add_error(None, "It was changed elsewhere since you opened it. Look again before you save.")
    return None


def fields_of(found):
    return {"name": found.name, "url": found.url, "kinds": found.kinds}


def webhook_page(request, found, form, *, status=200):
    context = {"webhook": found, "form": form, "health": health_of(found), "kinds": kinds_of(found)}
    context |= deliveries_of(found, request.GET.get("cursor"))
    return render(request, "webhooks/webhook.html", context, status=status)
