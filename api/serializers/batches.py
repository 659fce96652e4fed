"""Lists of cases that are logged or changed at once, and how each row went."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.batches import MOST
from api.describing import ErrorEntry
from api.serializers.case_input import EXAMPLE, BatchChangeInput, CaseChangeInput, NewCaseInput
from api.serializers.strict import StrictSerializer, Whole


@extend_schema_field(NewCaseInput)
class NewRow(serializers.Field):
    """A row as it was sent: what is wrong with it is said with its own outcome."""

    def to_internal_value(self, data):
        return data


@extend_schema_field(BatchChangeInput)
class ChangeRow(NewRow):
    pass


class Filters(serializers.DictField):
    """Filters as they stand in an address: texts, numbers, true or false, or lists of them."""


class ManyNewInput(StrictSerializer):
    cases = serializers.ListField(child=NewRow(allow_null=True), min_length=1, max_length=MOST)


class ManyChangesInput(StrictSerializer):
    """Either `cases`, each with its own version, or `filter` with how many it finds and what `set` makes of them."""

    cases = serializers.ListField(child=ChangeRow(allow_null=True), min_length=1, max_length=MOST, required=False)
    filter = Filters(required=False, help_text="The filters of the list, `view` left out.")
    expected_count = Whole(required=False, min_value=0, help_text="How many cases the filter finds.")
    set = CaseChangeInput(required=False)

    def validate(self, values):
        chosen = {"filter", "expected_count", "set"}
        wanted = {"cases"} if "cases" in values else chosen
        lacking = dict.fromkeys(wanted - values.keys(), "Needed, with “filter”, unless “cases” are sent.")
        beside = dict.fromkeys(values.keys() - wanted, "Send “cases”, or a filter, not both.")
        if lacking or beside:
            raise serializers.ValidationError(lacking | beside)
        if "set" in values and not values["set"]:
            raise serializers.ValidationError({"set": "Say what shall change."})
        return values


class RowProblemShape(serializers.Serializer):
    type = serializers.CharField()
    title = serializers.CharField()
    detail = serializers.CharField()
    errors = ErrorEntry(many=True)
    version = serializers.IntegerField(required=False, help_text="With 412: the version the case is at.")
    changed = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="With 412: the fields that differ from your version."
    )


class RowOutcomeShape(serializers.Serializer):
    index = serializers.IntegerField(help_text="The row's position in what was sent, from 0.")
    status = serializers.IntegerField(help_text="What the row would have been answered by itself.")
    reference = serializers.CharField(allow_null=True, help_text="Null for a refused new case, and in a dry run.")
    url = serializers.URLField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    problem = RowProblemShape(allow_null=True)


class CountsShape(serializers.Serializer):
    made = serializers.IntegerField()
    changed = serializers.IntegerField()
    refused = serializers.IntegerField()


class BatchShape(serializers.Serializer):
    atomic = serializers.BooleanField()
    dry_run = serializers.BooleanField()
    counts = CountsShape()
    rows = RowOutcomeShape(many=True)


def row_of(outcome, addresses):
    reference = outcome["reference"]
    seen = reference and not (outcome["problem"] or {}).get("type", "").endswith("/not-found/")
    return outcome | {"url": addresses.case(reference)["url"] if seen else None}


NEW_EXAMPLE = {"cases": [EXAMPLE, {"title": "Boat circles the lagoon", "kind": "incident"}]}
ROWS_EXAMPLE = {"cases": [{"reference": "AIR-42", "version": 3, "locus": "behavioural"}]}
FILTER_EXAMPLE = {
    "filter": {"status": "triage", "system": "code-agent"},
    "expected_count": 12,
    "set": {"owner": "mira"},
}
