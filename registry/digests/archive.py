"""The digests a person received or is owed, for reading in the browser, and the one they would get now."""

import base64
from dataclasses import replace

from django.conf import settings
from django.http import Http404
from django.utils.safestring import SafeString

from registry.actions.subscriptions import NAMED, theirs
from registry.digests import ledger
from registry.digests.chart import weekly_svg, weekly_words
from registry.digests.compose import compose
from registry.digests.periods import days_in_words
from registry.digests.planning import message_id
from registry.digests.render import render
from registry.digests.wishes import followed
from registry.models import Digest
from registry.paging import page_of

DIGESTS_PER_PAGE = 26
ABOUT = tuple(f"subscription__{name}" for name in NAMED)


def digests_for(person):
    """One's own digests, and those of the teams one is a member of."""
    return Digest.objects.filter(theirs(person, "subscription__")).select_related("person", *ABOUT)


def page_for(person, *, cursor=None):
    """One page of what `person` may read, the newest first, without the bodies; rows carry `period` and `followed`."""
    digests = digests_for(person).defer("text", "html", "chart")
    page = page_of(
        digests, ordering="-period_end", fields=("-period_end", "-id"), limit=DIGESTS_PER_PAGE, cursor=cursor
    )
    for digest in page.rows:
        digest.period, digest.followed = period_of(digest), followed(digest.subscription)
    return page


def period_of(digest):
    return days_in_words(digest.period_start, digest.period_end, time_zone=digest.subscription.time_zone)


def digest_for(person, number):
    """The digest if `person` may read it and it has been written; Http404 otherwise."""
    digest = digests_for(person).filter(pk=number).first()
    if digest is None or not digest.html:
        raise Http404
    return digest


def letter(digest):
    """The HTML as it was mailed, made to stand alone: the chart inside, links open in the whole window."""
    return standing_alone(digest.html, digest.chart, ledger.chart_name(digest))


def standing_alone(html, chart, chart_name):
    picture = base64.b64encode(bytes(chart)).decode()
    html = html.replace(f"cid:{chart_name}", f"data:image/png;base64,{picture}")
    return html.replace("<head>", '<head><base target="_top">', 1)


def preview(subscription, *, at):
    """The mail that `subscription` would get at `at`, its HTML as `letter` gives it. Writes nothing."""
    return composed_now(subscription, at=at)[1]


def composed_now(subscription, *, at):
    """(Content, Rendered) of the same; every case is read with the rights of its reader."""
    start, end = ledger.period_for(subscription, at=at)
    digest = Digest(
        subscription=subscription,
        person=subscription.person,
        period_start=start,
        period_end=end,
        message_id=message_id(),
        asked=True,
    )
    content, chart_name = compose(digest=digest), ledger.chart_name(digest)
    mail = render(content, chart_name=chart_name)
    return content, replace(mail, html=standing_alone(mail.html, mail.chart, chart_name))


def chart_of(content):
    """The weekly chart of a digest for a page: its SVG, and what it says; None where there is none."""
    if not content.weeks:
        return None
    return {"svg": SafeString(weekly_svg(content.weeks)), "words": weekly_words(content.weeks)}


def mails_reach_readers():
    return bool(settings.EMAIL_URL)
