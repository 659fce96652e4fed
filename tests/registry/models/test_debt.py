"""What no accepted debt can be."""

from datetime import timedelta

import pytest

from registry.models import DebtAcceptance
from tests import analysed
from tests.factories import NOW, make_person
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


def test_the_debt_of_a_case_is_accepted_once_at_a_time():
    row = analysed.accepted_debt()
    row.ended_at, row.ended_by = NOW, make_person()
    row.save()
    analysed.accepted_debt(case=row.case)

    with refused_by("registry_debtacceptance_one_in_force"):
        analysed.accepted_debt(case=row.case)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_debtacceptance_expires_later", {"expires_on": NOW.date()}),
        ("registry_debtacceptance_expires_later", {"expires_on": NOW.date() - timedelta(days=1)}),
        ("registry_debtacceptance_ended_by_somebody", {"ended_at": NOW}),
        ("registry_debtacceptance_reason_filled", {"reason": ""}),
        ("registry_debtacceptance_reason_at_most_10000", {"reason": "x" * 10_001}),
    ],
)
def test_an_acceptance_refuses(constraint, values):
    analysed.accepted_debt()

    with refused_by(constraint):
        DebtAcceptance.objects.update(**values)
