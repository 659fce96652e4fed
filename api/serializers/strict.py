"""Fields that take one JSON type each, and serializers that refuse what they do not know."""

import copy
import re
from datetime import UTC, date

from rest_framework import serializers

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class StrictSerializer(serializers.Serializer):
    """Unknown fields are refused, each with a pointer. Only the fields that were sent are set up."""

    def get_fields(self):
        sent = getattr(self, "initial_data", None)
        if not isinstance(sent, dict):
            return super().get_fields()
        return {
            name: copy.deepcopy(field)
            for name, field in self._declared_fields.items()
            if name in sent or field.required or field.default is not serializers.empty
        }

    def to_internal_value(self, data):
        if isinstance(data, dict) and (unknown := [name for name in data if name not in self._declared_fields]):
            raise serializers.ValidationError(
                {
                    name: serializers.ErrorDetail(f"There is no field “{name[:60]}” here.", code="unknown_field")
                    for name in unknown
                }
            )
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """A string and nothing that merely could be written as one."""

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)

    def run_validators(self, value):
        """Where the text named a row, it was looked up already, and a row has no length."""
        if isinstance(value, str):
            super().run_validators(value)


class Whole(serializers.IntegerField):
    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class YesNo(serializers.BooleanField):
    def to_internal_value(self, data):
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Choice(serializers.ChoiceField):
    """One of the choices, or null for not answered, which is stored as the empty string where `empty` says so."""

    def __init__(self, choices, *, empty=False, **options):
        self.empty = empty
        super().__init__(choices, allow_null=empty, **options)

    def to_internal_value(self, data):
        if not isinstance(data, str) or data == "":
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)

    def validate_empty_values(self, data):
        return (True, "") if self.empty and data is None else super().validate_empty_values(data)


class Day(serializers.DateField):
    """`2026-11-21`, and none of the other ways ISO 8601 has of writing it."""

    def to_internal_value(self, value):
        if not (isinstance(value, str) and DAY.fullmatch(value)):
            self.fail("invalid", format="YYYY-MM-DD")
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail("invalid", format="YYYY-MM-DD")


class Moment(serializers.DateTimeField):
    """RFC 3339 with its offset; kept in UTC, which is where offsets that the database cannot hold end."""

    default_error_messages = {"offset": "Say the offset from UTC, for example 2026-11-21T09:30:00Z."}

    def to_internal_value(self, value):
        if not isinstance(value, str) or len(value) > 40:
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")
        return super().to_internal_value(value)

    def enforce_timezone(self, value):
        if value.tzinfo is None:
            self.fail("offset")
        try:
            return value.astimezone(UTC)
        except (OverflowError, ValueError):
            self.fail("overflow", timezone="UTC")


class Row(Text):
    """A row of `queryset()` by its unique `field`."""

    default_error_messages = {"unknown_row": "There is no {what} “{value}”."}

    def __init__(self, queryset, field, what, **options):
        self.queryset, self.field, self.what = queryset, field, what
        super().__init__(**options)

    def to_internal_value(self, data):
        key = super().to_internal_value(data)
        row = self.queryset().filter(**{self.field: key}).first()
        if row is None:
            self.fail("unknown_row", what=self.what, value=key[:60])
        return row
