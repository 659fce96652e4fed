"""What a client may send about a case; the actions check what concerns several fields."""

from rest_framework import serializers

from api.serializers.strict import Choice, Day, Moment, Row, StrictSerializer, Text, Whole, YesNo
from registry import access
from registry.choices import (
    Gap,
    Kind,
    Locus,
    Precision,
    Predictability,
    Scope,
    SourceKind,
    Stage,
    Triage,
    Visibility,
)
from registry.models import EventGroup, Person, Team
from registry.models.case import LONGEST_NARRATIVE
from taxonomy.models import SeverityTier

MOST_ROWS = 200


def narrative():
    return Text(required=False, allow_blank=True, max_length=LONGEST_NARRATIVE, help_text="Markdown.")


def rationale():
    return Text(required=False, allow_blank=True, max_length=10_000)


def optional(choices):
    return Choice(choices.choices, empty=True, required=False)


def tier():
    return Row(SeverityTier.objects.all, "slug", "severity tier", required=False, allow_null=True)


def person(**options):
    return Row(Person.objects.active, "username", "active person", required=False, **options)


def names():
    return serializers.ListField(child=Text(max_length=200), required=False, max_length=MOST_ROWS)


class SystemInput(StrictSerializer):
    name = Text(max_length=200)
    version = Text(required=False, allow_blank=True, max_length=100, default="")


class SourceInput(StrictSerializer):
    title = Text(max_length=500)
    url = serializers.URLField(required=False, max_length=1000)
    publisher = Text(required=False, allow_blank=True, max_length=200)
    published_on = Day(required=False, allow_null=True)
    kind = Choice(SourceKind.choices, required=False)


class VisibleGroup(serializers.IntegerField):
    """An event group that one of the reader's cases belongs to; any other answers like none at all."""

    default_error_messages = {"unknown_row": "There is no event group {value}."}

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, int) or not 0 < data < 2**31:
            self.fail("invalid")
        cases = access.visible_to(self.context["person"])
        group = EventGroup.objects.filter(pk=data, cases__in=cases).distinct().first()
        if group is None:
            self.fail("unknown_row", value=data)
        return group


class OwnTeam(serializers.IntegerField):
    """A team the person is in; any other answers like none at all."""

    default_error_messages = {"unknown_row": "You are in no team {value}."}

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, int) or not 0 < data < 2**31:
            self.fail("invalid")
        team = Team.objects.filter(pk=data, members__person=self.context["person"]).first()
        if team is None:
            self.fail("unknown_row", value=data)
        return team


class CaseInput(StrictSerializer):
    """Everything a person may set. What is left out stays as it is, or empty in a new case."""

    title = Text(min_length=6, max_length=200, help_text="The behaviour, not the cause.")
    kind = optional(Kind)
    visibility = Choice(Visibility.choices, required=False)
    team = OwnTeam(required=False, allow_null=True, help_text="With visibility “team”: the id of one of your teams.")
    owner = person(allow_null=True)
    occurred_from = Day(required=False, allow_null=True)
    occurred_to = Day(required=False, allow_null=True)
    occurred_precision = Choice(Precision.choices, required=False)
    detected_at = Moment(required=False, allow_null=True)
    stage = optional(Stage)
    context = narrative()
    intended_objective = narrative()
    optimised_objective = narrative()
    observed_behaviour = narrative()
    root_cause = narrative()
    evaluation_breakdown = narrative()
    mitigation_strategy = narrative()
    alignment_lesson = narrative()
    specified_objective = narrative()
    endorsed_goal = narrative()
    human_gap = optional(Gap)
    outer_gap = optional(Gap)
    inner_gap = optional(Gap)
    locus = optional(Locus)
    predictability = optional(Predictability)
    predictability_reason = rationale()
    warning_url = serializers.URLField(required=False, allow_null=True, max_length=1000)
    warned_on = Day(required=False, allow_null=True, help_text="When that warning was published.")
    triage = optional(Triage)
    scope = optional(Scope)
    realised_severity = tier()
    realised_rationale = rationale()
    potential_severity = tier()
    potential_rationale = rationale()
    event_group = VisibleGroup(required=False, allow_null=True)
    systems = SystemInput(many=True, required=False, max_length=MOST_ROWS, help_text="Replaces all.")
    developers = names()
    deployers = names()
    affected = names()
    readers = serializers.ListField(child=person(), required=False, max_length=MOST_ROWS)
    sources = SourceInput(many=True, required=False, max_length=MOST_ROWS, help_text="Replaces all.")

    def validate_warning_url(self, value):
        return value or ""

    def validate_systems(self, value):
        return [(system["name"], system["version"]) for system in value]


class NewCaseInput(CaseInput):
    submit = YesNo(required=False, default=False, help_text="Hand it over for triage at once.")


class CaseChangeInput(CaseInput):
    title = Text(required=False, min_length=6, max_length=200)
    reason = Text(required=False, allow_blank=True, max_length=1000, help_text="Kept in the history.")


class BatchChangeInput(CaseChangeInput):
    """A row of many changes: which case, the version that was read, and what changes."""

    reference = Text(max_length=24)
    version = Whole(min_value=1, max_value=2**31 - 1)


class UpsertInput(CaseInput):
    title = Text(required=False, min_length=6, max_length=200, help_text="Needed for a new case.")
    submit = YesNo(required=False, default=False, help_text="Hand it over for triage, unless it has been.")
    external_url = serializers.URLField(
        required=False, allow_null=True, max_length=1000, help_text="Where the other system shows it."
    )


class ReasonInput(StrictSerializer):
    reason = Text(max_length=1000, help_text="Kept in the history.")


class AcceptInput(StrictSerializer):
    owner = person(help_text="Unless it has one.")
    potential_severity = Row(SeverityTier.objects.all, "slug", "severity tier", required=False)
    triage = Choice(Triage.choices, required=False, help_text="What it turned out to be.")
    scope = Choice(Scope.choices, required=False)


class NothingInput(StrictSerializer):
    """A step that takes no values."""


EXAMPLE = {
    "title": "Agent edits the failing test instead of the code",
    "kind": "finding",
    "occurred_from": "2026-11-12",
    "occurred_precision": "day",
    "systems": [{"name": "code-agent", "version": "2.1"}],
    "observed_behaviour": "It changed the assertion until the suite passed.",
    "submit": True,
}


def checked(serializer, data, **options):
    """The values in `data` as `serializer` understands them. Raises ValidationError with pointers."""
    found = serializer(data=data, **options)
    found.is_valid(raise_exception=True)
    return dict(found.validated_data)
