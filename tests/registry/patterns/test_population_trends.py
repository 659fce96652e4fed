"""What the weeks of a run over some cases can tell, whose open cases show only what was published."""

from datetime import date, timedelta

import pytest

from registry.choices import Status
from registry.models import Case, PatternTrend, Population
from tests.factories import NOW, label, make_case, make_node, make_person
from tests.registry.patterns.runs import run_now

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 16)


@pytest.fixture
def population():
    return Population.objects.create(query="kind=incident", asked_by=make_person(), created_at=NOW)


def cases_in(weeks, *, each, **values):
    reporter, owner = make_person(), make_person()
    return [
        make_case(occurred_from=MONDAY - timedelta(weeks=week), reporter=reporter, owner=owner, **values)
        for week in weeks
        for _ in range(each)
    ]


def trend_of(run, node):
    return PatternTrend.objects.values("recent", "baseline", "flagged").get(run=run, node=node)


def test_labels_that_open_cases_do_not_show_yet_make_no_fall(population):
    node, rater = make_node(), make_person()
    for case in cases_in(range(1, 31), each=2, status=Status.ANALYSIS):
        label(case, node, by=rater)
    Case.objects.filter(occurred_from__lt=MONDAY - timedelta(weeks=4)).update(status=Status.CLOSED, closed_at=NOW)

    some, every = run_now(population=population), run_now()

    assert trend_of(some, node) == {"recent": 0, "baseline": 52, "flagged": False}
    assert trend_of(every, node) == {"recent": 8, "baseline": 52, "flagged": False}


def test_a_rise_is_told_in_spite_of_them_and_of_every_case_a_fall_too(population):
    rising, falling = make_node(), make_node()
    cases_in(range(1, 31), each=2)
    cases_in(range(1, 5), each=5, nodes=[rising])
    cases_in(range(5, 31), each=2, nodes=[falling])

    some, every = run_now(population=population), run_now()

    assert [trend_of(run, rising)["flagged"] for run in (some, every)] == [True, True]
    assert [trend_of(run, falling)["flagged"] for run in (some, every)] == [False, True]
