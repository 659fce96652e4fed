"""Retiring, replacing, merging, splitting and moving nodes: what cases carry afterwards, and who has to look again."""

import time

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from registry.actions import relabels, taxonomy_changes
from registry.actions.labels import adjudicate_label
from registry.actions.signing import Conflict
from registry.choices import JobKind, Status
from registry.models import Case, Classification, Job, Label, Relabel, TaxonomyChange
from taxonomy.models import Node
from tests.factories import NOW, agree, label, make_case, make_node, make_person, make_scheme
from tests.threads import at_once

pytestmark = pytest.mark.django_db

WHY = {"at": NOW, "reason": "Raters mixed them up."}


@pytest.fixture
def red(db):
    return make_node("red")


@pytest.fixture
def pink(db):
    return make_node("pink")


def agreed(case):
    return sorted(case.classifications.values_list("node__slug", flat=True))


def said(case):
    """(rater, node, stance, blind stance) of every label."""
    rows = case.labels.order_by("rater", "node__slug")
    return list(rows.values_list("rater__username", "node__slug", "stance", "blind_stance"))


def waiting():
    return set(Relabel.objects.filter(done_at=None).values_list("case", flat=True))


def test_what_is_replaced_hands_everything_over(administrator, analyst, other_analyst, red, pink):
    case = make_case()
    label(case, red, by=analyst)
    label(case, red, by=other_analyst, stance="absent")
    imported = make_case(nodes=[red])

    change = taxonomy_changes.replace_node(node=red, target=pink, by=administrator, **WHY)

    red.refresh_from_db()
    assert (red.retired_at, red.replaced_by, change.n_cases) == (NOW, pink, 1)
    assert said(case) == [("mira", "pink", "present", "present"), ("jonas", "pink", "absent", "absent")]
    assert agreed(imported) == ["pink"]
    assert Case.objects.get(pk=imported.pk).node_path == [pink.pk]
    assert waiting() == set()
    assert Job.objects.filter(kind=JobKind.RECOMPUTE).exists()


def test_absent_of_a_part_is_not_said_of_the_whole(administrator, analyst, other_analyst, red, pink):
    case = make_case()
    label(case, red, by=analyst)
    label(case, red, by=other_analyst, stance="absent")

    taxonomy_changes.merge_nodes(node=red, target=pink, by=administrator, **WHY)

    assert said(case) == [("mira", "pink", "present", "present"), ("jonas", "red", "absent", "absent")]
    assert waiting() == set()


def test_a_rater_who_spoke_of_both_keeps_both_labels(administrator, analyst, red, pink):
    case = make_case()
    label(case, red, by=analyst, confidence=20)
    label(case, pink, by=analyst, confidence=90)

    taxonomy_changes.merge_nodes(node=red, target=pink, by=administrator, **WHY)

    assert said(case) == [("mira", "pink", "present", ""), ("mira", "red", "present", "present")]
    assert agreed(case) == ["pink"]
    assert case.labels.get(node=pink).confidence == 90


def test_where_raters_stand_against_each_other_nothing_moves_and_somebody_looks(
    administrator, analyst, other_analyst, red, pink
):
    case = make_case()
    label(case, red, by=analyst)
    label(case, pink, by=other_analyst, stance="absent")

    taxonomy_changes.merge_nodes(node=red, target=pink, by=administrator, **WHY)

    assert said(case) == [("mira", "red", "present", "present"), ("jonas", "pink", "absent", "absent")]
    assert agreed(case) == ["red"]
    assert waiting() == {case.pk}


def test_a_node_that_excludes_another_has_no_room_on_its_cases(administrator, analyst, red):
    pink, rose = make_node("pink", exclusive_group="pinks"), make_node("rose", exclusive_group="pinks")
    crowded = make_case(nodes=[red, rose])
    free = make_case(nodes=[red])

    taxonomy_changes.replace_node(node=red, target=pink, by=administrator, **WHY)

    assert (agreed(crowded), agreed(free)) == (["red", "rose"], ["pink"])
    assert waiting() == {crowded.pk}


def test_labels_that_nobody_has_submitted_move_without_a_trace(administrator, analyst, red, pink):
    case = make_case()
    label(case, red, by=analyst, hold=True)
    label(case, pink, by=make_person(), stance="absent")

    taxonomy_changes.merge_nodes(node=red, target=pink, by=administrator, **WHY)

    assert case.labels.get(rater=analyst).node == pink
    assert waiting() == set()


