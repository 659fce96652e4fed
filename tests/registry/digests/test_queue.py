"""What waits for one reader, and what they owe."""

from datetime import timedelta

import pytest

from registry.actions import cases
from registry.choices import Status, Visibility
from registry.digests.content import Debt
from registry.digests.queue import debt_of, queue_of
from registry.models import Rating
from registry.web.queues import waiting_for
from taxonomy.models import Node, SeverityTier
from tests import analysed
from tests.clock import database_clock
from tests.factories import label, make_case, make_draft, make_person
from tests.registry.digests.builders import BEFORE, DURING, END, START, WEEK, analysed_at, case_at

pytestmark = pytest.mark.django_db


def queue(person):
    return queue_of(person, time_zone="UTC")


def test_the_queue_names_what_waits_for_this_reader(noor, analyst):
    case_at(BEFORE, status=Status.ANALYSIS, owner=noor)
    case_at(DURING, status=Status.ANALYSIS, owner=noor)
    case_at(BEFORE, status=Status.REVIEW, owner=analyst)
    case_at(BEFORE, status=Status.REVIEW, owner=analyst, reporter=noor)
    case_at(BEFORE, status=Status.REVIEW, owner=noor)
    case_at(BEFORE)
    case_at(BEFORE, owner=noor)
    begun = case_at(BEFORE, status=Status.ANALYSIS, owner=analyst)
    label(begun, Node.objects.get(slug="volition-based"), by=noor, at=DURING, hold=True)
    make_draft(noor)
    make_case(status=Status.DRAFT, reporter=noor)

    assert queue(noor) == (
        (
            "To analyse: 2 cases of yours, the longest untouched since 14 November.",
            "To review: 1 case.",
            "To rate: 1 case that you began.",
            "To accept: 1 case that you claimed in triage.",
            "In triage without an owner: 1 case.",
            "Not submitted yet: 2 drafts.",
        ),
        7,
    )
    assert Rating.objects.filter(rater=noor).exists()
    assert waiting_for(noor)[1] == 7


def test_a_reader_without_duties_has_an_empty_queue(reader):
    case_at(BEFORE)

    assert queue(reader) == (("Nothing waits for you.",), 0)


@pytest.fixture
def clock():
    with database_clock(START - WEEK) as clock:
        yield clock


def owned(person, clock, at, **values):
    """A case of this person, high in potential, of which all but the title and what was seen is missing."""
    clock.set(at)
    high = SeverityTier.objects.get(slug="high")
    return case_at(at, status=Status.ANALYSIS, owner=person, potential_severity=high, **values)


def debt(person):
    return debt_of(person, start=START, end=END)


def high_weight():
    return float(SeverityTier.objects.get(slug="high").debt_weight)


def test_who_owes_nothing_is_told_nothing_of_debt(noor, clock):
    owned(make_person(), clock, START - WEEK)

    assert debt(noor) is None


def test_debt_is_told_with_its_change_and_the_step_that_takes_off_most(noor, clock):
    cause = Node.objects.get(slug="volition-based")
    owned(noor, clock, START - WEEK)
    nearly = analysed_at(START - WEEK, cause=cause, status=Status.ANALYSIS, owner=noor, root_cause="")
    weight = high_weight()
    missing = 10  # seven fields, realised severity, cause, predictability

    assert debt(noor) == Debt(
        f"Your debt is {2 * weight * (missing + 1):g}, up {weight * (missing + 1):g}.",
        reference=nearly.reference,
        url=f"http://localhost:8000/cases/{nearly.reference}/",
        step=f"−{2 * weight:g}: write the root cause",
    )


def test_what_was_written_since_brings_the_debt_down(noor, clock):
    cause = Node.objects.get(slug="volition-based")
    fields = {"root_cause": "", "context": "", "alignment_lesson": ""}
    case = analysed_at(START - WEEK, cause=cause, status=Status.ANALYSIS, owner=noor, **fields)
    clock.set(END - timedelta(hours=1))
    cases.edit_case(case=case, by=noor, at=END, version=1, root_cause="A reward.", context="A farm.")

    told = debt(noor)

    assert told.said == f"Your debt is {2 * high_weight():g}, down {high_weight():g}."
    assert told.step == f"−{2 * high_weight():g}: write the alignment lesson"


def test_what_was_handed_on_since_was_owed_before(noor, clock):
    handed_on = owned(noor, clock, START - WEEK)
    clock.set(DURING)
    cases.edit_case(case=handed_on, by=noor, at=DURING, version=1, owner=make_person())

    assert debt(noor) == Debt(f"Your debt is 0, down {10 * high_weight():g}.")


def test_the_step_of_a_restricted_case_is_not_told_but_its_debt_counts(noor, clock):
    owned(noor, clock, START - WEEK, visibility=Visibility.NAMED)

    assert debt(noor) == Debt(f"Your debt is {20 * high_weight():g}, up {10 * high_weight():g}.")


def test_accepted_debt_is_not_counted(noor, clock):
    case = owned(noor, clock, START - WEEK)
    analysed.accepted_debt(case=case, owner=noor, accepted_at=START - WEEK)

    assert debt(noor) is None
