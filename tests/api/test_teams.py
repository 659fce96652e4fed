"""Cases kept to one team."""

import pytest

from registry.models import Case
from tests.api.conftest import Tool
from tests.api.test_cases import NEW
from tests.factories import make_person, make_team

pytestmark = pytest.mark.django_db


def test_a_case_for_a_team_is_seen_by_its_members_only(as_analyst, analyst, other_analyst, as_reader):
    team = make_team(analyst, other_analyst)

    case = as_analyst.send("POST", "cases/", NEW | {"visibility": "team", "team": team.pk, "submit": True}).json()

    assert (case["visibility"], case["team"]) == ("team", {"id": team.pk, "name": team.name})
    assert Tool(other_analyst).get(f"cases/{case['reference']}/").status_code == 200
    assert as_reader.get(f"cases/{case['reference']}/").status_code == 404


def test_a_team_of_others_answers_like_none_at_all(as_analyst):
    team = make_team(make_person())

    answers = [
        as_analyst.send("POST", "cases/", NEW | {"visibility": "team", "team": number}).json()
        for number in (team.pk, team.pk + 1)
    ]

    assert [answer["errors"][0]["detail"] for answer in answers] == [
        f"You are in no team {team.pk}.",
        f"You are in no team {team.pk + 1}.",
    ]


@pytest.mark.parametrize("values", [{"visibility": "team"}, {"visibility": "named", "team": True}])
def test_a_case_for_a_team_names_it_and_no_other_does(as_analyst, analyst, values):
    team = make_team(analyst)

    response = as_analyst.send("POST", "cases/", NEW | values | ({"team": team.pk} if "team" in values else {}))

    assert response.status_code in (400, 409)
    assert "A case for one team names the team" in response.text
    assert Case.objects.count() == 0


def test_me_names_ones_own_teams(as_analyst, analyst):
    team = make_team(analyst)
    make_team(make_person())

    assert as_analyst.get("me/").json()["teams"] == [{"id": team.pk, "name": team.name}]
