"""What no honest client sends, to a real server: a problem to read, within a second and in bounded memory."""

import http.client
import json
import socket
import subprocess
import time

import pytest
from django.utils import timezone

from api.models import Scope
from api.tokens import create_token
from registry.choices import Role
from tests.factories import make_case, make_person
from tests.servers import running_server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shipped_taxonomy")]

MEGABYTE = 1024 * 1024
SLOWEST_SECONDS = 1
MOST_GROWTH = 40 * MEGABYTE
TEN_MEGABYTES = b'{"title": "' + b"x" * (10 * MEGABYTE) + b'"}'
SURROGATE = b"\xed\xa0\x80"


@pytest.fixture(scope="module")
def server(tmp_path_factory, django_db_setup):
    """One for all these tests: starting it takes longer than most of them."""
    with running_server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def token():
    person = make_person(role=Role.ADMINISTRATOR)
    return create_token(by=person, at=timezone.now(), person=person, name="hostile", scopes=Scope.values)[1]


def exchange(server, method, path, body=b"", *, token=None, headers=()):
    """(status, headers, body) of one request written byte for byte, as a client reads it that sends all of it first."""
    lines = [method + b" " + path + b" HTTP/1.1", b"Host: localhost", b"Connection: close", *headers]
    if token:
        lines.append(b"Authorization: Bearer " + token.encode())
    if body is not None:
        lines.append(b"Content-Length: %d" % len(body))
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(b"\r\n".join([*lines, b"", body or b""]))
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.headers, answer.read()


def problem(answer):
    """(status, type, the first pointer) of a problem."""
    status, headers, content = answer
    body = json.loads(content)
    assert headers["content-type"] == "application/problem+json", body
    assert (body["status"], body["instance"]) == (status, headers["x-request-id"])
    return status, body["type"].split("/")[-2], body["errors"][0]["pointer"] if body["errors"] else None


JSON = b"Content-Type: application/json"
DEEP = b'{"a":' * 5000 + b"1" + b"}" * 5000
HOSTILE = {
    "unknown parameter": ((b"GET", b"/api/v1/cases/?stats=open"), (400, "invalid-parameter", "?stats")),
    "bad limit": ((b"GET", b"/api/v1/cases/?limit=9999999999999999999999"), (400, "invalid-parameter", "?limit")),
    "bad cursor": ((b"GET", b"/api/v1/nodes/?cursor=%F0%9F%98%80"), (400, "invalid-parameter", "?cursor")),
    "NUL in a parameter": ((b"GET", b"/api/v1/cases/?q=a%00b"), (400, "invalid-parameter", "?q")),
    "NUL in a name": ((b"GET", b"/api/v1/cases/?a%00b=1"), (400, "invalid-parameter", "?a\ufffdb")),
    "surrogate in a parameter": ((b"GET", b"/api/v1/cases/?q=%ED%A0%80"), (400, "invalid-parameter", "?")),
    "NUL in the path": ((b"GET", b"/api/v1/cases/AIR-1%00/"), (404, "not-found", None)),
    "surrogate in the path": ((b"GET", b"/api/v1/people/%ED%A0%80/"), (404, "not-found", None)),
    "surrogate in a reference": ((b"GET", b"/api/v1/cases/%ED%A0%80/labels/a:b/"), (404, "not-found", None)),
    "huge number": ((b"GET", b"/api/v1/patterns/runs/9999999999/"), (404, "not-found", None)),
    "deep JSON": ((b"POST", b"/api/v1/cases/", DEEP, JSON), (400, "malformed-body", "#")),
    "NUL in JSON": ((b"POST", b"/api/v1/cases/", b'{"title": "\\u0000"}', JSON), (400, "malformed-body", "#/title")),
    "surrogate in JSON": ((b"POST", b"/api/v1/cases/", b'["\\ud800"]', JSON), (400, "malformed-body", "#/0")),
    "ten megabytes": ((b"POST", b"/api/v1/cases/", TEN_MEGABYTES, JSON), (413, "content-too-large", None)),
    "ten megabytes to nowhere": ((b"POST", b"/api/v1/nowhere/", TEN_MEGABYTES, JSON), (413, "content-too-large", None)),
    "four megabytes of brackets": (
        (b"POST", b"/api/v1/cases/", b"[" * 4 * MEGABYTE, JSON),
        (400, "malformed-body", "#"),
    ),
    "four megabytes of form": (
        (b"POST", b"/api/v1/cases/", b"a=" + b"x" * 4 * MEGABYTE, b"Content-Type: application/x-www-form-urlencoded"),
        (415, "unsupported-media-type", None),
    ),
    "wrong media type": (
        (b"POST", b"/api/v1/cases/", b"<a/>", b"Content-Type: text/xml"),
        (415, "unsupported-media-type", None),
    ),
    "no media type": ((b"POST", b"/api/v1/cases/", b"{}"), (415, "unsupported-media-type", None)),
    "If-Match without quotes": (
        (b"PATCH", b"/api/v1/cases/1/", b"{}", JSON, b"If-Match: 3-abc"),
        (400, "bad-request", "If-Match"),
    ),
    "If-Match of bytes": (
        (b"PATCH", b"/api/v1/cases/1/", b"{}", JSON, b"If-Match: " + SURROGATE),
        (400, "bad-request", "If-Match"),
    ),
    "If-None-Match of nonsense": (
        (b"GET", b"/api/v1/me/", b"", b'If-None-Match: "a'),
        (400, "bad-request", "If-None-Match"),
    ),
    "key of bytes": (
        (b"POST", b"/api/v1/cases/", b"{}", JSON, b"Idempotency-Key: " + SURROGATE),
        (400, "bad-request", "Idempotency-Key"),
    ),
    "key too long": (
        (b"POST", b"/api/v1/cases/", b"{}", JSON, b"Idempotency-Key: " + b"k" * 256),
        (400, "bad-request", "Idempotency-Key"),
    ),
    "method override": (
        (b"POST", b"/api/v1/cases/", b"", b"X-HTTP-Method-Override: DELETE"),
        (400, "bad-request", "X-HTTP-Method-Override"),
    ),
    "unknown method": ((b"BREW", b"/api/v1/cases/"), (405, "method-not-allowed", None)),
}


