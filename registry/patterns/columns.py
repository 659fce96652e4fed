"""Whole columns of numbers as PostgreSQL's binary arrays, in and out: no object for each value.

An array without nulls is sent as dimensions, flags, element type, length and lower bound, each in four
bytes, and then the size in bytes and the value of each element.
"""

from __future__ import annotations

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.abc import Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format

from .arrays import Codes, Floats

HEADER_BYTES = 20
WHOLE = np.dtype([("size", ">i4"), ("value", ">i4")])
FLOAT = np.dtype([("size", ">i4"), ("value", ">f8")])
TIME = np.dtype([("size", ">i4"), ("value", ">i8")])
INTEGER_TYPE, INTEGER_ARRAY = 23, 1007
DOUBLE_TYPE, DOUBLE_ARRAY = 701, 1022


def whole_column(sent: Buffer) -> NDArray[np.int32]:
    """The values of one `array_send` of an integer array that is not empty."""
    return np.frombuffer(sent, dtype=WHOLE, offset=HEADER_BYTES)["value"].astype(np.int32)


def float_column(sent: Buffer) -> Floats:
    """The values of one `array_send` of an array of double precision that is not empty."""
    return np.frombuffer(sent, dtype=FLOAT, offset=HEADER_BYTES)["value"].astype(np.float64)


def time_column(sent: Buffer) -> NDArray[np.int64]:
    """The values of one `array_send` of an array of times with zone that is not empty.

    They are whole microseconds since the beginning of 2000, UTC; `infinity` is the largest number there is.
    """
    return np.frombuffer(sent, dtype=TIME, offset=HEADER_BYTES)["value"].astype(np.int64)


def path_values(sent: Buffer, lengths: Codes) -> NDArray[np.int32]:
    """The values of many `array_send`s of integers, one after the other, given the length of each array."""
    words = np.frombuffer(sent, dtype=">i4")
    # An empty array is its three-word header alone; any other has five words and two for each element.
    sizes = np.where(lengths == 0, 3, 5 + 2 * lengths.astype(np.int64))
    starts = np.cumsum(sizes) - sizes
    filled = lengths > 0
    before = np.cumsum(lengths[filled], dtype=np.int64) - lengths[filled]
    within = np.arange(int(lengths.sum())) - np.repeat(before, lengths[filled])
    return words[np.repeat(starts[filled] + 6, lengths[filled]) + 2 * within].astype(np.int32)


class WholeArray:
    """A column to be written: the value of a parameter `%b` of type `integer[]`."""

    def __init__(self, values: NDArray[np.integer] | NDArray[np.bool_]) -> None:
        self.sent = _array_send(values, WHOLE, INTEGER_TYPE)


class FloatArray:
    """The same for `double precision[]`; NaN stays NaN."""

    def __init__(self, values: Floats) -> None:
        self.sent = _array_send(values, FLOAT, DOUBLE_TYPE)


def _array_send(values: NDArray[np.generic], element: np.dtype[np.void], kind: int) -> bytes:
    body = np.empty(len(values), dtype=element)
    body["size"], body["value"] = element["value"].itemsize, values
    # An empty array has no dimension at all.
    header = [1, 0, kind, len(values), 1] if len(values) else [0, 0, kind]
    return np.array(header, dtype=">i4").tobytes() + body.tobytes()


class _SentDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: WholeArray | FloatArray) -> Buffer:
        return obj.sent


class WholeArrayDumper(_SentDumper):
    oid = INTEGER_ARRAY


class FloatArrayDumper(_SentDumper):
    oid = DOUBLE_ARRAY


def takes_arrays(context: psycopg.Cursor) -> None:
    """Let this cursor, and no other, pass whole columns as parameters."""
    context.adapters.register_dumper(WholeArray, WholeArrayDumper)
    context.adapters.register_dumper(FloatArray, FloatArrayDumper)
