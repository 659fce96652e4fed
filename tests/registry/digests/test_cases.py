"""The cases a digest lists: new, changed, merged and closed ones."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from registry.actions import cases, merges
from registry.choices import Status, Visibility
from registry.digests.cases import MOST_CASES, changed_and_merged_cases, closed_cases, new_cases
from registry.digests.content import CaseLine, Difference
from registry.digests.scope import scope_of
from registry.filters import CaseFilterSet
from registry.models import Case, CaseReader
from taxonomy.models import Node, SeverityTier
from tests.factories import make_case, make_person, make_team
from tests.registry.digests.builders import (
    BEFORE,
    DURING,
    END,
    START,
    analysed_at,
    case_at,
    make_subscription,
    references,
)

pytestmark = pytest.mark.django_db

PERIOD = {"start": START, "end": END}


@pytest.fixture
def scope(subscription):
    return scope_of(subscription)


def url_of(case):
    return f"http://localhost:8000/cases/{case.reference}/"


def restricted(at, *, to, severity=None, **values):
    """A case for named people, `to` among them."""
    tier = SeverityTier.objects.get(slug=severity) if severity else None
    case = case_at(at, visibility=Visibility.NAMED, potential_severity=tier, **values)
    CaseReader.objects.create(case=case, person=to)
    return case


def merge(kept, *others, by, at=DURING):
    for other in others:
        merges.merge_cases(kept=Case.objects.get(pk=kept.pk), merged=other, by=by, at=at, reason="The same event.")


def test_the_severity_of_a_restricted_case_is_neither_counted_nor_seen_from_its_place(scope, noor):
    first = restricted(DURING, to=noor, severity="critical")
    second = restricted(DURING, to=noor, severity="low")
    mild = case_at(DURING, potential_severity=SeverityTier.objects.get(slug="low"))

    new, ranks = new_cases(scope, **PERIOD)

    assert references(new) == [mild.reference, second.reference, first.reference]
    assert (new.total, ranks) == (3, {1: 1})


def test_the_rest_of_a_list_is_behind_its_address(scope, noor):
    for _ in range(MOST_CASES + 2):
        case_at(DURING)
    case_at(BEFORE)

    new, _ = new_cases(scope, **PERIOD)
    found = CaseFilterSet(QueryDict(new.url.partition("?")[2]), queryset=scope.cases, person=noor)

    assert found.is_valid()
    assert (len(new.lines), new.more, found.qs.count()) == (MOST_CASES, 2, new.total)


def test_a_closed_case_says_who_approved_it_and_what_it_lacks(scope, analyst, noor):
    cause = Node.objects.get(slug="volition-based")
    reviewer = make_person(role="reviewer", name="Priya Raman")
    whole, bare = (analysed_at(BEFORE, cause=cause, status=Status.REVIEW, owner=analyst) for _ in range(2))
    Case.objects.filter(pk=bare.pk).update(root_cause="", predictability="")
    bare.classifications.all().delete()
    cases.approve_case(case=whole, by=noor, at=DURING)
    cases.approve_case(case=Case.objects.get(pk=bare.pk), by=reviewer, at=DURING)

    closed = closed_cases(scope, **PERIOD)

    assert [line.summary for line in closed.lines] == [
        "Approved by Priya Raman; root cause, a cause of misalignment and predictability are missing.",
        "Approved by you; nothing is missing.",
    ]


def test_a_merge_is_told_of_the_case_that_was_kept_with_what_it_took_over(scope, analyst):
    kept = case_at(BEFORE, title="A robot drops the cup", status=Status.ANALYSIS, owner=analyst)
    one, two = case_at(BEFORE, context="A kitchen."), case_at(BEFORE)
    merge(kept, one, two, by=analyst)

    changed, merged = changed_and_merged_cases(scope, **PERIOD)

    assert changed.total == 0
    assert merged.lines == (
        CaseLine(
            kept.reference,
            url_of(kept),
            title="A robot drops the cup",
            summary=f"{one.reference} and {two.reference} were merged into it.",
            differences=(Difference(said="The context was written."),),
        ),
    )


def test_a_merge_is_followed_to_where_the_case_lives_now(scope, analyst):
    first, second, last = (case_at(BEFORE) for _ in range(3))
    merge(second, first, by=analyst)
    merge(last, Case.objects.get(pk=second.pk), by=analyst, at=END + timedelta(minutes=5))

    _, merged = changed_and_merged_cases(scope, **PERIOD)

    assert [(line.reference, line.summary) for line in merged.lines] == [
        (last.reference, f"{first.reference} was merged into it.")
    ]


def test_a_merge_into_a_restricted_case_is_numbers_to_those_who_see_it_and_nothing_to_others(scope, noor, analyst):
    seen, hidden = (case_at(BEFORE, status=Status.ANALYSIS, owner=analyst, title="CANARY one") for _ in range(2))
    for kept in (seen, hidden):
        merge(kept, case_at(BEFORE, owner=analyst, status=Status.ANALYSIS), by=analyst)
    Case.objects.filter(merged_into=None).update(visibility=Visibility.NAMED)
    CaseReader.objects.create(case=seen, person=noor)

    _, merged = changed_and_merged_cases(scope, **PERIOD)

    number = seen.merged_cases.get().reference
    assert merged.lines == (
        CaseLine(seen.reference, url_of(seen), restricted=f"restricted; {number} was merged into it"),
    )


def test_a_team_is_not_told_the_number_of_a_restricted_case_that_was_merged(analyst):
    team_scope = scope_of(make_subscription(person=analyst, team=make_team(analyst)))
    kept, other = (case_at(BEFORE, status=Status.ANALYSIS, owner=analyst) for _ in range(2))
    merge(kept, other, by=analyst)
    Case.objects.filter(pk=other.pk).update(visibility=Visibility.NAMED)

    _, merged = changed_and_merged_cases(team_scope, **PERIOD)

    assert merged.total == 0


def test_a_merge_that_was_taken_back_is_not_told(scope, analyst):
    kept, other = case_at(BEFORE), case_at(BEFORE)
    merge(kept, other, by=analyst)
    merges.unmerge_cases(merge=kept.merges.get(), by=analyst, at=DURING)

    changed, merged = changed_and_merged_cases(scope, **PERIOD)

    assert merged.total == 0
    assert {line.differences for line in changed.lines} == {(Difference(said="Saved, and reads as it did before."),)}


def test_what_stands_beside_a_case_is_a_change_of_it(scope, analyst):
    case = make_case(created_at=BEFORE, updated_at=BEFORE, reported_at=BEFORE)
    cases.edit_case(case=case, by=analyst, at=DURING, version=1, systems=[("GPT-5", "")])

    changed, _ = changed_and_merged_cases(scope, **PERIOD)

    assert changed.lines[0].differences == (Difference(said="Changed beside it: systems."),)


def test_what_a_case_said_while_it_was_restricted_is_not_told(scope, analyst):
    case = case_at(BEFORE, status=Status.ANALYSIS, owner=analyst)
    Case.objects.filter(pk=case.pk).update(
        title="CANARY of that time", visibility=Visibility.NAMED, updated_at=DURING, version=2
    )
    Case.objects.filter(pk=case.pk).update(
        title="Agent edits a test", visibility=Visibility.EVERYONE, updated_at=END + timedelta(minutes=1), version=3
    )

    changed, _ = changed_and_merged_cases(scope, **PERIOD)

    assert changed.lines[0].differences == (Difference(said="Changed while not everybody could see it."),)
