"""The safeguards of a case: what a person sends of one technique, and how they go out."""

from rest_framework import serializers

from api.addresses import reference_of
from api.serializers.labels import KnownNode
from api.serializers.strict import Choice, StrictSerializer, Text, Whole
from registry.choices import Deployed, Expected, Outcome

LAST = 32_000


class SafeguardInput(StrictSerializer):
    """The whole of what is said of one technique: what is left out goes back to its default."""

    deployed = Choice(Deployed.choices)
    expected = Choice(Expected.choices, default=Expected.UNKNOWN, help_text="Whether it was meant to catch this.")
    outcome = Choice(Outcome.choices, default=Outcome.UNKNOWN)
    failure_mode = KnownNode(default=None, allow_null=True, help_text="Only where it missed all or part of it.")
    how = Text(default="", allow_blank=True, max_length=10_000, help_text="How it caught it, or got past it.")
    order = Whole(
        default=None,
        allow_null=True,
        min_value=1,
        max_value=LAST,
        help_text="In the order the behaviour met them; where it stood, or last, unless said.",
    )


class SafeguardShape(serializers.Serializer):
    id = serializers.IntegerField()
    case = serializers.CharField()
    technique = serializers.CharField(help_text="scheme:slug")
    name = serializers.CharField()
    deployed = serializers.ChoiceField(Deployed.choices)
    expected = serializers.ChoiceField(Expected.choices)
    outcome = serializers.ChoiceField(Outcome.choices)
    failure_mode = serializers.CharField(allow_null=True, help_text="scheme:slug")
    how = serializers.CharField()
    order = serializers.IntegerField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    html_url = serializers.URLField()


def safeguard_of(row, addresses):
    reference = reference_of(row.case_id)
    return {
        "id": row.pk,
        "case": reference,
        "technique": row.technique.key,
        "name": row.technique.name,
        **{name: getattr(row, name) for name in ("deployed", "expected", "outcome", "how", "order", "version")},
        "failure_mode": row.failure_mode and row.failure_mode.key,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        **addresses.beside(reference, f"safeguards/{row.technique.key}", "safeguards"),
    }
