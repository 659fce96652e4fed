"""Operator mistakes, told at start-up."""

from django.conf import settings
from django.core.checks import Tags, register
from django.core.checks import Warning as Caution


@register(Tags.security, deploy=True)
def mail_server_set(app_configs, **kwargs):
    if settings.EMAIL_URL:
        return []
    hint = "Set EMAIL_URL; until then digests are written to the mail folder and shown in the archive."
    return [Caution("No mail server is set, so digests reach nobody.", hint=hint, id="registry.W001")]


@register(Tags.security, deploy=True)
def served_encrypted(app_configs, **kwargs):
    if settings.BASE_URL.startswith("https"):
        return []
    hint = "Set AIR_BASE_URL to the address people use, starting with https."
    return [Caution("The registry believes it is served without encryption.", hint=hint, id="registry.W002")]
