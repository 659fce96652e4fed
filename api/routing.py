"""How addresses of the API are written. Each works with and without its last slash: no POST meets a redirect."""

from django.urls import re_path

REFERENCE = r"(?P<reference>[A-Za-z0-9-]{1,24})"
KEY = r"(?P<key>[a-z0-9-]+:[a-z0-9-]+)"
SLUG = r"(?P<slug>[a-z0-9-]+)"
NUMBER = r"(?P<number>\d{1,10})"


def route(address, view, name, **options):
    """`view` at `/api/v1/<address>`; `name` is what tests and the access matrix call it, after `api-`."""
    return re_path(rf"^{address}/?$", view.as_view(**options), name=f"api-{name}")
