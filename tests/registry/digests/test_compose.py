"""What one reader is told about one period."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from django.utils import timezone

from registry.actions import cases
from registry.choices import DigestState, Status, Visibility
from registry.digests.compose import compose
from registry.models import Case, CaseReader
from taxonomy.models import Node, SeverityTier
from tests.factories import make_case, make_node, make_person
from tests.registry.digests.builders import (
    END,
    START,
    WEEK,
    composed,
    make_digest,
    make_run,
    make_subscription,
    pair_of,
    two_nodes,
)

pytestmark = pytest.mark.django_db

BEFORE, DURING = START - timedelta(days=2), START + timedelta(days=2)
CANARY = "CANARY"


def case_at(at, **values):
    return make_case(created_at=at, updated_at=at, reported_at=at, **values)


def tier(slug):
    return SeverityTier.objects.get(slug=slug)


def references(cases):
    return [line.reference for line in cases.lines]


def test_new_cases_are_those_logged_in_the_period_the_worst_first(subscription):
    case_at(BEFORE)
    case_at(END)
    small = case_at(START, potential_severity=tier("low"))
    grave = case_at(DURING, potential_severity=tier("critical"))

    content = composed(subscription)

    assert references(content.new) == [grave.reference, small.reference]
    assert content.subject == "Registry digest: 2 new cases, 1 critical"
    assert content.bottom_line == "Two cases came in, one of them critical in potential."


def test_a_new_case_is_told_with_opening_causes_and_stage(subscription):
    cause = Node.objects.get(slug="volition-based")
    case = case_at(
        DURING,
        title="Agent edits a failing test",
        observed_behaviour="It **changed** the test.\n\nMore.",
        stage="deployment",
        potential_severity=tier("high"),
        nodes=[cause, make_node()],
    )

    line = composed(subscription).new.lines[0]

    assert (line.title, line.summary, line.severity, line.colour, line.facts) == (
        "Agent edits a failing test",
        "It changed the test.",
        "High",
        "s3",
        (case.reference, cause.name, "Deployment"),
    )
    assert line.url == f"http://localhost:8000/cases/{case.reference}/"


def test_drafts_are_nobodys_news(subscription, noor):
    make_case(status=Status.DRAFT, reporter=noor, created_at=DURING, updated_at=DURING)

    content = composed(subscription)

    assert (content.new.total, content.changed.total) == (0, 0)
    assert content.queue == ("Not submitted yet: 1 draft of yours.",)


def test_changed_and_closed_cases_are_told_once_each(subscription, analyst, noor):
    changed = case_at(BEFORE, status=Status.ANALYSIS)
    cases.edit_case(case=changed, by=analyst, at=DURING, version=1, context="A build farm.")
    closed = case_at(BEFORE, status=Status.REVIEW, owner=analyst)
    cases.approve_case(case=closed, by=noor, at=DURING)
    new = case_at(DURING, status=Status.ANALYSIS)
    cases.edit_case(case=new, by=analyst, at=DURING, version=1, context="A build farm.")

    content = composed(subscription)

    assert (references(content.new), references(content.changed), references(content.closed)) == (
        [new.reference],
        [changed.reference],
        [closed.reference],
    )
    assert content.closed.lines[0].summary == "Approved by Noor Haddad."


def test_a_long_list_is_cut_and_says_how_many_more(subscription):
    for _ in range(15):
        case_at(DURING)

    content = composed(subscription)

    assert (len(content.new.lines), content.new.total, content.new.more) == (12, 15, 3)


def full_of_canaries(at, **values):
    texts = ("title", "context", "observed_behaviour", "root_cause", "realised_rationale", "predictability_reason")
    return case_at(at, visibility=Visibility.NAMED, **dict.fromkeys(texts, f"{CANARY} case"), **values)


def test_a_restricted_case_appears_as_its_number_to_those_who_may_see_it(subscription, noor, analyst):
    new = full_of_canaries(DURING, reporter=noor, nodes=[make_node("canary-node")])
    changed = full_of_canaries(BEFORE, status=Status.ANALYSIS, owner=noor)
    cases.edit_case(case=changed, by=analyst, at=DURING, version=1, context=f"{CANARY} context")
    closed = full_of_canaries(BEFORE, status=Status.REVIEW, owner=analyst)
    CaseReader.objects.create(case=closed, person=noor)
    cases.approve_case(case=closed, by=noor, at=DURING)

    content = composed(subscription)

    assert (references(content.new), references(content.changed), references(content.closed)) == (
        [new.reference],
        [changed.reference],
        [closed.reference],
    )
    assert CANARY not in str(asdict(content)).replace("canary", CANARY)
    assert content.changed.lines[0].restricted == "restricted; open it to see what changed"


def test_a_restricted_case_is_no_news_to_those_who_may_not_see_it(subscription, analyst):
    full_of_canaries(DURING)
    changed = full_of_canaries(BEFORE, status=Status.ANALYSIS)
    cases.edit_case(case=changed, by=analyst, at=DURING, version=1, context=f"{CANARY} context")

    content = composed(subscription)

    assert (content.new.total, content.changed.total, content.bottom_line) == (
        0,
        0,
        "Nothing changed in the cases you may see.",
    )
    assert content.context == "The registry holds 0 cases you may see."


def test_a_case_restricted_since_is_told_as_its_number_only(subscription, noor):
    case = case_at(DURING, title=f"{CANARY} title", reporter=noor)
    Case.objects.filter(pk=case.pk).update(visibility=Visibility.NAMED)

    line = composed(subscription).new.lines[0]

    assert (line.title, line.restricted) == ("", "restricted; open it to read")


def test_when_nothing_changed_it_says_so_in_one_line(subscription):
    case_at(BEFORE)

    content = composed(subscription, run=make_run())

    assert (content.subject, content.bottom_line, content.context) == (
        "Registry digest: nothing changed",
        "Nothing changed in the cases you may see.",
        "No pattern moved. The registry holds 1 case you may see.",
    )
    assert content.quiet == ("No case was logged, changed or closed.",)


def test_a_moved_pattern_is_the_bottom_line(subscription):
    case_at(DURING)
    nodes = two_nodes()
    make_digest(subscription, start=START - WEEK, end=START, state=DigestState.SENT, run=make_run(at=START))
    now = make_run(pairs=[pair_of(*nodes, joint=6, q=0.04, flagged=True)])

    content = composed(subscription, run=now)

    assert content.bottom_line == f"{nodes[0].name} with {nodes[1].name} passed the threshold: 6 of 76 cases."
    assert content.context == "One case came in. The registry holds 1 case you may see."
    assert content.subject == "Registry digest: 1 pattern moved, 1 new case"


def test_patterns_are_compared_with_the_run_of_the_last_digest_that_was_sent(subscription):
    nodes = two_nodes()
    known = make_run(at=START - WEEK, pairs=[pair_of(*nodes, joint=6, q=0.04, flagged=True)])
    make_digest(subscription, start=START - 2 * WEEK, end=START - WEEK, state=DigestState.SENT, run=known)
    unseen = make_run(at=START)
    make_digest(subscription, start=START - WEEK, end=START, state=DigestState.REFUSED, run=unseen)
    now = make_run(pairs=[pair_of(*nodes, joint=6, q=0.04, flagged=True)])

    assert composed(subscription, run=now, start=START - WEEK).patterns.total == 0


def test_in_a_young_registry_the_first_run_is_the_one_to_compare_with(subscription):
    old, new = two_nodes(), two_nodes()
    known = pair_of(*old, joint=6, q=0.04, flagged=True)
    make_run(at=START + timedelta(days=1), pairs=[known])
    now = make_run(pairs=[known, pair_of(*new, joint=6, q=0.04, flagged=True)])

    moved = composed(subscription, run=now).patterns.moved

    assert [pattern.name for pattern in moved] == [f"{new[0].name} with {new[1].name}"]


def test_a_digest_that_covers_several_weeks_says_so(subscription):
    make_digest(subscription, start=START - 3 * WEEK, end=START - 2 * WEEK, state=DigestState.SENT)

    content = composed(subscription, start=START - 2 * WEEK)

    assert content.covers == "It covers three weeks: nothing of it had surely reached you before."


def test_the_queue_names_what_waits_for_this_reader(subscription, noor, analyst):
    case_at(BEFORE, status=Status.ANALYSIS, owner=noor)
    case_at(DURING, status=Status.ANALYSIS, owner=noor)
    case_at(BEFORE, status=Status.REVIEW, owner=analyst)
    case_at(BEFORE, status=Status.REVIEW, owner=noor)
    case_at(BEFORE)

    assert composed(subscription).queue == (
        "To analyse: 2 cases of yours, the longest untouched since 14 November.",
        "To review: 1 case.",
        "In triage without an owner: 1 case.",
    )


def test_a_reader_without_duties_has_an_empty_queue(reader):
    case_at(BEFORE)

    assert composed(make_subscription(person=reader)).queue == ("Nothing waits for you.",)


@pytest.mark.parametrize("n", [3, 30])
def test_the_number_of_queries_does_not_grow_with_the_changes(n, subscription, analyst, django_assert_num_queries):
    person = make_person()
    now = timezone.now()
    for _ in range(n):
        case_at(DURING, reporter=person, potential_severity=tier("high"))
        old = case_at(BEFORE, reporter=person, owner=analyst, status=Status.ANALYSIS, nodes=[make_node()])
        cases.edit_case(case=old, by=analyst, at=DURING, version=1, owner=person)
    before = make_run(at=now - 2 * WEEK)
    run = make_run(pairs=[pair_of(*two_nodes(), joint=6, q=0.02, flagged=True) for _ in range(n)])
    make_digest(subscription, start=START - WEEK, end=START, state=DigestState.SENT, run=before)
    digest = make_digest(subscription)

    with django_assert_num_queries(22):
        content = compose(digest=digest, run=run)

    assert (content.new.total, content.changed.total, content.patterns.total) == (n, n, n)
