"""A PostgreSQL and a Valkey of our own that keep what they accept, as `manage.py up` runs them."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from config import local_services, processes
from tests.benchmarks.database import UNLIMITED

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def durable_services():
    """Start both in a folder of their own, migrate, load the vocabularies and point the environment at them.

    Yields the address of the database as its owner, and leaves nothing behind. Call before Django reads its settings.
    """
    data_dir = Path(tempfile.mkdtemp(prefix="air-bench-"))
    data_dir.chmod(0o755)  # PostgreSQL runs as another account when we run as root
    running = []
    try:
        kept = local_services.set_up(data_dir)
        for program in (local_services.postgres(kept), local_services.valkey(kept)):
            with (data_dir / f"{program.name}.log").open("wb") as log:
                running.append((processes.start(program, stdout=log, stderr=log), program))
        wait(kept, running)
        addresses = local_services.connection_urls(data_dir)
        owner = addresses.pop("DATABASE_OWNER_URL")
        # What the product is measured against may take longer than a request is allowed to.
        addresses["DATABASE_URL"] += f"&options={quote(UNLIMITED, safe='')}"
        # Requests are counted as ever, and never too many.
        limit = {"AIR_API_REQUESTS_PER_MINUTE": "1000000"}
        os.environ |= {"AIR_DATA_DIR": str(data_dir), "SECRET_KEY": secrets.token_urlsafe(50), **limit, **addresses}
        prepare(owner)
        yield owner
    finally:
        for process, program in reversed(running):
            processes.stop(process, program, seconds=20)
        shutil.rmtree(data_dir, ignore_errors=True)


def wait(kept, running):
    deadline = time.monotonic() + 60
    while not (local_services.postgres_answers(kept) and local_services.valkey_answers(kept)):
        if time.monotonic() > deadline or any(process.poll() is not None for process, _ in running):
            raise processes.ServiceError("The services for the benchmarks did not start.")
        time.sleep(0.05)


def prepare(owner):
    """Migrate as the owner, in a process of its own: this one will be the application's role."""
    environment = os.environ | {"DATABASE_URL": owner}
    command = [sys.executable, "manage.py", "prepare"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
