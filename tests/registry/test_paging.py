"""Keyset pages visit every row once, forwards and backwards, for every ordering, while rows come and go."""

from datetime import date, timedelta
from itertools import chain

import pytest
from django.core import signing
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.filters import ORDERINGS
from registry.models import Case
from registry.paging import SALT, BadCursor, CursorSerializer, page_of
from taxonomy.models import SeverityTier
from tests.factories import NOW, make_person

pytestmark = pytest.mark.django_db


def pages(ordering, *, limit, start=None, between=lambda: None):
    """Walk forwards to the end; returns (pages of ids, the last page)."""
    found, cursor = [], start
    while True:
        page = page_of(Case.objects, ordering=ordering, fields=ORDERINGS[ordering], limit=limit, cursor=cursor)
        found.append([row.pk for row in page.rows])
        if page.next is None:
            return found, page
        cursor = page.next
        between()


def pages_back(ordering, *, limit, page):
    found = []
    while page.previous:
        page = page_of(Case.objects, ordering=ordering, fields=ORDERINGS[ordering], limit=limit, cursor=page.previous)
        found.insert(0, [row.pk for row in page.rows])
    return found


def make_rows(values, reporter=None):
    """Cases in triage from (days, rank, minutes); None is an unknown date or severity."""
    reporter = reporter or make_person()
    tiers = list(SeverityTier.objects.order_by("rank"))
    return Case.objects.bulk_create(
        Case(
            title="Agent edits a failing test",
            kind="incident",
            status="triage",
            reporter=reporter,
            occurred_from=None if day is None else date(2026, 1, 1) + timedelta(days=day),
            occurred_precision="unknown" if day is None else "day",
            potential_severity=None if rank is None else tiers[rank],
            created_at=NOW,
            updated_at=NOW + timedelta(minutes=minutes),
            reported_at=NOW + timedelta(minutes=minutes),
        )
        for day, rank, minutes in values
    )


few = st.integers(0, 2)
rows = st.lists(st.tuples(st.none() | few, st.none() | few, few), max_size=11)


@pytest.mark.parametrize("ordering", sorted(ORDERINGS))
@settings(max_examples=12, deadline=None)
@given(values=rows, limit=st.integers(1, 4))
def test_every_row_is_visited_once_in_order_both_ways(ordering, values, limit):
    with transaction.atomic():
        make_rows(values)
        expected = list(Case.objects.order_by(*ORDERINGS[ordering]).values_list("pk", flat=True))

        forwards, last = pages(ordering, limit=limit)
        backwards = pages_back(ordering, limit=limit, page=last)
        transaction.set_rollback(True)

    assert forwards == [expected[at : at + limit] for at in range(0, len(expected), limit)] or forwards == [[]]
    assert list(chain.from_iterable(forwards)) == expected
    assert backwards == forwards[:-1]


@settings(max_examples=12, deadline=None)
@given(values=rows, more=rows, ordering=st.sampled_from(sorted(ORDERINGS)))
def test_rows_that_come_meanwhile_neither_hide_nor_repeat_the_others(values, more, ordering):
    with transaction.atomic():
        reporter = make_person()
        made = {row.pk for row in make_rows(values, reporter)}
        waiting = list(more)

        forwards, _ = pages(ordering, limit=2, between=lambda: waiting and make_rows([waiting.pop()], reporter))
        transaction.set_rollback(True)

    visited = list(chain.from_iterable(forwards))
    assert len(visited) == len(set(visited))
    assert made <= set(visited)


def test_a_row_deleted_meanwhile_may_be_the_one_a_cursor_stands_on():
    made = make_rows([(0, None, 0)] * 5)
    first = page_of(Case.objects, ordering="id", fields=ORDERINGS["id"], limit=2)
    Case.objects.filter(pk=made[1].pk).delete()

    second = page_of(Case.objects, ordering="id", fields=ORDERINGS["id"], limit=2, cursor=first.next)

    assert [row.pk for row in second.rows] == [made[2].pk, made[3].pk]


def test_going_back_before_rows_that_came_meanwhile_shows_the_page_next_to_this_one():
    made = make_rows([(0, None, 0)] * 4)
    first = page_of(Case.objects, ordering="-id", fields=ORDERINGS["-id"], limit=2)
    second = page_of(Case.objects, ordering="-id", fields=ORDERINGS["-id"], limit=2, cursor=first.next)
    newer = make_rows([(0, None, 0)])

    back = page_of(Case.objects, ordering="-id", fields=ORDERINGS["-id"], limit=2, cursor=second.previous)
    further = page_of(Case.objects, ordering="-id", fields=ORDERINGS["-id"], limit=2, cursor=back.previous)

    assert [row.pk for row in back.rows] == [made[3].pk, made[2].pk]
    assert [row.pk for row in further.rows] == [newer[0].pk]
    assert further.previous is None


def test_an_empty_list_is_one_page():
    page = page_of(Case.objects, ordering="id", fields=ORDERINGS["id"], limit=5)

    assert (page.rows, page.next, page.previous) == ([], None, None)


def test_a_full_last_page_has_no_next():
    make_rows([(0, None, 0)] * 4)

    found, last = pages("id", limit=2)

    assert [len(page) for page in found] == [2, 2]
    assert last.next is None


def test_rows_can_be_anything_that_has_the_columns():
    made = make_rows([(0, None, 0)] * 3)

    page = page_of(
        Case.objects,
        ordering="-occurred_at",
        fields=ORDERINGS["-occurred_at"],
        limit=2,
        row=lambda cases: cases.values_list("id", "occurred_on", named=True),
    )

    assert [row.id for row in page.rows] == [made[2].pk, made[1].pk]
    assert page.next


def page_at(cursor, ordering="-occurred_at"):
    return page_of(Case.objects, ordering=ordering, fields=ORDERINGS[ordering], limit=2, cursor=cursor)


def real_cursor(ordering="-occurred_at"):
    make_rows([(day, None, 0) for day in range(5)])
    return page_of(Case.objects, ordering=ordering, fields=ORDERINGS[ordering], limit=2).next


def test_a_cursor_of_another_ordering_is_refused():
    with pytest.raises(BadCursor, match="another ordering"):
        page_at(real_cursor("-id"))


@pytest.mark.parametrize("place", [0, 5, -1])
def test_a_tampered_cursor_is_refused(place):
    cursor = list(real_cursor())
    cursor[place] = "A" if cursor[place] != "A" else "B"

    with pytest.raises(BadCursor, match="not one of ours"):
        page_at("".join(cursor))


def forged(content, **options):
    return signing.dumps(content, **{"salt": SALT, "serializer": CursorSerializer} | options)


@pytest.mark.parametrize(
    "cursor",
    ["x", ":", "a:b:c", "é", "\x00", "1" * 5000],
)
def test_what_was_never_a_cursor_is_refused(cursor):
    with pytest.raises(BadCursor, match="not one of ours"):
        page_at(cursor)


@pytest.mark.parametrize("options", [{"salt": "other"}, {"key": "somebody else's"}])
def test_a_cursor_signed_elsewhere_is_refused(options):
    with pytest.raises(BadCursor, match="not one of ours"):
        page_at(forged(["-occurred_at", False, "2026-01-01", 1], **options))


@pytest.mark.parametrize(
    "content", [[], ["-occurred_at"], "text", 5, None, {"a": 1}, ["-occurred_at", False, "2026-01-01"]]
)
def test_a_signed_cursor_of_another_shape_is_refused(content):
    with pytest.raises(BadCursor):
        page_at(forged(content))
