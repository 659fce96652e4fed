"""What happened to a case: who did what when and why, and what each change made of it."""

from dataclasses import dataclass

from rest_framework import serializers

from api.addresses import reference_of
from registry.actions.cases import EDITABLE
from registry.actions.restoring import RESTORABLE
from registry.choices import Status
from registry.history.tables import TABLES
from registry.models import Case, Person, Team
from taxonomy.models import SeverityTier

ABOUT = ("case", *TABLES, "link", "merge")
CHANGED = {"insert": "added", "update": "changed", "delete": "removed"}
PEOPLE = ("owner_id", "reviewer_id", "reporter_id")
TIERS = ("realised_severity_id", "potential_severity_id")
# What a version of a case held in its own row; what stands beside it has a history of its own.
OWN = (*EDITABLE, "status", "due_on", "reporter", "reviewer")
# Which case the words of a link or a merge are about, by what they are called.
CASES = ("first", "other", "kept")


class FieldChangeShape(serializers.Serializer):
    about = serializers.ChoiceField(ABOUT, help_text="The case itself, or what stands beside it.")
    change = serializers.ChoiceField(list(CHANGED.values()))
    subject = serializers.CharField(help_text="Which one it was, in words; empty for the case itself.")
    field = serializers.CharField(allow_null=True, help_text="Of the case itself.")
    before = serializers.JSONField(help_text="Any value, or null.")
    now = serializers.JSONField(help_text="Any value, or null.")
    restorable_from = serializers.IntegerField(
        allow_null=True, help_text="The event to send to `restore` to bring `before` back; null where it cannot be."
    )


class EntryShape(serializers.Serializer):
    at = serializers.DateTimeField()
    person = serializers.CharField(allow_null=True, help_text="User name; null for the registry itself.")
    action = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    request_id = serializers.CharField(allow_null=True)
    changes = FieldChangeShape(many=True, help_text="As far as you may know of them.")


class HistoryShape(serializers.Serializer):
    results = EntryShape(many=True, help_text="The latest first; all that one request did is one entry.")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class VersionShape(serializers.Serializer):
    case = serializers.CharField()
    version = serializers.IntegerField()
    at = serializers.DateTimeField(help_text="When the case came to this version.")
    event = serializers.IntegerField(help_text="To send to `restore`.")
    url = serializers.URLField()
    html_url = serializers.URLField()

    def get_fields(self):
        return super().get_fields() | {name: field_of(name) for name in OWN}


def field_of(name):
    """How a field of the case goes out where it is shown as it was."""
    if name in ("reporter", "title"):
        return serializers.CharField()
    if name == "status":
        return serializers.ChoiceField(Status.choices)
    if name in ("event_group", "team"):
        return serializers.IntegerField(allow_null=True, help_text="Its id.")
    kind = Case._meta.get_field(name).get_internal_type()
    shapes = {"DateField": serializers.DateField, "DateTimeField": serializers.DateTimeField}
    return shapes.get(kind, serializers.CharField)(allow_null=True)


@dataclass
class Names:
    """What people, tiers and teams are called that rows refer to by number."""

    people: dict
    tiers: dict
    teams: dict

    @classmethod
    def of(cls, values):
        """`values` are (column, number) pairs."""
        people = {number for column, number in values if column in PEOPLE and number}
        teams = {number for column, number in values if column == "team_id" and number}
        return cls(
            dict(Person.objects.filter(pk__in=people).values_list("pk", "username")) if people else {},
            dict(SeverityTier.objects.values_list("rank", "slug")),
            dict(Team.objects.filter(pk__in=teams).values_list("pk", "name")) if teams else {},
        )

    def value(self, column, value):
        if value in (None, ""):
            return None
        known = {**dict.fromkeys(PEOPLE, self.people), **dict.fromkeys(TIERS, self.tiers), "team_id": self.teams}
        return known[column].get(value, value) if column in known else value


def entries_of(found):
    """Dicts of Happenings."""
    columns = [
        (column, number)
        for happening in found
        for row in happening.rows
        if row["thing"] == "case"
        for column, values in row["changes"].items()
        for number in values
    ]
    names = Names.of(columns)
    return [entry_of(happening, names) for happening in found]


def entry_of(happening, names):
    signature = happening.signature
    return {
        "at": happening.at,
        "person": happening.username,
        "action": signature.get("action"),
        "reason": signature.get("reason"),
        "request_id": signature.get("request_id"),
        "changes": [change for row in happening.rows for change in changes_of(row, names)],
    }


def changes_of(row, names):
    if row["thing"] == "case":
        return case_changes(row, names)
    before, now = beside(row)
    return [changed(row, before=before, now=now)]


def changed(row, *, field=None, before=None, now=None, restorable_from=None):
    return {
        "about": row["thing"],
        "change": CHANGED[row["pgh_label"]],
        "subject": row["subject"] or "",
        "field": field,
        "before": before,
        "now": now,
        "restorable_from": restorable_from,
    }


def case_changes(row, names):
    """One change for each field, in the order of the fields; one without a field where the case was made."""
    if row["pgh_label"] == "insert":
        return [changed(row)]
    places = {field.attname: place for place, field in enumerate(Case._meta.concrete_fields)}
    ordered = sorted(row["changes"].items(), key=lambda item: places.get(item[0], len(places)))
    return [
        changed(
            row,
            field=column.removesuffix("_id"),
            before=names.value(column, before),
            now=names.value(column, now),
            restorable_from=row["held_by"] if column.removesuffix("_id") in RESTORABLE else None,
        )
        for column, (before, now) in ordered
    ]


def beside(row):
    """(what it said before, what it says now) of a row beside the case; None for nothing."""
    about = {name: reference_of(value) if name in CASES else value for name, value in row["changes"].items()}
    before = about.pop("before", None)
    if row["pgh_label"] == "delete":
        return about or None, None
    return before, about or None


def version_of(event, names, addresses):
    """The case's own fields as `event` of its history holds them."""
    reference = reference_of(event.id)
    columns = {name: Case._meta.get_field(name).attname for name in OWN}
    kept = {name: getattr(event, column) for name, column in columns.items()}
    ids = {name: kept[name] for name in ("team", "event_group")}
    return {
        "case": reference,
        "version": event.version,
        "at": event.pgh_created_at,
        "event": event.pgh_id,
        **{name: names.value(columns[name], value) for name, value in kept.items()},
        **ids,
        **addresses.beside(reference, f"versions/{event.version}"),
    }
