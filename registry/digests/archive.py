"""The digests a person received or is owed, for reading in the browser."""

import base64
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404

from registry.digests.ledger import chart_name
from registry.digests.periods import days_in_words, next_moment
from registry.models import Digest, Subscription
from registry.paging import page_of

DIGESTS_PER_PAGE = 26


def page_for(person, *, cursor=None):
    """One page of their own digests, the newest first, without the bodies; rows carry `period` in words."""
    digests = Digest.objects.filter(person=person).select_related("subscription").defer("text", "html", "chart")
    page = page_of(
        digests, ordering="-period_end", fields=("-period_end", "-id"), limit=DIGESTS_PER_PAGE, cursor=cursor
    )
    for digest in page.rows:
        digest.period = period_of(digest)
    return page


def period_of(digest):
    return days_in_words(digest.period_start, digest.period_end, time_zone=digest.subscription.time_zone)


def digest_for(person, number):
    """The digest if it is `person`'s own and has been written; Http404 otherwise."""
    digest = Digest.objects.filter(person=person, pk=number).select_related("subscription").first()
    if digest is None or not digest.html:
        raise Http404
    return digest


def subscription_of(person):
    return Subscription.objects.filter(person=person).first()


def letter(digest):
    """The HTML as it was mailed, made to stand alone: the chart inside, links open in the whole window."""
    chart = base64.b64encode(bytes(digest.chart)).decode()
    html = digest.html.replace(f"cid:{chart_name(digest)}", f"data:image/png;base64,{chart}")
    return html.replace("<head>", '<head><base target="_top">', 1)


def mails_reach_readers():
    return bool(settings.EMAIL_URL)


def next_for(subscription, *, at):
    """When the next digest comes, in words on the reader's own clock; empty when none is coming."""
    if subscription is None or not subscription.active:
        return ""
    moment = next_moment(
        weekday=subscription.weekday, hour=subscription.hour, time_zone=subscription.time_zone, at=at
    ).astimezone(ZoneInfo(subscription.time_zone))
    return f"{moment:%A, %-d %B at %H:%M} ({subscription.time_zone})"
