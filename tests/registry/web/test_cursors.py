"""Pages that a cursor names: the addresses beside one, and what a cursor of no list shows."""

import pytest

from registry.paging import BadCursor, Page
from registry.web.cursors import list_or_its_beginning, neighbours


def test_the_pages_beside_one_keep_the_query_of_the_list():
    page = Page(rows=[], next="n=", previous="p")

    assert neighbours(page, {"q": "two words"}) == {
        "previous_url": "?q=two+words&cursor=p",
        "next_url": "?q=two+words&cursor=n%3D",
    }


def test_an_only_page_has_none_beside_it():
    assert neighbours(Page(rows=[], next=None, previous=None), {"q": "x"}) == {"previous_url": None, "next_url": None}


def read(person, query, *, today="now"):
    if query.get("cursor") == "bad":
        raise BadCursor
    return person, dict(query), today


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"q": "x", "cursor": "good"}, {"q": "x", "cursor": "good"}),
        ({"q": "x", "use": "missing", "cursor": "bad"}, {"q": "x", "use": "missing"}),
    ],
)
def test_a_cursor_of_no_list_shows_the_beginning_of_the_same_list(asked, shown):
    assert list_or_its_beginning(read, "mira", asked, today="monday") == ("mira", shown, "monday")
