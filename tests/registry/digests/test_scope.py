"""What a subscription follows, for its reader, now."""

import pytest
from django.http import QueryDict

from registry.choices import About, RatingState, Role, Status, Visibility
from registry.digests.scope import scope_of
from registry.filters import CaseFilterSet
from registry.models import CaseReader, Classification, Rating, Subscription
from tests.factories import (
    NOW,
    agree,
    label,
    make_case,
    make_node,
    make_person,
    make_scheme,
    make_system,
    make_team,
    make_view,
)

pytestmark = pytest.mark.django_db

CASES = "http://localhost:8000/cases/"


def follow(person, about=About.EVERYTHING, **values):
    return scope_of(Subscription(person=person, about=about, created_at=NOW, **values))


def told(scope):
    return scope.words, scope.url, scope.query, scope.why_gone


def test_everything_is_what_the_reader_may_see_without_drafts_and_merged_cases(reader):
    open_case, kept = make_case(), make_case(visibility=Visibility.NAMED)
    CaseReader.objects.create(case=kept, person=reader)
    make_case(visibility=Visibility.NAMED)
    make_case(status=Status.DRAFT, reporter=reader)
    make_case(status=Status.WITHDRAWN, merged_into=open_case)

    scope = follow(reader)

    assert set(scope.cases) == {open_case, kept}
    assert told(scope) == ("Everything", f"{CASES}?view=all", "", "")
    assert (scope.reader, scope.nodes, scope.gone) == (reader, None, False)


def test_a_team_is_told_of_cases_open_to_everyone_only_whoever_asked_for_it():
    member = make_person()
    team = make_team(member)
    open_case = make_case()
    make_case(visibility=Visibility.TEAM, team=team)
    make_case(visibility=Visibility.NAMED, owner=member, status=Status.ANALYSIS)

    scope = follow(member, team=team)

    assert (set(scope.cases), scope.reader) == ({open_case}, None)


def test_a_view_is_its_filters_without_its_order(reader, analyst):
    found, _ = make_case(kind="finding"), make_case()
    view = make_view(analyst, "Findings", query="kind=finding&ordering=-severity", shared=True)

    scope = follow(reader, About.VIEW, view=view)

    assert list(scope.cases) == [found]
    assert not scope.cases.ordered
    assert told(scope) == ("View “Findings”", f"{CASES}?kind=finding", "kind=finding", "")


def test_me_in_a_shared_view_is_whoever_reads_it_and_nobody_for_a_team(analyst, other_analyst):
    mine, _ = (make_case(owner=person, status=Status.ANALYSIS) for person in (other_analyst, analyst))
    view = make_view(analyst, query="owner=me", shared=True)

    assert list(follow(other_analyst, About.VIEW, view=view).cases) == [mine]
    assert list(follow(other_analyst, About.VIEW, view=view, team=make_team(other_analyst)).cases) == []


@pytest.mark.parametrize("query", ["occurred__gte=-30d", "owner=me", "has=links"])
def test_no_population_stands_for_a_view_that_differs_by_day_or_by_reader(analyst, query):
    scope = follow(analyst, About.VIEW, view=make_view(analyst, query=query))

    assert (scope.query, scope.gone) == (None, False)


def test_every_run_tells_of_a_view_without_filters(analyst):
    scope = follow(analyst, About.VIEW, view=make_view(analyst, "All", query="ordering=-severity"))

    assert told(scope) == ("View “All”", f"{CASES}?view=all", "", "")


def test_a_view_that_was_deleted_or_is_not_shared_any_more_is_gone_and_says_nothing_of_it(reader, analyst):
    make_case()
    view = make_view(analyst, "Secret plans", query="kind=incident")
    gone = "The view that this digest followed was deleted or is not shared any more."

    for scope in (
        follow(reader, About.VIEW),
        follow(reader, About.VIEW, view=view),
        follow(analyst, About.VIEW, view=view, team=make_team(analyst)),
    ):
        assert (scope.gone, scope.why_gone, scope.words, list(scope.cases)) == (True, gone, "View", [])
        assert scope.url == CASES


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("colour=red", "colour: there is no such filter."),
        ("label=left-over", "label: There is no node “left-over”."),
    ],
)
def test_a_view_that_cannot_be_read_any_more_is_gone_with_the_reason(analyst, query, problem):
    make_case()

    scope = follow(analyst, About.VIEW, view=make_view(analyst, "Old", query=query))

    assert scope.why_gone == f"The view “Old” cannot be read any more: {problem}"
    assert list(scope.cases) == []


def test_a_branch_is_its_node_and_all_below(reader):
    top = make_node("top")
    child = make_node("child", parent=top, name="Child")
    grandchild = make_node("grandchild", parent=child)
    leaf = make_node("leaf", parent=top, name="Leaf", order=1)
    inside = [make_case(nodes=[node]) for node in (top, child, grandchild, leaf)]
    make_case(nodes=[make_node("beside")])

    scope = follow(reader, About.BRANCH, node=top)

    assert set(scope.cases) == set(inside)
    assert told(scope) == ("Branch Top", f"{CASES}?label=colours:top", "", "")
    assert scope.nodes == {top.pk, child.pk, grandchild.pk, leaf.pk}
    assert scope.parts == (("Child", {child.pk, grandchild.pk}), ("Leaf", {leaf.pk}))


