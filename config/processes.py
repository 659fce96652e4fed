"""Child processes: run as whom, started so that none outlives us, stopped with their children."""

import contextlib
import ctypes
import functools
import os
import pwd
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1


class ServiceError(Exception):
    """Something only the person at the machine can put right; the message says what and how."""


@dataclass(frozen=True)
class Program:
    """How one child is run and stopped. `account` is a name for setuid, or "" for our own."""

    name: str
    command: tuple
    stop_signal: int = signal.SIGTERM
    account: str = ""
    stdin: str = ""
    environment: dict | None = None
    folder: str = "/"


def ids_of(account):
    """(uid, gid) of an account's name; "" means ourselves."""
    if not account:
        return os.geteuid(), os.getegid()
    entry = pwd.getpwnam(account)
    return entry.pw_uid, entry.pw_gid


def identity(account):
    """The arguments of `subprocess` that run a program as `account`, and as nothing more."""
    if not account:
        return {}
    uid, gid = ids_of(account)
    return {"user": uid, "group": gid, "extra_groups": []}


def can_enter(path, account):
    """Whether `account` gets to `path` through all folders above it and may enter or run it."""
    test = ["/bin/sh", "-c", 'test -x "$0"', str(path)]
    return subprocess.run(test, cwd="/", **identity(account)).returncode == 0


def run_as(account, command, stdin=""):
    """Run to the end in a session of its own, so that Ctrl-C does not cut it short half-way."""
    done = subprocess.run(
        command, input=stdin, capture_output=True, text=True, cwd="/", start_new_session=True, **identity(account)
    )
    if done.returncode:
        lines = "\n".join((done.stdout + done.stderr).strip().splitlines()[-5:])
        raise ServiceError(f"{Path(command[0]).name} failed:\n{lines}")


def start(program, **pipes):
    """Start `program` in a session of its own; on Linux it is told to stop when we die, even by kill -9.

    Call from the main thread: Linux ties that promise to the thread that started the child.
    """
    process = subprocess.Popen(
        program.command,
        stdin=subprocess.PIPE if program.stdin else subprocess.DEVNULL,
        cwd=program.folder,
        env=program.environment,
        start_new_session=True,
        preexec_fn=functools.partial(prepare_child, int(program.stop_signal)),
        **identity(program.account),
        **pipes,
    )
    if program.stdin:
        with contextlib.suppress(BrokenPipeError):  # died at once: its exit says so
            process.stdin.write(program.stdin.encode())
            process.stdin.close()
    return process


def prepare_child(stop_signal):
    """Runs in the child before its program. A shell that starts us in the background has us ignore
    Ctrl-C, and the child would inherit that; some programs stop by nothing else.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, stop_signal)


def stop(process, program, *, seconds):
    """Ask, wait, and at last kill; then kill its group, so that no grandchild stays."""
    if process.poll() is None:
        process.send_signal(program.stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    kill_group(process.pid)
    process.wait()


def kill_group(pid):
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def command_of(pid):
    """The command line of a process as the system shows it, or "" when there is none."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            return ""
    return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()


def describe(name, pid, stop_signal):
    """What a later start needs to know of a child in order to stop it."""
    return {"name": name, "pid": pid, "stop_signal": int(stop_signal), "command": command_of(pid)}


def stop_leftovers(described, *, seconds=30):
    """Stop what a manager that was killed left running, each as `describe` tells.

    A number may belong to another process by now, so the command line has to be the same.
    """

    def remaining(some):
        return [child for child in some if child["command"] and command_of(child["pid"]) == child["command"]]

    left = remaining(described)
    for child in left:
        os.kill(child["pid"], child["stop_signal"])
    deadline = time.monotonic() + seconds
    while (left := remaining(left)) and time.monotonic() < deadline:
        time.sleep(0.1)
    for child in left:
        kill_group(child["pid"])
