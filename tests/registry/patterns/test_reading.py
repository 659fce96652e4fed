"""Cases and taxonomy as the statistics read them."""

from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pytest

from registry import access
from registry.models import Case, EventGroup
from registry.patterns import reading
from registry.patterns.blocks import ANSWERS, SETTINGS
from registry.patterns.reading import CaseReader, day_of, read_taxonomy, weeks_before
from taxonomy.models import AlternativeParent, Mapping, Node
from tests.factories import NOW, agree, make_case, make_cases, make_node, make_number, make_scheme

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 16)


def reader_of(cases=None, *, n_weeks=3):
    """A reader of the three weeks from MONDAY."""
    shape, _ = read_taxonomy()
    cases = access.counted_cases() if cases is None else cases
    return CaseReader(cases, shape, first_week=MONDAY, n_weeks=n_weeks)


def read(**options):
    """All cases as (number, node ids, week, event), sorted."""
    reader = reader_of(**options)
    found = []
    for block in (*map(reader.range, reader.numbers()), reader.events()):
        ends = np.cumsum(block.lengths)
        codes = [
            tuple(reader.shape.node_ids[block.codes[end - n : end]].tolist())
            for end, n in zip(ends, block.lengths, strict=True)
        ]
        found += zip(block.ids.tolist(), codes, block.weeks.tolist(), block.groups.tolist(), strict=True)
    return sorted(found)


def only(name):
    """One column of the only case."""
    reader = reader_of()
    return getattr(reader.range(reader.numbers()[0]), name).tolist()


def test_a_case_is_its_nodes_with_all_above_its_week_and_its_event():
    root = make_node()
    leaf = make_node(parent=root)
    case = agree(make_case(occurred_from=MONDAY + timedelta(days=8)), leaf)

    assert read() == [(case.pk, (root.pk, leaf.pk), 1, -1)]
    assert [day_of(day) for day in only("days")] == [MONDAY + timedelta(days=8)]


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

    assert only("weeks") == [week]


@pytest.mark.parametrize("precision", ["month", "year", "unknown"])
def test_a_date_that_is_no_day_falls_into_no_week(precision):
    make_case(occurred_from=None if precision == "unknown" else MONDAY, occurred_precision=precision)

    assert only("weeks") == [-1]


def test_cases_with_and_without_labels_keep_their_own():
    a, b = make_node(), make_node()
    first = agree(make_case(occurred_from=MONDAY), a)
    second = make_case(occurred_from=MONDAY)
    third = agree(make_case(occurred_from=MONDAY), a, b)

    assert read() == [(first.pk, (a.pk,), 0, -1), (second.pk, (), 0, -1), (third.pk, (a.pk, b.pk), 0, -1)]


def test_ranges_follow_the_numbers_and_events_stand_together(monkeypatch):
    monkeypatch.setattr(reading, "WIDTH", 10)
    event = EventGroup.objects.create(name="One event")
    for number, group in ((109, event), (110, None), (119, None), (120, None), (503, event)):
        make_case(pk=number, event_group=group, occurred_from=MONDAY)

    reader = reader_of()

    assert reader.numbers() == [10, 11, 12, 50]
    assert [reader.range(number).ids.tolist() for number in reader.numbers()] == [[], [110, 119], [120], []]
    assert (sorted(reader.events().ids.tolist()), set(reader.events().groups.tolist())) == ([109, 503], {event.pk})


def test_no_case_gives_nothing():
    for cases in (Case.objects.none(), access.counted_cases()):
        reader = reader_of(cases)

        assert (reader.numbers(), len(reader.events().ids), len(reader.range(0).ids)) == ([], 0, 0)


