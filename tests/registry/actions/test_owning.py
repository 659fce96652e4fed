"""Claiming, handing over and letting go of a case, and the day its next step is due."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from registry.actions import owning
from registry.actions.signing import Conflict, StepRefused
from registry.choices import NotificationKind, Role, Status
from registry.models import Case, Notification
from tests.factories import make_case, make_person
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def told():
    return list(Notification.objects.values_list("person__username", "kind"))


def test_claiming_owns_a_case_and_leaves_it_in_triage(analyst, now):
    claimed = owning.claim_case(case=make_case(), by=analyst, at=now)

    assert (claimed.owner, claimed.status, claimed.version) == (analyst, Status.TRIAGE, 2)


def test_the_second_to_claim_is_told_who_has_it(analyst, other_analyst, now):
    case = owning.claim_case(case=make_case(), by=analyst, at=now)

    with pytest.raises(StepRefused, match="Mira Okafor has it already"):
        owning.claim_case(case=case, by=other_analyst, at=now)


def test_claiming_twice_changes_nothing(analyst, now):
    case = owning.claim_case(case=make_case(), by=analyst, at=now)

    assert owning.claim_case(case=case, by=analyst, at=now).version == 2


def test_what_somebody_who_left_had_claimed_can_be_claimed(analyst, now):
    case = make_case(owner=make_person(is_active=False))

    assert owning.claim_case(case=case, by=analyst, at=now).owner == analyst


def test_a_case_that_moved_on_cannot_be_claimed_and_a_reporter_claims_none(analyst, reporter, now):
    with pytest.raises(StepRefused, match="Only a case in triage"):
        owning.claim_case(case=make_case(status=Status.ANALYSIS), by=analyst, at=now)
    with pytest.raises(PermissionDenied):
        owning.claim_case(case=make_case(), by=reporter, at=now)


@pytest.mark.django_db(transaction=True)
def test_two_who_claim_at_once_one_has_it_and_the_other_hears_who(analyst, other_analyst, now):
    case = make_case()

    results = at_once(
        lambda: owning.claim_case(case=case, by=analyst, at=now),
        lambda: owning.claim_case(case=case, by=other_analyst, at=now),
    )

    case.refresh_from_db()
    [refused] = [result for result in results if isinstance(result, Exception)]
    assert refused.messages == [f"{case.owner} has it already."]
    assert [result.owner for result in results if isinstance(result, Case)] == [case.owner]


def test_only_its_owner_lets_go_of_a_case_in_triage(analyst, other_analyst, now):
    case = owning.claim_case(case=make_case(), by=analyst, at=now)

    with pytest.raises(StepRefused, match="Only its owner"):
        owning.release_case(case=case, by=other_analyst, at=now)

    assert owning.release_case(case=case, by=analyst, at=now).owner is None


def test_an_accepted_case_is_not_let_go(analyst, now):
    with pytest.raises(StepRefused, match="Only its owner"):
        owning.release_case(case=make_case(status=Status.ANALYSIS, owner=analyst), by=analyst, at=now)


def test_handing_a_case_over_tells_its_new_owner_alone(analyst, other_analyst, now):
    case = make_case(status=Status.ANALYSIS, owner=analyst)

    handed = owning.assign_case(case=case, by=analyst, at=now, owner=other_analyst, version=1)

    assert (handed.owner, told()) == (other_analyst, [("jonas", NotificationKind.ASSIGNED)])


def test_taking_a_case_oneself_tells_nobody(analyst, now):
    owning.assign_case(case=make_case(), by=analyst, at=now, owner=analyst)

    assert told() == []


@pytest.mark.parametrize(("role", "active"), [(Role.READER, True), (Role.REPORTER, True), (Role.ANALYST, False)])
def test_a_case_goes_only_to_somebody_who_analyses_cases_here(analyst, now, role, active):
    other = make_person(role=role, is_active=active, name="Other")

    with pytest.raises(ValidationError, match="Other does not analyse cases here"):
        owning.assign_case(case=make_case(), by=analyst, at=now, owner=other)


def test_nobody_may_own_a_case_in_triage_but_not_later(analyst, now):
    assert owning.assign_case(case=make_case(owner=analyst), by=analyst, at=now, owner=None).owner is None
    with pytest.raises(ValidationError, match="keeps an owner"):
        owning.assign_case(case=make_case(status=Status.REVIEW), by=analyst, at=now, owner=None)


def test_a_due_date_is_set_and_taken_away(analyst, now):
    case = make_case()
    day = now.date() + timedelta(days=3)

    assert owning.set_due(case=case, by=analyst, at=now, due_on=day, version=1).due_on == day
    assert owning.set_due(case=case, by=analyst, at=now, due_on=None, version=2).due_on is None


def test_a_due_date_that_has_passed_is_refused_and_an_old_one_may_stay(analyst, now):
    yesterday = now.date() - timedelta(days=1)
    case = make_case(due_on=yesterday)

    assert owning.set_due(case=case, by=analyst, at=now, due_on=yesterday).version == 1
    with pytest.raises(ValidationError) as refused:
        owning.set_due(case=make_case(), by=analyst, at=now, due_on=yesterday)
    assert refused.value.message_dict == {"due_on": ["This day has passed; choose today or a later one."]}


@pytest.mark.parametrize("status", [Status.CLOSED, Status.WITHDRAWN])
def test_a_case_that_is_over_is_neither_handed_over_nor_due(analyst, now, status):
    case = make_case(status=status)

    with pytest.raises(StepRefused, match="reopen it first"):
        owning.assign_case(case=case, by=analyst, at=now, owner=analyst)
    with pytest.raises(StepRefused, match="reopen it first"):
        owning.set_due(case=case, by=analyst, at=now, due_on=now.date())


def test_from_an_old_version_nothing_is_handed_over_or_due(analyst, other_analyst, now):
    case = make_case()
    owning.claim_case(case=case, by=analyst, at=now)

    with pytest.raises(Conflict):
        owning.assign_case(case=case, by=analyst, at=now, owner=other_analyst, version=1)
    with pytest.raises(Conflict):
        owning.set_due(case=case, by=analyst, at=now, due_on=now.date(), version=1)


def test_a_reporter_neither_hands_over_nor_sets_a_day(reporter, analyst, now):
    case = make_case(reporter=reporter)

    with pytest.raises(PermissionDenied):
        owning.assign_case(case=case, by=reporter, at=now, owner=analyst)
    with pytest.raises(PermissionDenied):
        owning.set_due(case=case, by=reporter, at=now, due_on=now.date())
