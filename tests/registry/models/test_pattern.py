"""A run is immutable, and its numbers cannot contradict one another."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from registry.models import PatternNode, PatternPair, PatternRun, PatternTrend
from tests.factories import make_node
from tests.registry.models.refusal import make_run, node_rate, pair, refused_by, trend

pytestmark = pytest.mark.django_db


def test_a_node_stands_once_in_a_run():
    run, node = make_run(), make_node()

    with refused_by("registry_patternnode_once"):
        PatternNode.objects.bulk_create([node_rate(run, node), node_rate(run, node)])


def test_no_more_cases_carry_a_node_than_there_are():
    with refused_by("registry_patternnode_k_of_n"):
        PatternNode.objects.bulk_create([node_rate(make_run(), make_node(), k=11)])


def test_a_pair_stands_once_in_a_run():
    run, a, b = make_run(), make_node(), make_node()

    with refused_by("registry_patternpair_once"):
        PatternPair.objects.bulk_create([pair(run, a, b), pair(run, a, b)])


def test_a_pair_stands_in_the_order_of_its_nodes():
    a, b = make_node(), make_node()

    with refused_by("registry_patternpair_ordered"):
        PatternPair.objects.bulk_create([pair(make_run(), a, b, node_a_id=b.pk, node_b_id=a.pk)])


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_patternpair_joint_of_n", {"joint": 11}),
        ("registry_patternpair_state_known", {"state": "lucky"}),
        ("registry_patternpair_movement_known", {"movement": "sideways"}),
    ],
)
def test_a_pair_refuses(constraint, values):
    with refused_by(constraint):
        PatternPair.objects.bulk_create([pair(make_run(), make_node(), make_node(), **values)])


def test_a_run_has_one_trend_for_each_node_and_one_for_all_cases():
    run, node = make_run(), make_node()
    PatternTrend.objects.bulk_create([trend(run), trend(run, node)])

    for again in (trend(run), trend(run, node)):
        with refused_by("registry_patterntrend_once"):
            PatternTrend.objects.bulk_create([again])


@pytest.mark.parametrize("model", [PatternRun, PatternNode, PatternPair, PatternTrend])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_a_run_found_is_immutable(model, statement):
    run, node = make_run(), make_node()
    for row in (node_rate(run, node), pair(run, node, make_node()), trend(run)):
        row.save()

    with pytest.raises(ProgrammingError, match="immutable"), transaction.atomic():
        connection.cursor().execute(statement.format(model._meta.db_table))

    assert model.objects.count() == 1
