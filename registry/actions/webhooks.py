"""Having changes sent to an address: making, changing and forgetting webhooks, their secrets, sending again."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils.crypto import get_random_string

from registry import changes
from registry.actions.signing import check, lock, save_changed, signed
from registry.choices import DeliveryState
from registry.models import Person, Webhook, WebhookDelivery
from registry.outbound import guard, signing

MOST_WEBHOOKS = 10
BOTH_SECRETS = timedelta(hours=24)
EDITABLE = ("name", "url", "kinds", "active")
OVER = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DROPPED)


def webhooks_of(person):
    """The webhooks `person` may read of: their own, and for administrators everybody's."""
    return Webhook.objects.all() if person.is_administrator else Webhook.objects.filter(owner=person)


def webhook_for(person, number, *, to_change=False):
    """One of them, with its owner. Http404 if `person` may not read of it, PermissionDenied to change another's."""
    webhook = webhooks_of(person).select_related("owner").filter(pk=number).first() if number < 2**31 else None
    if webhook is None:
        raise Http404
    if to_change and webhook.owner_id != person.pk:
        raise PermissionDenied("Only its owner changes a webhook.")
    return webhook


@signed
def make_webhook(*, by, at, name, url, kinds=(), active=True):
    """Send what changes from now on to `url`; only of `kinds` if some are named. The secret is new."""
    owner = Person.objects.select_for_update().get(pk=by.pk)
    if Webhook.objects.filter(owner=owner).count() >= MOST_WEBHOOKS:
        raise ValidationError(f"You have {MOST_WEBHOOKS} webhooks. Delete one first.")
    webhook = Webhook(owner=owner, secret=signing.new_secret(), created_at=at, updated_at=at)
    _set(webhook, {"name": name, "url": url, "kinds": kinds, "active": active})
    check(webhook)
    changes.place()
    webhook.position = changes.latest_position()
    webhook.save(force_insert=True)
    return webhook


@signed
def change_webhook(*, webhook, by, at, version, **values):
    """Change what `values` name. To switch it on again forgets why it was disabled. Conflict as for every row."""
    webhook = _own(webhook, by=by, version=version)
    _set(webhook, values)
    if values.get("active") or "url" in values:
        webhook.failures, webhook.failing_since, webhook.not_before = 0, None, None
    if webhook.active:
        webhook.disabled_at, webhook.disabled_because = None, ""
    return save_changed(webhook, at=at)


@signed
def delete_webhook(*, webhook, by, at, version):
    """Forget a webhook and everything it was sent."""
    _own(webhook, by=by, version=version).delete()


@signed
def rotate_secret(*, webhook, by, at):
    """A new secret; for a day messages carry a signature with the former one too."""
    webhook = _own(webhook, by=by)
    webhook.former_secret, webhook.former_until = webhook.secret, at + BOTH_SECRETS
    webhook.secret = signing.new_secret()
    return save_changed(webhook, at=at)


@signed
def send_test(*, webhook, by, at):
    """A message that tells of nothing, to see whether it arrives. Returns its delivery."""
    webhook = _own(webhook, by=by)
    if not webhook.active:
        raise ValidationError("Switch the webhook on first.")
    return WebhookDelivery.objects.create(webhook=webhook, message_id=new_message_id(), next_at=at, created_at=at)


@signed
def send_again(*, delivery, by, at):
    """Send a message once more, under the same id."""
    webhook = _own(delivery.webhook, by=by)
    if _again(webhook.deliveries.filter(pk=delivery.pk), at) == 0:
        raise ValidationError("It is waiting to be sent already.")
    delivery.refresh_from_db()
    return delivery


@signed
def send_again_since(*, webhook, by, at, since):
    """Send every message made since then once more; how many that are."""
    webhook = _own(webhook, by=by)
    return _again(webhook.deliveries.filter(created_at__gte=since), at)


def new_message_id():
    return f"msg_{get_random_string(27)}"


def keys_of(webhook, at):
    """The secrets to sign with now, the present one first."""
    former = [webhook.former_secret] if webhook.former_secret and at < webhook.former_until else []
    return [webhook.secret, *former]


def _again(deliveries, at):
    return deliveries.filter(state__in=OVER).update(state=DeliveryState.DUE, attempts=0, next_at=at)


def _own(webhook, *, by, version=None):
    webhook = lock(webhook, version=version)
    if webhook.owner_id != by.pk:
        raise PermissionDenied("Only its owner changes a webhook.")
    return webhook


def _set(webhook, values):
    unknown = sorted(set(values) - set(EDITABLE))
    if unknown:
        raise TypeError(f"These are not set by people: {', '.join(unknown)}.")
    for name, value in values.items():
        setattr(webhook, name, sorted(set(value)) if name == "kinds" else value)
    if "url" in values:
        try:
            guard.check(webhook.url)
        except guard.Refused as refused:
            raise ValidationError({"url": str(refused)}) from None
