"""One rater's work on one case."""

from rest_framework import serializers

from api.addresses import reference_of
from api.serializers.strict import Row, StrictSerializer
from registry.choices import RatingState
from taxonomy.models import Scheme, SeverityTier


def tier(words):
    return Row(
        SeverityTier.objects.all,
        "slug",
        "severity tier",
        required=False,
        allow_null=True,
        default=None,
        help_text=words,
    )


class SubmitRatingInput(StrictSerializer):
    schemes = serializers.ListField(
        child=Row(Scheme.objects.all, "slug", "scheme"),
        default=list,
        max_length=100,
        help_text="Those you went through: what you did not label in them is said to be absent. Schemes you labelled "
        "with count by themselves.",
    )
    realised_severity = tier("What happened.")
    potential_severity = tier("What could have happened.")


class RatingShape(serializers.Serializer):
    case = serializers.CharField()
    rater = serializers.CharField()
    state = serializers.ChoiceField(RatingState.choices)
    realised_severity = serializers.CharField(allow_null=True, help_text="Slug of a severity tier.")
    potential_severity = serializers.CharField(allow_null=True, help_text="Slug of a severity tier.")
    schemes = serializers.ListField(child=serializers.CharField(), help_text="Slugs of those gone through.")
    opened_at = serializers.DateTimeField(allow_null=True, help_text="Since when they see what the others said.")
    version = serializers.IntegerField(help_text="0 while nothing is said.")
    created_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField(allow_null=True)
    url = serializers.URLField()
    html_url = serializers.URLField()


class OwnRatingShape(RatingShape):
    n_held = serializers.IntegerField(help_text="Labels of yours that nobody else knows of until you submit.")


class CaseRatingsShape(serializers.Serializer):
    results = RatingShape(many=True)
    disputed = serializers.ListField(
        child=serializers.CharField(),
        help_text="Nodes on which raters differ and nobody has decided, be it that one passed one over.",
    )
    labels_hidden = serializers.BooleanField(help_text="Others' ratings appear once you submitted your own.")


def rating_of(rating, schemes, addresses):
    reference = reference_of(rating.case_id)
    return {
        "case": reference,
        "rater": rating.rater.username,
        "state": rating.state,
        "realised_severity": rating.realised_severity and rating.realised_severity.slug,
        "potential_severity": rating.potential_severity and rating.potential_severity.slug,
        "schemes": schemes,
        "opened_at": rating.opened_at,
        "version": rating.version,
        "created_at": rating.created_at,
        "updated_at": rating.updated_at,
        **addresses.beside(reference, "rating", "classification"),
    }
