"""Runs over some of the cases: what they count, what they are compared with, and what nobody learns from them."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from registry import access
from registry.choices import LabelRule, Movement, Status, Visibility
from registry.filters import CaseFilterSet
from registry.models import Case, EventGroup, ExternalId, PatternNode, PatternPair, PatternRun, Population
from registry.patterns import populations
from registry.patterns.recompute import _recompute, run_to_compare_with
from registry.patterns.rules import Rules
from tests.factories import NOW, label, make_case, make_cases, make_node, make_person, make_scheme
from tests.registry.patterns.runs import numbers_of, run_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def nodes():
    return make_node("red", scheme=make_scheme("colours")), make_node("sweet", scheme=make_scheme("tastes"))


def make_population(query="", rule=LabelRule.AGREED):
    return Population.objects.create(label_rule=rule, query=query, asked_by=make_person(), created_at=NOW)


def k_of(run, node):
    return PatternNode.objects.get(run=run, node=node).k


def numbered(cases, source="aiid"):
    ExternalId.objects.bulk_create(ExternalId(case=case, source=source, value=str(case.pk)) for case in cases)


# Words


@pytest.mark.parametrize(
    ("rule", "query", "words"),
    [
        ("adjudicated", "", "Every case, adjudicated labels only"),
        ("any", "kind=near-miss", "Kind: Near miss, every label a rater submitted"),
        (
            "agreed",
            "label=colours:red&occurred__gte=2024-01-01&source__not=aiid",
            "Any label of: colours:red; Occurred from: 2024-01-01; Not in database: aiid, agreed labels",
        ),
    ],
)
def test_a_population_reads_as_its_filters_and_its_rule(django_assert_num_queries, rule, query, words):
    population = Population(label_rule=rule, query=query)

    with django_assert_num_queries(0):
        assert populations.words_of(population) == words


def test_the_population_of_most_runs_is_every_case():
    assert populations.words_of(None) == "Every case, agreed labels"


# Which cases


def test_a_population_holds_the_counted_cases_that_its_filters_find():
    here, there = make_cases(2, kind="incident")
    numbered([there])
    make_case(kind="near-miss")
    make_case(kind="incident", visibility=Visibility.NAMED)
    make_case(kind="incident", status=Status.WITHDRAWN)

    assert list(populations.cases_of(Population(query="kind=incident&source__not=aiid"))) == [here]
    assert set(populations.cases_of(Population(query="kind=incident"))) == {here, there}
    assert set(populations.cases_of(None)) == set(access.counted_cases())


def test_reports_of_one_event_are_one_event():
    group = EventGroup.objects.create(name="One event")
    make_cases(3, event_group=group, kind="near-miss")
    make_case(kind="near-miss", event_group=EventGroup.objects.create(name="Another"))
    make_cases(2, kind="near-miss")
    make_case()

    assert populations.size_of(Population(query="kind=near-miss")) == (6, 4)
    assert populations.size_of(None) == (7, 5)


def test_a_filter_that_lost_its_meaning_is_not_left_out(nodes):
    population = make_population("label=colours:red")
    nodes[0].slug = "crimson"
    nodes[0].save()

    with pytest.raises(ValidationError):
        populations.cases_of(population)


def test_who_asked_makes_no_difference_to_a_label_that_not_everybody_may_know(nodes):
    case = make_case(status=Status.ANALYSIS)
    label(case, nodes[0])
    population = Population(query="label=colours:red")

    before = list(populations.cases_of(population))
    Case.objects.filter(pk=case.pk).update(status=Status.CLOSED, closed_at=NOW)

    assert (before, list(populations.cases_of(population))) == ([], [case])


# Runs


def test_a_run_says_what_it_counts(nodes):
    make_cases(12, nodes=nodes, kind="near-miss")
    make_cases(5, nodes=nodes)
    population = make_population("kind=near-miss")

    run = run_now(population=population)

    assert (run.population, run.label_rule, run.n_cases, k_of(run, nodes[0])) == (population, "agreed", 12, 12)


def test_a_run_over_few_events_is_refused(nodes):
    make_cases(9, nodes=nodes, kind="near-miss")
    make_case(nodes=nodes)

    refused = _recompute(at=NOW, rules=Rules(), started=0.0, population=make_population("kind=near-miss"))

    assert (refused, PatternRun.objects.count()) == ({"run": None, "too_few": 9}, 0)


def test_runs_are_compared_within_their_population_only(nodes):
    make_cases(12, nodes=nodes)
    population, week = make_population("kind=incident"), timedelta(days=8)
    standard, first = run_now(), run_now(population=population)
    make_case(nodes=nodes)

    second = run_now(at=NOW + week, population=population)
    standard_again = run_now(at=NOW + week)

    assert (first.compared_with, second.compared_with) == (None, first)
    assert (standard.compared_with, standard_again.compared_with) == (None, standard)
    assert run_to_compare_with(at=NOW + 2 * week, population=population) == second
    assert list(PatternRun.objects.standard()) == [standard_again, standard]


def test_what_is_flagged_everywhere_is_new_where_it_was_not_counted_before(nodes):
    make_cases(30, nodes=nodes)
    make_cases(10, nodes=[make_node(scheme=node.scheme) for node in nodes])
    run_now()

    run = run_now(population=make_population("kind=incident"))

    pair = PatternPair.objects.get(run=run, node_a=nodes[0], node_b=nodes[1])
    assert (pair.flagged, pair.movement, pair.joint_before, pair.first_flagged) == (
        True,
        Movement.NEW,
        None,
        run.pk,
    )


def test_the_same_cases_counted_again_make_no_second_run(nodes):
    make_cases(12, nodes=nodes)
    population = make_population("kind=incident")
    run = run_now(population=population)

    assert run_now(population=population) == run


def test_a_run_of_every_case_by_any_label_counts_what_one_rater_said(nodes):
    cases = make_cases(12, status=Status.ANALYSIS, nodes=nodes[:1])
    for stance in ("present", "absent", "absent"):
        label(cases[0], nodes[1], stance=stance)
    Case.objects.filter(pk=cases[0].pk).update(status=Status.CLOSED, closed_at=NOW)

    run = run_now(population=make_population(rule=LabelRule.ANY))

    assert (k_of(run, nodes[0]), k_of(run, nodes[1]), k_of(run_now(), nodes[1])) == (12, 1, 0)


def test_the_number_of_an_unflagged_pair_opens_the_cases_of_its_population(nodes):
    cases = make_cases(12, nodes=nodes, kind="near-miss")
    make_cases(4, nodes=nodes)
    run = run_now(population=make_population("kind=near-miss"))
    pair = PatternPair.objects.get(run=run, node_a=nodes[0], node_b=nodes[1])

    found = CaseFilterSet({"pair": pair.pk}, queryset=Case.objects.all()).qs

    assert (pair.joint, pair.case_ids, set(found)) == (12, [], set(cases))


# What nobody learns


QUERIES = ["", "kind=incident", "label=colours:red", "label__none=colours:red", "missing=evidence", "source__not=aiid"]


@pytest.mark.parametrize("rule", LabelRule.values)
def test_a_restricted_case_changes_no_number_of_any_population(nodes, rule):
    make_cases(12, nodes=nodes)
    asked = [make_population(query, rule) for query in QUERIES if query or rule != LabelRule.AGREED]
    sizes = [populations.size_of(population) for population in asked]
    runs = {
        population: run_now(population=population) for population in asked if populations.size_of(population)[1] > 9
    }

    for status in (Status.ANALYSIS, Status.CLOSED):
        hidden = make_case(nodes=nodes, status=status, visibility=Visibility.NAMED)
        label(Case.objects.get(pk=hidden.pk), nodes[1]) if status == Status.ANALYSIS else None

    assert [populations.size_of(population) for population in asked] == sizes
    assert {population: run_now(population=population) for population in runs} == runs
    assert len(runs) >= 3


@pytest.mark.parametrize("rule", LabelRule.values)
def test_two_runs_that_differ_by_one_open_case_do_not_tell_its_raters_labels(nodes, rule):
    """Whoever asks for ten cases and for the same ten and one more reads the one from the difference."""
    make_cases(10, nodes=nodes[:1], occurred_from=NOW.date() - timedelta(days=40))
    one_more = make_case(status=Status.ANALYSIS, nodes=nodes[:1])
    label(one_more, nodes[1])
    ten, eleven = (make_population(query, rule) for query in ("occurred__lte=2026-10-30", "kind=incident"))

    runs = [run_now(population=population) for population in (ten, eleven)]

    assert [run.n_cases for run in runs] == [10, 11]
    assert [k_of(run, nodes[1]) for run in runs] == [0, 0]


@pytest.mark.parametrize("rule", LabelRule.values)
def test_a_submitted_label_changes_no_number_of_a_population_while_the_case_is_open(nodes, rule):
    case = make_cases(12, nodes=nodes[:1], status=Status.ANALYSIS)[0]
    population = make_population("kind=incident", rule)
    before = run_now(population=population)

    label(case, nodes[1])
    label(case, nodes[0], stance="absent")

    assert run_now(population=population) == before
    assert numbers_of(run_now())[1] != numbers_of(before)[1]
