"""One digest as a mail, and what the mail server makes of it."""

import smtplib
from contextlib import suppress
from email.mime.image import MIMEImage
from email.utils import format_datetime, formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends import smtp

from registry.choices import DigestState
from registry.digests import links
from registry.digests.ledger import Outcome, chart_name
from registry.digests.planning import mail_domain
from registry.digests.wording import one_line

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class DigestMail(EmailMultiAlternatives):
    """Text and HTML as alternatives, and beside them the picture that the HTML shows."""

    mixed_subtype = "related"


class SmtpHanding(smtp.EmailBackend):
    """Django's SMTP backend, which also knows whether the content was begun to be handed over.

    From then on a broken connection leaves open whether the server took the mail.
    """

    begun = False

    @property
    def connection_class(self):
        backend = self

        class Connection(super().connection_class):
            def data(self, msg):
                backend.begun = True
                return super().data(msg)

        return Connection


def message_of(digest):
    """The mail of a composed digest. Raises ValueError where the address or a header cannot be written."""
    name = one_line((digest.subscription.team or digest.person).name, at_most=100)
    message = DigestMail(
        subject=digest.subject,
        body=digest.text,
        to=[formataddr((name, digest.address))],
        headers={
            "Message-ID": digest.message_id,
            "Date": format_datetime(digest.handed_at),
            "Auto-Submitted": "auto-generated",
            "List-Id": f"Registry digest <digest-{digest.subscription_id}.{mail_domain()}>",
            **_stopping(digest.subscription),
        },
    )
    message.attach_alternative(digest.html, "text/html")
    if digest.chart:
        chart = MIMEImage(bytes(digest.chart), "png")
        chart.add_header("Content-ID", f"<{chart_name(digest)}>")
        chart.add_header("Content-Disposition", "inline", filename="cases-per-week.png")
        message.attach(chart)
    return message


def _stopping(subscription):
    """The headers of RFC 8058. A team's mail has none: one member's mail program must not stop it for all."""
    if subscription.team_id:
        return {}
    return {"List-Unsubscribe": f"<{links.stop(subscription)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def hand_over(digest):
    """Give the mail to the mail server, or to the mail folder where none is set. Returns an Outcome."""
    try:
        message = message_of(digest)
        message.message()
    except (ValueError, UnicodeError) as error:
        return Outcome(DigestState.REFUSED, f"The mail cannot be written: {error}")
    backend = SmtpHanding() if settings.EMAIL_BACKEND == SMTP_BACKEND else get_connection()
    try:
        backend.open()
        backend.send_messages([message])
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        return _outcome_of(error, begun=getattr(backend, "begun", False))
    else:
        return Outcome(DigestState.SENT)
    finally:
        # It was taken or not by now; how we part changes nothing.
        with suppress(smtplib.SMTPException, OSError):
            backend.close()


def _outcome_of(error, *, begun):
    """A permanent no to the recipient or the content is final; what concerns the server or us may pass."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reason = next(iter(error.recipients.values()))
        return _answered(code, reason)
    if isinstance(error, smtplib.SMTPDataError):
        return _answered(error.smtp_code, error.smtp_error)
    if isinstance(error, UnicodeError):
        return Outcome(DigestState.REFUSED, f"The mail server cannot take this address: {error}")
    if isinstance(error, smtplib.SMTPResponseException):
        return Outcome(DigestState.DUE, _said(error.smtp_code, error.smtp_error))
    if begun:
        return Outcome(DigestState.UNCERTAIN, f"The connection broke after the mail was handed over: {error}")
    return Outcome(DigestState.DUE, f"The mail server is not to be reached: {error}")


def _answered(code, reason):
    state = DigestState.REFUSED if 500 <= code < 600 else DigestState.DUE
    return Outcome(state, _said(code, reason))


def _said(code, reason):
    words = reason.decode("utf-8", errors="replace") if isinstance(reason, bytes) else str(reason)
    return f"The mail server said: {code} {words}"
