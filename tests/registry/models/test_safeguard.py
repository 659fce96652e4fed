"""What no safeguard of a case can be."""

import pytest
from django.db import IntegrityError, transaction

from registry.models import Safeguard
from tests import analysed
from tests.factories import make_node
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_safeguard_deployed_known", {"deployed": "perhaps"}),
        ("registry_safeguard_expected_known", {"expected": "perhaps"}),
        ("registry_safeguard_outcome_known", {"outcome": "perhaps"}),
        ("registry_safeguard_how_at_most_10000", {"how": "x" * 10_001}),
        ("registry_safeguard_outcome_only_if_deployed", {"deployed": "no", "outcome": "missed"}),
    ],
)
def test_a_safeguard_refuses(constraint, values):
    analysed.safeguard()

    with refused_by(constraint):
        Safeguard.objects.update(**values)


def test_a_technique_is_recorded_once_for_a_case():
    row = analysed.safeguard()

    with refused_by("registry_safeguard_once"):
        analysed.safeguard(case=row.case, technique=row.technique)


def test_only_what_failed_has_a_failure_mode():
    row = analysed.safeguard(outcome="missed", failure_mode=analysed.node_of_kind("failure mode"))

    with refused_by("registry_safeguard_mode_only_if_it_failed"):
        Safeguard.objects.filter(pk=row.pk).update(outcome="caught")


@pytest.mark.parametrize("field", ["technique", "failure_mode"])
def test_techniques_and_failure_modes_come_from_schemes_of_that_kind(field):
    analysed.safeguard(outcome="missed")

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Safeguard.objects.update(**{field: make_node()})

    assert refused.value.__cause__.sqlstate == "23514"
    assert "is a node of a scheme of" in str(refused.value)
