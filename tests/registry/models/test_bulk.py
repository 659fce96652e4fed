"""What no change of many cases can be."""

import pytest

from registry.models import BulkChange, BulkChangeRow
from tests.factories import NOW, make_case, make_person
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


def change(**values):
    return BulkChange.objects.create(**{"action": "assign", "asked_by": make_person(), "asked_at": NOW} | values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_bulkchange_action_known", {"action": "burn"}),
        ("registry_bulkchange_undone_by_somebody", {"undone_at": NOW}),
    ],
)
def test_a_change_refuses(constraint, values):
    with refused_by(constraint):
        change(**values)


def test_a_case_is_part_of_a_change_once():
    row = BulkChangeRow.objects.create(change=change(), case=make_case())

    with refused_by("registry_bulkchangerow_once"):
        BulkChangeRow.objects.create(change=row.change, case=row.case)


def test_how_a_case_went_is_known():
    with refused_by("registry_bulkchangerow_outcome_known"):
        BulkChangeRow.objects.create(change=change(), case=make_case(), outcome="lost")
