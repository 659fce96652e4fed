"""Labels of a case: what a rater sends, and what a reader may see of them."""

from rest_framework import serializers

from api.serializers.strict import Choice, StrictSerializer, Text, Whole, YesNo
from registry.choices import Grounds, LoadBearing, Stance
from registry.filters import find_node


class KnownNode(Text):
    """A node as `scheme:slug`, in use or retired; whether it fits is for the action to say."""

    def to_internal_value(self, data):
        return find_node(super().to_internal_value(data))


class LabelInput(StrictSerializer):
    """The whole of one's judgement: what is left out goes back to its default."""

    stance = Choice(Stance.choices, default=Stance.PRESENT)
    confidence = Whole(default=None, allow_null=True, min_value=0, max_value=100)
    grounds = Choice(Grounds.choices, default=Grounds.INFERRED)
    load_bearing = Choice(LoadBearing.choices, default=LoadBearing.UNKNOWN)
    rationale = Text(default="", allow_blank=True, max_length=10_000)
    quote = Text(default="", allow_blank=True, max_length=10_000, help_text="The passage of the evidence.")
    criteria_shown = serializers.ListField(
        child=Text(max_length=1_000),
        default=list,
        max_length=50,
        help_text="The criteria of the node that are shown, in its own words; all of them where it needs each.",
    )
    hold = YesNo(
        default=False,
        help_text="Keep it to yourself for now. A label that is not held submits all you held on this case, and opens "
        "what others said; from then on nothing is held any more.",
    )


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
    criteria_shown = serializers.ListField(child=serializers.CharField())
    submitted_at = serializers.DateTimeField(
        allow_null=True, help_text="Null while it is held: then nobody but its rater knows of it."
    )
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    html_url = serializers.URLField()


class CaseLabelsShape(serializers.Serializer):
    results = LabelShape(many=True)
    labels_hidden = serializers.BooleanField(help_text="Others' labels appear once you submitted your own.")


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
        "criteria_shown": label.criteria_shown,
        "submitted_at": label.submitted_at,
        "version": label.version,
        "created_at": label.created_at,
        "updated_at": label.updated_at,
        **addresses.label(reference, node.key),
    }
