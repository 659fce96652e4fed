"""Names of systems and organisations: filled, and each somebody's only."""

import pytest

from registry.models import Organisation, OrganisationAlias, System, SystemAlias
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "model"),
    [("registry_organisation_name_unique", Organisation), ("registry_system_name_unique", System)],
)
def test_a_name_is_unique_whatever_the_letter_case(constraint, model):
    with refused_by(constraint):
        model.objects.bulk_create([model(name="Älpha AI"), model(name="älpha ai")])


@pytest.mark.parametrize(
    ("constraint", "model"),
    [("registry_organisation_name_filled", Organisation), ("registry_system_name_filled", System)],
)
def test_a_name_is_filled(constraint, model):
    with refused_by(constraint):
        model.objects.bulk_create([model(name="")])


@pytest.mark.parametrize(
    ("constraint", "names"),
    [
        ("registry_organisationalias_name_unique", ["GDM", "gdm"]),
        ("registry_organisationalias_name_filled", [""]),
    ],
)
def test_an_alias_of_an_organisation_is_filled_and_means_one(constraint, names):
    owners = [Organisation.objects.create(name=f"Organisation {number}") for number, _ in enumerate(names)]

    with refused_by(constraint):
        OrganisationAlias.objects.bulk_create(
            OrganisationAlias(organisation=owner, name=name) for owner, name in zip(owners, names, strict=True)
        )


@pytest.mark.parametrize(
    ("constraint", "names"),
    [("registry_systemalias_name_unique", ["CA", "ca"]), ("registry_systemalias_name_filled", [""])],
)
def test_an_alias_of_a_system_is_filled_and_means_one(constraint, names):
    owners = [System.objects.create(name=f"System {number}") for number, _ in enumerate(names)]

    with refused_by(constraint):
        SystemAlias.objects.bulk_create(
            SystemAlias(system=owner, name=name) for owner, name in zip(owners, names, strict=True)
        )