@pytest.mark.parametrize(
    ("stage", "setting"),
    [
        ("pre-training", "laboratory"),
        ("post-training", "laboratory"),
        ("evaluation", "laboratory"),
        ("staged-release", "production"),
        ("deployment", "production"),
        ("", ""),
    ],
)
@pytest.mark.parametrize(
    ("predictability", "answer"),
    [
        ("warned", "warned"),
        ("foreseeable", "foreseeable"),
        ("not-foreseeable", "not_foreseeable"),
        ("unknown", "unknown"),
        ("", "unknown"),
    ],
)
def test_every_stage_is_a_setting_and_every_predictability_an_answer(stage, setting, predictability, answer):
    make_case(stage=stage, predictability=predictability, occurred_from=date(2019, 12, 31))

    assert only("strata") == [[SETTINGS.index(setting)], [0], [2019]]
    assert only("answers") == [ANSWERS.index(answer)]


@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2000, 1, 1), date(1969, 7, 20), date(2, 1, 1), None])
def test_years_are_those_of_the_first_day_and_0_where_it_is_not_known(day):
    make_case(occurred_from=day, occurred_precision="year" if day else "unknown")

    assert only("strata")[2] == [day.year if day else 0]


def test_the_source_is_the_first_by_name_under_which_the_case_was_imported():
    here, twice, once = make_cases(3)
    make_number(twice, "b", imported={})
    make_number(twice, "a", imported={})
    make_number(once, "b", imported={})
    make_number(once, "a")
    make_number(here, "a")
    make_number(make_case(visibility="named"), "hidden", imported={})

    reader = reader_of()
    block = reader.range(reader.numbers()[0])

    assert dict(zip(block.ids.tolist(), (block.sources[code] for code in block.strata[1]), strict=True)) == {
        here.pk: "here",
        twice.pk: "a",
        once.pk: "b",
    }
    assert block.sources == ("here", "a", "b")


def test_a_source_that_is_called_like_no_source_or_the_rest_is_told_apart():
    _, here, others = make_cases(3)
    make_number(here, "here", imported={})
    make_number(others, "others", imported={})

    reader = reader_of()
    block = reader.range(reader.numbers()[0])

    assert (block.sources, block.strata[1].tolist()) == (("here", "“here”", "“others”"), [0, 1, 2])


def test_an_event_knows_the_sources_of_its_cases():
    case = make_case(event_group=EventGroup.objects.create(name="E"))
    make_number(case, "aiid", imported={})
    make_number(make_case(), "avid", imported={})

    block = reader_of().events()

    assert (block.sources, block.strata[1].tolist()) == (("here", "aiid"), [1])


@pytest.mark.parametrize(
    ("occurred", "reported", "delay"),
    [
        (MONDAY, MONDAY, 0),
        (MONDAY + timedelta(days=6), MONDAY + timedelta(days=7), 1),
        (MONDAY, MONDAY + timedelta(days=13), 1),
        (MONDAY + timedelta(days=1), MONDAY, 0),
        (MONDAY + timedelta(days=7), MONDAY + timedelta(days=6), -1),
        (MONDAY, MONDAY + timedelta(days=21), -1),
        (MONDAY - timedelta(days=1), MONDAY, -1),
    ],
)
def test_a_delay_is_counted_between_the_mondays_of_two_weeks(occurred, reported, delay):
    make_case(occurred_from=occurred, reported_at=datetime.combine(reported, time(23, 59), UTC))

    assert only("delays") == [delay]


def test_no_delay_is_measured_of_what_was_imported_or_is_no_day():
    make_number(make_case(occurred_from=MONDAY), "aiid", imported={})
    make_case(occurred_from=MONDAY, occurred_precision="month")

    assert only("delays") == [-1, -1]


@pytest.mark.parametrize(
    ("warned_on", "precision", "lead"),
    [
        (MONDAY, "day", 0),
        (MONDAY - timedelta(days=400), "day", 400),
        (MONDAY + timedelta(days=1), "day", -1),
        (MONDAY - timedelta(days=1), "month", -1),
        (None, "day", -1),
    ],
)
def test_a_lead_runs_from_the_warning_to_the_day_of_the_event(warned_on, precision, lead):
    make_case(occurred_from=MONDAY, occurred_precision=precision, warned_on=warned_on)
    make_case(occurred_from=MONDAY, warned_on=MONDAY - timedelta(days=9))

    assert only("leads") == [lead, 9]


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
