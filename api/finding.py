"""Finding the row that an address names, or answering that there is none."""

from django.http import Http404

LARGEST = 2**31 - 1  # what an integer column holds


def row_or_404(rows, number):
    """The one of `rows` with this number, which in an address is digits of any length."""
    row = rows.filter(pk=int(number)).first() if int(number) <= LARGEST else None
    if row is None:
        raise Http404
    return row
