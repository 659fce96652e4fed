"""`manage.py up`: the whole registry on one machine, from one command to one log."""

import contextlib
import fcntl
import http.client
import json
import os
import signal
import socket
import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from config import local_services
from config.children import Children, StopAsked
from config.processes import Program, ServiceError, stop_leftovers

START_SECONDS = 120  # a database that crashed may have minutes of its log to replay


class Command(BaseCommand):
    help = "Start PostgreSQL and Valkey (unless their URLs are set), web, workers and beat; Ctrl-C stops all."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
        parser.add_argument("--no-demo", action="store_true", help="start with an empty registry")

    def handle(self, *, host, port, no_demo, **options):
        address = f"http://{in_url(host)}:{port}"
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        with claimed(settings.DATA_DIR, address) as (left_behind, record):
            stop_leftovers(left_behind)
            require_free(host, port)
            children = Children(out=sys.stdout, record=record)
            for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(wish, children.ask_to_stop)
            try:
                start_everything(children, host=host, port=port, address=address, demo=not no_demo)
                children.watch()
            except StopAsked:
                pass
            finally:
                children.say("up", "Stopping.")
                children.stop(["prepare", "web", "worker", "mailer", "beat"], seconds=20)
                children.stop(["valkey", "postgres"], seconds=60)
                record([])
                children.say("up", "Stopped.")


@contextlib.contextmanager
def claimed(data_dir, address):
    """Hold the lock that makes this the only `up` of the data folder, and give what an earlier one left.

    `up.json` beside it names the holder for people, and its children for the start after a kill -9.
    """
    known = data_dir / "up.json"
    with (data_dir / "up.lock").open("a") as lock:
        before = json.loads(known.read_text()) if known.exists() else {}
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServiceError(
                f"The registry already runs at {before.get('address')} (process {before.get('pid')}). "
                f"Stop it with Ctrl-C there, or with: kill {before.get('pid')}"
            ) from None

        def record(children):
            new = known.with_suffix(".new")
            new.write_text(json.dumps({"pid": os.getpid(), "address": address, "children": children}))
            new.replace(known)  # readers see the old or the new, never half of one

        left_behind = before.get("children", [])
        record(left_behind)
        yield left_behind, record


def require_free(host, port):
    try:
        family, kind, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except (OSError, OverflowError) as error:
        raise ServiceError(f"Cannot listen on {host} port {port} ({error}). Another port: make up PORT=8001") from None


def start_everything(children, *, host, port, address, demo):
    """Services, then the database brought up to date, then the web server, then what may wait for it."""
    environment, owner_url = start_services(children)
    environment["AIR_BASE_URL"] = os.environ.get("AIR_BASE_URL") or address
    python = [sys.executable, "-u"]

    def product(name, *command, **changed):
        return Program(name, (*python, *command), environment={**environment, **changed}, folder=str(settings.BASE_DIR))

    prepare = ["manage.py", "prepare", *(["--demo"] if demo else [])]
    children.run(product("prepare", *prepare, DATABASE_URL=owner_url))
    children.start(product("web", "-m", "gunicorn", "-c", "python:config.gunicorn", "--bind", f"{in_url(host)}:{port}"))
    children.wait("web", lambda: healthy(host, port), seconds=START_SECONDS)
    children.say("up", f"Registry ready at {address}")
    # As root Celery warns about pickles, which the settings do not accept.
    celery = ["-W", "ignore:You're running the worker", "-m", "celery", "--quiet", "-A", "config.celery"]
    worker = [*celery, "worker", "--loglevel=WARNING", "--without-mingle"]
    children.start(product("worker", *worker, "--queues=celery", "--concurrency=2"))
    mailer = ["--queues=mail", f"--concurrency={settings.MAIL_AT_ONCE}", "--hostname=mail@%h"]
    children.start(product("mailer", *worker, *mailer))
    schedule = settings.DATA_DIR / "beat-schedule"
    children.start(product("beat", *celery, "beat", f"--schedule={schedule}", "--pidfile=", "--loglevel=WARNING"))


def start_services(children):
    """Start what has no URL. Returns the environment of the product's programs and the owner's URL."""
    kept = local_services.set_up(settings.DATA_DIR)
    own = {"AIR_DATA_DIR": str(settings.DATA_DIR)}
    own_database, own_broker = not os.environ.get("DATABASE_URL"), not os.environ.get("REDIS_URL")
    if own_broker:
        children.start(local_services.valkey(kept))
        own["REDIS_URL"] = local_services.valkey_url(kept)
    if own_database:
        children.start(local_services.postgres(kept))
        own["DATABASE_URL"] = local_services.postgres_url(kept, "air_app")
        children.wait("postgres", lambda: local_services.postgres_answers(kept), seconds=START_SECONDS)
    if own_broker:
        children.wait("valkey", lambda: local_services.valkey_answers(kept), seconds=START_SECONDS)
    environment = {**os.environ, **own}
    if own_database:
        return environment, local_services.postgres_url(kept, "air_owner")
    return environment, os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]


def in_url(host):
    return f"[{host}]" if ":" in host else host


def healthy(host, port):
    """Whether /healthz answers 200; 400 is an answer too, where AIR_ALLOWED_HOSTS leaves localhost out."""
    within = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(within, port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status in (200, 400)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
