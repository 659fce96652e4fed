"""One POST to an address somebody gave: to the number that was checked, bounded in time and size, once."""

import http.client
import socket
import ssl
import threading
import time
from dataclasses import dataclass

from registry.outbound import guard

CONNECT_SECONDS, TOTAL_SECONDS = 3, 10
MOST_READ = 64 * 1024
MOST_NUMBERS = 2
EXCERPT = 1000


@dataclass(frozen=True)
class Outcome:
    """How it went. `status` is None if there was no answer; `retry_after` is in seconds, as the receiver asked."""

    status: int | None
    milliseconds: int
    error: str = ""
    excerpt: str = ""
    retry_after: int | None = None

    @property
    def delivered(self):
        return self.status is not None and 200 <= self.status < 300


def post(url, *, body, headers):
    """Send `body` (bytes) and say how it went; never raises for what the other side does.

    Follows no redirect and uses no proxy: both would lead to where nobody checked.
    """
    began = time.monotonic()
    try:
        target = guard.target_of(url)
        status, excerpt, retry_after = exchange(target, guard.numbers_of(target), body, headers, began + TOTAL_SECONDS)
    except (guard.Refused, OSError, http.client.HTTPException) as error:
        late = time.monotonic() >= began + TOTAL_SECONDS
        return Outcome(None, passed(began), error=in_words(TimeoutError() if late else error))
    error = "" if 200 <= status < 300 else f"It answered {status}."
    if 300 <= status < 400:
        error = f"It answered {status}; redirects are not followed."
    return Outcome(status, passed(began), error=error, excerpt=excerpt, retry_after=retry_after)


def exchange(target, numbers, body, headers, deadline):
    """(status, beginning of the answer, Retry-After) from the first of `numbers` that can be connected to."""
    sock = connected(target, numbers, deadline)
    # A receiver that sends a byte every few seconds would else hold us for ever: timeouts are for each read.
    cut = threading.Timer(max(deadline - time.monotonic(), 0.01), cut_off, [sock])
    cut.start()
    try:
        answer = conversation(target, sock, body, headers)
        # Where it was cut off in its headers, http.client makes do with what it has.
        if time.monotonic() >= deadline:
            raise TimeoutError
        return answer
    finally:
        cut.cancel()
        sock.close()


def connected(target, numbers, deadline):
    """A socket to one of `numbers`, ready for TLS with the name of the host where the address asks for it."""
    failed = OSError("no address")
    for number in numbers[:MOST_NUMBERS]:
        try:
            left = min(CONNECT_SECONDS, max(deadline - time.monotonic(), 0.01))
            sock = socket.create_connection((number, target.port), left)
        except OSError as error:
            failed = error
            continue
        if target.scheme == "http":
            return sock
        context = ssl.create_default_context()
        return context.wrap_socket(sock, server_hostname=target.host, do_handshake_on_connect=False)
    raise failed


def conversation(target, sock, body, headers):
    if target.scheme == "https":
        sock.do_handshake()
    sock.settimeout(TOTAL_SECONDS)
    kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
    connection = kind(target.host, target.port)
    # http.client looks a name up and connects only where it has no socket yet.
    connection.sock = sock
    connection.request("POST", target.path, body=body, headers=headers)
    response = connection.getresponse()
    excerpt = response.read1(MOST_READ)[:EXCERPT].decode("utf-8", "replace").replace("\x00", "\ufffd")
    return response.status, excerpt, seconds_in(response.headers.get("Retry-After"))


def cut_off(sock):
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is closed already


def passed(began):
    return round((time.monotonic() - began) * 1000)


def seconds_in(text):
    """Whole seconds of a Retry-After, at most a day; None for a date or nonsense."""
    return min(int(text), 86400) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


def in_words(error):
    if isinstance(error, guard.Refused):
        return str(error)
    if isinstance(error, ssl.SSLError):
        return f"No secure connection: {getattr(error, 'verify_message', '') or error.reason or error}"[:300]
    if isinstance(error, TimeoutError):
        return "It did not answer in time."
    if isinstance(error, ConnectionError):
        return "The connection was refused or cut."
    return f"No answer: {error or type(error).__name__}"[:300]
