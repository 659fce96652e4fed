"""Cases as NDJSON: one JSON object a line, every value with its own type."""

from registry.exchange.case_rows import blocks, copied

MEDIA_TYPE = "application/x-ndjson"
# JSON writes control characters as escapes, so with these as quote and delimiter a line leaves as it is.
AS_IT_IS = r", QUOTE E'\x01', DELIMITER E'\x02'"


def chunks(person, columns, numbers):
    """Yield (bytes, how many cases are done)."""
    yield from rows(person, columns, numbers)


def opening(columns):
    """What stands before the first case."""
    return b""


def closing(n_lines):
    """The line after the last case of a stream: without it the stream was cut."""
    return b'{"complete":true,"cases":%d}\n' % n_lines


def rows(person, columns, numbers):
    """As `chunks`, for one stretch of a longer file."""
    values = {column.name: column.typed for column in columns}
    for block in blocks(person, values, numbers, read, weigh=len):
        yield block.data, block.done


def read(sql, parameters):
    lines = f"SELECT row_to_json(line) FROM ({sql}) AS line"  # noqa: S608  (the SQL is ours)
    return copied(lines, parameters, AS_IT_IS, end=b"\n")
