"""One careful request, to a real receiver on this machine."""

import socket
import threading

import pytest

from registry.outbound import guard, posting
from tests.receivers import make_certificate, receiving

HOST = "hooks.example.org"


@pytest.fixture
def allowed(settings, monkeypatch):
    """`hooks.example.org` is this machine, and allowed; the list holds each look-up of a name."""
    settings.WEBHOOK_ALLOWED_HOSTS = {HOST}
    settings.WEBHOOK_ALLOW_HTTP = True
    asked = []

    def look_up(host, port):
        asked.append(host)
        return ["127.0.0.1"]

    monkeypatch.setattr(guard, "look_up", look_up)
    return asked


def post(receiver, scheme="http", host=HOST):
    headers = {"Content-Type": "application/json", "webhook-id": "msg_1"}
    return posting.post(f"{scheme}://{host}:{receiver.port}/in?a=b", body=b'{"a": 1}', headers=headers)


def test_what_is_sent_and_how_it_was_answered(allowed):
    with receiving() as receiver:
        outcome = post(receiver)

    path, headers, body = receiver.received[0]
    assert (path, body, headers["Host"]) == ("/in?a=b", b'{"a": 1}', f"{HOST}:{receiver.port}")
    assert (outcome.status, outcome.delivered, outcome.error, outcome.excerpt) == (200, True, "", "thanks")


def test_the_name_is_looked_up_once_and_the_number_that_was_checked_is_connected_to(allowed, monkeypatch):
    connected, create = [], socket.create_connection

    def connect(address, *arguments):
        connected.append(address)
        return create(address, *arguments)

    monkeypatch.setattr(socket, "create_connection", connect)
    with receiving() as receiver:
        post(receiver)

    assert allowed == [HOST]
    assert connected == [("127.0.0.1", receiver.port)]


def test_a_name_that_leads_inside_at_the_second_look_is_not_followed(settings, monkeypatch):
    numbers = iter([["93.184.215.14"], ["127.0.0.1"]])
    settings.WEBHOOK_ALLOW_HTTP = True
    monkeypatch.setattr(guard, "look_up", lambda host, port: next(numbers))
    guard.check(f"https://{HOST}/")

    outcome = posting.post(f"https://{HOST}/", body=b"{}", headers={})

    assert (outcome.status, outcome.error) == (None, "The host is not on the public internet.")


def test_tls_is_for_the_name_of_the_host(allowed, tmp_path, monkeypatch):
    certificate = make_certificate(tmp_path / "own.pem", HOST)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with receiving(certificate=certificate) as receiver:
        outcome = post(receiver, "https")

    assert (outcome.status, outcome.error) == (200, "")


def test_a_certificate_for_another_name_or_from_nobody_is_refused(allowed, tmp_path, monkeypatch):
    certificate = make_certificate(tmp_path / "own.pem", "other.example.org")
    with receiving(certificate=certificate) as receiver:
        unknown = post(receiver, "https")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        other = post(receiver, "https")

    assert (unknown.status, other.status, receiver.received) == (None, None, [])
    assert "self-signed" in unknown.error
    assert "mismatch" in other.error


def test_redirects_are_not_followed(allowed):
    with receiving() as inside, receiving() as receiver:
        receiver.answers = [(302, {"Location": f"http://127.0.0.1:{inside.port}/"}, b"")]
        outcome = post(receiver)

    assert (outcome.status, outcome.delivered, inside.received) == (302, False, [])
    assert outcome.error == "It answered 302; redirects are not followed."


def test_proxies_of_the_environment_are_not_used(allowed, monkeypatch):
    with receiving() as proxy, receiving() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        outcome = post(receiver)

    assert (outcome.status, len(receiver.received), proxy.received) == (200, 1, [])


def test_of_a_long_answer_the_beginning_is_kept(allowed):
    with receiving() as receiver:
        receiver.answers = [(500, {"Retry-After": "17"}, b"\x00\xff" + b"x" * 5_000_000)]
        outcome = post(receiver)

    assert (outcome.status, outcome.retry_after, outcome.error) == (500, 17, "It answered 500.")
    assert outcome.excerpt == "\ufffd\ufffd" + "x" * 998


@pytest.mark.parametrize(
    ("text", "seconds"), [("5", 5), ("999999", 86400), ("soon", None), ("-1", None), (None, None), ("٣", None)]
)
def test_what_retry_after_asks_for(text, seconds):
    assert posting.seconds_in(text) == seconds


def test_an_answer_in_drips_is_cut_off(allowed, monkeypatch):
    monkeypatch.setattr(posting, "TOTAL_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        dripping = threading.Thread(target=drip, args=[server], daemon=True)
        dripping.start()
        outcome = posting.post(f"http://{HOST}:{server.getsockname()[1]}/", body=b"{}", headers={})
        dripping.join(5)

    assert (outcome.status, outcome.error) == (None, "It did not answer in time.")
    assert outcome.milliseconds < 2000


def drip(server):
    """Send one character of a header every little while, for ever."""
    with server.accept()[0] as sock:
        try:
            sock.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while True:
                sock.sendall(b"x")
                threading.Event().wait(0.05)
        except OSError:
            return


def test_nobody_at_home(allowed):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    outcome = posting.post(f"http://{HOST}:{port}/", body=b"{}", headers={})

    assert (outcome.status, outcome.error) == (None, "The connection was refused or cut.")


def test_what_is_no_http_is_said_so(allowed):
    with socket.create_server(("127.0.0.1", 0)) as server:
        greeting = threading.Thread(target=greet, args=[server], daemon=True)
        greeting.start()
        outcome = posting.post(f"http://{HOST}:{server.getsockname()[1]}/", body=b"{}", headers={})
        greeting.join(5)

    assert outcome.status is None
    assert outcome.error.startswith("No answer: 220 mail")


def greet(server):
    with server.accept()[0] as sock:
        sock.sendall(b"220 mail.example.org ESMTP\r\n")
        sock.recv(1000)
