"""How a test says that the database refused something, and rows to refuse changes of."""

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, transaction

from registry.models import PatternNode, PatternPair, PatternRun, PatternTrend
from tests.factories import NOW


@contextmanager
def refused_by(constraint):
    """The database refuses what is done inside, by the constraint of this name."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        yield
    assert refused.value.__cause__.diag.constraint_name == constraint


def make_run(**values):
    values = {
        "computed_at": NOW,
        "code_version": "1",
        "taxonomy_version": "t",
        "fingerprint": "f",
        "rules": {},
        "n_cases": 10,
        "n_groups": 10,
        "n_pairs": 1,
        "n_tests": 1,
        "n_flagged": 0,
        "seconds": 0.1,
    } | values
    return PatternRun.objects.create(**values)


def pair(run, first, second, **values):
    """An unsaved pair of two nodes, in the order the table wants."""
    a, b = sorted((first.pk, second.pk))
    values = {"state": "tested", "joint": 3, "k_a": 5, "k_b": 5, "n": 10, "node_a_id": a, "node_b_id": b} | values
    return PatternPair(run=run, **values)


def node_rate(run, node, **values):
    return PatternNode(run=run, node=node, **{"k": 3, "n": 10} | values)


def trend(run, node=None, **values):
    values = {"first_week": NOW.date(), "weeks": [1, 2], "recent": 2, "baseline": 1} | values
    return PatternTrend(run=run, node=node, **values)
