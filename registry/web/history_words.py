"""One line of a case's history in words: what changed, from what to what."""

from dataclasses import dataclass
from datetime import date

from django.db import models

from registry.actions.restoring import RESTORABLE
from registry.models import Case, Person, Team
from registry.web.differences import difference
from registry.web.templatetags.registry_ui import day, status_words
from taxonomy.models import SeverityTier

PEOPLE = ("owner_id", "reviewer_id", "reporter_id")
TIERS = ("realised_severity_id", "potential_severity_id")


@dataclass
class Change:
    """What changed, from what to what (marked up), or in plain words.

    Of a field of the case also its name, and the event that last held what it was before.
    """

    name: str
    words: str = ""
    marked: str = ""
    field: str = ""
    held_by: int | None = None

    @property
    def restorable(self):
        return self.held_by is not None and self.field in RESTORABLE


@dataclass
class Meanings:
    """Names of the rows that changes of the case refer to by number."""

    people: dict
    tiers: dict
    teams: dict

    @classmethod
    def of(cls, groups):
        people, teams = numbers_in(groups, PEOPLE), numbers_in(groups, ("team_id",))
        return cls(
            dict(Person.objects.filter(pk__in=people).values_list("pk", "name")),
            dict(SeverityTier.objects.values_list("rank", "name")),
            dict(Team.objects.filter(pk__in=teams).values_list("pk", "name")) if teams else {},
        )

    def words(self, name, value):
        if value in (None, ""):
            return ""
        if name in PEOPLE:
            return self.people.get(value, "somebody")
        if name in TIERS:
            return self.tiers.get(value, str(value))
        if name == "team_id":
            return self.teams.get(value, "a team")
        if name == "status":
            return status_words(value)
        if type(field_of(name)) is models.DateField:
            return day(date.fromisoformat(value))
        return dict(field_of(name).choices or ()).get(value, str(value))


def numbers_in(groups, columns):
    """The ids that these columns of the case held before and after the changes."""
    changed = [row["changes"] for group in groups for row in group if row["thing"] == "case"]
    return {number for changes in changed for name in columns for number in changes.get(name, ())} - {None}


def field_of(name):
    """The field of a column of the case."""
    return Case._meta.get_field(name.removesuffix("_id"))


def label_of(name):
    return str(field_of(name).verbose_name).capitalize()


def field_changes(row, meanings):
    """A Change for each column of the case that an event changed, in the order of the fields."""
    places = {field.attname: place for place, field in enumerate(Case._meta.concrete_fields)}
    ordered = sorted(row["changes"].items(), key=lambda item: places.get(item[0], len(places)))
    return [field_change(row, name, *values, meanings) for name, values in ordered]


def field_change(row, name, before, now, meanings):
    marked = difference(meanings.words(name, before), meanings.words(name, now))
    return Change(label_of(name), marked=marked, field=name.removesuffix("_id"), held_by=row["held_by"])
