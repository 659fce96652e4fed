"""Rows of cases as JSON: how they stood, what a change made of them, and putting them back exactly.

Written past the ORM on purpose: what is put back must not get a new time of change or a new number.
"""

import hashlib
import json

from django.db import connection

from registry.models import (
    Adjudication,
    Case,
    CaseLink,
    CaseParty,
    CaseReader,
    CaseSource,
    CaseSystem,
    CaseWatch,
    Classification,
    Comment,
    DebtAcceptance,
    Evidence,
    ExternalId,
    Label,
    MitigationCase,
    Rating,
    Relabel,
    Safeguard,
)

# Each table with rows that belong to cases, and the columns that say to which.
OWNERS = {
    Case: ("id",),
    CaseSystem: ("case_id",),
    CaseParty: ("case_id",),
    CaseSource: ("case_id",),
    CaseReader: ("case_id",),
    ExternalId: ("case_id",),
    Evidence: ("case_id",),
    Rating: ("case_id",),
    Label: ("case_id",),
    Adjudication: ("case_id",),
    Classification: ("case_id",),
    CaseLink: ("case_id", "other_id"),
    Safeguard: ("case_id",),
    MitigationCase: ("case_id",),
    DebtAcceptance: ("case_id",),
    Comment: ("case_id",),
    CaseWatch: ("case_id",),
    Relabel: ("case_id",),
}
MODELS = {model._meta.db_table: model for model in OWNERS}
# What counts changes, or follows from other columns by itself.
BOOKKEEPING = ("version", "updated_at")
DERIVED = ("node_path", "search", "occurred_on", "severity_rank")


def snapshot(numbers, *, versions=False):
    """{(table, id): row} of everything that belongs to the cases with these numbers, read in one statement."""
    left_out = [*DERIVED, *(() if versions else BOOKKEEPING)]
    parts, values = [], []
    for model, columns in OWNERS.items():
        table = model._meta.db_table
        belongs = " OR ".join(f"t.{column} = ANY(%s)" for column in columns)
        row = "to_jsonb(t) - %s::text[]" if model is Case else "to_jsonb(t)"
        parts.append(f"SELECT '{table}', t.id, {row} FROM {table} t WHERE {belongs}")  # noqa: S608
        values += [left_out] * (model is Case) + [sorted(numbers)] * len(columns)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return {(table, number): json.loads(row) for table, number, row in cursor.fetchall()}


def state(numbers):
    """A short text that changes whenever anything that belongs to these cases does."""
    rows = sorted(snapshot(numbers, versions=True).items())
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


def differences(before, after):
    """What changed between two snapshots, as `CaseMerge.moved` holds it."""
    entries = []
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        if was == now:
            continue
        if was and now:
            columns = [column for column in was if was[column] != now[column]]
            was, now = ({column: row[column] for column in columns} for row in (was, now))
        entries.append({"table": key[0], "id": key[1], "before": was, "after": now})
    return entries


def as_it_stands(table, number):
    """The row now; None if it is gone."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t) FROM {known(table)} t WHERE id = %s", [number])  # noqa: S608
        found = cursor.fetchone()
    return json.loads(found[0]) if found else None


def set_columns(table, number, values):
    columns = ", ".join(connection.ops.quote_name(column) for column in values)
    sql = f"""
        UPDATE {known(table)} SET ({columns}) = (
            SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s::jsonb)
        ) WHERE id = %s
    """  # noqa: S608
    _execute(sql, [json.dumps(values), number])


def insert(table, values):
    sql = f"INSERT INTO {known(table)} SELECT * FROM jsonb_populate_record(NULL::{table}, %s::jsonb)"  # noqa: S608
    _execute(sql, [json.dumps(values)])


def delete(table, number):
    _execute(f"DELETE FROM {known(table)} WHERE id = %s", [number])  # noqa: S608


def known(table):
    """The name itself; a name that is none of ours never reaches a statement."""
    return MODELS[table]._meta.db_table


def _execute(sql, values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
