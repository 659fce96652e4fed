"""How addresses of the API are written. Each works with and without its last slash: no POST meets a redirect."""

from django.urls import re_path

REFERENCE = r"(?P<reference>[A-Za-z0-9-]{1,24})"
KEY = r"(?P<key>[a-z0-9-]+:[a-z0-9-]+)"
SLUG = r"(?P<slug>[a-z0-9-]+)"
SOURCE = r"(?P<source>[A-Za-z0-9_-]{1,40})"
# A number of another system: no control character; slashes may stand inside.
EXTERNAL_ID = r"(?P<external_id>[^\x00-\x1f\x7f/](?:[^\x00-\x1f\x7f]{0,198}[^\x00-\x1f\x7f/])?)"
NUMBER = r"(?P<number>\d{1,10})"
USERNAME = r"(?P<username>[\w.@+-]{1,60})"


def route(address, view, name, **options):
    """`view` at `/api/v1/<address>`; `name` is what tests and the access matrix call it, after `api-`."""
    return re_path(rf"^{address}/?$", view.as_view(**options), name=f"api-{name}")
