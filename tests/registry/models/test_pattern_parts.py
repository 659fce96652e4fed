"""What a run counts, and what it keeps beside pairs, nodes and weeks."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from registry.models import (
    PatternExposure,
    PatternForesight,
    PatternLayers,
    PatternMiss,
    PatternSplit,
    Population,
)
from tests.factories import NOW, make_node, make_person, make_system
from tests.registry.models.refusal import make_run, pair, refused_by

pytestmark = pytest.mark.django_db

ANSWERS = {"warned": 0, "foreseeable": 0, "not_foreseeable": 0, "unknown": 0}


def population(**values):
    return Population(**{"query": "kind=incident", "asked_by": make_person(), "created_at": NOW} | values)


def split(one, **values):
    plain = {"dimension": "setting", "strata": ["laboratory"], "joint": [1], "k_a": [2], "k_b": [2], "n": [5]}
    return PatternSplit(pair=one, **plain | values)


def saved_pair():
    one = pair(make_run(), make_node(), make_node())
    one.save()
    return one


def exposed(run, system, unit="conversations"):
    return PatternExposure(run=run, system=system, unit=unit, n=1, n_outside=0, amount=5, months=[])


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_population_differs", {"query": ""}),
        ("registry_population_label_rule_known", {"label_rule": "loudest"}),
        ("registry_population_query_at_most_2000", {"query": "x" * 2001}),
    ],
)
def test_a_population_refuses(constraint, values):
    with refused_by(constraint):
        Population.objects.bulk_create([population(**values)])


def test_a_population_stands_once():
    population().save()

    with refused_by("registry_population_once"):
        Population.objects.bulk_create([population()])


def test_a_pair_is_split_once_in_a_dimension_that_is_known():
    one = saved_pair()

    with refused_by("registry_patternsplit_once"):
        PatternSplit.objects.bulk_create([split(one), split(one)])
    with refused_by("registry_patternsplit_dimension_known"):
        PatternSplit.objects.bulk_create([split(one, dimension="weather")])


def test_a_combination_of_outcomes_stands_once_in_a_run():
    run = make_run()

    with refused_by("registry_patternlayers_once"):
        PatternLayers.objects.bulk_create([PatternLayers(run=run, missed=[1], caught=[2], n=1) for _ in range(2)])


def test_a_miss_stands_once_in_a_run_and_what_was_absent_failed_by_no_mode():
    run, technique = make_run(), make_node()

    with refused_by("registry_patternmiss_once"):
        PatternMiss.objects.bulk_create([PatternMiss(run=run, technique=technique, n=1) for _ in range(2)])
    with refused_by("registry_patternmiss_absent_has_no_mode"):
        PatternMiss.objects.bulk_create(
            [PatternMiss(run=run, technique=technique, failure_mode=make_node(), absent=True, n=1)]
        )


def test_a_run_has_one_row_of_foresight_for_each_node_and_one_for_all_events():
    run, node = make_run(), make_node()

    for of in (None, node):
        with refused_by("registry_patternforesight_once"):
            PatternForesight.objects.bulk_create([PatternForesight(run=run, node=of, **ANSWERS) for _ in range(2)])


def test_a_system_stands_once_in_a_run_for_each_unit_that_is_known():
    run, system = make_run(), make_system()

    with refused_by("registry_patternexposure_once"):
        PatternExposure.objects.bulk_create([exposed(run, system), exposed(run, system)])
    with refused_by("registry_patternexposure_unit_known"):
        PatternExposure.objects.bulk_create([exposed(run, system, unit="smiles")])


@pytest.mark.parametrize("model", [PatternSplit, PatternLayers, PatternMiss, PatternForesight, PatternExposure])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_parts_of_a_run_are_immutable(model, statement):
    run = make_run()
    for row in (
        split(saved_pair()),
        PatternLayers(run=run, missed=[1], caught=[2], n=1),
        PatternMiss(run=run, technique=make_node(), n=1),
        PatternForesight(run=run, **ANSWERS),
        exposed(run, make_system()),
    ):
        row.save()

    with pytest.raises(ProgrammingError, match="immutable"), transaction.atomic():
        connection.cursor().execute(statement.format(model._meta.db_table))

    assert model.objects.count() == 1
