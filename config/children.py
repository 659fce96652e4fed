"""The programs `manage.py up` runs: their lines become one log, and those that die come back."""

import contextlib
import os
import selectors
import subprocess
import sys
import time
from dataclasses import dataclass

from config import processes
from config.processes import Program, ServiceError

LONGEST_PAUSE = 30
STEADY_SECONDS = 60
COLOURS = {"up": 1, "postgres": 34, "valkey": 35, "web": 32, "worker": 36, "mailer": 31, "beat": 33, "prepare": 90}


class StopAsked(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


@dataclass
class Child:
    program: Program
    process: subprocess.Popen
    started: float
    pause: float = 0.5
    unfinished: bytes = b""
    again_at: float | None = None


class Children:
    """Started in order and stopped in reverse. One thread: see `processes.start`."""

    def __init__(self, *, out, record):
        self.out, self.record = out, record
        self.colour = out.isatty() and "NO_COLOR" not in os.environ
        self.selector = selectors.DefaultSelector()
        self.all = {}
        self.stop_asked = False

    def ask_to_stop(self, *_):
        self.stop_asked = True

    def say(self, name, line):
        label = f"{name:8} |"
        if self.colour:
            label = f"\033[{COLOURS.get(name, 0)}m{label}\033[0m"
        try:
            print(label, line, file=self.out, flush=True)
        except BrokenPipeError:  # whoever read the log has gone, as in `make up | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.ask_to_stop()

    def start(self, program):
        process = processes.start(program, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        known = self.all.get(program.name)
        self.all[program.name] = child = Child(program, process, time.monotonic())
        if known:
            child.pause = known.pause
        self.selector.register(process.stdout, selectors.EVENT_READ, child)
        self.record(
            [processes.describe(name, one.process.pid, one.program.stop_signal) for name, one in self.all.items()]
        )
        return child

    def run(self, program):
        """Run `program` to its end, with its lines in the log."""
        child = self.start(program)
        while child.process.poll() is None:
            self.pump(0.05)
            if self.stop_asked:
                raise StopAsked
        self.drain(child)
        del self.all[program.name]
        if child.process.returncode:
            raise ServiceError(f"{program.name} failed; its last lines above say why.")

    def wait(self, name, answers, *, seconds):
        """Return when `answers()` is true, unless the program ends or the time is over first."""
        child, deadline = self.all[name], time.monotonic() + seconds
        while not answers():
            self.pump(0.03)
            if self.stop_asked:
                raise StopAsked
            if child.process.poll() is not None:
                self.drain(child)
                raise ServiceError(f"{name} ended at once; its last lines above say why.")
            if time.monotonic() > deadline:
                raise ServiceError(f"{name} did not answer within {seconds} seconds.")

    def watch(self):
        """Keep everything running until somebody asks to stop."""
        while not self.stop_asked:
            self.pump(0.2)
            for child in list(self.all.values()):
                self.revive(child)

    def revive(self, child):
        """Start a dead child again after a pause that doubles, until it has been steady for a while."""
        now = time.monotonic()
        if child.again_at is None and child.process.poll() is not None:
            processes.kill_group(child.process.pid)  # its own children would hold the port or the queue
            self.drain(child)
            if now - child.started > STEADY_SECONDS:
                child.pause = 0.5
            child.again_at, ended = now + child.pause, child.process.returncode
            self.say("up", f"{child.program.name} ended ({ended}); starting it again in {child.pause:g} s.")
            child.pause = min(child.pause * 2, LONGEST_PAUSE)
        elif child.again_at is not None and now >= child.again_at:
            self.start(child.program)

    def pump(self, seconds):
        """Pass on what the children have written, waiting at most `seconds` for it."""
        for key, _ in self.selector.select(seconds):
            self.read(key.data)

    def read(self, child):
        """Pass on one piece of output; False at its end."""
        piece = os.read(child.process.stdout.fileno(), 65536)
        *lines, child.unfinished = (child.unfinished + piece).split(b"\n")
        if not piece:
            self.selector.unregister(child.process.stdout)
            child.process.stdout.close()
            lines += [child.unfinished] if child.unfinished else []
        for line in lines:
            self.say(child.program.name, line.decode(errors="replace").rstrip())
        return bool(piece)

    def drain(self, child):
        """Pass on the last words of a child that has ended."""
        with contextlib.suppress(BlockingIOError):
            while not child.process.stdout.closed:
                os.set_blocking(child.process.stdout.fileno(), False)
                self.read(child)

    def stop(self, names, *, seconds):
        """Ask all of `names` at once, wait for all, then kill what is left of them."""
        ending = [self.all.pop(name) for name in names if name in self.all]
        for child in ending:
            if child.process.poll() is None:
                child.process.send_signal(child.program.stop_signal)
        deadline = time.monotonic() + seconds
        while any(child.process.poll() is None for child in ending) and time.monotonic() < deadline:
            self.pump(0.05)
        for child in ending:
            processes.kill_group(child.process.pid)
            child.process.wait()
            self.drain(child)
