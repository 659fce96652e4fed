"""Columns in PostgreSQL's binary format, against PostgreSQL itself."""

import numpy as np
import psycopg
import pytest
from django.db import connection

from registry.patterns.columns import (
    FloatArray,
    WholeArray,
    float_column,
    path_values,
    takes_arrays,
    time_column,
    whole_column,
)


@pytest.fixture
def cursor(db):
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        takes_arrays(cursor)
        yield cursor


def one(cursor, statement, values=()):
    return cursor.execute(statement, values, prepare=False, binary=True).fetchone()[0]


def test_whole_column_reads_what_the_database_sends(cursor):
    sent = one(cursor, "SELECT array_send(ARRAY[3, -1, 2147483647])")

    assert whole_column(sent).tolist() == [3, -1, 2147483647]


def test_float_column_reads_what_the_database_sends(cursor):
    sent = one(cursor, "SELECT array_send(ARRAY[0.1, 'NaN', 1e-300]::double precision[])")

    np.testing.assert_array_equal(float_column(sent), [0.1, np.nan, 1e-300])


def test_time_column_counts_microseconds_from_2000(cursor):
    sent = one(
        cursor, "SELECT array_send(ARRAY['2000-01-01 00:00:01.000002Z', '1999-12-31Z', 'infinity']::timestamptz[])"
    )

    assert time_column(sent).tolist() == [1_000_002, -86_400_000_000, 2**63 - 1]


def test_path_values_reads_arrays_of_any_length_one_after_the_other(cursor):
    sent = one(cursor, "SELECT array_send(ARRAY[5, 9]) || array_send('{}'::integer[]) || array_send(ARRAY[7])")

    assert path_values(sent, np.array([2, 0, 1])).tolist() == [5, 9, 7]


@pytest.mark.parametrize("values", [[4, -2, 0], []])
def test_whole_array_arrives_as_an_integer_array(cursor, values):
    assert one(cursor, "SELECT %b", [WholeArray(np.array(values, dtype=np.int64))]) == values


def test_flags_arrive_as_ones_and_zeros(cursor):
    assert one(cursor, "SELECT %b", [WholeArray(np.array([True, False]))]) == [1, 0]


@pytest.mark.parametrize("values", [[0.1, -1e-300, 3.0], []])
def test_float_array_arrives_unrounded(cursor, values):
    assert one(cursor, "SELECT %b", [FloatArray(np.array(values, dtype=np.float64))]) == values


def test_other_cursors_do_not_take_whole_columns(cursor):
    with psycopg.Cursor(connection.connection) as other, pytest.raises(psycopg.ProgrammingError, match="WholeArray"):
        other.execute("SELECT %b", [WholeArray(np.array([1]))])
