"""Cases as CSV (RFC 4180): UTF-8 with a byte order mark, which spreadsheet programs look for, and CRLF."""

import csv
import io

from registry.exchange.case_rows import blocks, copied

MEDIA_TYPE = "text/csv; charset=utf-8"
MARK = b"\xef\xbb\xbf"


def chunks(person, columns, numbers):
    """Yield (bytes, how many cases are done). A text that would be taken for a formula gets an apostrophe first."""
    yield opening(columns), 0
    yield from rows(person, columns, numbers)


def opening(columns):
    """What stands before the first case."""
    return MARK + heading(columns)


def closing(n_lines):
    """What stands after the last case: nothing, a line of its own would be read as a case."""
    return b""


def rows(person, columns, numbers):
    """As `chunks`, for one stretch of a longer file."""
    cells = {column.name: column.csv for column in columns}
    for block in blocks(person, cells, numbers, read, weigh=len):
        yield block.data, block.done


def heading(columns):
    """The first line: the columns' names, which stay the same when their words are changed."""
    line = io.StringIO()
    csv.writer(line).writerow([column.name for column in columns])
    return line.getvalue().encode()


def read(sql, parameters):
    return copied(sql, parameters, "", end=b"\r\n")
