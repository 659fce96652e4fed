"""Many cases at once: each under the rules of one, each told, taken back where nothing else has changed."""

from datetime import timedelta
from threading import Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, connection
from pghistory.models import Context

from registry import tasks
from registry.actions import bulk, bulk_changes, cases, jobs, people
from registry.choices import TRANSITIONS, BulkAction, BulkOutcome, JobKind, JobState, Role, Status, Visibility
from registry.models import BulkChange, Case, EventGroup, Job, Label
from tests.factories import NOW, label, make_case, make_cases, make_node, make_person

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def asked(by, some, action=BulkAction.ASSIGN, **arguments):
    numbers = [case.pk for case in some]
    return bulk.ask(by=by, at=NOW, action=action, arguments=arguments, numbers=numbers)


def done(by, some, action=BulkAction.ASSIGN, **arguments):
    change = asked(by, some, action, **arguments)
    bulk.carry_out(change=change, at=NOW)
    return change


def undone(change):
    change = bulk.ask_undo(change=change, by=change.asked_by, at=LATER)
    bulk.take_back(change=change, at=LATER)
    return change


def told(change):
    return list(change.rows.order_by("pk").values_list("outcome", "message"))


def claimed(at):
    """The bulk change's job; a recompute may wait before it."""
    return next(job for job in iter(lambda: jobs.claim(at=at), None) if job.kind == JobKind.BULK)


def owners(some):
    return list(Case.objects.filter(pk__in=[case.pk for case in some]).order_by("pk").values_list("owner", flat=True))


def statuses():
    return list(Case.objects.order_by("pk").values_list("status", flat=True))


def test_assigning_tells_what_each_case_was(analyst, other_analyst):
    some = [make_case(), make_case(owner=other_analyst), make_case(owner=analyst), make_case(status=Status.CLOSED)]

    change = done(analyst, some, owner=analyst.pk)

    assert told(change) == [
        (BulkOutcome.DONE, "Owned by nobody before."),
        (BulkOutcome.DONE, "Owned by Jonas Weber before."),
        (BulkOutcome.UNCHANGED, "Mira Okafor owns it already."),
        (
            BulkOutcome.REFUSED,
            "Only analysts, and its reporter until it is accepted, change a case; reopen a closed one first.",
        ),
    ]
    assert owners(some[:3]) == [analyst.pk] * 3
    assert change.finished_at == NOW


def test_the_history_names_the_bulk_change(analyst):
    case = make_case()

    change = done(analyst, [case], owner=analyst.pk)

    event = Case.pgh_event_model.objects.filter(pgh_obj_id=case.pk).latest("pgh_id")
    context = Context.objects.get(pk=event.pgh_context_id)
    assert context.metadata["reason"] == f"Bulk change {change.pk}"
    assert context.metadata["bulk_change"] == change.pk
    assert context.metadata["person"] == analyst.pk


def test_undoing_an_assignment_keeps_what_was_changed_since(analyst, other_analyst):
    first, second = make_case(owner=other_analyst), make_case()
    change = done(analyst, [first, second], owner=analyst.pk)
    second.refresh_from_db()
    cases.edit_case(case=second, by=analyst, at=LATER, version=second.version, owner=other_analyst)

    undone(change)

    assert told(change) == [(BulkOutcome.UNDONE, ""), (BulkOutcome.KEPT, "Changed since, and kept.")]
    assert owners([first, second]) == [other_analyst.pk, other_analyst.pk]


def test_a_label_is_recorded_as_the_raters_own_and_restored_to_what_it_was(analyst):
    node = make_node("red")
    fresh, rated, same = make_case(), make_case(), make_case()
    label(rated, node, by=analyst, stance="absent", confidence=20, rationale="Not seen")
    label(same, node, by=analyst, confidence=70, grounds="inferred")

    arguments = {"node": node.pk, "confidence": 70, "grounds": "inferred"}
    change = done(analyst, [fresh, rated, same], BulkAction.LABEL, **arguments)

    assert told(change) == [
        (BulkOutcome.DONE, ""),
        (BulkOutcome.DONE, "You had said “absent” before."),
        (BulkOutcome.UNCHANGED, "You have said so already."),
    ]
    assert set(Label.objects.values_list("rater", "stance", "confidence")) == {(analyst.pk, "present", 70)}
    undone(change)
    kept = Label.objects.order_by("case").values_list("case", "stance", "confidence", "rationale")
    assert list(kept) == [(rated.pk, "absent", 20, "Not seen"), (same.pk, "present", 70, "")]


def test_a_label_that_was_rated_again_since_is_kept(analyst):
    node, case = make_node("red"), make_case()
    change = done(analyst, [case], BulkAction.LABEL, node=node.pk, confidence=None, grounds="inferred")
    label(case, node, by=analyst, confidence=90)

    undone(change)

    assert told(change) == [(BulkOutcome.KEPT, "Changed since, and kept.")]
    assert Label.objects.get().confidence == 90


