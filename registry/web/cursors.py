"""Pages of a list that a cursor names: the addresses of the neighbours, and the first page where it names none."""

from urllib.parse import urlencode

from registry.paging import BadCursor


def neighbours(page, kept):
    """What templates/partials/_pagination.html expects of a page of the list with the query `kept`."""
    return {
        "previous_url": page.previous and f"?{urlencode(kept | {'cursor': page.previous})}",
        "next_url": page.next and f"?{urlencode(kept | {'cursor': page.next})}",
    }


def list_or_its_beginning(read, person, query, **options):
    """`read(person, query)`; without the cursor where that is none of this list."""
    try:
        return read(person, query, **options)
    except BadCursor:
        return read(person, {name: value for name, value in query.items() if name != "cursor"}, **options)
