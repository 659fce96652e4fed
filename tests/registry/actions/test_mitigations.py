"""Mitigations: proposed for cases one sees, moved from state to state, verified."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from registry.actions import mitigations
from registry.actions.signing import Conflict
from registry.choices import MitigationState, Status, Visibility
from registry.models import Mitigation, MitigationCase
from taxonomy.models import Node
from tests.analysed import mitigation
from tests.factories import NOW, make_case

pytestmark = pytest.mark.django_db


def propose(by, *cases, **values):
    return mitigations.propose_mitigation(cases=cases, by=by, at=NOW, **{"title": "A second grader"} | values)


def change(row, by, **values):
    return mitigations.change_mitigation(mitigation=row, by=by, at=NOW, **{"version": row.version} | values)


def test_a_mitigation_answers_several_cases(analyst):
    first, second = make_case(), make_case()
    node = Node.objects.get(scheme__slug="mitigation", slug="diverse-metrics")

    row = propose(analyst, first, second, node=node, due_on=date(2026, 12, 1))

    assert list(row.cases.order_by("pk")) == [first, second]
    assert (row.state, row.proposed_by, row.node, row.version) == ("proposed", analyst, node, 1)


def test_it_answers_at_least_one_case(analyst):
    with pytest.raises(ValidationError) as refused:
        propose(analyst)

    assert list(refused.value.message_dict) == ["cases"]


def test_a_hidden_case_among_them_answers_like_one_that_does_not_exist(analyst):
    with pytest.raises(Http404):
        propose(analyst, make_case(), make_case(visibility=Visibility.NAMED))

    assert Mitigation.objects.count() == 0


def test_a_reporter_proposes_none(reporter):
    with pytest.raises(PermissionDenied):
        propose(reporter, make_case(reporter=reporter))


def test_a_draft_is_answered_by_nothing(analyst):
    with pytest.raises(ValidationError, match="Submit it first"):
        propose(analyst, make_case(status=Status.DRAFT, reporter=analyst))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"state": "accepted"}, "owner"),
        ({"effect": "yes", "effect_note": "Ten replays."}, "effect"),
        ({"node": "gradient"}, "node"),
        ({"title": ""}, "title"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(analyst, values, field):
    if "node" in values:
        values = {"node": Node.objects.get(slug="gradient", scheme__slug="misalignment-causes")}

    with pytest.raises(ValidationError) as refused:
        propose(analyst, make_case(), **values)

    assert list(refused.value.message_dict) == [field]


def test_its_owner_sees_one_of_its_cases(analyst, other_analyst):
    case = make_case(visibility=Visibility.NAMED, reporter=analyst)

    with pytest.raises(ValidationError) as refused:
        propose(analyst, case, owner=other_analyst)

    assert list(refused.value.message_dict) == ["owner"]


def test_from_proposed_to_verified(analyst):
    row = propose(analyst, make_case(), owner=analyst)

    for values in (
        {"state": "accepted"},
        {"state": "in-progress"},
        {"state": "done"},
        {"effect": "partly", "effect_note": "Caught 7 of 10 replays."},
    ):
        row = change(row, analyst, **values)

    assert (row.state, row.effect, row.version) == ("done", "partly", 5)


@pytest.mark.parametrize("state", MitigationState.values)
def test_each_state_leads_to_its_own_and_to_no_other(analyst, state):
    reached = []
    for wanted in MitigationState.values:
        row = mitigation(make_case(), state=state, owner=analyst)
        try:
            change(row, analyst, state=wanted)
        except ValidationError:
            continue
        reached.append(wanted)

    allowed = {state, *mitigations.STEPS[MitigationState(state)]}
    assert reached == [value for value in MitigationState.values if value in allowed]


def test_an_effect_says_how_it_was_checked(analyst):
    row = mitigation(make_case(), state="done", owner=analyst)

    with pytest.raises(ValidationError) as refused:
        change(row, analyst, effect="yes")

    assert list(refused.value.message_dict) == ["effect_note"]


def test_going_back_to_work_with_an_effect_is_refused(analyst):
    row = mitigation(make_case(), state="done", owner=analyst, effect="yes", effect_note="Ten replays.")

    with pytest.raises(ValidationError) as refused:
        change(row, analyst, state="in-progress")

    assert list(refused.value.message_dict) == ["effect"]


def test_two_editors(analyst, other_analyst):
    row = mitigation(make_case())
    change(row, analyst, title="Two graders")

    with pytest.raises(Conflict) as clash:
        change(row, other_analyst, title="Three graders")

    assert clash.value.current.title == "Two graders"


def test_its_owner_moves_it_on_and_changes_nothing_else(reporter):
    row = mitigation(make_case(), state="accepted", owner=reporter)

    assert change(row, reporter, state="in-progress").state == "in-progress"
    with pytest.raises(PermissionDenied):
        change(Mitigation.objects.get(), reporter, title="Mine now")


def test_who_sees_none_of_its_cases_finds_none(analyst):
    row = mitigation(make_case(visibility=Visibility.NAMED))

    with pytest.raises(Http404):
        change(row, analyst, title="Known")


def test_a_case_is_added_and_taken_out(analyst):
    first, second = make_case(), make_case(status=Status.CLOSED)
    row = mitigation(first)

    row = mitigations.answer_case(mitigation=row, case=second, by=analyst, at=NOW, version=1)
    row = mitigations.leave_case(mitigation=row, case=first, by=analyst, at=NOW, version=2)

    assert list(row.cases.all()) == [second]
    assert row.version == 3
    with pytest.raises(ValidationError, match="no other case"):
        mitigations.leave_case(mitigation=row, case=second, by=analyst, at=NOW, version=3)


def test_a_case_is_answered_once(analyst):
    case = make_case()

    with pytest.raises(ValidationError, match="answers the case already"):
        mitigations.answer_case(mitigation=mitigation(case), case=case, by=analyst, at=NOW, version=1)


def test_a_hidden_case_is_neither_added_nor_taken_out(analyst):
    seen, hidden = make_case(), make_case(visibility=Visibility.NAMED)
    row = mitigation(seen, hidden)

    for act in (mitigations.answer_case, mitigations.leave_case):
        with pytest.raises(Http404):
            act(mitigation=row, case=hidden, by=analyst, at=NOW, version=1)
    with pytest.raises(ValidationError, match="no other case"):
        mitigations.leave_case(mitigation=row, case=seen, by=analyst, at=NOW, version=1)
    assert MitigationCase.objects.count() == 2
