"""Runs over some of the cases, or by another rule for labels."""

from datetime import date, timedelta

import pytest

from registry.models import Case, Classification, PatternRun, PatternTrend, Population
from registry.patterns.recompute import _recompute
from registry.patterns.rules import Rules
from tests.factories import NOW, agree, make_case, make_cases, make_node, make_person
from tests.registry.patterns.runs import pair_of, run_now

pytestmark = pytest.mark.django_db

WEEK = timedelta(weeks=1)


@pytest.fixture
def population(db):
    return Population.objects.create(
        label_rule="agreed", query="stage=evaluation", asked_by=make_person(), created_at=NOW
    )


def test_a_population_counts_its_own_cases_and_is_compared_with_its_own_runs(association, population, now):
    a, b, together = association
    Case.objects.filter(pk__in=[case.pk for case in together]).update(stage="evaluation")
    everything = run_now(at=now)

    run = run_now(at=now, population=population)
    later = run_now(at=now + WEEK, population=population)

    assert (everything.population, everything.n_cases) == (None, 30)
    assert (run.population, run.label_rule, run.n_cases, run.compared_with) == (population, "agreed", 10, None)
    assert (pair_of(run, a, b).joint, later.compared_with) == (10, run)
    assert run_now(at=now) == everything
    assert run_now(at=now + WEEK, population=population) == later


def test_a_population_reads_the_labels_of_its_rule(association, now):
    a, b, together = association
    rule = Population.objects.create(label_rule="adjudicated", query="", asked_by=make_person(), created_at=NOW)
    decided = {"method": "adjudicated", "decided_by": make_person()}
    Classification.objects.filter(case=together[0]).update(**decided)

    run = run_now(at=now, population=rule)

    assert (run.label_rule, run.n_cases, pair_of(run, a, b).joint) == ("adjudicated", 30, 1)


@pytest.mark.parametrize(("n", "refused"), [(9, True), (10, False)])
def test_a_population_of_fewer_than_ten_events_keeps_nothing(n, refused, population, now):
    make_cases(n, stage="evaluation")

    result = _recompute(at=now, rules=Rules(), started=0.0, population=population)

    assert (result == {"run": None, "too_few": n}) is refused
    assert PatternRun.objects.count() == (not refused)


def test_a_population_that_no_case_can_meet_is_refused(now):
    nothing = Population.objects.create(query="node=999999", asked_by=make_person(), created_at=NOW)

    assert _recompute(at=now, rules=Rules(), started=0.0, population=nothing) == {"run": None, "too_few": 0}


@pytest.mark.parametrize(
    ("query", "compared"),
    [
        ("stage=evaluation", True),
        ("occurred__gte=2020-01-01", True),
        ("occurred__gte=2026-10-05", False),
        ("occurred__lte=2026-10-05", False),
        ("reported__gte=2020-01-01", False),
        ("closed__isnull=true", False),
        ("status=triage", False),
    ],
)
def test_weeks_that_filters_have_cut_off_are_not_compared(query, compared, now):
    node, reporter = make_node(), make_person()
    for week in range(1, 31):
        for _ in range(2):
            day = date(2026, 11, 16) - timedelta(weeks=week)
            agree(make_case(reporter=reporter, occurred_from=day, stage="evaluation", status="triage"), node)
    chosen = Population.objects.create(query=query, asked_by=reporter, created_at=NOW)

    run = run_now(at=now, population=chosen)

    assert PatternTrend.objects.filter(run=run, node=node).exists() is compared
    assert not PatternTrend.objects.filter(run=run, flagged=True).exists()
