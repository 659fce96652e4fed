"""Which changes mark the range of a case, as triggers see them."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from registry.models import Case, EventGroup, ExternalId, RangeMark
from registry.models.counted_range import WIDTH
from registry.patterns import kept_ranges
from taxonomy.models import Node
from tests.factories import NOW, agree, make_case, make_node, make_number, make_person

pytestmark = pytest.mark.django_db


def marked():
    """Numbers of the ranges marked since they were last counted, each as often as it is marked."""
    return sorted(RangeMark.objects.values_list("number", flat=True))


def forget_marks():
    RangeMark.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(kept_ranges.MARK_ANEW)


@pytest.mark.parametrize(
    "change",
    [
        {"visibility": "named"},
        {"status": "withdrawn"},
        {"scope": "out"},
        {"occurred_from": date(2020, 1, 1)},
        {"occurred_precision": "month"},
        {"stage": "evaluation"},
        {"reported_at": NOW - timedelta(days=3)},
        {"predictability": "warned"},
        {"warned_on": date(2020, 1, 1)},
        {"node_path": [1]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_counted_column_marks_the_range_of_its_case(change):
    case, _ = make_case(pk=WIDTH + 5), make_case(pk=3)
    forget_marks()

    Case.objects.filter(pk=case.pk).update(**change)

    assert marked() == [1]


def test_an_event_marks_the_range_of_its_case():
    case, event = make_case(pk=WIDTH + 5), EventGroup.objects.create(name="E")
    forget_marks()

    Case.objects.filter(pk=case.pk).update(event_group=event)

    assert marked() == [1]


def test_what_no_statistic_reads_marks_nothing():
    case = make_case()
    make_number(case, "aiid")
    forget_marks()

    Case.objects.filter(pk=case.pk).update(context="Other words.", triage="unclear", version=7, title="Another title")
    ExternalId.objects.update(url="https://example.org/1")
    ExternalId.objects.all().delete()

    assert marked() == []


@pytest.mark.parametrize("hidden", [{"visibility": "named"}, {"status": "draft"}, {"scope": "out"}])
def test_a_case_that_is_not_counted_marks_nothing_until_it_is(hidden):
    forget_marks()
    case = make_case(pk=WIDTH, **hidden)
    Case.objects.filter(pk=case.pk).update(stage="evaluation", occurred_from=date(2021, 1, 1))
    agree(case, make_node())
    before = marked()

    Case.objects.filter(pk=case.pk).update(visibility="everyone", status="triage", scope="")

    assert (before, marked()) == ([], [1])


def test_a_new_and_a_deleted_case_mark_their_ranges():
    forget_marks()
    make_case(pk=WIDTH + 1)
    made = marked()
    forget_marks()

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_casesystem; DELETE FROM registry_case")

    assert (made, marked()) == ([1], [1])


def test_many_new_cases_mark_each_range_once():
    reporter = make_person()
    forget_marks()

    Case.objects.bulk_create(
        Case(pk=number, title="Several at once", kind="incident", status="triage", reporter=reporter, reported_at=NOW,
             created_at=NOW, updated_at=NOW)
        for number in (*range(1, 20), WIDTH, WIDTH + 1)
    )  # fmt: skip

    assert marked() == [0, 1]


def test_a_transaction_marks_a_range_once_whatever_it_changes():
    first, second = make_case(pk=1), make_case(pk=WIDTH)
    forget_marks()

    for day in range(1, 5):
        Case.objects.filter(pk__in=[first.pk, second.pk]).update(occurred_from=date(2024, 1, day))

    assert marked() == [0, 1]


def test_what_is_rolled_back_is_marked_again():
    case = make_case()
    forget_marks()
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(stage="evaluation")
        transaction.set_rollback(True)
    nothing = marked()

    Case.objects.filter(pk=case.pk).update(stage="deployment")

    assert (nothing, marked()) == ([], [0])


@pytest.mark.parametrize(
    ("change", "ranges"),
    [
        (lambda number: make_number(number.case, "avid", imported={}), [1]),
        (lambda number: ExternalId.objects.update(imported=None), [1]),
        (lambda number: ExternalId.objects.update(source="aaa"), [1]),
        (lambda number: ExternalId.objects.update(case=make_case(pk=1, visibility="named")), [0, 1]),
        (lambda number: ExternalId.objects.all().delete(), [1]),
        (lambda number: ExternalId.objects.update(imported={"title": "Another"}), []),
        (lambda number: ExternalId.objects.update(value="7"), []),
    ],
    ids=["made", "no longer imported", "source", "case", "deleted", "what was imported", "value"],
)
def test_where_a_case_was_imported_from_marks_its_range(change, ranges):
    number = make_number(make_case(pk=WIDTH), "aiid", imported={"title": "One"})
    forget_marks()

    change(number)

    assert marked() == ranges


def test_a_moved_node_marks_the_ranges_of_its_cases():
    node, parent = make_node(), make_node()
    agree(make_case(pk=3), node)
    agree(make_case(pk=WIDTH), node)
    make_case(pk=2 * WIDTH)
    forget_marks()

    Node.objects.filter(pk=node.pk).update(parent=parent)

    assert marked() == [0, 1]
