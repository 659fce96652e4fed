"""Labels of a case: what a rater sends, and what a reader may see of them."""

from rest_framework import serializers

from api.serializers.strict import Choice, StrictSerializer, Text, Whole
from registry.choices import Grounds, LoadBearing, Stance


class LabelInput(StrictSerializer):
    """The whole of one's judgement: what is left out goes back to its default."""

    stance = Choice(Stance.choices, default=Stance.PRESENT)
    confidence = Whole(default=None, allow_null=True, min_value=0, max_value=100)
    grounds = Choice(Grounds.choices, default=Grounds.INFERRED)
    load_bearing = Choice(LoadBearing.choices, default=LoadBearing.UNKNOWN)
    rationale = Text(default="", allow_blank=True, max_length=10_000)
    quote = Text(default="", allow_blank=True, max_length=10_000, help_text="The passage of the evidence.")


class LabelShape(serializers.Serializer):
    id = serializers.IntegerField()
    case = serializers.CharField()
    node = serializers.CharField(help_text="scheme:slug")
    name = serializers.CharField()
    rater = serializers.CharField()
    stance = serializers.ChoiceField(Stance.choices)
    confidence = serializers.IntegerField(allow_null=True, min_value=0, max_value=100)
    grounds = serializers.ChoiceField(Grounds.choices)
    load_bearing = serializers.ChoiceField(LoadBearing.choices)
    rationale = serializers.CharField()
    quote = serializers.CharField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    html_url = serializers.URLField()


class CaseLabelsShape(serializers.Serializer):
    results = LabelShape(many=True)
    labels_hidden = serializers.BooleanField(help_text="Others' labels appear once you have labelled the case.")


def label_of(label, *, reference, node, addresses):
    return {
        "id": label.pk,
        "case": reference,
        "node": node.key,
        "name": node.name,
        "rater": label.rater.username,
        "stance": label.stance,
        "confidence": label.confidence,
        "grounds": label.grounds,
        "load_bearing": label.load_bearing,
        "rationale": label.rationale,
        "quote": label.quote,
        "version": label.version,
        "created_at": label.created_at,
        "updated_at": label.updated_at,
        **addresses.label(reference, node.key),
    }
