"""How dates are said, wherever people read them."""

from django.utils.formats import date_format


def day(value):
    """A date without a leading zero: 9 Nov 2026."""
    return date_format(value, "j M Y") if value else ""
