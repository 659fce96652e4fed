"""The fields of a case in words, as the history page and the digest say them: their names, and what they held."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.utils.timezone import localtime

from registry.choices import STATUS_WORDS
from registry.models import Case, Person, Team
from registry.wording import day
from taxonomy.models import SeverityTier

PEOPLE = ("owner_id", "reviewer_id", "reporter_id")
TIERS = ("realised_severity_id", "potential_severity_id")


@dataclass
class Meanings:
    """Names of the rows that the columns of a case refer to by number."""

    people: dict
    tiers: dict
    teams: dict

    @classmethod
    def of(cls, *, people, teams):
        """For these numbers of people and of teams. At most three queries."""
        return cls(
            dict(Person.objects.filter(pk__in=people).values_list("pk", "name")),
            dict(SeverityTier.objects.values_list("rank", "name")),
            dict(Team.objects.filter(pk__in=teams).values_list("pk", "name")) if teams else {},
        )

    def words(self, name, value):
        """What column `name` held, as a row or as the history's JSON has it; empty where it held nothing."""
        if value in (None, ""):
            return ""
        if name in PEOPLE:
            return self.people.get(value, "somebody")
        if name in TIERS:
            return self.tiers.get(value, str(value))
        if name == "team_id":
            return self.teams.get(value, "a team")
        if name == "status":
            return STATUS_WORDS.get(value, value)
        if isinstance(field_of(name), models.DateField):
            return time_words(value)
        return str(dict(field_of(name).choices or ()).get(value, value))


def time_words(value):
    """A day, or a moment to the minute, as it is or in ISO 8601."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        return f"{day(localtime(value))}, {localtime(value):%H:%M %Z}"
    return day(value)


def field_of(name):
    """The field of a column of the case."""
    return Case._meta.get_field(name.removesuffix("_id"))


def label_of(name):
    """The name of a field, or of the field of a column."""
    return str(field_of(name).verbose_name).capitalize()


def in_order(columns):
    """These columns of the case in the order of its fields."""
    places = {field.attname: place for place, field in enumerate(Case._meta.concrete_fields)}
    return sorted(columns, key=lambda name: places.get(name, len(places)))
