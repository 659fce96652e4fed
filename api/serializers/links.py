"""How a case stands to others: what was said of two, and what looks alike."""

from rest_framework import serializers

from api.addresses import reference_of
from api.serializers.strict import Choice, StrictSerializer
from registry.choices import LinkKind, Status


class LinkInput(StrictSerializer):
    kind = Choice(LinkKind.choices, help_text="How the case stands to the other; “different” is an answer too.")


class OtherCaseShape(serializers.Serializer):
    reference = serializers.CharField()
    title = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    url = serializers.URLField()
    html_url = serializers.URLField()


class LinkShape(serializers.Serializer):
    id = serializers.IntegerField()
    first = serializers.CharField(help_text="The link reads from this case …")
    kind = serializers.ChoiceField(LinkKind.choices)
    second = serializers.CharField(help_text="… to this one.")
    other = OtherCaseShape(help_text="The one of the two that you did not ask about.")
    answered_by = serializers.CharField()
    created_at = serializers.DateTimeField(help_text="When this was last said.")
    url = serializers.URLField()
    html_url = serializers.URLField()


class ReasonShape(serializers.Serializer):
    what = serializers.CharField()
    detail = serializers.CharField()


class SimilarShape(serializers.Serializer):
    case = OtherCaseShape()
    score = serializers.FloatField()
    reasons = ReasonShape(many=True)
    link = serializers.ChoiceField(
        LinkKind.choices, allow_null=True, help_text="What was said of the two already, whichever way round."
    )


class SimilarCasesShape(serializers.Serializer):
    results = SimilarShape(many=True, help_text="The five most alike at most, the best first.")
    n_compared = serializers.IntegerField(help_text="How many cases you may see; 501 stands for more than 500.")


def other_of(case, addresses):
    reference = reference_of(case.pk)
    return {"reference": reference, "title": case.title, "status": case.status, **addresses.case(reference)}


def link_of(link, case, addresses):
    other = link.other if link.case_id == case.pk else link.case
    reference, named = reference_of(case.pk), reference_of(other.pk)
    return {
        "id": link.pk,
        "first": reference_of(link.case_id),
        "kind": link.kind,
        "second": reference_of(link.other_id),
        "other": other_of(other, addresses),
        "answered_by": link.answered_by.username,
        "created_at": link.answered_at,
        **addresses.beside(reference, f"links/{named}", "links"),
    }


def similar_of(hit, link, addresses):
    return {
        "case": other_of(hit.case, addresses),
        "score": round(hit.score, 3),
        "reasons": [{"what": reason.what, "detail": reason.detail} for reason in hit.reasons],
        "link": link and link.kind,
    }
