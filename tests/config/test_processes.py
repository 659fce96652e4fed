import signal
import subprocess
import sys
import time

import pytest

from config import processes
from config.processes import Program, ServiceError

SLEEPER = (sys.executable, "-c", "import time; time.sleep(60)")


def begin(program):
    return processes.start(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_stop_asks_with_the_signal_of_the_program():
    program = Program("sleeper", SLEEPER, stop_signal=signal.SIGINT)
    process = begin(program)

    processes.stop(process, program, seconds=10)

    assert process.returncode == -signal.SIGINT


def test_stop_kills_what_does_not_listen():
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    program = Program("deaf", (sys.executable, "-c", deaf))
    process = processes.start(program, stdout=subprocess.PIPE)
    process.stdout.readline()

    processes.stop(process, program, seconds=0.2)

    process.stdout.close()
    assert process.returncode == -signal.SIGKILL


def test_leftovers_of_a_killed_manager_are_stopped():
    process = begin(Program("sleeper", SLEEPER))
    left = processes.describe("sleeper", process.pid, signal.SIGTERM)

    processes.stop_leftovers([left])

    assert process.wait(5) == -signal.SIGTERM


def test_a_number_that_belongs_to_another_program_by_now_is_left_alone():
    program = Program("sleeper", SLEEPER)
    process = begin(program)
    left = processes.describe("sleeper", process.pid, signal.SIGTERM)

    processes.stop_leftovers([{**left, "command": "postgres -D elsewhere"}])

    assert process.poll() is None
    processes.stop(process, program, seconds=10)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can tell a child that its parent died")
def test_a_child_does_not_outlive_a_parent_killed_with_9():
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from config import processes as p\n"
            f"print(p.start(p.Program('sleeper', {SLEEPER!r})).pid, flush=True); time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    pid = int(parent.stdout.readline())
    assert processes.command_of(pid)

    parent.kill()
    parent.wait()
    parent.stdout.close()

    deadline = time.monotonic() + 5
    while processes.command_of(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes.command_of(pid) == ""


def test_run_as_reports_the_last_lines_of_a_failure():
    with pytest.raises(ServiceError, match="sh failed:\nno space left"):
        processes.run_as("", ["/bin/sh", "-c", "echo no space left >&2; exit 1"])
