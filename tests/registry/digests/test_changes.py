"""Differences between two moments of a case, in words."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from registry.actions import cases, labels
from registry.choices import Status, Visibility
from registry.digests import changes
from registry.digests.content import Difference
from registry.models import Case
from registry.web.history import history_of
from taxonomy.models import SeverityTier
from tests.factories import adjudicate, label, make_case, make_node, make_person
from tests.registry.digests.builders import END, START

pytestmark = pytest.mark.django_db

BEFORE, DURING, AFTER = START - timedelta(days=1), START + timedelta(days=1), END + timedelta(hours=1)


@pytest.fixture
def case(other_analyst):
    old = {"created_at": BEFORE, "updated_at": BEFORE, "reported_at": BEFORE}
    return make_case(status=Status.ANALYSIS, owner=other_analyst, **old)


def edit(case, *, at=DURING, **values):
    return cases.edit_case(case=case, by=make_person(), at=at, version=Case.objects.get(pk=case.pk).version, **values)


def told(case, *, reader, labels=None):
    found = changes.differences([case], start=START, end=END, labels=labels or {}, reader=reader)
    return found[case.pk]


def changed(labels=None):
    return list(changes.changed_cases(Case.objects.all(), start=START, end=END, labels=labels or {}))


def test_short_values_are_told_before_and_after(case, noor):
    edit(case, owner=noor, potential_severity=SeverityTier.objects.get(slug="high"), title="Agent loosens a test")

    assert told(case, reader=noor) == (
        Difference("Potential severity", "not assessed", "high"),
        Difference("Owner", "Jonas Weber", "you"),
        Difference("Title", f"“{case.title}”", "“Agent loosens a test”"),
    )


def test_long_texts_are_named_not_quoted(case, noor):
    edit(case, context="A build farm.", root_cause="A reward.", observed_behaviour="Something else.")

    assert told(case, reader=noor) == (
        Difference(said="The context and root cause were written."),
        Difference(said="The observed behaviour was rewritten."),
    )


def test_a_date_is_told_as_exactly_as_it_is_known(case, noor):
    edit(case, occurred_from=date(2026, 11, 1), occurred_precision="month")

    assert told(case, reader=noor) == (Difference("Occurred", "12 November 2026", "November 2026"),)


def test_what_was_changed_and_changed_back_is_no_difference(case, noor):
    edit(case, context="A build farm.")
    edit(case, context="")

    assert (changed(), told(case, reader=noor)) == ([case], ())


def test_only_changes_within_the_period_count(case, noor):
    edit(case, context="A build farm.")
    edit(case, context="A build farm, later.", root_cause="Too late.", at=AFTER)

    assert changed() == [case]
    assert told(case, reader=noor) == (Difference(said="The context was written."),)


def test_a_case_changed_only_before_or_after_is_not_changed(case):
    edit(case, context="Earlier.", at=BEFORE)
    edit(case, context="Later.", at=AFTER)

    assert changed() == []


def test_a_case_that_was_restricted_tells_nothing_of_that_time(case, noor):
    edit(case, visibility=Visibility.NAMED, title="SECRET title", at=BEFORE)
    edit(case, visibility=Visibility.EVERYONE, title="Agent loosens a test")

    assert told(case, reader=noor) == (Difference(said="Opened to everyone signed in."),)


def test_labels_that_were_agreed_and_are_no_longer_are_told(noor):
    # Deletions carry the clock of the database, so this period lies around now.
    now = timezone.now()
    period = {"start": now - timedelta(hours=1), "end": now + timedelta(hours=1)}
    case, kept, taken, brief = make_case(), make_node("kept"), make_node("taken"), make_node("brief")
    label(case, kept, by=noor, at=now)
    for node, agreed_at in ((taken, now - timedelta(days=2)), (brief, now)):
        rater = make_person()
        own = label(case, node, by=rater, at=agreed_at)
        labels.take_back_label(label=own, by=rater, at=now)

    found = changes.label_changes(reader=noor, **period)

    assert found == {case.pk: ({kept.pk}, {taken.pk})}
    said = changes.differences([case], labels=found, reader=noor, **period)[case.pk]
    assert said == (
        Difference(said="Label agreed: Kept (Colours)."),
        Difference(said="Label no longer agreed: Taken (Colours)."),
    )


def test_a_blind_reader_learns_nothing_of_what_raters_agreed_on(noor, reader):
    now, case, node, published = timezone.now(), make_case(), make_node("secret"), make_node("published")
    period = {"start": now - timedelta(hours=1), "end": now + timedelta(hours=1)}
    label(case, node, at=now)
    adjudicate(case, published, at=now)

    found = changes.label_changes(reader=noor, **period)

    assert found == {case.pk: ({published.pk}, set())}
    assert changes.label_changes(reader=reader, **period) == {case.pk: ({published.pk, node.pk}, set())}


def test_what_a_rater_holds_is_no_change_for_anybody(noor, reader):
    now, case, node = timezone.now(), make_case(), make_node("held")
    label(case, node, by=noor, at=now, hold=True)

    for person in (noor, reader):
        assert changes.label_changes(start=now - timedelta(hours=1), end=now + timedelta(hours=1), reader=person) == {}


def test_adjudicating_again_with_the_same_answer_is_no_change(reviewer):
    now, case, node = timezone.now(), make_case(), make_node("same")
    label(case, node, at=now - timedelta(days=2))
    adjudicate(case, node, by=reviewer, at=now)

    assert changes.label_changes(start=now - timedelta(hours=1), end=now + timedelta(hours=1), reader=reviewer) == {}


def test_the_mail_says_a_change_in_the_words_of_the_history_page(case, noor, reader):
    values = {"status": Status.ANALYSIS, "kind": "near-miss", "stage": "deployment", "due_on": date(2026, 12, 1)}
    Case.objects.filter(pk=case.pk).update(**values, potential_severity=3, reviewer=noor, updated_at=DURING, version=2)

    mailed = {change.field: change.after for change in told(case, reader=reader)}

    entries, _ = history_of(Case.objects.get(pk=case.pk), reader=reader, blind=False)
    shown = {
        change.name: re.search("<ins>(.+)</ins>", change.marked)[1] for change in entries[0].changes if change.field
    }
    assert {name: words.lower() for name, words in mailed.items()} == {
        name: words.lower() for name, words in shown.items()
    }
    assert mailed["Due on"] == "1 Dec 2026"


def test_a_case_that_changed_in_many_ways_is_told_in_a_few(case, noor):
    fields = ("locus", "predictability", "human_gap", "outer_gap", "inner_gap")
    choices = dict(zip(fields, ("both", "unknown", "broken", "broken", "broken"), strict=True))
    Case.objects.filter(pk=case.pk).update(
        **choices, kind="near-miss", stage="evaluation", triage="misuse", scope="core", updated_at=DURING, version=2
    )

    said = told(case, reader=noor)

    assert (len(said), said[-1]) == (changes.MOST_DIFFERENCES + 1, Difference(said="And 1 more change."))


def test_many_labels_are_told_as_the_first_few(case, reader):
    now = timezone.now()
    period = {"start": now - timedelta(hours=1), "end": now + timedelta(hours=1)}
    nodes = {case.pk: ({make_node(f"label-{number}").pk for number in range(8)}, set())}

    said = changes.differences([case], labels=nodes, reader=reader, **period)[case.pk]

    assert said[-1].said.endswith("Label-5 (Colours) and 2 more.")
