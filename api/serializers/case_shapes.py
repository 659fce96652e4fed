"""The shapes of cases as they go out, for the API document; tests hold answers against them."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.labels import LabelShape
from registry.choices import (
    Gap,
    Kind,
    Locus,
    Method,
    Precision,
    Predictability,
    Scope,
    SourceKind,
    Stage,
    Status,
    SystemRole,
    Triage,
    Verification,
    Visibility,
)
from registry.models.case import NARRATIVE_FIELDS

PERSON = {"type": "object", "properties": {"username": {"type": "string"}, "name": {"type": "string"}}}
LABEL = {
    "type": "object",
    "properties": {"node": {"type": "string"}, "name": {"type": "string"}, "scheme": {"type": "string"}},
}


@extend_schema_field(
    {"oneOf": [{"type": "string"}, PERSON], "description": "A user name; an object with expand=people."}
)
class PersonOrName(serializers.CharField):
    pass


@extend_schema_field(
    {
        "oneOf": [{"type": "string"}, PERSON, {"type": "null"}],
        "description": "A user name; an object with expand=people.",
    }
)
class PersonOrNameOrNobody(serializers.CharField):
    pass


@extend_schema_field(
    {
        "type": "array",
        "items": {"oneOf": [{"type": "string"}, LABEL]},
        "description": "Keys of the agreed nodes; objects with expand=labels.",
    }
)
class Labels(serializers.ListField):
    pass


def answered(choices):
    """Null while it is not answered."""
    return serializers.ChoiceField(choices.choices, allow_null=True)


def day():
    return serializers.DateField(allow_null=True)


def moment():
    return serializers.DateTimeField(allow_null=True)


class CaseCore(serializers.Serializer):
    id = serializers.IntegerField()
    reference = serializers.CharField()
    url = serializers.URLField()
    html_url = serializers.URLField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    title = serializers.CharField()
    kind = answered(Kind)
    status = serializers.ChoiceField(Status.choices)
    visibility = serializers.ChoiceField(Visibility.choices)
    occurred_from = day()
    occurred_to = day()
    occurred_precision = serializers.ChoiceField(Precision.choices)
    reported_at = moment()
    closed_at = moment()
    realised_severity = serializers.CharField(allow_null=True, help_text="Slug of a severity tier.")
    potential_severity = serializers.CharField(allow_null=True, help_text="Slug of a severity tier.")


class CaseRow(CaseCore):
    reporter = PersonOrName()
    owner = PersonOrNameOrNobody()
    systems = serializers.ListField(child=serializers.CharField())
    labels = Labels()

    def get_fields(self):
        narrative = {name: serializers.CharField(help_text="With expand=narrative.") for name in NARRATIVE_FIELDS}
        return super().get_fields() | narrative


class TeamShape(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class EventGroupShape(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class SystemShape(serializers.Serializer):
    name = serializers.CharField()
    version = serializers.CharField()
    role = serializers.ChoiceField(SystemRole.choices)


class SourceShape(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    url = serializers.CharField(allow_null=True)
    publisher = serializers.CharField()
    published_on = day()
    kind = serializers.ChoiceField(SourceKind.choices)
    verification = serializers.ChoiceField(Verification.choices)


class ExternalIdShape(serializers.Serializer):
    source = serializers.CharField()
    value = serializers.CharField()
    url = serializers.CharField(allow_null=True)


class ClassificationShape(serializers.Serializer):
    node = serializers.CharField(help_text="scheme:slug")
    name = serializers.CharField()
    method = serializers.ChoiceField(Method.choices)
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField()
    reason = serializers.CharField(
        allow_null=True, help_text="Why it was decided; null where nobody did, and while you rate blind."
    )


class CaseDetail(CaseCore):
    reporter = serializers.CharField(help_text="User name.")
    owner = serializers.CharField(allow_null=True)
    reviewer = serializers.CharField(allow_null=True)
    detected_at = moment()
    due_on = serializers.DateField(allow_null=True, help_text="When its next step is due.")
    stage = answered(Stage)
    human_gap = answered(Gap)
    outer_gap = answered(Gap)
    inner_gap = answered(Gap)
    locus = answered(Locus)
    predictability = answered(Predictability)
    predictability_reason = serializers.CharField()
    warning_url = serializers.CharField(allow_null=True)
    warned_on = serializers.DateField(allow_null=True, help_text="When that warning was published.")
    triage = answered(Triage)
    scope = answered(Scope)
    realised_rationale = serializers.CharField()
    potential_rationale = serializers.CharField()
    team = TeamShape(allow_null=True, help_text="Whose members see the case, with visibility “team”.")
    event_group = EventGroupShape(allow_null=True)
    systems = SystemShape(many=True)
    developers = serializers.ListField(child=serializers.CharField())
    deployers = serializers.ListField(child=serializers.CharField())
    affected = serializers.ListField(child=serializers.CharField())
    readers = serializers.ListField(child=serializers.CharField())
    sources = SourceShape(many=True)
    external_ids = ExternalIdShape(many=True)
    classifications = ClassificationShape(many=True, help_text="What was agreed, as far as you may see it.")
    labels = LabelShape(many=True, help_text="What raters said, as far as you may see it.")
    labels_hidden = serializers.BooleanField(help_text="Others' labels appear once you submitted your own.")

    def get_fields(self):
        return super().get_fields() | {name: serializers.CharField() for name in NARRATIVE_FIELDS}
