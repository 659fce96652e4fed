"""A real SMTP server for the tests: it takes, defers, refuses, stalls or cuts, as a test asks."""

import asyncio
import socket
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


class Postbox:
    """What the server received and how it answers.

    mails       every mail whose content came in whole, in order
    answers     {address: answer to RCPT}, for example "550 No such user"
    deferrals   {address: how often RCPT is still answered "451 Later"}
    cuts        addresses whose content is taken and then the connection cut without an answer
    data        the answer to the content; None cuts the connection without one
    stall       seconds to wait before that answer
    receiving   set as soon as a content has come in
    """

    def __init__(self):
        self.mails = []
        self.answers = {}
        self.deferrals = {}
        self.cuts = set()
        self.data = "250 Taken"
        self.stall = 0
        self.receiving = threading.Event()

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802
        if address in self.answers:
            return self.answers[address]
        if self.deferrals.get(address, 0) > 0:
            self.deferrals[address] -= 1
            return "451 Later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.receiving.set()
        await asyncio.sleep(self.stall)
        if self.data is None or self.cuts & set(envelope.rcpt_tos):
            server.transport.abort()
            return "250 Never seen"
        return self.data

    @property
    def recipients(self):
        return [mail["To"].addresses[0].addr_spec for mail in self.mails]


@contextmanager
def running_mail_server(*, port=None, postbox=None):
    """Yield (Postbox, port) of a server on this machine; with the `postbox` of one that was stopped it goes on."""
    postbox, port = postbox or Postbox(), port or free_port()
    controller = Controller(postbox, hostname="127.0.0.1", port=port, ready_timeout=20)
    controller.start()
    try:
        yield postbox, port
    finally:
        controller.stop()


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def use(settings, port):
    """Let the settings of a test send to the server on `port`."""
    settings.EMAIL_URL = f"smtp://127.0.0.1:{port}"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 10
