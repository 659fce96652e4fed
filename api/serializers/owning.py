"""Who works on a case and until when, who hears of it, and what its next step needs."""

from rest_framework import serializers

from api.serializers.strict import Day, Row, StrictSerializer
from registry.models import Person


class AssignInput(StrictSerializer):
    owner = Row(Person.objects.active, "username", "active person", allow_null=True, help_text="Null lets go of it.")


class DueInput(StrictSerializer):
    due_on = Day(allow_null=True, help_text="Today or later; null takes the day away.")


class WatchShape(serializers.Serializer):
    case = serializers.CharField()
    watching = serializers.BooleanField(help_text="Whether you hear of what happens in it.")
    hearers = serializers.ListField(child=serializers.CharField(), help_text="User names of all who do.")
    url = serializers.URLField()
    html_url = serializers.URLField()


class MissingShape(serializers.Serializer):
    field = serializers.CharField()
    message = serializers.CharField()


class ChecklistShape(serializers.Serializer):
    step = serializers.CharField(allow_null=True, help_text="The step that leads on; null for a case that is over.")
    missing = MissingShape(many=True, help_text="What it still needs, as far as you may know.")
    done = serializers.IntegerField(help_text="Of the `total` things the step asks for.")
    total = serializers.IntegerField()
    may_take = serializers.BooleanField(help_text="Whether your role allows it.")
    refusal = serializers.CharField(allow_null=True, help_text="Why you of all people cannot take it.")
    steps = serializers.ListField(child=serializers.CharField(), help_text="Every step you may try from here.")


def checklist_of(ahead, steps):
    """`ahead` is None for a case that is over."""
    return {
        "step": ahead and ahead.step.slug,
        "missing": [{"field": each.field, "message": each.message} for each in ahead.missing] if ahead else [],
        "done": ahead.done if ahead else 0,
        "total": ahead.total if ahead else 0,
        "may_take": bool(ahead and ahead.may_take),
        "refusal": (ahead and ahead.refusal) or None,
        "steps": [step.slug for step in steps],
    }