@pytest.fixture
def memory(server):
    """How much the workers hold now."""

    def resident():
        numbers = ",".join(map(str, server.workers()))
        found = subprocess.run(["ps", "-o", "rss=", "-p", numbers], capture_output=True, text=True, check=True)
        return sum(map(int, found.stdout.split())) * 1024

    return resident


def test_hostile_requests_are_answered_as_problems_within_a_second_and_in_bounded_memory(server, token, memory):
    make_case()
    exchange(server, b"GET", b"/api/v1/cases/", token=token)
    before, found, took = memory(), {}, {}

    for name, ((method, path, *rest), _) in HOSTILE.items():
        body, headers = rest[0] if rest else b"", rest[1:]
        started = time.monotonic()
        found[name] = problem(exchange(server, method, path, body, token=token, headers=headers))
        took[name] = time.monotonic() - started

    assert found == {name: expected for name, (_, expected) in HOSTILE.items()}
    assert {name: seconds for name, seconds in took.items() if seconds > SLOWEST_SECONDS} == {}
    assert memory() - before < MOST_GROWTH


def test_what_is_no_http_is_refused_before_it_reaches_the_registry(server, token):
    status, headers, content = exchange(server, b"GET", b"/api/v1/cases/?q=" + SURROGATE, token=token)

    assert (status, headers["connection"]) == (400, "close")
    assert len(content) < 1000


def test_a_chunked_body_is_411(server, token):
    chunked = b"2\r\n{}\r\n0\r\n\r\n"
    headers = [JSON, b"Transfer-Encoding: chunked"]
    lines = [b"POST /api/v1/cases/ HTTP/1.1", b"Host: localhost", b"Connection: close", *headers]
    lines.append(b"Authorization: Bearer " + token.encode())
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(b"\r\n".join([*lines, b"", chunked]))
        answer = connection.recv(65536)

    assert b" 411 " in answer.split(b"\r\n")[0]
    assert b"application/problem+json" in answer


def test_large_bodies_do_not_add_up(server, token, memory):
    exchange(server, b"POST", b"/api/v1/cases/", TEN_MEGABYTES, token=token, headers=[JSON])
    before = memory()

    for _ in range(20):
        exchange(server, b"POST", b"/api/v1/cases/", TEN_MEGABYTES, token=token, headers=[JSON])

    assert memory() - before < MOST_GROWTH


@pytest.mark.parametrize("body", [b"", b"x" * 3 * MEGABYTE, TEN_MEGABYTES], ids=["none", "3 MB", "10 MB"])
def test_somebody_unknown_reads_why_whatever_they_send(server, body):
    answer = exchange(server, b"POST", b"/api/v1/cases/", body, headers=[JSON, b"Authorization: Bearer nonsense"])

    assert problem(answer)[:2] == ((413, "content-too-large") if body == TEN_MEGABYTES else (401, "not-signed-in"))
