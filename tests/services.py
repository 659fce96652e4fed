"""A pytest plugin: a real PostgreSQL and a real Valkey for the run, unless the environment names some.

Loaded by `-p tests.services` before Django reads its settings. The database belongs to the owner
role, which may also create the test database; pg_trgm and btree_gin come with the template.
"""

import atexit
import os
import secrets
import shutil
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from config import local_services, processes

STARTED = []
# Set where the tests started the services themselves: each of several test processes then has its own.
OURS = "AIR_TESTS_START_SERVICES"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config, parser, args):
    if not {"--help", "-h", "--version", "-V"} & set(args):
        provide_services()
    return (yield)


def provide_services():
    """Set DATABASE_URL, REDIS_URL, SECRET_KEY and AIR_DATA_DIR, starting only what is not given."""
    data_dir = Path(tempfile.mkdtemp(prefix="air-tests-"))
    atexit.register(remove, data_dir)
    data_dir.chmod(0o755)  # PostgreSQL runs as another account when the tests run as root
    os.environ["AIR_DATA_DIR"] = str(data_dir)
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
    kept = local_services.set_up(data_dir)
    ours = os.environ.get(OURS, "").split(",")
    database, broker = (name in ours or not os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL"))
    os.environ[OURS] = ",".join(name for name, own in (("DATABASE_URL", database), ("REDIS_URL", broker)) if own)
    if database:
        run(local_services.postgres(kept, durable=False), data_dir)
    if broker:
        run(local_services.valkey(kept, durable=False), data_dir)
        wait(lambda: local_services.valkey_answers(kept), data_dir)
        os.environ["REDIS_URL"] = local_services.valkey_url(kept)
    if database:
        administration = local_services.postgres_url(kept, "air_super", "postgres")
        wait(lambda: local_services.postgres_answers(kept, "air_super", "postgres"), data_dir)
        with psycopg.connect(administration, autocommit=True) as connection:
            connection.execute("ALTER ROLE air_owner CREATEDB")
        os.environ["DATABASE_URL"] = local_services.postgres_url(kept, "air_owner")


def run(program, data_dir):
    with (data_dir / f"{program.name}.log").open("wb") as log:
        STARTED.append((processes.start(program, stdout=log, stderr=log), program))


def wait(answers, data_dir):
    deadline = time.monotonic() + 30
    while not answers():
        if time.monotonic() > deadline or any(process.poll() is not None for process, _ in STARTED):
            logs = "\n".join(path.read_text(errors="replace") for path in data_dir.glob("*.log"))
            raise pytest.UsageError(f"The services for the tests did not start:\n{logs}")
        time.sleep(0.02)


def remove(data_dir):
    """At exit of the interpreter, so also after Ctrl-C: stop what was started and leave no file."""
    while STARTED:
        processes.stop(*STARTED.pop(), seconds=5)
    shutil.rmtree(data_dir, ignore_errors=True)
