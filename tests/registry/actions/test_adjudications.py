"""What a reviewer decides between raters, and that it stands."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from registry.actions import labels, ratings
from registry.actions.signing import Conflict, StepRefused
from registry.choices import Method, NotificationKind, Status
from registry.models import Adjudication, Case, Classification, Job, Notification
from tests.factories import NOW, label, make_case, make_node, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(reviewer):
    """Both reviewers see what the raters say."""
    case = make_case()
    ratings.stand_aside(case=case, by=reviewer, at=NOW)
    return case


@pytest.fixture
def node(db):
    return make_node()


def agreed(case):
    return {row.node: row.method for row in case.classifications.select_related("node")}


def rate(case, node, *stances):
    return [label(case, node, stance=stance) for stance in stances]


def decide(case, node, by, *, applies=True, reason="The reward says so.", at=NOW):
    return labels.adjudicate_label(case=case, node=node, by=by, at=at, applies=applies, reason=reason)


def decided(case):
    return list(case.adjudications.order_by("pk").values_list("node", "applies", "reason", "decided_by", "decided_at"))


def test_a_tie_is_adjudicated_and_names_who_decided(case, node, reviewer, now):
    rate(case, node, "present", "absent")

    decide(case, node, reviewer, at=now)

    row = Classification.objects.get()
    assert (row.node, row.method, row.decided_by, row.decided_at) == (node, Method.ADJUDICATED, reviewer, now)
    assert decided(case) == [(node.pk, True, "The reward says so.", reviewer.pk, now)]


@pytest.mark.parametrize(
    ("applies", "stances", "stands"),
    [(True, ["absent"] * 3, True), (False, ["present"] * 3, False)],
)
def test_a_decision_stands_whatever_raters_say_before_and_after(case, node, reviewer, applies, stances, stands):
    rate(case, node, *stances)
    decide(case, node, reviewer, applies=applies)

    later = rate(case, node, *stances)
    labels.take_back_label(label=later[0], by=later[0].rater, at=NOW)

    assert agreed(case) == ({node: Method.ADJUDICATED} if stands else {})


def test_a_decision_is_decided_again_in_place(case, node, reviewer, administrator, now):
    ratings.stand_aside(case=case, by=administrator, at=NOW)
    decide(case, node, reviewer)

    decide(case, node, administrator, applies=False, reason=" Looked again. ", at=now)

    assert agreed(case) == {}
    assert decided(case) == [(node.pk, False, "Looked again.", administrator.pk, now)]
    assert [event.pgh_label for event in Adjudication.events.rel.related_model.objects.order_by("pgh_id")] == [
        "insert",
        "update",
    ]


def test_a_decision_withdrawn_lets_the_raters_speak_again(case, node, reviewer, now):
    rate(case, node, "present", "present", "absent")
    decide(case, node, reviewer, applies=False)

    labels.withdraw_adjudication(case=case, node=node, by=reviewer, at=now, reason="New evidence.")

    assert agreed(case) == {node: Method.MAJORITY}
    assert decided(case) == []
    with pytest.raises(ValidationError, match="Nobody has decided"):
        labels.withdraw_adjudication(case=case, node=node, by=reviewer, at=now, reason="Again.")


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_decision_and_its_withdrawal_need_a_reason(case, node, reviewer, now, reason):
    expected = {"reason": ["Give a reason; it is kept in the history."]}

    with pytest.raises(ValidationError) as refused:
        decide(case, node, reviewer, reason=reason)
    with pytest.raises(ValidationError) as not_withdrawn:
        labels.withdraw_adjudication(case=case, node=node, by=reviewer, at=now, reason=reason)

    assert refused.value.message_dict == not_withdrawn.value.message_dict == expected
    assert agreed(case) == {}


@pytest.mark.parametrize("role", ["reader", "reporter", "analyst"])
def test_only_reviewers_decide(case, node, now, role):
    somebody = make_person(role=role)

    with pytest.raises(PermissionDenied):
        decide(case, node, somebody)
    with pytest.raises(PermissionDenied):
        labels.withdraw_adjudication(case=case, node=node, by=somebody, at=now, reason="So.")

    assert agreed(case) == {}


def test_who_has_not_seen_what_raters_said_decides_nothing(node, reviewer, now):
    case = make_case()
    rate(case, node, "present", "absent")
    label(case, node, by=reviewer, hold=True)

    for act in (
        lambda: decide(case, node, reviewer),
        lambda: labels.withdraw_adjudication(case=case, node=node, by=reviewer, at=now, reason="So."),
        lambda: labels.adjudicate_labels(
            case=case, by=reviewer, at=now, decisions=[{"node": node, "applies": True, "reason": "So."}]
        ),
    ):
        with pytest.raises(StepRefused, match="submit a rating of your own, or stand aside"):
            act()

    assert decided(case) == []


def test_a_reviewer_who_rated_decides_once_the_rating_is_submitted(node, reviewer):
    case = make_case()
    label(case, node, by=reviewer, stance="absent")

    decide(case, node, reviewer)

    assert agreed(case) == {node: Method.ADJUDICATED}


def test_a_case_that_is_over_is_open_to_every_reviewer(node, reviewer, now):
    case = make_case(status=Status.CLOSED)

    decide(case, node, reviewer)

    assert agreed(case) == {node: Method.ADJUDICATED}


def test_two_nodes_that_exclude_one_another_are_not_both_decided(case, reviewer):
    first, second = (make_node(slug, exclusive_group="size") for slug in ("small", "large"))
    decide(case, first, reviewer)

    with pytest.raises(ValidationError) as refused:
        decide(case, second, reviewer)

    assert refused.value.message_dict == {
        "node": ["“Large” and “Small” exclude one another; decide that the other does not apply first."]
    }


def several(*decisions):
    return [{"node": node, "applies": applies, "reason": reason} for node, applies, reason in decisions]


def test_several_nodes_are_decided_at_once_and_told_once(case, node, reviewer, now):
    other = make_node()
    Case.objects.filter(pk=case.pk).update(owner=make_person(), status=Status.ANALYSIS)

    labels.adjudicate_labels(
        case=case, by=reviewer, at=now, decisions=several((node, True, "Yes."), (other, False, "No."))
    )

    assert decided(case) == [(node.pk, True, "Yes.", reviewer.pk, now), (other.pk, False, "No.", reviewer.pk, now)]
    told = Notification.objects.values_list("kind", "person__role").order_by("person__role")
    assert list(told) == [(NotificationKind.ADJUDICATED, "analyst"), (NotificationKind.ADJUDICATED, "reporter")]


def test_several_decisions_are_made_all_or_none(case, node, reviewer, now):
    other = make_node()

    with pytest.raises(ValidationError) as refused:
        labels.adjudicate_labels(
            case=case, by=reviewer, at=now, decisions=several((node, True, "Yes."), (other, False, " "))
        )

    assert refused.value.message_dict == {str(other.pk): ["Give a reason; it is kept in the history."]}
    assert decided(case) == []
    assert Notification.objects.count() == 0


@pytest.mark.parametrize("earlier", [None, NOW])
def test_a_decision_made_since_is_not_overwritten(case, node, reviewer, now, earlier):
    seen = {node.pk: earlier}
    if earlier:
        decide(case, node, reviewer, at=earlier)
    decide(case, node, reviewer, reason="Meanwhile.", at=now + timedelta(seconds=1))

    with pytest.raises(Conflict) as conflict:
        labels.adjudicate_labels(case=case, by=reviewer, at=now, decisions=several((node, False, "Mine.")), seen=seen)

    assert conflict.value.current.reason == "Meanwhile."
    assert [row[2] for row in decided(case)] == ["Meanwhile."]


def test_a_decision_leaves_patterns_to_recompute(case, node, reviewer):
    decide(case, node, reviewer)

    assert "recompute" in Job.objects.values_list("kind", flat=True)
