"""Cases read for an export: their numbers first, in the list's order, then their rows block by block.

No transaction stays open between two blocks, however slowly somebody downloads. Each block asks again
what the person may see, so a case that is closed to them meanwhile does not come.
"""

from array import array
from dataclasses import dataclass

from django.db import connection, transaction

from registry import access

# Blocks grow while they are light and shrink when they are heavy: memory stays flat whatever the texts.
FIRST_BLOCK, LARGEST_BLOCK = 50, 1000
LIGHT, HEAVY = 512 * 1024, 2 * 1024 * 1024
LONGEST_READING = "60s"
NUMBERS_AT_ONCE = 10_000


@dataclass(frozen=True)
class Block:
    """Some rows of the file, and how many of the cases are behind us with them."""

    data: object
    done: int


def numbers_of(cases):
    """The primary keys of ordered `cases` as a packed array, given more time than a page has.

    A million of them are four megabytes; as a list, read at once, they would be more than a hundred.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [LONGEST_READING])
        return array("i", cases.values_list("pk", flat=True).iterator(chunk_size=NUMBERS_AT_ONCE))


def blocks(person, columns, numbers, read, *, weigh):
    """Yield a Block for each stretch of `numbers`.

    `columns` maps a name to its expression; `read(sql, parameters)` reads the rows of a SELECT of these columns;
    `weigh(data)` says how many bytes they take, roughly.
    """
    sql, parameters = statement(person, columns)
    done, size = 0, FIRST_BLOCK
    while done < len(numbers):
        some = list(numbers[done : done + size])
        with connection.wrap_database_errors:
            data = read(sql, [some, *parameters])
        done += len(some)
        yield Block(data, done)
        weight = weigh(data)
        if weight < LIGHT:
            size = min(size * 2, LARGEST_BLOCK)
        elif weight > HEAVY:
            size = max(size // 2, 1)


def statement(person, columns):
    """The SELECT of `columns` of the cases in an array of numbers, in the array's order, and its other parameters."""
    places = {f"c{place}": expression for place, expression in enumerate(columns.values())}
    cases = access.visible_to(person).order_by().annotate(**places).values("id", *places)
    inner, parameters = cases.query.sql_with_params()
    quote = connection.ops.quote_name
    named = ", ".join(f"found.{place} AS {quote(name)}" for place, name in zip(places, columns, strict=True))
    sql = (
        f"SELECT {named} FROM unnest(%s::int[]) WITH ORDINALITY AS wanted(number, place) "  # noqa: S608
        f"JOIN ({inner}) AS found ON found.id = wanted.number ORDER BY wanted.place"
    )
    return sql, list(parameters)


def copied(sql, parameters, options, *, end):
    """The rows of a SELECT as PostgreSQL writes them in CSV, each with `end` in place of its line feed."""
    command = f"COPY ({sql}) TO STDOUT (FORMAT csv{options})"
    # The driver's own cursor: Django's wrapper for debugging takes no parameters here.
    with connection.cursor() as cursor, cursor.cursor.copy(command, parameters) as copy:
        # PostgreSQL sends one message a row, so what is cut off is the row's own line feed.
        return b"".join(bytes(row[:-1]) + end for row in copy)


def fetched(sql, parameters):
    """The rows of a SELECT as tuples."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
