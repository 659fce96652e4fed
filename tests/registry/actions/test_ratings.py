"""A rating is one's own until it is submitted; submitting opens what the others said."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from registry import blind
from registry.actions import labels, ratings
from registry.actions.signing import Conflict
from registry.choices import Method, RatingState, Role, Stance, Status
from registry.models import Case, Classification, Job, Label, RatedScheme, Rating
from taxonomy.models import SeverityTier
from tests.factories import NOW, label, make_case, make_node, make_person, make_scheme

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db):
    return make_case()


@pytest.fixture
def node(db):
    return make_node()


def hold(case, node, by, **rating):
    return label(case, node, by=by, hold=True, **rating)


def submit(case, by, *, at=NOW, version=None, **rating):
    if version is None:
        version = Rating.objects.filter(case=case, rater=by).values_list("version", flat=True).first() or 0
    return ratings.submit_rating(case=case, by=by, at=at, version=version, **rating)


def said(label):
    label.refresh_from_db()
    return label.stance, label.blind_stance, label.submitted_at


def through(rating):
    return {row.scheme for row in rating.schemes.select_related("scheme")}


def test_a_held_label_is_known_to_its_rater_only(case, node, analyst, other_analyst, reader):
    mine = hold(case, node, analyst)

    assert said(mine) == ("present", "", None)
    assert list(blind.seen_labels(analyst, case)) == [mine]
    assert not blind.seen_labels(other_analyst, case).exists()
    assert not blind.seen_labels(reader, case).exists()
    assert not Classification.objects.exists()
    assert not Job.objects.exists()


def test_a_held_label_is_not_opened_by_another_rater_who_submits(case, node, analyst, other_analyst):
    hold(case, node, analyst)

    label(case, node, by=other_analyst, stance="absent")

    assert list(blind.seen_labels(other_analyst, case).values_list("rater", flat=True)) == [other_analyst.pk]
    assert blind.is_blind(analyst, case)
    assert list(blind.seen_labels(analyst, case).values_list("rater", flat=True)) == [analyst.pk]
    assert not Classification.objects.exists()


@pytest.mark.parametrize(("held", "open_stance", "agreed"), [("absent", "present", 1), ("present", "absent", 0)])
def test_a_held_label_does_not_count_for_what_is_agreed(case, node, analyst, held, open_stance, agreed):
    hold(case, node, analyst, stance=held)
    hold(case, node, make_person(), stance=held)

    label(case, node, stance=open_stance)

    assert Classification.objects.filter(method=Method.SINGLE_RATER).count() == Classification.objects.count() == agreed


def test_submitting_shows_both_ways_settles_and_keeps_what_was_said_blind(case, node, analyst, other_analyst, now):
    mine, other = hold(case, node, analyst), hold(case, make_node(), analyst, stance="absent")
    label(case, node, by=other_analyst)

    rating = submit(case, analyst, at=now)

    assert (rating.state, rating.opened_at) == (RatingState.SUBMITTED, now)
    assert said(mine) == ("present", "present", now)
    assert said(other) == ("absent", "absent", now)
    assert not blind.is_blind(analyst, case)
    assert blind.seen_labels(other_analyst, case).count() == blind.seen_labels(analyst, case).count() == 3
    assert list(Classification.objects.values_list("node", "method")) == [(node.pk, Method.MAJORITY)]


def test_what_is_said_after_submitting_is_submitted_at_once_and_not_blind(case, node, analyst, now):
    label(case, node, by=analyst)

    later = hold(case, make_node(), analyst, at=now)

    assert said(later) == ("present", "", now)


def test_changing_a_blind_label_later_keeps_what_was_said_blind(case, node, analyst, now):
    mine = label(case, node, by=analyst)

    hold(case, node, analyst, stance="absent", at=now)

    assert said(mine) == ("absent", "present", NOW)


def test_a_label_that_is_not_held_submits_all_that_was_held(case, node, analyst, now):
    mine = hold(case, node, analyst)

    last = label(case, make_node(), by=analyst, at=now)

    assert (said(mine), said(last)) == (("present", "present", now), ("present", "present", now))
    assert last.version == 1
    assert through(Rating.objects.get()) == set()


def test_submitting_marks_the_schemes_labelled_with_and_those_ticked(case, node, analyst):
    ticked, untouched = make_scheme("shapes"), make_scheme("sizes")
    hold(case, node, analyst)

    rating = submit(case, analyst, schemes=[ticked, node.scheme])

    assert through(rating) == {node.scheme, ticked}
    assert untouched not in through(rating)


def test_a_rater_may_find_that_nothing_applies(case, analyst):
    rating = submit(case, analyst, schemes=[make_scheme()])

    assert (rating.state, case.labels.count()) == (RatingState.SUBMITTED, 0)


def test_an_empty_rating_is_refused(case, analyst):
    with pytest.raises(ValidationError, match="Label something first"):
        submit(case, analyst)

    assert blind.is_blind(analyst, case)


def test_the_raters_severities_are_kept_and_the_cases_own_stay(case, node, analyst):
    low, high = SeverityTier.objects.get(slug="low"), SeverityTier.objects.get(slug="high")
    hold(case, node, analyst)

    rating = submit(case, analyst, realised_severity=low, potential_severity=high)

    assert (rating.realised_severity, rating.potential_severity) == (low, high)
    case.refresh_from_db()
    assert (case.realised_severity, case.potential_severity) == (None, None)


def test_submitting_what_changed_in_another_window_is_refused(case, node, analyst):
    hold(case, node, analyst)
    seen = Rating.objects.get().version
    added = hold(case, make_node(), analyst)
    labels.take_back_label(label=added, by=analyst, at=NOW)

    with pytest.raises(Conflict):
        submit(case, analyst, version=seen)

    assert blind.is_blind(analyst, case)


def test_a_rating_is_submitted_once(case, node, analyst):
    label(case, node, by=analyst)

    with pytest.raises(ValidationError, match="said in the open"):
        submit(case, analyst, schemes=[node.scheme])

    assert through(Rating.objects.get()) == set()


def test_standing_aside_opens_without_a_rating(case, node, reviewer, other_analyst, now):
    label(case, node, by=other_analyst)

    rating = ratings.stand_aside(case=case, by=reviewer, at=now)

    assert (rating.state, rating.opened_at) == (RatingState.ASIDE, now)
    assert blind.seen_labels(reviewer, case).count() == 1
    assert said(hold(case, node, reviewer, at=now)) == ("present", "", now)
    with pytest.raises(ValidationError, match="said in the open"):
        submit(case, reviewer)


def test_standing_aside_twice_is_standing_aside_once(case, reviewer, now):
    ratings.stand_aside(case=case, by=reviewer, at=NOW)

    again = ratings.stand_aside(case=case, by=reviewer, at=now)

    assert (again.opened_at, again.version) == (NOW, 1)


def test_whoever_holds_labels_does_not_stand_aside(case, node, analyst):
    hold(case, node, analyst)

    with pytest.raises(ValidationError, match="take them back first"):
        ratings.stand_aside(case=case, by=analyst, at=NOW)

    assert blind.is_blind(analyst, case)


@pytest.mark.parametrize("role", [Role.READER, Role.REPORTER])
def test_only_analysts_submit_and_stand_aside(case, role):
    person = make_person(role=role)

    with pytest.raises(PermissionDenied):
        submit(case, person, schemes=[make_scheme()])
    with pytest.raises(PermissionDenied):
        ratings.stand_aside(case=case, by=person, at=NOW)


def test_a_case_that_is_over_takes_no_rating_and_keeps_what_is_held_hidden(case, node, analyst, other_analyst):
    hold(case, node, analyst)
    Case.objects.filter(pk=case.pk).update(status=Status.CLOSED, owner=other_analyst, closed_at=NOW)
    case.refresh_from_db()

    with pytest.raises(PermissionDenied):
        submit(case, analyst)

    assert not blind.seen_labels(other_analyst, case).exists()


def test_a_held_label_taken_back_leaves_the_rater_blind(case, node, analyst):
    labels.take_back_label(label=hold(case, node, analyst), by=analyst, at=NOW)

    assert blind.is_blind(analyst, case)
    assert not Label.objects.exists()
    assert not Job.objects.exists()


def test_a_blind_label_taken_back_is_missing_for_agreement_and_not_absent(case, node, analyst, now):
    other = make_scheme("shapes")
    mine = hold(case, node, analyst)
    rating = submit(case, analyst, schemes=[other])

    labels.take_back_label(label=Label.objects.get(pk=mine.pk), by=analyst, at=now)

    assert through(rating) == {other}
    assert not blind.is_blind(analyst, case)
    assert said(label(case, node, by=analyst, at=now)) == ("present", "", now)


def test_an_open_label_taken_back_leaves_the_scheme_gone_through(case, node, analyst, now):
    hold(case, node, analyst)
    rating = submit(case, analyst)
    open_label = label(case, make_node(), by=analyst, at=now)

    labels.take_back_label(label=open_label, by=analyst, at=now)

    assert through(rating) == {node.scheme}


@pytest.mark.parametrize(("spoken", "blind_stance"), [(-1, "present"), (1, "")])
def test_what_was_decided_in_the_open_before_is_not_said_blind(case, node, analyst, reviewer, spoken, blind_stance):
    ratings.stand_aside(case=case, by=reviewer, at=NOW)
    labels.adjudicate_label(case=case, node=node, by=reviewer, at=NOW, applies=True, reason="So.")
    mine = hold(case, node, analyst)
    Label.objects.filter(pk=mine.pk).update(updated_at=NOW + timedelta(hours=spoken))

    submit(case, analyst)

    assert said(mine)[1] == blind_stance


def reviewed(case, node, reviewer, *, at, withdrawn=False, **values):
    ratings.stand_aside(case=case, by=reviewer, at=at)
    labels.adjudicate_label(case=case, node=node, by=reviewer, at=at, reason="So.", **{"applies": False} | values)
    if withdrawn:
        labels.withdraw_adjudication(case=case, node=node, by=reviewer, at=at, reason="In haste.")


def test_what_is_changed_after_a_decision_and_sent_at_once_is_not_said_blind(case, node, analyst, reviewer):
    mine = hold(case, node, analyst)
    Label.objects.filter(pk=mine.pk).update(updated_at=NOW - timedelta(hours=1))
    reviewed(case, node, reviewer, at=NOW)

    label(case, node, by=analyst, stance="absent", at=NOW + timedelta(hours=1))

    assert said(mine)[:2] == ("absent", "")


@pytest.mark.parametrize("hold", [True, False])
def test_what_is_said_after_a_decision_that_was_withdrawn_is_not_said_blind(case, node, analyst, reviewer, hold):
    reviewed(case, node, reviewer, at=NOW - timedelta(days=1), withdrawn=True)

    mine = label(case, node, by=analyst, hold=hold)
    if hold:
        submit(case, analyst)

    assert said(mine)[:2] == ("present", "")


def test_what_is_said_between_two_decisions_is_not_said_blind(case, node, analyst, reviewer):
    reviewed(case, node, reviewer, at=NOW - timedelta(days=1))
    mine = hold(case, node, analyst)
    reviewed(case, node, reviewer, at=NOW + timedelta(days=90), applies=True)

    submit(case, analyst, at=NOW + timedelta(days=91))

    assert said(mine)[:2] == ("present", "")


def criteria_node(**values):
    return make_node("early", applies_when=["It cares.", "It games."], needs_all_criteria=True, **values)


def test_a_node_of_several_conditions_applies_only_where_each_is_shown(case, analyst):
    node = criteria_node()

    with pytest.raises(ValidationError) as refused:
        hold(case, node, analyst, criteria_shown=["It cares.", "Something else."])

    assert refused.value.message_dict == {
        "criteria_shown": [
            "“Early” applies only where each of its conditions is shown by itself. Not shown: It games. "
            "Say “Cannot tell”, or choose the node that fits what is shown."
        ]
    }
    assert not Label.objects.exists()
    assert not Rating.objects.exists()


@pytest.mark.parametrize("stance", [Stance.ABSENT, Stance.UNSURE])
def test_that_it_does_not_apply_needs_no_condition(case, analyst, stance):
    assert hold(case, criteria_node(), analyst, stance=stance).stance == stance


def test_with_all_conditions_shown_it_applies(case, analyst):
    shown = ["It cares.", "It games."]

    assert hold(case, criteria_node(), analyst, criteria_shown=shown).criteria_shown == shown


def test_conditions_that_need_not_all_hold_are_not_asked_for(case, analyst):
    node = make_node("plain", applies_when=["One.", "Other."])

    assert hold(case, node, analyst).stance == Stance.PRESENT


def test_schemes_are_marked_once(case, node, analyst):
    hold(case, node, analyst)

    submit(case, analyst, schemes=[node.scheme, node.scheme])

    assert RatedScheme.objects.count() == 1
