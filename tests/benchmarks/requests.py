"""Requests through the whole WSGI application in this process, and what of their time is the database's."""

import io
import json
import logging
import os
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client as SigningIn
from django.utils import timezone

from api.models import Scope
from api.tokens import create_token


class Client:
    """One client of the application, as a server would call it, with its headers on every request."""

    def __init__(self, **headers):
        self.application = WSGIHandler()
        self.headers = headers

    def get(self, path, **query):
        return self.call("GET", path, urlencode(query, doseq=True))

    def post(self, path, body):
        return self.call("POST", path, "", json.dumps(body).encode())

    def call(self, method, path, query, body=b""):
        """The body of the answer. Raises RuntimeError unless it is 200 or 201."""
        environment = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": "http",
            **self.headers,
        }
        statuses = []
        response = self.application(environment, lambda status, headers, *rest: statuses.append(status))
        try:
            answer = b"".join(response)
        finally:
            response.close()
        if statuses[0][:3] not in ("200", "201"):
            raise RuntimeError(f"{method} {path}?{query}: {statuses[0]}\n{answer[:2000].decode()}")
        return answer


def tool_of(person):
    """A client with a token that may read and write."""
    now = timezone.now() - timedelta(seconds=1)
    scopes = [Scope.CASES_READ, Scope.CASES_WRITE]
    _, token = create_token(by=person, at=now, person=person, name="benchmark", scopes=scopes)
    return Client(HTTP_AUTHORIZATION=f"Bearer {token}")


def browser_of(person):
    """A client that is signed in to the pages."""
    signing_in = SigningIn()
    signing_in.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return Client(HTTP_COOKIE="; ".join(f"{name}={morsel.value}" for name, morsel in signing_in.cookies.items()))


@contextmanager
def quiet_log():
    """Each request is logged as in production, and the lines are dropped instead of shown."""
    handlers = [handler for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler]
    with Path(os.devnull).open("w") as nowhere:
        streams = [handler.setStream(nowhere) for handler in handlers]
        yield
        for handler, stream in zip(handlers, streams, strict=True):
            handler.setStream(stream)


class DatabaseClock:
    """Adds up the time that statements take, fetching included, while it runs."""

    def __init__(self):
        self.seconds, self.statements = 0.0, 0

    def __call__(self, execute, sql, parameters, many, context):
        started = time.perf_counter()
        try:
            return execute(sql, parameters, many, context)
        finally:
            self.seconds += time.perf_counter() - started
            self.statements += 1


@contextmanager
def database_clock():
    clock = DatabaseClock()
    with connection.execute_wrapper(clock):
        yield clock
