"""Cases and taxonomy as the statistics read them."""

from datetime import date, timedelta

import numpy as np
import pytest

from registry import access
from registry.models import Case, EventGroup
from registry.patterns import reading
from registry.patterns.reading import CaseReader, read_taxonomy, weeks_before
from taxonomy.models import AlternativeParent, Mapping, Node
from tests.factories import NOW, agree, make_case, make_node, make_scheme

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 16)


def read(cases=None, *, n_weeks=3):
    """(reader, blocks as lists of cases: (node ids, week, event)) of the three weeks from MONDAY."""
    shape, _ = read_taxonomy()
    reader = CaseReader(cases or access.counted_cases(), shape, first_week=MONDAY, n_weeks=n_weeks)
    blocks = []
    for block in reader.blocks():
        ends = np.cumsum(block.lengths)
        codes = [
            shape.node_ids[block.codes[end - n : end]].tolist() for end, n in zip(ends, block.lengths, strict=True)
        ]
        blocks.append(list(zip(codes, block.weeks.tolist(), block.groups.tolist(), strict=True)))
    return reader, blocks


def test_a_case_is_its_nodes_with_all_above_its_week_and_its_event():
    root = make_node()
    leaf = make_node(parent=root)
    agree(make_case(occurred_from=MONDAY + timedelta(days=8)), leaf)

    reader, blocks = read()

    assert blocks == [[([root.pk, leaf.pk], 1, -1)]]
    assert (reader.first, reader.last) == (MONDAY + timedelta(days=8),) * 2


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (MONDAY - timedelta(days=1), -1),
        (MONDAY, 0),
        (MONDAY + timedelta(days=6), 0),
        (MONDAY + timedelta(days=7), 1),
        (MONDAY + timedelta(days=20), 2),
        (MONDAY + timedelta(days=21), -1),
    ],
)
def test_weeks_run_from_monday_to_sunday_and_end_with_the_last(day, week):
    make_case(occurred_from=day)

    assert read()[1] == [[([], week, -1)]]


@pytest.mark.parametrize("precision", ["month", "year", "unknown"])
def test_a_date_that_is_no_day_falls_into_no_week(precision):
    make_case(occurred_from=None if precision == "unknown" else MONDAY, occurred_precision=precision)

    assert read()[1] == [[([], -1, -1)]]


def test_cases_with_and_without_labels_keep_their_own():
    a, b = make_node(), make_node()
    agree(make_case(occurred_from=MONDAY), a)
    make_case(occurred_from=MONDAY)
    agree(make_case(occurred_from=MONDAY), a, b)

    assert sorted(read()[1][0]) == [([], 0, -1), ([a.pk], 0, -1), ([a.pk, b.pk], 0, -1)]


def test_blocks_follow_the_numbers_and_events_stand_together_at_the_end(monkeypatch):
    monkeypatch.setattr(reading, "IDS_AT_ONCE", 2)
    event = EventGroup.objects.create(name="One event")
    for group in (event, None, None, None, None, event):
        make_case(event_group=group, occurred_from=MONDAY)

    _, blocks = read()

    assert sum(len(block) for block in blocks) == 6
    assert [group for _, _, group in blocks[-1]] == [event.pk, event.pk]
    assert all(group == -1 for block in blocks[:-1] for _, _, group in block)


def test_no_case_gives_no_block():
    reader, blocks = read(Case.objects.none())

    assert (blocks, reader.first, reader.last) == ([], None, None)


def test_the_weeks_before_end_with_the_current_one():
    assert weeks_before(NOW, 30) == date(2026, 4, 20)
    assert weeks_before(NOW, 0) == MONDAY


def related(first, second):
    shape, _ = read_taxonomy()
    a, b = shape.positions(np.array([first.pk, second.pk]))
    return bool(shape.related_by_definition()[a, b])


def test_ancestors_on_every_level_and_through_other_parents_are_related():
    root, elsewhere, beside = make_node(), make_node(), make_node()
    leaf = make_node(parent=make_node(parent=root))
    AlternativeParent.objects.create(node=leaf.parent, parent=elsewhere, asserted_by="Somebody")

    assert (related(leaf, root), related(leaf, elsewhere), related(leaf, beside)) == (True, True, False)


@pytest.mark.parametrize(
    ("relation", "is_related"),
    [("exact", True), ("close", True), ("broad", True), ("narrow", True), ("related", False)],
)
def test_mapped_nodes_are_related_unless_merely_associated(relation, is_related):
    first, second = make_node(), make_node(scheme=make_scheme("shapes"))
    Mapping.objects.create(from_node=first, to_node=second, relation=relation, source="Us")

    assert related(first, second) is is_related


@pytest.mark.parametrize(("relation", "child_is_related"), [("broad", False), ("narrow", True)])
def test_what_stands_under_the_narrower_of_two_mapped_nodes_is_related_too(relation, child_is_related):
    first, second = make_node(), make_node(scheme=make_scheme("shapes"))
    child = make_node(parent=second, scheme=second.scheme)
    Mapping.objects.create(from_node=first, to_node=second, relation=relation, source="Us")

    assert related(first, child) is child_is_related


def excluded(first, second):
    shape, _ = read_taxonomy()
    a, b = shape.positions(np.array([first.pk, second.pk]))
    return bool(shape.excluded_by_definition()[a, b])


def test_nodes_of_a_group_or_of_a_scheme_of_one_choice_exclude_one_another():
    small, large, red = make_node(exclusive_group="size"), make_node(exclusive_group="size"), make_node()
    single = make_scheme("single", allows_several=False)
    one, two = make_node(scheme=single), make_node(scheme=single)
    elsewhere = make_node(scheme=make_scheme("other"), exclusive_group="size")

    assert [excluded(small, large), excluded(one, two)] == [True, True]
    assert [excluded(small, red), excluded(small, elsewhere), excluded(one, small)] == [False] * 3


def test_the_version_of_the_taxonomy_changes_with_its_shape_and_not_with_its_words():
    node, parent = make_node(), make_node()
    before = read_taxonomy()[1]

    Node.objects.filter(pk=node.pk).update(name="Another name", definition="Other words.")
    reworded = read_taxonomy()[1]
    Node.objects.filter(pk=node.pk).update(parent=parent)
    moved = read_taxonomy()[1]

    assert before == reworded
    assert moved != before
