"""Runs of every case and of some, at the same moment."""

import pytest
from django.db import connection, transaction

from registry.models import PatternRun, Population
from registry.patterns import kept_ranges
from registry.patterns.recompute import recompute
from tests.factories import NOW, make_cases, make_person
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def population(shipped_taxonomy):
    make_cases(12)
    return Population.objects.create(query="kind=incident", asked_by=make_person(), created_at=NOW)


def test_a_run_over_some_cases_and_whoever_counts_every_case_do_not_wait_for_one_another(population):
    with kept_ranges.snapshot(kept_ranges.ALONE):
        (some,) = at_once(lambda: recompute(at=NOW, population=population))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE registry_population IN {kept_ranges.IN_TURN} MODE")
        (every,) = at_once(lambda: recompute(at=NOW))

    runs = PatternRun.objects.order_by("pk").values_list("pk", "population")
    assert list(runs) == [(some["run"], population.pk), (every["run"], None)]


def test_several_runs_over_the_same_cases_at_once_make_one(population):
    results = at_once(*[lambda: recompute(at=NOW, population=population)] * 3)

    run = PatternRun.objects.get()
    assert sorted(result["unchanged"] for result in results) == [False, True, True]
    assert (run.population, run.n_cases) == (population, 12)


def test_asking_for_a_run_waits_for_no_run_over_some_cases(population):
    with kept_ranges.snapshot(kept_ranges.IN_TURN, table="registry_population"):
        (another,) = at_once(
            lambda: Population.objects.create(query="kind=near-miss", asked_by=population.asked_by, created_at=NOW)
        )

    assert Population.objects.latest("pk") == another
