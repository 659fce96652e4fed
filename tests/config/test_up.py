"""`manage.py up` as a person meets it: a real process with real services, in a folder with a space."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from config import local_services, processes

PASSWORD = "correct horse battery staple"


class Up:
    """One run of `manage.py up` and what it wrote."""

    def __init__(self, data_dir, port, *arguments):
        self.data_dir, self.port = data_dir, port
        self.path = data_dir.with_name(f"{data_dir.name}.log")
        with self.path.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--port", str(port), *arguments],
                stdout=log,
                stderr=log,
                cwd=settings.BASE_DIR,
                env=environment(data_dir),
                start_new_session=True,
            )

    @property
    def log(self):
        return self.path.read_text(errors="replace")

    def says(self, words, *, seconds=180):
        deadline = time.monotonic() + seconds
        while words not in self.log:
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)

    def children(self):
        """{name: process id} of what runs now."""
        recorded = json.loads((self.data_dir / "up.json").read_text())["children"]
        return {
            child["name"]: child["pid"] for child in recorded if processes.command_of(child["pid"]) == child["command"]
        }

    def page(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", "/account/login/", headers={"Host": "localhost"})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def stop(self, wish=signal.SIGTERM):
        self.process.send_signal(wish)
        return self.process.wait(60)


def environment(data_dir):
    ours = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "AIR_DATA_DIR": str(data_dir), "AIR_ADMIN_PASSWORD": PASSWORD}


def eventually(happens, *, seconds=30):
    deadline = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def data_dir():
    """Not under tmp_path, which only we may enter: PostgreSQL runs as another account for root."""
    return settings.DATA_DIR / "a folder with a space"


@pytest.fixture
def up(data_dir):
    started = []

    def begin(*arguments, folder=data_dir):
        started.append(Up(folder, free_port(), "--no-demo", *arguments))
        return started[-1]

    yield begin
    for one in started:
        if one.process.poll() is None:
            one.stop()


def run_manage(data_dir, *arguments):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment(data_dir),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_up_serves_a_page_refuses_a_second_one_and_leaves_no_process(up, data_dir):
    running = up()
    running.says("Registry ready at")
    eventually(lambda: len(running.children()) == 6)
    children = running.children()
    status = running.page()
    second = run_manage(data_dir, "up", "--port", str(free_port()))
    count = run_manage(data_dir, "shell", "-c", "from registry.models import Person as P; print(P.objects.count())")

    code = running.stop()

    assert status == 200
    assert sorted(children) == ["beat", "mailer", "postgres", "valkey", "web", "worker"]
    assert (second.returncode, second.stdout, second.stderr) == (
        1,
        "",
        f"The registry already runs at http://127.0.0.1:{running.port} (process {running.process.pid}). "
        f"Stop it with Ctrl-C there, or with: kill {running.process.pid}\n",
    )
    assert count.stdout.splitlines()[-1] == "1"
    assert PASSWORD not in running.log
    assert code == 0
    assert nothing_is_left(children, data_dir)


def nothing_is_left(children, data_dir):
    groups = [pid for pid in children.values() if group_exists(pid)]
    kept = local_services.read_kept(data_dir)
    return groups == [] and not Path(kept["home"], "postgres", "postmaster.pid").exists()


def group_exists(pid):
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_commands_say_plainly_that_nothing_runs(tmp_path):
    done = run_manage(tmp_path, "createcachetable")

    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        "The registry is not running: start it with `make up`, or set DATABASE_URL.\n",
    )


@pytest.mark.parametrize("command", [["help"], ["check"], ["makemigrations", "--check"]])
def test_commands_that_need_no_database_answer_without_one(tmp_path, command):
    done = run_manage(tmp_path, *command)

    assert done.returncode == 0, done.stderr


def test_a_taken_port_is_said_before_anything_starts(data_dir):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = run_manage(data_dir, "up", "--port", str(port))

    assert done.returncode == 1
    assert f"Cannot listen on 127.0.0.1 port {port}" in done.stderr
    assert "make up PORT=" in done.stderr


@pytest.mark.faults
def test_up_killed_with_9_hinders_no_next_start(up, data_dir):
    killed = up()
    killed.says("Registry ready at")
    children = killed.children()

    killed.process.kill()
    killed.process.wait()
    again = up()
    again.says("Registry ready at")

    assert again.page() == 200
    assert not set(children.values()) & set(again.children().values())
    assert [pid for pid in children.values() if processes.command_of(pid)] == []


@pytest.mark.faults
def test_every_killed_program_comes_back(up):
    running = up()
    running.says("Registry ready at")
    assert eventually(lambda: len(running.children()) == 6)
    for name in ("postgres", "valkey", "web", "worker", "mailer", "beat"):
        before = running.children()

        os.kill(before[name], signal.SIGKILL)

        assert eventually(lambda: running.children().get(name, before[name]) != before[name]), running.log  # noqa: B023
        others = {other: pid for other, pid in running.children().items() if other != name}
        assert others == {other: pid for other, pid in before.items() if other != name}
        assert eventually(lambda: running.page() == 200), running.log


@pytest.mark.faults
def test_a_first_start_that_is_cut_short_is_a_first_start_again(up, data_dir):
    folder = data_dir.with_name("cut short")
    for words in ("starting PostgreSQL", "The database is up to date."):
        cut = up(folder=folder)
        cut.says(words)
        assert cut.stop(signal.SIGINT) == 0

    whole = up(folder=folder)
    whole.says("Registry ready at")

    with psycopg.connect(local_services.connection_urls(folder)["DATABASE_OWNER_URL"]) as connection:
        people = connection.execute("SELECT username, role FROM registry_person").fetchall()
    assert people == [("admin", "administrator")]