def test_a_decision_follows_and_stands(administrator, reviewer, analyst, red, pink):
    case = make_case()
    label(case, red, by=reviewer)
    adjudicate_label(case=case, node=red, by=reviewer, at=NOW, applies=True, reason="Seen in the log.")

    taxonomy_changes.merge_nodes(node=red, target=pink, by=administrator, **WHY)

    assert case.adjudications.get().node == pink
    assert case.classifications.get().method == "adjudicated"


def test_children_of_what_goes_stand_below_what_stays(administrator, red):
    pink = make_node("pink", parent=red)
    rose = make_node("rose", parent=red)
    case = make_case(nodes=[rose])

    taxonomy_changes.merge_nodes(node=red, target=pink, by=administrator, **WHY)

    assert dict(Node.objects.filter(scheme=red.scheme).values_list("slug", "parent__slug")) == {
        "red": None,
        "pink": None,
        "rose": "pink",
    }
    assert Case.objects.get(pk=case.pk).node_path == sorted([rose.pk, pink.pk])


def test_a_split_leaves_every_case_to_be_looked_at(administrator, analyst, red, pink):
    rose = make_node("rose")
    cases = [make_case(nodes=[red]), make_case()]
    label(cases[1], red, by=analyst)
    withdrawn = make_case(nodes=[red], status=Status.WITHDRAWN)

    change = taxonomy_changes.split_node(node=red, targets=[pink, rose], by=administrator, **WHY)

    assert waiting() == {case.pk for case in cases}
    assert agreed(withdrawn) == ["red"]
    assert set(change.targets.all()) == {pink, rose}


def test_labelling_with_a_target_is_what_was_waited_for(administrator, analyst, red, pink):
    rose, blue = make_node("rose"), make_node("blue")
    case = make_case(nodes=[red])
    taxonomy_changes.split_node(node=red, targets=[pink, rose], by=administrator, **WHY)

    label(case, blue, by=analyst)
    still = waiting()
    label(case, rose, by=analyst)

    assert still == {case.pk}
    assert Relabel.objects.get().done_by == analyst
    assert agreed(case) == ["blue", "rose"]


def test_a_label_that_is_held_back_is_not_yet_an_answer(administrator, analyst, red, pink):
    case = make_case(nodes=[red])
    taxonomy_changes.split_node(node=red, targets=[pink, make_node("rose")], by=administrator, **WHY)

    label(case, pink, by=analyst, hold=True)

    assert waiting() == {case.pk}


def test_none_applies_wants_a_reason_and_eyes(administrator, analyst, red, pink):
    case = make_case()
    label(case, red, by=analyst)
    taxonomy_changes.retire_node(node=red, by=administrator, **WHY)
    relabel = Relabel.objects.get()

    for by, reason in ((analyst, "  "), (make_person(), "It is green.")):
        with pytest.raises(ValidationError):
            relabels.none_applies(relabel=relabel, by=by, at=NOW, reason=reason)
    relabels.none_applies(relabel=relabel, by=analyst, at=NOW, reason="It is green.")

    relabel.refresh_from_db()
    assert (relabel.done_by, agreed(case)) == (analyst, [])
    assert case.labels.count() == 1


def test_a_moved_node_takes_its_cases_along_and_can_be_moved_back(administrator, red, pink):
    rose = make_node("rose", parent=red)
    case = make_case(nodes=[rose])

    change = taxonomy_changes.move_node(node=rose, parent=pink, by=administrator, **WHY)
    moved = Case.objects.get(pk=case.pk).node_path
    taxonomy_changes.move_node(node=rose, parent=red, by=administrator, **WHY)

    assert (change.n_cases, list(change.targets.all())) == (1, [pink])
    assert moved == sorted([rose.pk, pink.pk])
    assert Case.objects.get(pk=case.pk).node_path == sorted([rose.pk, red.pk])
    assert case.events.count() == 1  # a path is derived: it leaves no version of the case


def test_a_restored_node_is_in_use_and_nobody_waits(administrator, red):
    make_case(nodes=[red])
    taxonomy_changes.retire_node(node=red, by=administrator, **WHY)

    taxonomy_changes.restore_node(node=red, by=administrator, **WHY)

    red.refresh_from_db()
    assert (red.retired_at, waiting()) == (None, set())


def test_what_changed_since_the_preview_is_noticed(administrator, analyst, red, pink):
    case = make_case(nodes=[red])
    seen = taxonomy_changes.state_of(red, [pink], administrator)
    agree(make_case(), red)

    with pytest.raises(Conflict):
        taxonomy_changes.merge_nodes(node=red, target=pink, by=administrator, seen=seen, **WHY)

    assert agreed(case) == ["red"]
    seen = taxonomy_changes.state_of(red, [pink], administrator)
    taxonomy_changes.merge_nodes(node=red, target=pink, by=administrator, seen=seen, **WHY)


