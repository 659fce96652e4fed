"""W8: all cases as CSV and NDJSON, against one bare COPY of the same columns."""

import os
from pathlib import Path

from django.db import connection

from registry import access
from registry.choices import Role
from registry.exchange import exporting
from registry.exchange.columns import chosen_columns
from registry.models import Case, Person
from tests.benchmarks.database import raw_connection
from tests.benchmarks.measuring import Goal, Row, against, interleave, milliseconds
from tests.benchmarks.patterns import peak_memory
from tests.benchmarks.synthetic import reviewer_of

GOAL = Goal(3)
INFORMATION = Goal(None, unit="MB")


def measure(registry, *, seconds):
    """The rows of W8: the usual columns of every case that a reviewer sees, rights and blind rule with them."""
    person = reviewer_of(registry)
    with raw_connection() as floor:
        sql, parameters = bare_copy()
        taken = interleave(
            {
                "csv": lambda: export(person, "csv"),
                "ndjson": lambda: export(person, "ndjson"),
                "stream": lambda: stream(person, "ndjson"),
                "copy": lambda: copy(floor, sql, parameters),
            },
            seconds=seconds,
        )
    memory, streaming, n = peak_memory("export"), peak_memory("stream"), registry.n
    return [
        against("W8 export CSV / bare COPY", n, taken["csv"], taken["copy"], GOAL, memory),
        against("W8 export NDJSON / bare COPY", n, taken["ndjson"], taken["copy"], GOAL),
        against("W8 stream NDJSON by number / bare COPY", n, taken["stream"], taken["copy"], GOAL, streaming),
        Row("W8 export, peak memory", n, milliseconds(taken["csv"]), None, memory, None, None, INFORMATION),
    ]


def export(person, file_format):
    numbers = exporting.numbers_for(person)
    with Path(os.devnull).open("wb") as nowhere:
        for part in exporting.streamed(person, file_format, chosen_columns(person), numbers):
            nowhere.write(part)


def stream(person, file_format):
    """As the list is sent through REST when it is asked for as a file."""
    cases = access.visible_to(person)
    with Path(os.devnull).open("wb") as nowhere:
        for part in exporting.streamed_by_number(person, file_format, chosen_columns(person), cases):
            nowhere.write(part)


def bare_copy():
    """The same columns and the same order in one statement: no rights, no blind rule, no harmless formulas."""
    anybody = Person(role=Role.READER)
    cells = {f"c{place}": column.cell for place, column in enumerate(chosen_columns(anybody))}
    cases = Case.objects.order_by("-occurred_on", "-id").annotate(**cells).values(*cells)
    with connection.cursor() as cursor:
        sql, parameters = cases.query.sql_with_params()
        return cursor.mogrify(f"COPY ({sql}) TO STDOUT (FORMAT csv)", parameters), None


def copy(floor, sql, parameters):
    with Path(os.devnull).open("wb") as nowhere, floor.cursor().copy(sql, parameters) as rows:
        for row in rows:
            nowhere.write(row)