def test_the_address_of_a_branch_and_of_a_system_list_the_same_cases(reader):
    node = make_node("top", scheme=make_scheme("odd-words"))
    system = make_system("Größe & Co = 5")
    make_case(nodes=[node])

    for scope in (follow(reader, About.BRANCH, node=node), follow(reader, About.SYSTEM, system=system)):
        listed = CaseFilterSet(QueryDict(scope.url.partition("?")[2]), queryset=scope.cases.model.objects.all())
        assert listed.is_valid()
        assert list(listed.qs) == list(scope.cases) != []


def test_a_rater_who_is_blind_to_a_case_does_not_learn_that_it_lies_in_a_branch(analyst, reader):
    node = make_node("top")
    case = make_case(status=Status.ANALYSIS)
    Classification.objects.create(case=case, node=node, method="majority", decided_at=NOW)
    case.refresh_from_db()

    assert list(follow(reader, About.BRANCH, node=node).cases) == [case]
    assert list(follow(analyst, About.BRANCH, node=node).cases) == []
    assert list(follow(reader, About.BRANCH, node=node, team=make_team(reader)).cases) == []


def test_a_retired_branch_is_followed_while_cases_carry_it(reader):
    node = make_node("top", retired_at=NOW)
    case = make_case(nodes=[node])

    scope = follow(reader, About.BRANCH, node=node)

    assert (scope.words, scope.gone, list(scope.cases)) == ("Branch Top (retired)", False, [case])


def test_a_retired_branch_without_cases_is_gone_and_names_what_replaced_it(reader):
    node = make_node("top", retired_at=NOW, replaced_by=make_node("other"))

    scope = follow(reader, About.BRANCH, node=node)

    assert scope.why_gone == (
        "“Top” was retired, and no case that this digest may tell of carries it any more; use “Other” instead."
    )


def test_a_branch_in_use_without_cases_is_not_gone(reader):
    assert not follow(reader, About.BRANCH, node=make_node("top")).gone


def test_a_system_is_followed_by_its_name(reader):
    case = make_case()
    system = make_system("Frontier", case)
    make_case()

    scope = follow(reader, About.SYSTEM, system=system)

    assert list(scope.cases) == [case]
    assert told(scope) == ("System Frontier", f"{CASES}?system=Frontier", "system=Frontier", "")


def test_a_system_that_no_case_names_to_this_reader_is_gone_and_not_named(reader, analyst):
    kept = make_case(visibility=Visibility.NAMED)
    CaseReader.objects.create(case=kept, person=analyst)
    system = make_system("Secret", kept)

    theirs, gone = (follow(person, About.SYSTEM, system=system) for person in (analyst, reader))

    assert (theirs.words, theirs.gone, theirs.query) == ("System Secret", False, None)
    assert told(gone) == (
        "System",
        CASES,
        None,
        "No case that this digest may tell of names the system that it followed any more.",
    )


def test_a_queue_is_what_its_reader_reported_owns_reviewed_and_is_to_review_or_rate(reviewer):
    other = make_person()
    theirs = [
        make_case(reporter=reviewer),
        make_case(status=Status.ANALYSIS, owner=reviewer),
        make_case(status=Status.CLOSED, owner=other, reviewer=reviewer),
        make_case(status=Status.REVIEW, owner=other),
    ]
    rated = make_case(status=Status.ANALYSIS, owner=other)
    Rating.objects.create(case=rated, rater=reviewer, created_at=NOW, updated_at=NOW)
    make_case(status=Status.ANALYSIS, owner=other)
    make_case(status=Status.DRAFT, reporter=reviewer)

    scope = follow(reviewer, About.QUEUE)

    assert set(scope.cases) == {*theirs, rated}
    assert told(scope) == ("Your queue", "http://localhost:8000/", None, "")


def test_what_waits_for_review_is_in_no_queue_of_those_who_do_not_review(analyst):
    make_case(status=Status.REVIEW)

    assert list(follow(analyst, About.QUEUE).cases) == []


def test_a_rating_that_was_handed_in_waits_no_more(analyst):
    case = make_case(status=Status.ANALYSIS)
    label(case, make_node(), by=analyst)

    assert Rating.objects.get(rater=analyst).state == RatingState.SUBMITTED
    assert list(follow(analyst, About.QUEUE).cases) == []


@pytest.mark.parametrize(
    ("about", "n_queries"),
    [(About.EVERYTHING, 0), (About.VIEW, 2), (About.BRANCH, 2), (About.SYSTEM, 3), (About.QUEUE, 0)],
)
def test_finding_out_what_is_followed_takes_few_queries(about, n_queries, django_assert_num_queries):
    node = make_node("top")
    for _ in range(5):
        agree(make_case(), make_node(parent=node))
    person = make_person(role=Role.REVIEWER)
    what = {
        About.VIEW: {"view": make_view(person, query="label=colours%3Atop&kind=incident")},
        About.BRANCH: {"node": node},
        About.SYSTEM: {"system": make_system("Frontier")},
    }

    with django_assert_num_queries(n_queries):
        follow(person, about, **what.get(about, {}))