def test_the_state_tells_nothing_of_cases_one_may_not_know(administrator, analyst, red, pink):
    blind, hidden = make_case(), make_case(visibility="named")
    before = taxonomy_changes.state_of(red, [pink], administrator)

    label(blind, red, by=analyst)
    agree(hidden, red)

    assert taxonomy_changes.state_of(red, [pink], administrator) == before


@pytest.mark.parametrize("by", ["reader", "analyst", "reviewer"])
def test_only_administrators_change_the_tree(request, by, red, pink):
    with pytest.raises(PermissionDenied):
        taxonomy_changes.move_node(node=red, parent=pink, by=request.getfixturevalue(by), **WHY)


def test_what_makes_no_sense_is_refused(administrator, red, pink):
    below = make_node("crimson", parent=red)
    other = make_node("major", scheme=make_scheme("keys"))
    refused = [
        lambda: taxonomy_changes.retire_node(node=red, by=administrator, **WHY),
        lambda: taxonomy_changes.split_node(node=red, targets=[pink], by=administrator, **WHY),
        lambda: taxonomy_changes.merge_nodes(node=red, target=red, by=administrator, **WHY),
        lambda: taxonomy_changes.merge_nodes(node=red, target=other, by=administrator, **WHY),
        lambda: taxonomy_changes.move_node(node=red, parent=below, by=administrator, **WHY),
        lambda: taxonomy_changes.move_node(node=red, parent=None, by=administrator, **WHY),
        lambda: taxonomy_changes.move_node(node=red, parent=pink, by=administrator, at=NOW, reason=" "),
        lambda: taxonomy_changes.restore_node(node=red, by=administrator, **WHY),
    ]

    for act in refused:
        with pytest.raises(ValidationError), transaction.atomic():
            act()

    assert not TaxonomyChange.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_readers_read_while_a_node_moves_and_who_labels_waits(shipped_taxonomy):
    red, pink = make_node("red"), make_node("pink")
    rose = make_node("rose", parent=red)
    case, boss, analyst = make_case(nodes=[rose]), make_person(role="administrator"), make_person()
    seen = []

    def move():
        with transaction.atomic():
            taxonomy_changes.move_node(node=rose, parent=pink, by=boss, **WHY)
            time.sleep(0.8)

    def read():
        time.sleep(0.4)
        started = time.monotonic()
        seen.append(list(Case.objects.about(red).values_list("pk", flat=True)))
        return time.monotonic() - started

    def write():
        time.sleep(0.4)
        started = time.monotonic()
        label(case, rose, by=analyst)
        return time.monotonic() - started

    moved, reading, writing = at_once(move, read, write)

    assert (moved, seen) == (None, [[case.pk]])
    assert reading < 0.3 < writing
    assert Case.objects.get().node_path == sorted([rose.pk, pink.pk])


@pytest.mark.django_db(transaction=True)
def test_a_label_given_while_the_node_moves_ends_under_the_new_parent(shipped_taxonomy):
    """The case did not carry the node when the move began, so the move does not wait for its row."""
    red, pink = make_node("red"), make_node("pink")
    rose = make_node("rose", parent=red)
    case, boss, analyst = make_case(), make_person(role="administrator"), make_person()

    def labels():
        with transaction.atomic():
            label(case, rose, by=analyst)
            time.sleep(0.6)

    def move():
        time.sleep(0.3)
        taxonomy_changes.move_node(node=rose, parent=pink, by=boss, **WHY)

    assert at_once(labels, move) == [None, None]
    assert Case.objects.get().node_path == sorted([rose.pk, pink.pk])


@pytest.mark.django_db(transaction=True)
def test_many_hands_at_once_end_without_a_deadlock_and_with_true_paths(shipped_taxonomy):
    red, pink = make_node("red"), make_node("pink")
    roses = [make_node(f"rose-{i}", parent=red) for i in range(3)]
    cases = [agree(make_case(), roses[i % 3]) for i in range(6)]
    boss, people = make_person(role="administrator"), [make_person() for _ in range(3)]

    def shuffle(node):
        def act():
            for parent in (pink, red, pink):
                taxonomy_changes.move_node(node=node, parent=parent, by=boss, **WHY)

        return act

    def rate(person):
        def act():
            for case in cases:
                label(case, roses[case.pk % 3], by=person)

        return act

    assert at_once(*map(shuffle, roses[:2]), *map(rate, people)) == [None] * 5
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_case WHERE node_path <> registry_node_path(id)")
        assert cursor.fetchone() == (0,)
    assert Classification.objects.count() >= 6
    assert Label.objects.count() == 18
