"""How much systems are used: what a client sends, and the records as they go out."""

from django.core.exceptions import ValidationError
from rest_framework import serializers

from api.serializers.strict import Choice, StrictSerializer, Text, Whole
from registry.actions.exposures import LARGEST, month_in, month_words
from registry.actions.parties import known_names
from registry.choices import ExposureUnit
from registry.models import System
from registry.picking import SYSTEMS, seen


class Month(Text):
    """`2026-01`."""

    def to_internal_value(self, data):
        try:
            return month_in(super().to_internal_value(data))
        except ValidationError as error:
            raise serializers.ValidationError(error.messages, code="invalid") from None


class SeenSystem(Text):
    """A system by its name or another name, if a case that the person may see names it."""

    default_error_messages = {"unknown_row": "There is no system “{value}”."}

    def to_internal_value(self, data):
        system = system_named(self.context["person"], super().to_internal_value(data))
        if system is None:
            self.fail("unknown_row", value=data[:60])
        return system


def system_named(person, name):
    """The system that goes by `name`, whatever the letter case, if `person` may know of it; else None."""
    numbers = list(known_names(System, [name]).values())
    return seen(person, SYSTEMS).filter(pk__in=numbers).first()


def amount(**options):
    return Whole(min_value=0, max_value=LARGEST, help_text="How many of the unit in this month.", **options)


class ExposureInput(StrictSerializer):
    system = SeenSystem(max_length=200, help_text="Its name or another name it goes by.")
    month = Month(max_length=7, help_text="Like 2026-01; not one that is still to come.")
    unit = Choice(ExposureUnit.choices)
    amount = amount()
    source = Text(max_length=500, help_text="Where the number comes from.")


class ExposureChangeInput(StrictSerializer):
    amount = amount(required=False)
    source = Text(max_length=500, required=False)


class ExposureShape(serializers.Serializer):
    id = serializers.IntegerField()
    system = serializers.CharField()
    system_id = serializers.IntegerField()
    month = serializers.CharField(help_text="Like 2026-01.")
    unit = serializers.ChoiceField(ExposureUnit.choices)
    amount = serializers.IntegerField()
    source = serializers.CharField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    html_url = serializers.URLField()


def exposure_of(row, addresses):
    """`row` has `system` at hand."""
    return {
        "id": row.pk,
        "system": row.system.name,
        "system_id": row.system_id,
        "month": month_words(row.month),
        "unit": row.unit,
        "amount": row.amount,
        "source": row.source,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        **addresses.of(f"exposures/{row.pk}", "system", pk=row.system_id),
    }