def test_a_case_restricted_meanwhile_is_left_alone_and_not_named(analyst):
    node, some = make_node("red"), make_cases(9)
    change = asked(analyst, some, BulkAction.LABEL, node=node.pk, confidence=50, grounds="inferred")
    Case.objects.filter(pk=some[7].pk).update(visibility=Visibility.NAMED, title="Canary in the title")

    bulk.carry_out(change=change, at=NOW)

    assert bulk.outcomes(change) == dict.fromkeys(BulkOutcome.values, 0) | {"done": 8, "refused": 1}
    assert told(change)[7] == (BulkOutcome.REFUSED, "There is no such case any more that you may see.")
    assert not Label.objects.filter(case=some[7]).exists()


def test_a_case_one_may_not_see_cannot_be_asked_for(analyst):
    hidden = make_case(visibility=Visibility.NAMED)

    with pytest.raises(ValidationError, match="not there any more"):
        asked(analyst, [make_case(), hidden], owner=analyst.pk)
    with pytest.raises(ValidationError, match="not there any more"):
        bulk.ask(by=analyst, at=NOW, action=BulkAction.ASSIGN, arguments={"owner": analyst.pk}, numbers=[2**30])

    assert BulkChange.objects.count() == 0


def test_steps_go_through_the_guards_of_one_case(analyst):
    ready = make_case(potential_severity_id=2)
    lacking = make_case()
    closed = make_case(status=Status.CLOSED)

    arguments = {"step": "accept", "reason": "", "owner": analyst.pk}
    change = done(analyst, [ready, lacking, closed], BulkAction.STATUS, **arguments)

    assert told(change) == [
        (BulkOutcome.DONE, ""),
        (BulkOutcome.REFUSED, "Something is still missing. Say how bad it could have been."),
        (BulkOutcome.REFUSED, "A case in closed cannot go to analysis."),
    ]
    assert statuses() == [Status.ANALYSIS, Status.TRIAGE, Status.CLOSED]
    with pytest.raises(ValidationError, match="nothing here that can be taken back"):
        bulk.ask_undo(change=change, by=analyst, at=LATER)


def test_withdrawn_cases_come_back_only_where_there_is_a_way(analyst):
    some = [make_case(status=Status.ANALYSIS), make_case()]
    arguments = {"step": "withdraw", "reason": "Imported twice", "owner": None}
    change = done(analyst, some, BulkAction.STATUS, **arguments)
    assert statuses() == [Status.WITHDRAWN, Status.WITHDRAWN]

    undone(change)

    assert statuses() == [Status.ANALYSIS, Status.WITHDRAWN]
    assert told(change) == [
        (BulkOutcome.UNDONE, ""),
        (BulkOutcome.KEPT, "Only a case that was in analysis comes back to what it was."),
    ]


@pytest.mark.parametrize("slug", sorted(bulk_changes.STEPS))
def test_every_way_back_is_a_way_the_registry_knows(slug):
    step = bulk_changes.STEPS[slug]

    assert set(step.back) <= set(step.frm)
    after = {"withdraw": Status.WITHDRAWN, "request-review": Status.REVIEW}.get(slug, Status.ANALYSIS)
    assert [before for before in step.back if before not in TRANSITIONS[after]] == []


def test_a_new_event_group_is_made_once_and_left_again(analyst):
    former = EventGroup.objects.create(name="Old")
    some = [make_case(), make_case(event_group=former)]

    change = done(analyst, some, BulkAction.EVENT_GROUP, new_event_group="The March outage")

    group = EventGroup.objects.get(name="The March outage")
    assert list(group.cases.order_by("pk")) == some
    undone(change)
    assert list(Case.objects.order_by("pk").values_list("event_group", flat=True)) == [None, former.pk]


def test_groups_of_hidden_cases_are_not_offered(analyst):
    seen, hidden = EventGroup.objects.create(name="Seen"), EventGroup.objects.create(name="Canary")
    make_case(event_group=seen)
    make_case(event_group=hidden, visibility=Visibility.NAMED)

    assert list(bulk.event_groups_seen(analyst)) == [seen]


@pytest.mark.parametrize("role", [Role.READER, Role.REPORTER])
def test_who_does_not_label_changes_nothing_at_once(role):
    person = make_person(role=role)

    with pytest.raises(PermissionDenied):
        asked(person, [make_case()], owner=person.pk)


def test_none_and_too_many_are_refused(analyst, monkeypatch):
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 2)

    with pytest.raises(ValidationError, match="at least one"):
        asked(analyst, [], owner=analyst.pk)
    with pytest.raises(ValidationError, match="At most 2 cases are changed at once; these are 3"):
        asked(analyst, make_cases(3), owner=analyst.pk)


@pytest.fixture
def few(monkeypatch):
    """More than four cases are many."""
    monkeypatch.setattr(bulk, "IN_REQUEST", 4)
    monkeypatch.setattr(bulk, "ROWS_BETWEEN_REPORTS", 2)


def test_many_are_done_by_a_job_that_says_how_far_it_is(analyst, few):
    some = make_cases(5)
    change = asked(analyst, some, owner=analyst.pk)
    said = []
    job = jobs.claim(at=NOW)

    bulk.run(job=job, at=NOW, report=lambda percent: said.append(percent) or True)

    assert (job.payload, job.asked_by) == ({"change": change.pk, "undo": False}, analyst)
    assert said == [40, 80]
    assert set(owners(some)) == {analyst.pk}


