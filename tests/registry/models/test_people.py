"""Whom two people cannot both be."""

import pytest

from registry.models import Person
from tests.factories import make_person
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_person_role_known", {"role": "owner"}),
        ("registry_person_username_filled", {"username": ""}),
        ("registry_person_name_filled", {"name": ""}),
        ("registry_person_email_filled", {"email": ""}),
    ],
)
def test_a_person_refuses(constraint, values):
    make_person()

    with refused_by(constraint):
        Person.objects.update(**values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_person_username_unique", {"username": "MIRA"}),
        ("registry_person_email_unique", {"email": "Mira@Example.org"}),
    ],
)
def test_two_people_differ_by_more_than_letter_case(constraint, values):
    make_person(username="mira", email="mira@example.org")

    with refused_by(constraint):
        make_person(**values)
