"""The change feed while many write and a reader is killed: every change once, in order for each case."""

import os
import random
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager

import psycopg
import pytest

from registry.models import Change
from tests.factories import make_cases, make_person
from tests.workers import ROOT, database_url, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

WRITERS, EACH, CASES = 8, 1250, 40


def start(*arguments):
    environment = os.environ | {"DATABASE_URL": database_url()}
    return subprocess.Popen([sys.executable, "-m", "tests.following", *map(str, arguments)], cwd=ROOT, env=environment)


@contextmanager
def reading(person, path):
    reader = start("read", person.username, path)
    try:
        yield reader
    finally:
        reader.kill()
        reader.wait()


def lines_of(path):
    """What a reader wrote: (position, case, version) of each row."""
    whole, _, _ = path.read_text().rpartition("\n") if path.exists() else ("", "", "")
    return [tuple(map(int, line.split())) for line in whole.splitlines()]


def test_every_change_comes_once_and_in_order_though_a_reader_is_killed_and_one_commits_late(tmp_path):
    numbers = [case.pk for case in make_cases(CASES)]
    late = numbers.pop()
    Change.objects.all().delete()
    person, shuffle = make_person(), random.Random(5)
    steady, killed = tmp_path / "steady", tmp_path / "killed"
    change_late = ["UPDATE registry_case SET version = version + 1 WHERE id = %s", [late]]

    with psycopg.connect(database_url()) as slow, reading(person, steady):
        slow.execute(*change_late)
        with reading(person, killed):
            writers = [start("write", EACH, *shuffle.sample(numbers, len(numbers))) for _ in range(WRITERS)]
            wait_until(lambda: len(lines_of(killed)) > 1000)
        with reading(person, killed):
            assert [writer.wait(120) for writer in writers] == [0] * WRITERS
            for path in (steady, killed):
                wait_until(lambda path=path: len(lines_of(path)) == WRITERS * EACH)
            slow.commit()
            for path in (steady, killed):
                wait_until(lambda path=path: late in {case for _, case, _ in lines_of(path)})

    for path in (steady, killed):
        rows = lines_of(path)
        assert [position for position, _, _ in rows] == list(range(1, WRITERS * EACH + 2))
        told = Counter(case for _, case, _ in rows)
        assert {case: [v for _, c, v in rows if c == case] for case in told} == {
            case: list(range(2, n + 2)) for case, n in told.items()
        }
        assert rows[-1] == (WRITERS * EACH + 1, late, 2)
