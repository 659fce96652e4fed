"""A real gunicorn beside the test, on the test's database: started, killed as a power cut would, started again."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from django.conf import settings

from tests.mailserver import free_port
from tests.registry.web.pages import signed_in
from tests.workers import ROOT, database_url

READY_SECONDS = 60
# The server closes a connection that nothing was sent over for five.
IDLE_SECONDS = 2
TOKEN = "a" * 32


class Server:
    """One gunicorn on a port that stays the same over its restarts."""

    def __init__(self, folder, workers=1, **environment):
        self.log, self.port = Path(folder) / "gunicorn.log", free_port()
        self.environment = os.environ | {"DATABASE_URL": database_url(), "WEB_CONCURRENCY": str(workers)} | environment
        self.start()

    def start(self):
        command = [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn", "--bind", f"127.0.0.1:{self.port}"]
        with self.log.open("ab") as output:
            self.child = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=output, stderr=output, start_new_session=True
            )
        deadline = time.monotonic() + READY_SECONDS
        while not self.answers():
            if self.child.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"It did not start:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.05)

    def answers(self):
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            with closing(connection):
                connection.request("GET", "/healthz")
                with connection.getresponse() as answer:
                    return answer.status == 200
        return False

    def kill(self):
        with suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()

    def workers(self):
        """The ids of its worker processes."""
        found = subprocess.run(["pgrep", "-P", str(self.child.pid)], capture_output=True, text=True, check=False)
        return [int(number) for number in found.stdout.split()]

    def kill_workers(self):
        """End them as a power cut would; the process above them starts others."""
        for number in self.workers():
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)


@contextmanager
def running_server(folder, workers=1, **environment):
    server = Server(folder, workers, **environment)
    try:
        yield server
    finally:
        server.kill()


class Browser:
    """Sends JSON as the script of a page does, signed in as `person`; a new connection for each request."""

    def __init__(self, server, person):
        session = signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value
        self.server = server
        self.headers = {
            "Content-Type": "application/json",
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
            "X-CSRFToken": TOKEN,
        }

    def send(self, address, body, *, wait=True):
        """(status, answer); OSError or HTTPException where no answer comes, (None, None) if it is not waited for."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        try:
            connection.request("POST", address, json.dumps(body), self.headers)
            if not wait:
                return None, None
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def send_until_answered(self, address, body):
        """Send the same again until it is taken; (status, answer)."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            with suppress(OSError, http.client.HTTPException, ValueError):
                status, answer = self.send(address, body)
                if status < 500:
                    return status, answer
            time.sleep(0.02)
        raise AssertionError("no answer")


class Program:
    """Asks the API with a token, over one connection that it opens again when it is lost."""

    def __init__(self, server, token):
        self.server, self.connection, self.used_at = server, None, 0
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def send(self, method, path, body=None, **headers):
        """(status, headers, answer); OSError or HTTPException where no answer comes. `If_Match` is a header too."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if time.monotonic() - self.used_at > IDLE_SECONDS:
            self.close()
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        try:
            self.connection.request(method, f"/api/v1/{path}", json.dumps(body or {}), self.headers | named)
            answer = self.connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        self.used_at = time.monotonic()
        return answer.status, answer.headers, json.loads(content) if content else None

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def send_until_answered(self, method, path, body=None, **headers):
        """The same, sent again until it is taken or refused for good."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            with suppress(OSError, http.client.HTTPException, ValueError):
                status, told, answer = self.send(method, path, body, **headers)
                if status < 500 and "Retry-After" not in told:
                    return status, told, answer
            time.sleep(0.01)
        raise AssertionError("no answer")
