"""Drafts nobody touches: their author is told once, and a week later they are gone with their evidence."""

import logging
import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format

from registry.actions import evidence
from registry.models import Draft

logger = logging.getLogger(__name__)

REST = timedelta(days=90)
NOTICE = timedelta(days=7)
# The next hour takes the rest.
MOST_AT_ONCE = 500

# No title and no text: a mail is read by more eyes than a draft.
SUBJECT = "A draft of yours expires on {day}"
TEXT = """Hello {name},

you began to log a case on {begun} and last wrote in it on {touched}. It was not submitted.

It will be deleted on {day}, with the files that belong to it. To keep it, open it and save it, or submit it:

{url}

Nothing more is sent about it unless you write in it again.
"""


def warn_and_expire(*, at):
    """Warn of drafts that expire within a week, delete those that have; returns how many of each."""
    return warn(at=at), expire(at=at)


def expires_at(draft):
    """When a draft that is not touched again will be deleted; never less than a week after the mail."""
    end = draft.updated_at + REST
    return max(end, draft.warned_at + NOTICE) if draft.warned_at else end


def warn(*, at):
    """Mail the author of each draft that has rested long enough; at most once for each rest."""
    resting = Draft.objects.filter(
        case=None, discarded_at=None, warned_at=None, author__is_active=True, updated_at__lte=at - REST + NOTICE
    )
    numbers = list(resting.order_by("updated_at").values_list("pk", flat=True)[:MOST_AT_ONCE])
    return sum(_warn_of(number, resting, at=at) for number in numbers)


def expire(*, at):
    """Delete what has rested for 90 days. Whoever can still sign in was told a week before."""
    told = Q(warned_at__lte=at - NOTICE) | Q(discarded_at__isnull=False) | Q(author__is_active=False)
    ended = Draft.objects.filter(told, case=None, updated_at__lte=at - REST)
    numbers = list(ended.order_by("updated_at").values_list("pk", flat=True)[:MOST_AT_ONCE])
    return sum(_delete(number, ended) for number in numbers)


def _warn_of(number, resting, *, at):
    """Claim the warning, then send it: a worker that dies in between mails nobody twice."""
    draft = _claim(number, resting, at=at)
    if draft is None:
        return 0
    try:
        message_of(draft).send()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        logger.warning("draft %s: no mail to its author: %s", draft.pk, type(error).__name__)
        if not is_final(error):
            Draft.objects.filter(pk=draft.pk, warned_at=at).update(warned_at=None)
        return 0
    return 1


def is_final(error):
    """Whether this address will not take the mail tomorrow either; the page of drafts says the same as the mail."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return isinstance(error, ValueError)


@transaction.atomic
def _claim(number, resting, *, at):
    """The draft, marked as warned; None if somebody touched it or warned of it meanwhile."""
    draft = resting.select_for_update(skip_locked=True, of=("self",)).select_related("author").filter(pk=number).first()
    if draft is None:
        return None
    draft.warned_at = at
    draft.save(update_fields=["warned_at"])
    return draft


@transaction.atomic
def _delete(number, ended):
    """Delete one draft with its evidence; its files go once that is committed."""
    draft = ended.select_for_update(skip_locked=True, of=("self",)).filter(pk=number).first()
    if draft is None:
        return 0
    evidence.delete_with_draft(draft)
    draft.delete()
    return 1


def message_of(draft):
    author = draft.author
    day = f"{date_format(expires_at(draft), 'j F Y')} (UTC)"
    text = TEXT.format(
        name=author.name,
        begun=date_format(draft.created_at, "j F Y"),
        touched=date_format(draft.updated_at, "j F Y"),
        day=day,
        url=settings.BASE_URL + reverse("draft", kwargs={"key": draft.pk}),
    )
    headers = {"Auto-Submitted": "auto-generated"}
    return EmailMessage(subject=SUBJECT.format(day=day), body=text, to=[author.email], headers=headers)
