"""Accepting the debt of a case for a while, and letting it count again."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from registry.actions.debt import accept_debt, end_acceptance, in_force
from registry.actions.signing import StepRefused
from registry.choices import Status, Visibility
from registry.models import DebtAcceptance
from tests.analysed import accepted_debt
from tests.factories import NOW, make_case

pytestmark = pytest.mark.django_db
TOMORROW = NOW.date() + timedelta(days=1)


def accept(case, by, **values):
    values = {"owner": by, "reason": "Waits for the vendor.", "expires_on": TOMORROW, "at": NOW} | values
    return accept_debt(case=case, by=by, **values)


def test_a_reviewer_accepts_the_debt_of_an_open_case(reviewer, analyst):
    case = make_case()

    accepted = accept(case, reviewer, owner=analyst)

    assert in_force(case, at=NOW) == accepted
    assert (accepted.owner, accepted.accepted_by, accepted.reason) == (analyst, reviewer, "Waits for the vendor.")


def test_it_ends_by_itself_on_its_day(reviewer):
    case = make_case()
    accept(case, reviewer, expires_on=TOMORROW)

    assert in_force(case, at=NOW + timedelta(days=1)) is None


def test_an_analyst_does_not_write_off_debt(analyst):
    with pytest.raises(PermissionDenied):
        accept(make_case(), analyst)


def test_a_reviewer_does_not_write_off_the_debt_of_their_own_case(reviewer, analyst):
    case = make_case(status=Status.ANALYSIS, owner=reviewer)

    for owner in (reviewer, analyst):
        with pytest.raises(StepRefused, match="You own this case"):
            accept(case, reviewer, owner=owner)

    assert in_force(case, at=NOW) is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reason": " \n"}, "reason"),
        ({"expires_on": NOW.date()}, "expires_on"),
        ({"expires_on": date(2020, 1, 1)}, "expires_on"),
    ],
)
def test_a_reason_and_a_later_day_are_needed(reviewer, values, field):
    with pytest.raises(ValidationError) as refused:
        accept(make_case(), reviewer, **values)

    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize("status", [Status.DRAFT, Status.CLOSED, Status.WITHDRAWN])
def test_a_case_that_owes_nothing_has_nothing_to_accept(reviewer, status):
    case = make_case(status=status, reporter=reviewer)

    with pytest.raises(ValidationError, match="owes anything"):
        accept(case, reviewer)


def test_whoever_carries_it_sees_the_case_and_works_here(reviewer, analyst, other_analyst):
    hidden = make_case(visibility=Visibility.NAMED, reporter=reviewer, status=Status.ANALYSIS)
    other_analyst.is_active = False
    other_analyst.save()

    for case, owner in ((hidden, analyst), (make_case(), other_analyst)):
        with pytest.raises(ValidationError) as refused:
            accept(case, reviewer, owner=owner)
        assert list(refused.value.message_dict) == ["owner"]


def test_what_is_in_force_is_ended_before_it_is_accepted_anew(reviewer):
    case = make_case()
    accept(case, reviewer)

    with pytest.raises(ValidationError, match="accepted already"):
        accept(case, reviewer)


def test_what_ran_out_gives_way(reviewer):
    case = make_case()
    first, later = accept(case, reviewer), NOW + timedelta(days=3)

    second = accept(case, reviewer, at=later, expires_on=later.date() + timedelta(days=9))

    assert in_force(case, at=later) == second
    assert DebtAcceptance.objects.get(pk=first.pk).ended_at == later


def test_whoever_carries_it_gives_it_back(reviewer, analyst):
    case = make_case()
    accepted = accept(case, reviewer, owner=analyst)

    end_acceptance(acceptance=accepted, by=analyst, at=NOW)

    assert in_force(case, at=NOW) is None
    with pytest.raises(ValidationError, match="ended already"):
        end_acceptance(acceptance=accepted, by=reviewer, at=NOW)


def test_somebody_else_does_not_end_it(analyst):
    with pytest.raises(PermissionDenied):
        end_acceptance(acceptance=accepted_debt(), by=analyst, at=NOW)
