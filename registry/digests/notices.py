"""What people were told and have not looked at, as one mail for several things.

A mail is read by more eyes than a case: it holds references, who did what, and links; no title and no text.
"""

import logging
import smtplib
from dataclasses import dataclass
from datetime import timedelta
from email.utils import formataddr

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Max, Min, Q

from registry import access
from registry.actions.draft_expiry import is_final
from registry.choices import NotificationKind
from registry.digests import links
from registry.digests.wording import one_line
from registry.models import Notification, Person

logger = logging.getLogger(__name__)

# Nothing new for so long, or something waiting for so long: then the mail goes.
QUIET = timedelta(minutes=5)
LONGEST_WAIT = timedelta(minutes=30)
# After a day the page tells it; a mail server that was away for a week brings no flood.
FRESH = timedelta(days=1)
MOST_PEOPLE = 200
MOST_CASES = 40

SUBJECT = "{what}: {n} thing{s} to see"
TEXT = """Hello {name},

{cases}

All of it, with what was said: {page}

Mails like this one are switched off here: {account}
"""


@dataclass(frozen=True)
class Told:
    """What one person was told of one case since the last mail, in words."""

    reference: str
    url: str
    lines: list


def mail_everybody(*, at):
    """One mail for each person who has something new to see; returns how many were sent."""
    unmailed = _unmailed(at).values("person").annotate(latest=Max("at"), first=Min("at"))
    ripe = unmailed.filter(Q(latest__lte=at - QUIET) | Q(first__lte=at - LONGEST_WAIT))
    numbers = list(ripe.order_by("first", "person").values_list("person", flat=True)[:MOST_PEOPLE])
    return sum(_mail(number, at=at) for number in numbers)


def _unmailed(at):
    wanted = {"person__is_active": True, "person__wants_mail": True, "at__gt": at - FRESH}
    return Notification.objects.filter(seen_at=None, mailed_at=None, **wanted)


def _mail(number, *, at):
    """Claim what is to be told, then send it: a worker that dies in between mails nobody twice."""
    claimed = _claim(number, at=at)
    person = Person.objects.get(pk=number)
    told = what_was_told(person, claimed)
    if not told:
        return 0
    try:
        message_of(person, told).send()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        logger.warning("person %s: no mail of what they were told: %s", number, type(error).__name__)
        if not is_final(error):
            Notification.objects.filter(pk__in=claimed, mailed_at=at).update(mailed_at=None)
        return 0
    return 1


@transaction.atomic
def _claim(number, *, at):
    """The numbers of what is to be told to one person, marked as mailed; none where another worker has them."""
    rows = _unmailed(at).filter(person=number).select_for_update(skip_locked=True, of=("self",))
    found = dict(rows.values_list("pk", "at"))
    if not found or (max(found.values()) > at - QUIET and min(found.values()) > at - LONGEST_WAIT):
        return []
    Notification.objects.filter(pk__in=found).update(mailed_at=at)
    return list(found)


def what_was_told(person, numbers):
    """A Told for each case, the latest first: what `person` still may see, and has not seen meanwhile."""
    rows = Notification.objects.filter(pk__in=numbers, seen_at=None, case__in=access.visible_to(person))
    by_case = {}
    for row in rows.select_related("actor", "case").order_by("-pk"):
        by_case.setdefault(row.case, []).append(row)
    return [
        Told(case.reference, links.absolute(case.get_absolute_url()), in_words(rows)) for case, rows in by_case.items()
    ]


def in_words(rows):
    """Sentences such as “Mira Okafor commented (3 times)”, each once, in the order of `rows`."""
    counted = {}
    for row in rows:
        words = sentence(row)
        counted[words] = counted.get(words, 0) + 1
    return [f"{words} ({n} times)" if n > 1 else words for words, n in counted.items()]


def sentence(notification):
    """Who did what; the kind's own words say the what."""
    words = NotificationKind(notification.kind).label
    if notification.actor is None:
        return f"It {words[:1].lower()}{words[1:]}"
    return f"{one_line(notification.actor.name, at_most=80)} {words[:1].lower()}{words[1:]}"


def message_of(person, told):
    """The mail; ValueError where the address cannot be written."""
    n, account = sum(len(each.lines) for each in told), f"{links.address('account')}#mail"
    what = told[0].reference if len(told) == 1 else f"{len(told)} cases"
    more = [f"And {len(told) - MOST_CASES} more cases."] if len(told) > MOST_CASES else []
    text = TEXT.format(
        name=one_line(person.name, at_most=100),
        cases="\n\n".join([*(paragraph(each) for each in told[:MOST_CASES]), *more]),
        page=links.address("notifications"),
        account=account,
    )
    return EmailMessage(
        subject=SUBJECT.format(what=what, n=n, s="" if n == 1 else "s"),
        body=text,
        to=[formataddr((one_line(person.name, at_most=100), person.email))],
        headers={"Auto-Submitted": "auto-generated", "List-Unsubscribe": f"<{account}>"},
    )


def paragraph(told):
    return "\n".join([told.reference, *(f"  {line}" for line in told.lines), f"  {told.url}"])