def test_a_few_are_left_to_the_request_for_a_minute(analyst):
    asked(analyst, make_cases(2), owner=analyst.pk)

    assert jobs.claim(at=NOW) is None
    assert jobs.claim(at=NOW + bulk.HEAD_START) is not None


class PowerCut(Exception):
    pass


def test_a_killed_worker_leaves_what_is_done_and_the_next_goes_on(analyst, monkeypatch):
    some = make_cases(5)
    change = asked(analyst, some, owner=analyst.pk)
    jobs.claim(at=NOW + bulk.HEAD_START)
    assign, seen = bulk_changes.assign, []

    def dies_at_the_third(case, *arguments):
        if len(seen) == 2:
            raise PowerCut
        seen.append(case.pk)
        return assign(case, *arguments)

    monkeypatch.setitem(bulk_changes.DO, BulkAction.ASSIGN, dies_at_the_third)
    with pytest.raises(PowerCut):
        bulk.carry_out(change=change, at=NOW)
    assert [outcome for outcome, _ in told(change)] == ["done", "done", "waiting", "waiting", "waiting"]
    monkeypatch.setitem(bulk_changes.DO, BulkAction.ASSIGN, assign)

    late = NOW + bulk.HEAD_START + jobs.LEASE + timedelta(seconds=1)
    job = claimed(at=late)
    bulk.run(job=job, at=late, report=lambda percent: True)

    assert job.attempts == 2
    assert [outcome for outcome, _ in told(change)] == ["done"] * 5
    assert {case.version for case in Case.objects.all()} == {2}


def test_doing_it_twice_changes_nothing_more(analyst):
    change = done(analyst, make_cases(2), owner=analyst.pk)

    bulk.carry_out(change=change, at=LATER)

    assert {case.version for case in Case.objects.all()} == {2}
    assert BulkChange.objects.get().finished_at == NOW


def test_a_worker_that_lost_the_job_stops(analyst, few):
    change = asked(analyst, make_cases(5), owner=analyst.pk)

    bulk.carry_out(change=change, at=NOW, report=lambda percent: False)

    assert bulk.outcomes(change)["waiting"] == 3
    assert BulkChange.objects.get().finished_at is None


@pytest.mark.parametrize("changes", [{"is_active": False}, {"role": Role.READER}])
def test_a_right_taken_away_meanwhile_stops_the_rest(analyst, administrator, changes):
    change = asked(analyst, make_cases(2), owner=analyst.pk)
    people.edit_person(by=administrator, at=NOW, person=analyst, **changes)

    bulk.run(job=claimed(at=LATER), at=LATER, report=lambda percent: True)

    assert told(change) == [(BulkOutcome.REFUSED, bulk.NO_RIGHT)] * 2
    assert set(Case.objects.values_list("owner", flat=True)) == {None}


def test_only_its_author_takes_a_change_back_and_only_once(analyst, other_analyst):
    change = done(analyst, make_cases(1), owner=analyst.pk)

    with pytest.raises(PermissionDenied):
        bulk.ask_undo(change=change, by=other_analyst, at=LATER)
    undone(change)
    with pytest.raises(ValidationError, match="taken back already"):
        bulk.ask_undo(change=change, by=analyst, at=LATER)


def test_a_change_under_way_is_not_taken_back(analyst):
    change = asked(analyst, make_cases(1), owner=analyst.pk)

    with pytest.raises(ValidationError, match="still being made"):
        bulk.ask_undo(change=change, by=analyst, at=LATER)


def test_the_database_going_away_is_no_refusal(analyst, monkeypatch):
    def gone(*arguments):
        raise OperationalError("server closed the connection unexpectedly")

    change = asked(analyst, make_cases(1), owner=analyst.pk)
    monkeypatch.setitem(bulk_changes.DO, BulkAction.ASSIGN, gone)

    with pytest.raises(OperationalError):
        bulk.carry_out(change=change, at=NOW)

    assert told(change) == [(BulkOutcome.WAITING, "")]


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_both_happen_and_no_case_is_lost(analyst, other_analyst):
    some = make_cases(6)
    first, second = asked(analyst, some, owner=analyst.pk), asked(other_analyst, some[::-1], owner=other_analyst.pk)
    failed = []

    def work(change):
        try:
            bulk.carry_out(change=BulkChange.objects.get(pk=change.pk), at=NOW)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    workers = [Thread(target=work, args=[change]) for change in (first, second)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert failed == []
    assert bulk.outcomes(first)["done"] == bulk.outcomes(second)["done"] == 6
    assert {case.version for case in Case.objects.all()} == {3}


def test_the_task_does_the_job(analyst, few):
    some = make_cases(5)
    change = asked(analyst, some, owner=analyst.pk)

    tasks.drain_jobs()

    assert Job.objects.filter(kind="bulk").get().state == JobState.DONE
    assert bulk.outcomes(change)["done"] == len(some)
