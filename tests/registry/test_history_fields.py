"""What the columns of a case held, in words."""

from datetime import UTC, date, datetime

import pytest

from registry.history.fields import Meanings, in_order, label_of
from tests.factories import make_person, make_team

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("status", "analysis", "In analysis"),
        ("kind", "near-miss", "Near miss"),
        ("stage", "", ""),
        ("owner_id", None, ""),
        ("owner_id", 0, "somebody"),
        ("team_id", 0, "a team"),
        ("potential_severity_id", 3, "High"),
        ("due_on", "2026-12-01", "1 Dec 2026"),
        ("due_on", date(2026, 12, 1), "1 Dec 2026"),
        ("detected_at", "2026-12-01T09:30:00+00:00", "1 Dec 2026, 09:30 UTC"),
        ("detected_at", datetime(2026, 12, 1, 9, 30, tzinfo=UTC), "1 Dec 2026, 09:30 UTC"),
        ("title", "Agent edits a test", "Agent edits a test"),
    ],
)
def test_a_value_reads_the_same_as_a_row_and_as_the_history_has_it(name, value, words):
    assert Meanings.of(people=(), teams=()).words(name, value) == words


def test_people_and_teams_are_named():
    person, team = make_person(name="Mira Okafor"), make_team(name="Oversight")

    meanings = Meanings.of(people={person.pk}, teams={team.pk})

    assert (meanings.words("owner_id", person.pk), meanings.words("team_id", team.pk)) == ("Mira Okafor", "Oversight")


def test_columns_are_called_and_ordered_as_the_fields_are():
    assert [label_of(name) for name in in_order(["potential_severity_id", "title", "owner_id"])] == [
        "Title",
        "Owner",
        "Potential severity",
    ]
