"""Keyset pages: any depth costs the same, and nothing is skipped or repeated while rows change."""

from dataclasses import dataclass

from django.core import signing
from django.db.models import Q
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

SALT = "registry.paging"


class BadCursor(ValueError):
    """The cursor was made by somebody else, or for another ordering."""


@dataclass(frozen=True)
class Page:
    """One page of rows and the cursors of its neighbours; None where there is none."""

    rows: list
    next: str | None
    previous: str | None


class CursorSerializer:
    """Dates and times in a cursor are written as text, to the microsecond; the database reads them back."""

    def dumps(self, obj):
        return signing.json.dumps(obj, separators=(",", ":"), default=str).encode()

    def loads(self, data):
        return signing.json.loads(data)


def encode(ordering, backwards, values):
    return signing.dumps([ordering, backwards, *values], salt=SALT, serializer=CursorSerializer)


def decode(cursor, ordering, fields):
    """(backwards, values of the row the page starts after). Raises BadCursor."""
    try:
        name, backwards, *values = signing.loads(cursor, salt=SALT, serializer=CursorSerializer)
    except (signing.BadSignature, ValueError, TypeError):
        raise BadCursor("This cursor is not one of ours; start from the first page.") from None
    if name != ordering or len(values) != len(fields):
        raise BadCursor("This cursor belongs to another ordering; start from the first page.")
    return backwards, values


def page_of(queryset, *, ordering, fields, limit, cursor=None, row=None):
    """The page of `queryset` after `cursor`.

    `ordering` is the public name of the order, `fields` its columns: all ascending or all descending,
    the last one the id. `row` turns the queryset into the wanted rows (for example with
    `values_list`), whose keys are read by `fields` as attributes; plain model rows by default.
    """

    def fetch(backwards, values):
        found = placed(queryset, fields, backwards, values)
        return list((row(found) if row else found)[: limit + 1])

    return page_from(fetch, ordering=ordering, fields=fields, limit=limit, cursor=cursor)


def placed(queryset, fields, backwards, values):
    """`queryset` in order, or in reverse to read backwards, from after the row with these `values` if there are any."""
    names = [field.removeprefix("-") for field in fields]
    falling = fields[0].startswith("-") != backwards
    if values is not None:
        queryset = queryset.filter(beyond(names, values, falling, may_be_empty=is_nullable(queryset, names[0])))
    return queryset.order_by(*(("-" if falling else "") + name for name in names))


def is_nullable(queryset, name):
    return any(field.name == name and field.null for field in queryset.model._meta.concrete_fields)


def beyond(names, values, falling, *, may_be_empty):
    """The rows after the one with these values. PostgreSQL holds empty for larger than everything."""
    compare = TupleLessThan if falling else TupleGreaterThan
    empty = Q(**{f"{names[0]}__isnull": True})
    if not may_be_empty:
        return Q(compare(Tuple(*names), values))
    if values[0] is None:
        rest = Q(**{f"{names[1]}__{'lt' if falling else 'gt'}": values[1]})
        return (empty & rest) | ~empty if falling else empty & rest
    return Q(compare(Tuple(*names), values)) | (Q() if falling else empty)


def page_from(fetch, *, ordering, fields, limit, cursor=None):
    """The page of the rows that `fetch(backwards, values)` reads, which are up to `limit` and one more."""
    backwards, values = decode(cursor, ordering, fields) if cursor else (False, None)
    rows = fetch(backwards, values)
    more, rows = len(rows) > limit, rows[:limit]
    if backwards:
        rows.reverse()
    first_page = values is None or (backwards and not more)
    last_page = not rows or not (backwards or more)

    def at(position, backwards):
        return encode(ordering, backwards, [getattr(rows[position], name.removeprefix("-")) for name in fields])

    return Page(
        rows=rows,
        next=None if last_page else at(-1, False),
        previous=None if first_page or not rows else at(0, True),
    )
