"""Sources shared between cases."""

from rest_framework import serializers

from api.serializers.strict import Choice, Day, StrictSerializer, Text
from registry.choices import SourceKind, Verification


class SourceChangeInput(StrictSerializer):
    """What is wrong about a source; its address is what it is found by, and stays."""

    title = Text(required=False, max_length=500)
    publisher = Text(required=False, allow_blank=True, max_length=200)
    published_on = Day(required=False, allow_null=True)
    kind = Choice(SourceKind.choices, required=False)
    verification = Choice(Verification.choices, required=False)


class SharedSourceShape(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    source_url = serializers.CharField(allow_null=True, help_text="Where it is published.")
    publisher = serializers.CharField()
    published_on = serializers.DateField(allow_null=True)
    kind = serializers.ChoiceField(SourceKind.choices)
    verification = serializers.ChoiceField(Verification.choices, help_text="Whether somebody here has read it.")
    n_cases = serializers.IntegerField(help_text="Of the cases you may see.")
    created_at = serializers.DateTimeField()
    url = serializers.URLField()
    html_url = serializers.URLField()


class SourceDetailShape(SharedSourceShape):
    cases = serializers.ListField(
        child=serializers.CharField(), help_text="References of the newest 200 cases you may see that carry it."
    )


def source_of(row, addresses):
    """`row` is annotated with the number of cases."""
    names = ("title", "publisher", "published_on", "kind", "verification", "n_cases", "created_at")
    return {
        "id": row.pk,
        "source_url": row.url or None,
        **{name: getattr(row, name) for name in names},
        **addresses.source(row.pk),
    }
