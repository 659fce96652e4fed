"""The history of a case: whose words are shown to whom, and how each table reads."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from registry.actions import cases, labels, ratings
from registry.choices import Status
from registry.models import Comment, Label, Safeguard
from registry.web.history import history_of
from taxonomy.models import Node, SeverityTier
from tests import analysed
from tests.factories import NOW, make_case, make_node
from tests.factories import label as put_label

pytestmark = pytest.mark.django_db


def lines(case, reader, *, blind=False):
    """(name, text) of every line of the history, the newest first."""
    entries, _ = history_of(case, reader=reader, blind=blind)
    return [(change.name, change.marked or change.words) for entry in entries for change in entry.changes]


def said(case, reader, name, *, blind=False):
    return [text for line, text in lines(case, reader, blind=blind) if line == name]


@pytest.fixture
def case():
    return make_case(status=Status.ANALYSIS)


def test_a_held_label_is_in_its_raters_history_only(case, analyst, other_analyst, reviewer, reader):
    put_label(case, make_node(name="Canary node"), by=analyst, hold=True, stance="present")

    assert said(case, analyst, "Label") == ["Canary node: present, inferred (you alone see it until you submit)"]
    for person in (other_analyst, reviewer, reader):
        assert "Canary node" not in str(lines(case, person))
        assert said(case, person, "Rating") == []


def test_a_held_label_that_was_taken_back_stays_its_raters_secret(case, analyst, reader):
    label = put_label(case, make_node(name="Canary node"), by=analyst, hold=True)
    labels.take_back_label(label=label, by=analyst, at=NOW)

    assert "Canary node" not in str(lines(case, reader))
    assert said(case, analyst, "Label")[0] == "Canary node: taken back"


def test_what_was_said_shows_from_the_submission_on(case, analyst, reader):
    put_label(case, make_node(name="Canary node"), by=analyst, hold=True, stance="absent")
    put_label(case, make_node(name="Second node"), by=analyst, hold=True, confidence=80)
    ratings.submit_rating(
        case=case, by=analyst, at=NOW, version=2, potential_severity=SeverityTier.objects.get(slug="high")
    )

    assert sorted(said(case, reader, "Label")) == [
        "Canary node: absent, inferred",
        "Second node: present, confidence 80, inferred",
    ]
    assert said(case, reader, "Rating") == [f"{analyst.name} submitted (potential severity High)"]


def test_a_blind_rater_sees_no_judgement_of_others(case, analyst, other_analyst, reviewer):
    put_label(case, make_node(name="Canary node"), by=analyst)
    ratings.stand_aside(case=case, by=reviewer, at=NOW)
    labels.adjudicate_label(
        case=case, node=make_node(name="Canary decision"), by=reviewer, at=NOW, applies=False, reason="Canary reason"
    )
    put_label(case, make_node(name="My own"), by=other_analyst, hold=True)

    seen = history_of(case, reader=other_analyst, blind=True)[0]

    assert "anary" not in str(seen)
    assert analyst.name not in str(seen)
    assert said(case, other_analyst, "Label", blind=True) == [
        "My own: present, inferred (you alone see it until you submit)"
    ]
    assert said(case, other_analyst, "Rating", blind=True) == [
        f"{other_analyst.name} is at work (you alone see it until you submit)"
    ]


def test_who_stood_aside_and_what_was_decided_is_told(case, reviewer, reader):
    ratings.stand_aside(case=case, by=reviewer, at=NOW)
    labels.adjudicate_label(
        case=case, node=make_node(name="Red"), by=reviewer, at=NOW, applies=False, reason="No transcript shows it."
    )

    assert said(case, reader, "Rating") == [f"{reviewer.name} stood aside to decide between the raters"]
    assert said(case, reader, "Decision") == ["Red: does not apply"]


def test_labels_from_before_ratings_were_kept_read_once_as_they_did(case, analyst, reader):
    """Such events name no time of submission; the migration's own event is nobody's doing."""
    label = Label.objects.create(case=case, node=make_node(name="Old node"), rater=analyst)
    copied = (
        "INSERT INTO registry_labelevent (pgh_created_at, pgh_label, pgh_obj_id, id, case_id, node_id, rater_id,"
        " stance, grounds, load_bearing, rationale, quote, version, created_at, updated_at, blind_stance,"
        " criteria_shown, submitted_at) SELECT %s, 'update', id, id, case_id, node_id, rater_id, 'unsure', grounds,"
        " load_bearing, '', '', 1, %s, %s, '', '{}', %s FROM registry_label WHERE id = %s"
    )
    with connection.cursor() as cursor:
        early = datetime(2020, 1, 1, tzinfo=UTC)
        cursor.execute(copied, [early, early, early, None, label.pk])
        cursor.execute(copied, [early, early, early, early, label.pk])

    assert said(case, reader, "Label") == ["Old node: unsure, inferred"]


def test_a_safeguard_reads_as_what_changed(case, reader):
    row = analysed.safeguard(case=case, technique=Node.objects.get(scheme__slug="technique", slug="rlhf"))
    Safeguard.objects.filter(pk=row.pk).update(deployed="yes", expected="yes", outcome="missed", how="Rewarded looks.")

    assert said(case, reader, "Safeguard")[-1].startswith(f"{row.technique.name}: deployed <del>unknown,")
    assert said(case, reader, "Safeguard")[-1].endswith("outcome missed. Rewarded looks.</ins>")


def test_a_mitigation_shows_from_when_it_answered_the_case(case, analyst, reader):
    other = make_case()
    row = analysed.mitigation(other, title="A second grader")
    with_owner = {"state": "accepted", "owner": analyst, "due_on": date(2027, 3, 1)}
    type(row).objects.filter(pk=row.pk).update(**with_owner)

    assert said(other, reader, "Mitigation")[-1] == (
        f"A second grader: <del>proposed</del> <ins>accepted, owner {analyst.name}, due 1 Mar 2027</ins>"
    )
    assert said(other, reader, "Mitigation for this case") == ["<ins>A second grader</ins>"]
    assert "grader" not in str(lines(case, reader))


def test_comments_are_told_of_without_their_text(case, analyst, reader):
    row = analysed.comment(case=case, author=analyst, text="Canary text")
    for values in (
        {"text": "Canary text again", "edited_at": NOW},
        {"resolved_at": NOW, "resolved_by": analyst},
        {"resolved_at": None, "resolved_by": None},
        {"removed_at": NOW, "removed_by": analyst},
    ):
        Comment.objects.filter(pk=row.pk).update(**values)

    told = sorted(said(case, reader, "Comment"))

    did = ("edited", "opened again", "removed", "resolved", "written")
    assert told == [f"By {analyst.name}: {word}" for word in did]
    assert "anary" not in str(history_of(case, reader=reader, blind=False))


def test_accepted_debt_says_who_carries_it_until_when(case, analyst, reader):
    row = analysed.accepted_debt(case=case, owner=analyst)
    type(row).objects.filter(pk=row.pk).update(ended_at=NOW, ended_by=analyst)

    assert sorted(said(case, reader, "Accepted debt")) == [
        f"{analyst.name} carries it no longer",
        f"{analyst.name} carries it until 1 Jan 2027",
    ]


def test_dates_read_as_dates(case, analyst, reader):
    case.due_on, case.warned_on = date(2026, 12, 1), date(2025, 1, 2)
    case.save()

    assert lines(case, reader)[:2] == [("Warned on", "<ins>2 Jan 2025</ins>"), ("Due on", "<ins>1 Dec 2026</ins>")]


def test_what_is_said_of_a_field_names_the_event_that_held_it_before(case, analyst, reader):
    cases.edit_case(case=case, by=analyst, at=NOW, version=1, root_cause="The reward could be edited.")

    change = history_of(case, reader=reader, blind=False)[0][0].changes[0]

    assert (change.field, change.held_by) == ("root_cause", case.events.order_by("pgh_id").first().pgh_id)


@pytest.mark.parametrize("n", [1, 30])
def test_history_query_count(case, reader, django_assert_num_queries, n):
    for _ in range(n):
        put_label(case, make_node())
        analysed.comment(case=case)
        analysed.safeguard(case=case, technique=analysed.node_of_kind("technique"))

    with django_assert_num_queries(3):
        history_of(case, reader=reader, blind=False)
