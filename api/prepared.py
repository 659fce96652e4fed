"""The case list, its SQL compiled once for each shape: compiling takes longer than running it.

The text still comes from `access.visible_to` and the filter set, with marks in the places of the reader
and the cursor.
"""

from collections import namedtuple
from functools import lru_cache

from django.db import connection
from django.db.models import Value
from django.http import QueryDict
from psycopg.adapt import Loader

from api import parameters
from registry import access
from registry.filters import ORDERINGS, CaseFilterSet
from registry.models import Person
from registry.paging import page_from, placed

# A number no person has: half of what the column holds, and prime.
SOMEBODY = 1_073_741_789


NODE_FILTERS = frozenset({"label", "label__all", "label__none", "label__under"})
# Filters whose values mean the same tomorrow. Others name rows or days and are compiled each time.
PREPARED = NODE_FILTERS | {
    "status",
    "status__not",
    "kind",
    "kind__not",
    "stage",
    "stage__not",
    "scope",
    "scope__not",
    "predictability",
    "severity__isnull",
    "realised_severity__isnull",
    "owner__isnull",
    "occurred__isnull",
}
# A statement is kept for the nodes that its slugs meant then: renaming a node makes another one.
NODES = "SELECT n.id, s.slug, n.slug FROM taxonomy_node n JOIN taxonomy_scheme s ON s.id = n.scheme_id "
NODES += "WHERE n.slug = ANY(%s) ORDER BY n.id"


class MomentAsText(Loader):
    """A time as RFC 3339 writes it. Sessions run in UTC; making datetimes only to print them took a fifth of a list."""

    def load(self, data):
        return bytes(data).decode().replace(" ", "T").replace("+00", "Z")


class Mark:
    """Stands in a compiled statement for one value of a cursor."""

    def __init__(self, position):
        self.position = position


def page_of_visible(person, asked, columns, query):
    """The page of the cases `person` may see, as named tuples of `columns`. The filters in `query` are all of
    PREPARED. Raises BadCursor, or Problem for a filter that is refused.
    """
    fields = ORDERINGS[asked.ordering]
    filters = tuple((name, tuple(query.getlist(name))) for name in query if name in PREPARED)
    nodes = nodes_named(filters)

    def fetch(backwards, values):
        place = None if values is None else tuple(value is None for value in values)
        shape = (person.role, asked.ordering, backwards, place, asked.limit, columns)
        statement, slots, row = compiled(*shape, filters, nodes)
        with connection.cursor() as cursor:
            cursor.cursor.adapters.register_loader("timestamptz", MomentAsText)
            cursor.execute(statement, [filled(slot, person, values) for slot in slots])
            return list(map(row, cursor.fetchall()))

    return page_from(fetch, ordering=asked.ordering, fields=fields, limit=asked.limit, cursor=asked.cursor)


def nodes_named(filters):
    """(id, scheme, slug) of every node that the filters could mean."""
    texts = [text for name, values in filters if name in NODE_FILTERS for value in values for text in value.split(",")]
    if not texts:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(NODES, [[text.strip().rpartition(":")[2] for text in texts]])
        return tuple(cursor.fetchall())


@lru_cache(maxsize=512)
def compiled(role, ordering, backwards, place, limit, columns, filters, nodes):
    """(statement, slots, maker of rows) for one shape of the list.

    A rater's statement looks up which labels they may know of, a reader's does not: hence the role. `place` says
    which values of the cursor are empty, if there is one; `nodes` only tells shapes apart.
    """
    query = QueryDict(mutable=True)
    for name, values in filters:
        query.setlist(name, list(values))
    somebody = Person(pk=SOMEBODY, role=role)
    cases = parameters.filtered(CaseFilterSet, query, access.visible_to(somebody), person=somebody)
    fields = ORDERINGS[ordering]
    marks = place and [None if empty else Value(Mark(position)) for position, empty in enumerate(place)]
    chosen = placed(cases, fields, backwards, marks).values_list(*columns)[: limit + 1]
    statement, slots = chosen.query.sql_with_params()
    return statement, slots, namedtuple("CaseRow", columns)._make


def filled(slot, person, values):
    if isinstance(slot, Mark):
        return values[slot.position]
    return person.pk if slot == SOMEBODY else slot
