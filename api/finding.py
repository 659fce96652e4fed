"""Finding the row that an address names, or answering that there is none."""

from django.http import Http404

LARGEST = 2**31 - 1  # what an integer column holds


def in_range(number):
    """The number in an address, which is digits of any length; Http404 where no row can have it."""
    found = int(number)
    if found > LARGEST:
        raise Http404
    return found


def row_or_404(rows, number):
    """The one of `rows` with this number."""
    row = rows.filter(pk=in_range(number)).first()
    if row is None:
        raise Http404
    return row
