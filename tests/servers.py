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
TOKEN = "a" * 32


class Server:
    """One gunicorn on a port that stays the same over its restarts."""

    def __init__(self, folder, workers=1):
        self.log, self.port = Path(folder) / "gunicorn.log", free_port()
        self.environment = os.environ | {"DATABASE_URL": database_url(), "WEB_CONCURRENCY": str(workers)}
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


@contextmanager
def running_server(folder):
    server = Server(folder)
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
