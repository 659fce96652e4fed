"""The life of a case: what each step asks for, who may take it, and what it leaves behind."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from registry.actions import cases, owning
from registry.actions.signing import Conflict, StepRefused
from registry.choices import JobState, NotificationKind, Role, Scope, Status, Triage
from registry.models import Case, Classification, Job, Notification
from registry.models.case import TEMPLATE_FIELDS
from taxonomy.models import Node, SeverityTier
from tests.factories import NOW, agree, case_values, label, log, make_case, make_person, seen_by_standing_aside

pytestmark = pytest.mark.django_db


def tier(slug):
    return SeverityTier.objects.get(slug=slug)


def test_log_case_as_draft_needs_a_title_only(reporter, now):
    case = cases.log_case(by=reporter, at=now, title="Boat circles the lagoon")

    assert (case.status, case.reporter, case.version, case.reported_at) == (Status.DRAFT, reporter, 1, None)


def test_log_case_submitted_at_once_goes_to_triage_with_its_time(reporter, now):
    case = cases.log_case(by=reporter, at=now, submit=True, **case_values())

    assert (case.status, case.reported_at) == (Status.TRIAGE, now)


def test_submit_without_the_required_answers_names_each_and_saves_nothing(reporter, now):
    with pytest.raises(StepRefused) as refused:
        cases.log_case(by=reporter, at=now, submit=True, title="Boat circles the lagoon")

    assert [missing.field for missing in refused.value.missing] == ["observed_behaviour", "system", "kind"]
    assert Case.objects.count() == 0


def test_a_reader_cannot_log(reader, now):
    with pytest.raises(ValidationError, match="Readers do not log"):
        cases.log_case(by=reader, at=now, **case_values())


def test_a_title_below_six_characters_is_refused(reporter, now):
    with pytest.raises(ValidationError, match="at least 6"):
        cases.log_case(by=reporter, at=now, title="Boat")


def test_logging_leaves_one_pending_recompute(reporter):
    log(by=reporter)
    log(by=reporter)

    assert list(Job.objects.values_list("kind", "state")) == [("recompute", JobState.PENDING)]


def test_systems_are_found_by_alias_whatever_the_letters(reporter):
    first = log(by=reporter, systems=[("Code-Agent", "1")])
    first.systems.get().aliases.create(name="CA")

    second = log(by=reporter, systems=[("ca", "2")])

    assert second.systems.get() == first.systems.get()


def test_edit_case_counts_the_version(analyst, now):
    case = make_case()

    edited = cases.edit_case(case=case, by=analyst, at=now, version=1, context="A build farm.")

    assert (edited.version, edited.context) == (2, "A build farm.")


def test_edit_case_from_an_old_version_is_refused_and_changes_nothing(analyst, other_analyst, now):
    case = make_case()
    cases.edit_case(case=case, by=analyst, at=now, version=1, context="First.")

    with pytest.raises(Conflict) as conflict:
        cases.edit_case(case=case, by=other_analyst, at=now, version=1, context="Second.")

    assert (conflict.value.current.version, conflict.value.current.context) == (2, "First.")
    assert Case.objects.get().context == "First."


def test_a_reporter_edits_their_own_case_until_it_is_accepted(reporter, now):
    case = log(by=reporter)
    cases.edit_case(case=case, by=reporter, at=now, version=case.version, context="In triage.")
    Case.objects.update(status=Status.ANALYSIS, owner=reporter)

    with pytest.raises(PermissionDenied):
        cases.edit_case(case=case, by=reporter, at=now, version=case.version + 1, context="Too late.")


def test_edit_case_cannot_set_what_actions_set(analyst, now):
    with pytest.raises(TypeError, match="status"):
        cases.edit_case(case=make_case(), by=analyst, at=now, version=1, status=Status.CLOSED)


def test_accept_needs_an_owner_and_potential_severity(analyst, now):
    case = make_case()

    with pytest.raises(StepRefused) as refused:
        cases.accept_case(case=case, by=analyst, at=now)

    assert [missing.field for missing in refused.value.missing] == ["owner", "potential_severity"]


def test_accept_for_somebody_who_cannot_sign_in_is_refused(analyst, other_analyst, now):
    other_analyst.is_active = False

    with pytest.raises(ValidationError, match="does not analyse cases here"):
        cases.accept_case(case=make_case(), by=analyst, at=now, owner=other_analyst, potential_severity=tier("high"))


@pytest.mark.parametrize("values", [{"role": Role.REPORTER}, {"role": Role.READER}, {"is_active": False}])
def test_only_somebody_who_analyses_cases_here_comes_to_own_one(analyst, now, values):
    other, case = make_person(name="Other", **values), make_case(status=Status.ANALYSIS, owner=analyst)
    acts = (
        lambda: cases.accept_case(case=make_case(), by=analyst, at=now, owner=other, potential_severity=tier("high")),
        lambda: cases.edit_case(case=case, by=analyst, at=now, version=1, owner=other),
        lambda: log(by=analyst, owner=other),
    )

    for act in acts:
        with pytest.raises(ValidationError) as refused:
            act()
        assert refused.value.message_dict == {"owner": ["Other does not analyse cases here."]}


def test_a_case_whose_owner_analyses_no_more_is_edited_all_the_same(analyst, now):
    case = make_case(status=Status.ANALYSIS, owner=make_person(role=Role.READER))

    assert cases.edit_case(case=case, by=analyst, at=now, version=1, context="A build farm.").version == 2


def test_accept_by_a_reporter_is_refused(reporter, now):
    with pytest.raises(PermissionDenied):
        cases.accept_case(case=make_case(), by=reporter, at=now)


def complete(case):
    """Fill in everything a review asks for."""
    for field in TEMPLATE_FIELDS[1:]:
        setattr(case, field, "Written.")
    case.predictability = "unknown"
    case.realised_severity, case.potential_severity = tier("none"), tier("high")
    case.save()
    return agree(case, Node.objects.get(scheme__slug="misalignment-causes", slug="volition-based"))


def test_request_review_lists_everything_missing(analyst, now):
    case = make_case(status=Status.ANALYSIS, owner=analyst, observed_behaviour="Seen.")
    seen_by_standing_aside(case, analyst)

    with pytest.raises(StepRefused) as refused:
        cases.request_review(case=case, by=analyst, at=now)

    assert [missing.field for missing in refused.value.missing] == [
        "context",
        "intended_objective",
        "optimised_objective",
        "root_cause",
        "evaluation_breakdown",
        "mitigation_strategy",
        "alignment_lesson",
        "realised_severity",
        "potential_severity",
        "labels",
        "predictability",
    ]


@pytest.mark.parametrize("agreed", [True, False])
def test_request_review_by_somebody_blind_is_refused_whether_or_not_a_cause_is_agreed(
    analyst, other_analyst, now, agreed
):
    case = complete(make_case(status=Status.ANALYSIS, owner=analyst))
    Classification.objects.filter(case=case).delete()
    if agreed:
        label(case, Node.objects.get(slug="volition-based"), by=other_analyst)

    with pytest.raises(StepRefused) as refused:
        cases.request_review(case=case, by=analyst, at=now)

    assert (refused.value.messages, refused.value.missing) == ([cases.RATE_FIRST], [])


def test_a_case_goes_from_triage_to_closed(reporter, analyst, reviewer, now):
    case = log(by=reporter)
    case = cases.accept_case(case=case, by=analyst, at=now, owner=analyst, potential_severity=tier("high"))
    case = cases.request_review(case=seen_by_standing_aside(complete(case), analyst), by=analyst, at=now)
    case = cases.approve_case(case=case, by=reviewer, at=now)

    assert (case.status, case.closed_at, case.reviewer) == (Status.CLOSED, now, reviewer)


def test_close_case_by_its_owner_is_refused(reviewer, now):
    case = make_case(status=Status.REVIEW, owner=reviewer)

    with pytest.raises(StepRefused, match="somebody other than its owner"):
        cases.approve_case(case=case, by=reviewer, at=now)


def handed_over(case, by, to):
    return owning.assign_case(case=case, by=by, at=NOW, owner=to)


@pytest.mark.parametrize("status", [Status.ANALYSIS, Status.REVIEW])
def test_close_case_by_who_owned_it_and_handed_it_over_is_refused(reviewer, analyst, now, status):
    case = make_case(status=status, owner=reviewer)
    handed_over(case, reviewer, analyst)
    Case.objects.filter(pk=case.pk).update(status=Status.REVIEW)

    with pytest.raises(StepRefused, match="did not own it while it was analysed"):
        cases.approve_case(case=case, by=reviewer, at=now)


def test_being_returned_in_between_does_not_let_a_former_owner_close_a_case(reviewer, analyst, now):
    case = handed_over(make_case(status=Status.REVIEW, owner=reviewer), reviewer, analyst)
    cases.return_to_analysis(case=case, by=reviewer, at=now, reason="Say more.")
    complete(Case.objects.get())
    cases.request_review(case=seen_by_standing_aside(case, analyst), by=analyst, at=now)

    with pytest.raises(StepRefused, match="did not own it while it was analysed"):
        cases.approve_case(case=case, by=reviewer, at=now)


@pytest.mark.parametrize("before", [Status.TRIAGE, Status.WITHDRAWN])
def test_who_owned_a_case_only_before_it_came_into_analysis_closes_it(reviewer, analyst, now, before):
    case = make_case(status=Status.ANALYSIS, owner=reviewer)
    Case.objects.filter(pk=case.pk).update(status=before)
    Case.objects.filter(pk=case.pk).update(status=Status.ANALYSIS, owner=analyst)
    Case.objects.filter(pk=case.pk).update(status=Status.REVIEW)

    assert cases.approve_case(case=case, by=reviewer, at=now).status == Status.CLOSED


def test_whether_somebody_owned_a_case_is_one_query(reviewer, analyst, django_assert_num_queries):
    case = handed_over(make_case(status=Status.REVIEW, owner=reviewer), reviewer, analyst)

    with django_assert_num_queries(1):
        assert owning.has_owned(case, reviewer)


def test_a_step_that_skips_another_is_refused(reviewer, now):
    with pytest.raises(StepRefused, match="triage cannot go to closed"):
        cases.approve_case(case=make_case(), by=reviewer, at=now)


def test_return_needs_a_reason(reviewer, now):
    case = make_case(status=Status.REVIEW)

    with pytest.raises(ValidationError, match="Give a reason"):
        cases.return_to_analysis(case=case, by=reviewer, at=now, reason=" ")


def test_history_names_person_action_and_reason(reviewer, now):
    case = make_case(status=Status.REVIEW)

    cases.return_to_analysis(case=case, by=reviewer, at=now, reason="Which evaluation should have seen it?")

    event = case.events.order_by("-pgh_id").first()
    assert (event.pgh_label, event.status) == ("update", Status.ANALYSIS)
    assert event.pgh_context.metadata == {
        "person": reviewer.pk,
        "action": "return_to_analysis",
        "reason": "Which evaluation should have seen it?",
    }


def test_reopening_a_closed_case_clears_its_closing_time(analyst, now):
    case = make_case(status=Status.CLOSED, owner=analyst)

    case = cases.reopen_case(case=case, by=analyst, at=now, reason="New evidence.")

    assert (case.status, case.closed_at) == (Status.ANALYSIS, None)


def test_approve_by_whoever_reported_the_case_is_refused(reviewer, now):
    case = make_case(status=Status.REVIEW, reporter=reviewer)

    with pytest.raises(StepRefused, match="other than who reported it"):
        cases.approve_case(case=case, by=reviewer, at=now)


def test_accepting_keeps_what_the_case_turned_out_to_be(analyst, now):
    answers = {"triage": Triage.SPECIFICATION_GAMING, "scope": Scope.CORE}

    case = cases.accept_case(
        case=make_case(), by=analyst, at=now, owner=analyst, potential_severity=tier("high"), **answers
    )

    assert (case.status, case.triage, case.scope) == (Status.ANALYSIS, Triage.SPECIFICATION_GAMING, Scope.CORE)


def told():
    return sorted(Notification.objects.values_list("person__username", "kind"))


def test_a_new_owner_hears_of_it_once_and_the_reporter_that_it_moved(reporter, analyst, other_analyst, now):
    case = make_case(reporter=reporter)

    cases.accept_case(case=case, by=analyst, at=now, owner=other_analyst, potential_severity=tier("high"))

    assert told() == [("jonas", NotificationKind.ASSIGNED), ("sam", NotificationKind.MOVED)]


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        (cases.return_to_analysis, Status.REVIEW, NotificationKind.RETURNED),
        (cases.approve_case, Status.REVIEW, NotificationKind.CLOSED),
        (cases.reopen_case, Status.CLOSED, NotificationKind.REOPENED),
        (cases.withdraw_case, Status.ANALYSIS, NotificationKind.WITHDRAWN),
    ],
)
def test_reporter_and_owner_hear_of_each_step(reporter, analyst, reviewer, now, action, status, kind):
    case = make_case(status=status, reporter=reporter, owner=analyst)
    reason = {} if action is cases.approve_case else {"reason": "The replays are missing."}

    action(case=case, by=reviewer, at=now, **reason)

    assert told() == [("mira", kind), ("sam", kind)]


def test_a_step_that_is_refused_tells_nobody(reporter, analyst, now):
    with pytest.raises(StepRefused):
        cases.request_review(
            case=make_case(status=Status.ANALYSIS, reporter=reporter, owner=analyst), by=analyst, at=now
        )

    assert told() == []


def test_editing_the_owner_tells_the_new_one(analyst, other_analyst, now):
    case = make_case(owner=analyst)

    cases.edit_case(case=case, by=analyst, at=now, version=1, owner=other_analyst)
    cases.edit_case(case=case, by=analyst, at=now, version=2, context="A build farm.")

    assert told() == [("jonas", NotificationKind.ASSIGNED)]


def test_logging_for_an_owner_tells_them_once_it_is_submitted(analyst, other_analyst):
    log(by=analyst, owner=other_analyst, submit=False)
    log(by=analyst, owner=other_analyst)

    assert told() == [("jonas", NotificationKind.ASSIGNED)]
