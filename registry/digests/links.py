"""Addresses that leave the registry in a mail: absolute, and the one that stops a subscription signed."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse


def signer():
    """Made when it is used: commands like `check` load this module without a key."""
    return Signer(salt="registry.digests.stop")


def address(name, **arguments):
    """The absolute address of a named page."""
    return f"{settings.BASE_URL}{reverse(name, kwargs=arguments)}"


def absolute(path):
    return f"{settings.BASE_URL}{path}"


def stop(subscription):
    """The address that stops this subscription without signing in; it never expires, mails are kept for years."""
    return address("digest-stop", token=signer().sign(subscription.pk))


def stopped_by(token):
    """The number of the subscription a stop address is for; Http404 for a forged or mangled one."""
    try:
        return int(signer().unsign(token))
    except BadSignature:
        raise Http404 from None
