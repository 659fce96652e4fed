"""One line of a case's history in words: what changed, from what to what."""

from dataclasses import dataclass

from registry.actions.restoring import RESTORABLE
from registry.history.fields import PEOPLE, Meanings, in_order, label_of
from registry.web.differences import difference


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


def meanings_of(groups):
    """The Meanings of all numbers in these changes."""
    return Meanings.of(people=numbers_in(groups, PEOPLE), teams=numbers_in(groups, ("team_id",)))


def numbers_in(groups, columns):
    """The ids that these columns of the case held before and after the changes."""
    changed = [row["changes"] for group in groups for row in group if row["thing"] == "case"]
    return {number for changes in changed for name in columns for number in changes.get(name, ())} - {None}


def field_changes(row, meanings):
    """A Change for each column of the case that an event changed, in the order of the fields."""
    return [field_change(row, name, *row["changes"][name], meanings) for name in in_order(row["changes"])]


def field_change(row, name, before, now, meanings):
    marked = difference(meanings.words(name, before), meanings.words(name, now))
    return Change(label_of(name), marked=marked, field=name.removesuffix("_id"), held_by=row["held_by"])
