"""What was agreed of a case, and what reviewers decided between its raters."""

from rest_framework import serializers

from api.addresses import reference_of
from api.serializers.case_shapes import ClassificationShape
from api.serializers.labels import KnownNode
from api.serializers.strict import Moment, StrictSerializer, Text, YesNo

MOST_DECISIONS = 100


class DecisionInput(StrictSerializer):
    node = KnownNode(help_text="scheme:slug")
    applies = YesNo()
    reason = Text(max_length=10_000, help_text="Kept in the history.")
    seen = Moment(
        default=None,
        allow_null=True,
        help_text="`decided_at` of the decision this replaces; null or left out where there was none. 412 if another "
        "stands there by now.",
    )


class DecisionsInput(StrictSerializer):
    decisions = DecisionInput(many=True, min_length=1, max_length=MOST_DECISIONS, help_text="All of them or none.")

    def validate_decisions(self, decisions):
        keys = [each["node"].key for each in decisions]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise serializers.ValidationError(f"“{twice[0]}” stands here twice.", code="repeated")
        return decisions


class AdjudicationShape(serializers.Serializer):
    id = serializers.IntegerField()
    case = serializers.CharField()
    node = serializers.CharField(help_text="scheme:slug")
    name = serializers.CharField()
    applies = serializers.BooleanField()
    reason = serializers.CharField()
    decided_by = serializers.CharField()
    decided_at = serializers.DateTimeField()
    url = serializers.URLField()
    html_url = serializers.URLField()


class AdjudicationsShape(serializers.Serializer):
    results = AdjudicationShape(many=True)
    labels_hidden = serializers.BooleanField(help_text="Decisions appear once you submitted labels of your own.")


class ClassificationsShape(serializers.Serializer):
    results = ClassificationShape(many=True)
    labels_hidden = serializers.BooleanField(help_text="What rests on raters appears once you submitted your own.")


def adjudication_of(row, addresses):
    reference = reference_of(row.case_id)
    return {
        "id": row.pk,
        "case": reference,
        "node": row.node.key,
        "name": row.node.name,
        "applies": row.applies,
        "reason": row.reason,
        "decided_by": row.decided_by.username,
        "decided_at": row.decided_at,
        **addresses.beside(reference, f"adjudications/{row.node.key}", "classification"),
    }
