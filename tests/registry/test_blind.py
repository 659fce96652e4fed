"""Nobody looks at the others' labels by a way round, and then speaks as if they had not."""

from datetime import timedelta

import pytest

from registry import blind
from registry.actions import cases, labels, ratings
from registry.actions.signing import StepRefused
from registry.choices import Role, Status
from registry.models import Case, Label
from tests.factories import NOW, label, make_case, make_node, make_person
from tests.registry.patterns.rated import make_nodes, rate, run_over_all_time

pytestmark = pytest.mark.django_db


@pytest.fixture
def node(db):
    return make_node()


@pytest.fixture
def rated(node, other_analyst):
    case = make_case(status=Status.ANALYSIS)
    label(case, node, by=other_analyst)
    return case


def put(case, status, *, at=None):
    """Into a state without walking there; the history keeps it like any other."""
    Case.objects.filter(pk=case.pk).update(status=status, closed_at=at)
    case.refresh_from_db()


def close_and_reopen(case, *, at=NOW):
    put(case, Status.CLOSED, at=at)
    put(case, Status.ANALYSIS)


def test_withdrawing_a_case_opens_nothing_to_whoever_has_not_rated_it(rated, analyst, reader, other_analyst):
    cases.withdraw_case(case=rated, by=analyst, at=NOW, reason="Not ours.")
    rated.refresh_from_db()

    assert blind.is_blind(analyst, rated)
    assert not blind.seen_labels(analyst, rated).exists()
    assert not blind.seen_classifications(analyst).filter(case=rated).exists()
    assert not Case.objects.filter(blind.is_open_to(analyst), pk=rated.pk).exists()
    for person in (other_analyst, reader):
        assert blind.seen_labels(person, rated).count() == 1
        assert blind.seen_classifications(person).filter(case=rated).count() == 1


def test_a_closed_case_is_open_to_everybody(rated, analyst):
    put(rated, Status.CLOSED, at=NOW)

    assert not blind.is_blind(analyst, rated)
    assert blind.seen_labels(analyst, rated).count() == 1
    assert blind.seen_classifications(analyst).filter(case=rated).count() == 1


def test_a_blind_reviewer_decides_nothing_of_a_withdrawn_case(rated, node, reviewer):
    put(rated, Status.WITHDRAWN)

    with pytest.raises(StepRefused):
        labels.adjudicate_label(case=rated, node=node, by=reviewer, at=NOW, applies=True, reason="So.")


@pytest.mark.parametrize("hold", [True, False])
def test_whoever_first_rates_a_case_that_was_closed_once_does_not_speak_blind(rated, node, analyst, hold):
    close_and_reopen(rated)

    mine = label(rated, node, by=analyst, at=NOW + timedelta(hours=1), hold=hold)
    if hold:
        ratings.submit_rating(case=rated, by=analyst, at=NOW + timedelta(hours=2), version=1)

    assert Label.objects.get(pk=mine.pk).blind_stance == ""


def test_what_was_held_before_the_closing_was_said_blind(rated, node, analyst):
    mine = label(rated, node, by=analyst, hold=True)
    Label.objects.filter(pk=mine.pk).update(updated_at=NOW - timedelta(hours=1))
    close_and_reopen(rated)

    ratings.submit_rating(case=rated, by=analyst, at=NOW + timedelta(hours=1), version=1)

    assert Label.objects.get(pk=mine.pk).blind_stance == "present"


def test_a_withdrawn_case_that_is_reopened_is_rated_blind(rated, node, analyst):
    put(rated, Status.WITHDRAWN)
    put(rated, Status.ANALYSIS)

    assert label(rated, node, by=analyst).blind_stance == "present"


def test_a_scheme_gone_through_after_the_closing_says_nothing_of_what_was_passed_over():
    red, blue = make_nodes("red", "blue")
    first, second, third = (make_person(role=Role.ANALYST) for _ in range(3))
    case = make_case(status=Status.ANALYSIS)
    for rater in (first, second):
        rate(case, rater, red, schemes=[red.scheme])
    close_and_reopen(case, at=NOW + timedelta(hours=1))
    rate(case, third, blue, schemes=[red.scheme], at=NOW + timedelta(hours=2))

    run = run_over_all_time()

    assert (run.n_cases, run.n_raters) == (1, 2)
