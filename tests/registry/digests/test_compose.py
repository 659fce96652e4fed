"""What one reader is told about one period."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from django.utils import timezone

from registry.actions import cases, merges
from registry.choices import DigestState, Role, Status, Visibility
from registry.digests.compose import compose
from registry.digests.content import Difference
from registry.models import Case, CaseReader, Digest, Subscription, System
from taxonomy.models import Node, SeverityTier
from tests.factories import label, make_case, make_node, make_person, make_team, make_view
from tests.registry.digests.builders import (
    BEFORE,
    DURING,
    END,
    START,
    WEEK,
    case_at,
    composed,
    make_digest,
    make_run,
    make_subscription,
    pair_of,
    references,
    two_nodes,
)

pytestmark = pytest.mark.django_db

CANARY = "CANARY"


def tier(slug):
    return SeverityTier.objects.get(slug=slug)


def test_new_cases_are_those_logged_in_the_period_the_worst_first(subscription):
    case_at(BEFORE)
    case_at(END)
    small = case_at(START, potential_severity=tier("low"))
    grave = case_at(DURING, potential_severity=tier("critical"))

    content = composed(subscription)

    assert references(content.new) == [grave.reference, small.reference]
    assert content.subject == "2 new cases, 1 critical"
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
    assert content.queue == ("Not submitted yet: 1 draft.",)


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
        "Nothing changed",
        "Nothing changed in the cases you may see.",
        "No pattern moved. The registry holds 1 case you may see.",
    )
    assert content.quiet == ("No case was logged, changed or closed.",)


def test_a_moved_pattern_is_the_bottom_line(subscription):
    case_at(DURING)
    nodes = two_nodes()
    make_digest(subscription, start=START - WEEK, end=START, state=DigestState.SENT, run=make_run(at=START))
    make_run(pairs=[pair_of(*nodes, joint=6, q=0.04, flagged=True)])

    content = composed(subscription)

    assert content.bottom_line == f"{nodes[0].name} with {nodes[1].name} passed the threshold: 6 of 76 cases."
    assert content.context == "One case came in. The registry holds 1 case you may see."
    assert content.subject == "1 pattern moved, 1 new case"


def test_patterns_are_compared_with_the_run_of_the_last_digest_that_was_sent(subscription):
    nodes = two_nodes()
    known = make_run(at=START - WEEK, pairs=[pair_of(*nodes, joint=6, q=0.04, flagged=True)])
    make_digest(subscription, start=START - 2 * WEEK, end=START - WEEK, state=DigestState.SENT, run=known)
    unseen = make_run(at=START)
    make_digest(subscription, start=START - WEEK, end=START, state=DigestState.REFUSED, run=unseen)
    make_run(pairs=[pair_of(*nodes, joint=6, q=0.04, flagged=True)])

    assert composed(subscription, start=START - WEEK).patterns.total == 0


def test_in_a_young_registry_the_first_run_is_the_one_to_compare_with(subscription):
    old, new = two_nodes(), two_nodes()
    known = pair_of(*old, joint=6, q=0.04, flagged=True)
    make_run(at=START + timedelta(days=1), pairs=[known])
    make_run(pairs=[known, pair_of(*new, joint=6, q=0.04, flagged=True)])

    moved = composed(subscription).patterns.moved

    assert [pattern.name for pattern in moved] == [f"{new[0].name} with {new[1].name}"]


def test_a_digest_that_covers_several_weeks_says_so(subscription):
    make_digest(subscription, start=START - 3 * WEEK, end=START - 2 * WEEK, state=DigestState.SENT)

    content = composed(subscription, start=START - 2 * WEEK)

    assert content.covers == "It covers three weeks: nothing of it had surely reached you before."


def words_of(content):
    return content.subject, content.bottom_line, content.context


def test_what_is_followed_stands_in_the_subject_and_in_the_first_sentences(noor):
    node = make_node(name="Red herring")
    case_at(DURING, nodes=[node])
    case_at(DURING)

    branch = composed(make_subscription(person=noor, about="branch", node=node))
    system = composed(make_subscription(person=noor, about="system", system=System.objects.get()))

    assert (words_of(branch), branch.new.total) == (
        (
            "1 new case · Branch Red herring",
            "One case came in.",
            "Branch Red herring covers 1 case you may see.",
        ),
        1,
    )
    assert words_of(system) == (
        "2 new cases · System code-agent",
        "Two cases came in.",
        "System code-agent covers 2 cases you may see.",
    )
    assert branch.why == "You get this on Mondays at 07:00 (UTC) because you follow branch Red herring."


def test_a_digest_of_the_queue_begins_with_how_much_waits(noor, analyst):
    queue = make_subscription(person=noor, about="queue")
    nothing = composed(queue)
    case_at(BEFORE, status=Status.ANALYSIS, owner=noor)
    case_at(BEFORE, status=Status.REVIEW, owner=analyst)

    waiting = composed(queue, end=END + WEEK)

    assert words_of(nothing)[:2] == ("Nothing changed · Your queue", "Nothing waits for you.")
    assert words_of(waiting)[:2] == ("2 waiting · Your queue", "Two things wait for you.")
    assert (waiting.weeks, waiting.patterns.total) == (None, 0)


def test_a_team_is_told_what_nobody_in_particular_may_know(noor, analyst):
    team = make_team(noor, name="Oversight")
    cause = Node.objects.get(slug="volition-based")
    known, judged = case_at(DURING, nodes=[cause]), case_at(DURING)
    label(judged, cause, at=DURING)
    case_at(DURING, visibility=Visibility.TEAM, team=team)
    changed = case_at(BEFORE, status=Status.ANALYSIS, owner=noor)
    cases.edit_case(case=changed, by=noor, at=DURING, version=1, owner=analyst)

    content = composed(make_subscription(person=noor, team=team))

    assert [(line.reference, line.facts) for line in content.new.lines] == [
        (judged.reference, (judged.reference,)),
        (known.reference, (known.reference, cause.name)),
    ]
    assert content.changed.lines[0].differences == (Difference("Owner", "Noor Haddad", "Mira Okafor"),)
    assert (content.queue, content.debt) == ((), None)
    assert content.context == "The registry holds 3 cases open to everyone."
    assert content.why == "Oversight gets this on Mondays at 07:00 (UTC) because it follows everything."
    assert content.urls["stop"] == content.urls["subscription"]


def test_a_view_that_is_gone_is_all_that_is_told(noor):
    case_at(DURING)

    content = composed(make_subscription(person=noor, about="view"))

    assert content.gone == "The view that this digest followed was deleted or is not shared any more."
    assert content.subject == "The view you followed is gone"
    assert (content.bottom_line, content.new.total, content.weeks, content.queue) == (content.gone, 0, None, ())


def test_a_view_that_is_not_shared_any_more_is_gone_for_others_only(noor, analyst):
    view = make_view(analyst, "Hidden plans", shared=True)
    followers = [make_subscription(person=person, about="view", view=view) for person in (noor, analyst)]
    view.shared = False
    view.save()

    told = [composed(follower) for follower in followers]

    assert [bool(content.gone) for content in told] == [True, False]
    assert "Hidden plans" not in str(told[0])


def test_after_a_pause_one_digest_covers_it_and_says_so(noor):
    paused = make_subscription(person=noor, paused_until=START + timedelta(days=3))

    content = composed(paused, start=START - 3 * WEEK)

    assert content.covers == "It covers four weeks: it was paused until 19 November."


def test_a_condition_that_is_met_is_why_it_comes(noor):
    watchful = make_subscription(person=noor, min_severity=tier("high"))
    case = case_at(DURING, potential_severity=tier("critical"))

    assert composed(watchful).reasons == (f"A case of critical potential severity came in: {case.reference}.",)


def test_where_no_condition_is_met_nothing_more_is_read(noor):
    watchful = make_subscription(person=noor, min_severity=tier("critical"))
    case_at(DURING, potential_severity=tier("low"))

    told = composed(watchful)
    asked = composed(watchful, end=END + timedelta(hours=1), asked=True)

    assert (told.reasons, told.new.total, asked.reasons, asked.new.total) == ((), 0, (), 1)


def test_nothing_need_be_saved_to_compose_what_would_be_sent(noor):
    case_at(DURING)
    subscription = Subscription(person=noor, created_at=START)

    content = compose(digest=Digest(subscription=subscription, person=noor, period_start=START, period_end=END))

    assert content.new.total == 1
    assert content.covers == "This subscription begins here; its first digest looks back one week."


@pytest.mark.parametrize("n", [1, 30])
def test_the_number_of_queries_does_not_grow_with_the_changes(n, subscription, analyst, django_assert_num_queries):
    person = make_person()
    now = timezone.now()
    for _ in range(n):
        case_at(DURING, reporter=person, potential_severity=tier("high"))
        old = case_at(BEFORE, reporter=person, owner=analyst, status=Status.ANALYSIS, nodes=[make_node()])
        cases.edit_case(case=old, by=analyst, at=DURING, version=1, owner=person)
        closed = case_at(BEFORE, reporter=person, owner=analyst, status=Status.REVIEW)
        cases.approve_case(case=closed, by=make_person(role=Role.REVIEWER), at=DURING)
        kept, merged = (case_at(BEFORE, reporter=person) for _ in range(2))
        merges.merge_cases(kept=kept, merged=merged, by=analyst, at=DURING, reason="The same event.")
    before = make_run(at=now - 2 * WEEK)
    make_run(pairs=[pair_of(*two_nodes(), joint=6, q=0.02, flagged=True) for _ in range(n)])
    make_digest(subscription, start=START - WEEK, end=START, state=DigestState.SENT, run=before)
    digest = make_digest(subscription)

    with django_assert_num_queries(33):
        content = compose(digest=digest)

    lists = (content.new, content.changed, content.closed, content.merged, content.patterns)
    assert [told.total for told in lists] == [n] * 5
