"""Whom two people cannot both be."""

import pytest

from registry.models import Person, Team, TeamMember
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


def test_two_teams_differ_by_more_than_letter_case():
    Team.objects.create(name="Clinical tools safety")

    with refused_by("registry_team_name_unique"):
        Team.objects.create(name="clinical tools Safety")


def test_a_team_has_a_name():
    with refused_by("registry_team_name_filled"):
        Team.objects.create(name="")


def test_a_person_is_in_a_team_once():
    membership = TeamMember.objects.create(team=Team.objects.create(name="Blue"), person=make_person())

    with refused_by("registry_teammember_once"):
        TeamMember.objects.create(team=membership.team, person=membership.person)
