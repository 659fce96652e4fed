"""The recorded use of a system."""

from datetime import date

import pytest

from registry.models import Exposure
from tests.factories import NOW, make_exposure, make_system
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


def exposure(system, **values):
    """An unsaved record that every constraint accepts, changed by `values`."""
    plain = {"month": date(2026, 10, 1), "unit": "deployments", "amount": 7, "source": "Our logs"}
    return Exposure(system=system, created_at=NOW, updated_at=NOW, **plain | values)


def test_the_use_in_a_month_is_recorded_once_in_a_unit():
    made = make_exposure()

    with refused_by("registry_exposure_once"):
        Exposure.objects.bulk_create([exposure(made.system, month=made.month, unit=made.unit)])


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_exposure_month_begins", {"month": date(2026, 10, 2)}),
        ("registry_exposure_unit_known", {"unit": "smiles"}),
        ("registry_exposure_source_filled", {"source": ""}),
    ],
)
def test_the_use_of_a_system_refuses(constraint, values):
    with refused_by(constraint):
        Exposure.objects.bulk_create([exposure(make_system(), **values)])
