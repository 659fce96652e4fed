"""Labels by raters, and what follows from them for the agreed classification."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from registry.actions import labels
from registry.choices import Method, Stance, Status
from registry.models import Classification, Job, Label
from tests.factories import NOW, label, make_case, make_node, make_person, make_scheme

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db):
    return make_case()


@pytest.fixture
def node(db):
    return make_node()


def agreed(case):
    """{node: method} of what is agreed."""
    return {row.node: row.method for row in case.classifications.select_related("node")}


def rate(case, node, *stances):
    """One rater for each stance, in this order."""
    return [label(case, node, stance=stance) for stance in stances]


@pytest.mark.parametrize(
    ("stances", "method"),
    [
        (["present"], Method.SINGLE_RATER),
        (["absent"], None),
        (["unsure"], None),
        (["present", "unsure"], Method.SINGLE_RATER),
        (["present", "present"], Method.MAJORITY),
        (["present", "absent"], None),
        (["present", "absent", "present"], Method.MAJORITY),
        (["absent", "present", "absent"], None),
        (["present", "absent", "present", "absent"], None),
        (["present", "absent", "unsure", "present", "unsure"], Method.MAJORITY),
    ],
)
def test_a_node_is_agreed_when_most_raters_who_are_sure_see_it(case, node, stances, method):
    rate(case, node, *stances)

    assert agreed(case) == ({node: method} if method else {})


def test_the_order_in_which_raters_speak_does_not_matter(case, node):
    other = make_case()

    rate(case, node, "absent", "present", "present")
    rate(other, node, "present", "present", "absent")

    assert agreed(case) == agreed(other) == {node: Method.MAJORITY}


def test_a_second_opinion_changes_method_and_time_and_a_third_leaves_them(case, node, now):
    label(case, node, at=NOW.replace(year=2025))

    label(case, node, at=now)
    label(case, node, at=now.replace(year=2027))

    row = Classification.objects.get()
    assert (row.method, row.decided_at, row.decided_by) == (Method.MAJORITY, now, None)


def test_labelling_again_replaces_ones_own_label_and_counts_its_version(case, node, analyst):
    first = label(case, node, by=analyst, stance="present", confidence=80, rationale="Seen.")

    second = label(case, node, by=analyst, stance="absent")

    assert (first.pk, first.version) == (second.pk, 1)
    assert (second.version, second.stance, second.confidence, second.rationale) == (2, "absent", 80, "Seen.")
    assert agreed(case) == {}


def test_every_label_leaves_one_pending_recompute(case, node):
    label(case, node)
    label(case, node)

    assert list(Job.objects.values_list("kind", "state")) == [("recompute", "pending")]


def test_only_the_rater_takes_a_label_back(case, node, analyst, other_analyst, reviewer, now):
    mine = label(case, node, by=analyst)

    for somebody in (other_analyst, reviewer):
        with pytest.raises(ValidationError, match="Only the rater"):
            labels.take_back_label(label=mine, by=somebody, at=now)

    assert agreed(case) == {node: Method.SINGLE_RATER}


def test_a_label_taken_back_is_settled_again_and_kept_in_the_history(case, node, analyst, now):
    mine = label(case, node, by=analyst)
    rate(case, node, "absent", "present")

    labels.take_back_label(label=mine, by=analyst, at=now)

    assert agreed(case) == {}
    assert [event.pgh_label for event in Label.events.rel.related_model.objects.filter(pgh_obj_id=mine.pk)] == [
        "insert",
        "delete",
    ]


def test_a_label_taken_back_a_moment_ago_is_no_longer_there(case, node, analyst, now):
    mine = label(case, node, by=analyst)
    seen_twice = Label.objects.get(pk=mine.pk)
    labels.take_back_label(label=mine, by=analyst, at=now)

    with pytest.raises(Http404):
        labels.take_back_label(label=seen_twice, by=analyst, at=now)


def test_the_last_label_taken_back_leaves_nothing_agreed(case, node, analyst, now):
    labels.take_back_label(label=label(case, node, by=analyst), by=analyst, at=now)

    assert agreed(case) == {}
    assert case.labels.count() == 0


@pytest.mark.parametrize("role", ["reader", "reporter"])
def test_only_analysts_label(case, node, role):
    with pytest.raises(PermissionDenied):
        label(case, node, by=make_person(role=role))

    assert case.labels.count() == 0


def test_the_reporter_of_a_case_does_not_label_it_for_that(node, reporter):
    with pytest.raises(PermissionDenied):
        label(make_case(reporter=reporter), node, by=reporter)


@pytest.mark.parametrize("status", [Status.CLOSED, Status.WITHDRAWN])
def test_a_case_that_is_over_takes_no_labels_and_gives_none_back(node, analyst, now, status):
    case = make_case()
    mine = label(case, node, by=analyst)
    type(case).objects.update(status=status, owner=make_person(), closed_at=now if status == Status.CLOSED else None)

    with pytest.raises(PermissionDenied):
        label(case, node)
    with pytest.raises(PermissionDenied):
        labels.take_back_label(label=mine, by=analyst, at=now)


def test_a_retired_node_is_refused_with_the_one_that_replaced_it(case):
    newer = make_node("newer")
    retired = make_node("older", retired_at=NOW, replaced_by=newer)
    gone = make_node("gone", retired_at=NOW)

    with pytest.raises(ValidationError) as replaced:
        label(case, retired)
    with pytest.raises(ValidationError) as dropped:
        label(case, gone)

    assert replaced.value.message_dict == {"node": ["“Older” is retired; use Newer."]}
    assert dropped.value.message_dict == {"node": ["“Gone” is retired; use another node."]}


@pytest.fixture
def exclusive(db):
    """Two nodes of one exclusive group, and one outside it."""
    first, second = (make_node(slug, exclusive_group="size") for slug in ("small", "large"))
    return first, second, make_node("red")


def test_a_rater_sees_one_node_of_an_exclusive_group(case, exclusive, analyst):
    first, second, outside = exclusive
    label(case, first, by=analyst)
    label(case, outside, by=analyst)

    with pytest.raises(ValidationError) as refused:
        label(case, second, by=analyst)

    assert refused.value.message_dict == {
        "node": ["“Large” and “Small” exclude one another; take the other back first."]
    }
    assert set(agreed(case)) == {first, outside}


def test_saying_that_the_other_of_a_group_is_absent_is_no_contradiction(case, exclusive, analyst):
    first, second, _ = exclusive
    label(case, first, by=analyst)

    label(case, second, by=analyst, stance=Stance.ABSENT)

    assert set(agreed(case)) == {first}


def test_another_rater_and_another_case_have_room(case, exclusive, analyst):
    first, second, _ = exclusive
    label(case, first, by=analyst)

    label(case, second)
    label(make_case(), second, by=analyst)

    assert set(agreed(case)) == {first, second}


def test_the_same_node_may_be_labelled_again_within_its_group(case, exclusive, analyst):
    label(case, exclusive[0], by=analyst)

    again = label(case, exclusive[0], by=analyst, confidence=90)

    assert (again.version, again.confidence) == (2, 90)


def test_groups_of_one_name_in_two_schemes_are_two_groups(case, exclusive, analyst):
    label(case, exclusive[0], by=analyst)
    elsewhere = make_node(scheme=make_scheme("shapes"), exclusive_group="size")

    label(case, elsewhere, by=analyst)

    assert set(agreed(case)) == {exclusive[0], elsewhere}


def test_a_scheme_of_one_choice_takes_one_node_of_a_rater(case, analyst):
    scheme = make_scheme("single", allows_several=False)
    first, second = make_node("one", scheme=scheme), make_node("two", scheme=scheme)
    label(case, first, by=analyst)

    with pytest.raises(ValidationError, match="exclude one another"):
        label(case, second, by=analyst)


@pytest.mark.parametrize("rating", [{"confidence": 101}, {"stance": "maybe"}, {"grounds": "rumour"}])
def test_a_rating_outside_its_choices_is_refused_at_its_field(case, node, rating):
    with pytest.raises(ValidationError) as refused:
        label(case, node, **rating)

    assert list(refused.value.message_dict) == list(rating)
    assert case.labels.count() == 0
