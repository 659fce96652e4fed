"""Two cases made one: what it would do, that it was done, and what could not be undone."""

from rest_framework import serializers

from api.addresses import reference_of
from api.serializers.strict import StrictSerializer, Text


class MergeInput(StrictSerializer):
    merged = Text(max_length=24, help_text="The case that goes into this one; its number leads here from then on.")
    reason = Text(max_length=2000, help_text="Kept in the history of both.")
    state = Text(
        required=False,
        max_length=64,
        help_text="From the preview: 412 if anything of the two changed since. Without it nothing is compared.",
    )


class TakeBackInput(StrictSerializer):
    reason = Text(max_length=2000, help_text="Kept in the history of both.")


class MergeShape(serializers.Serializer):
    id = serializers.IntegerField()
    kept = serializers.CharField()
    merged = serializers.CharField()
    title = serializers.CharField(allow_null=True, help_text="Of the merged case; null where it is not for you.")
    reason = serializers.CharField()
    merged_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    why_not_undone = serializers.CharField(allow_null=True, help_text="Why it cannot be taken back; null if it can.")
    url = serializers.URLField()
    html_url = serializers.URLField()


class MergesShape(serializers.Serializer):
    results = MergeShape(many=True, help_text="Those that stand, the latest first.")


class UndoneShape(serializers.Serializer):
    kept = serializers.CharField()
    merged = serializers.CharField()
    told = serializers.ListField(
        child=serializers.CharField(), help_text="What people changed since, and so was not put back."
    )


class PlannedRowShape(serializers.Serializer):
    words = serializers.CharField()
    stays = serializers.CharField(allow_null=True, help_text="Why it stays with the merged case; null if it moves.")


class PlannedGroupShape(serializers.Serializer):
    name = serializers.CharField()
    rows = PlannedRowShape(many=True)


class FilledShape(serializers.Serializer):
    name = serializers.CharField()
    value = serializers.CharField()


class NewlySeeingShape(serializers.Serializer):
    people = serializers.ListField(child=serializers.CharField())
    what = serializers.CharField()


class MergePreviewShape(serializers.Serializer):
    kept = serializers.CharField()
    merged = serializers.CharField()
    state = serializers.CharField(
        allow_null=True,
        help_text="Send it with the merge. Null while you rate one of the two blind: it would tell that others did.",
    )
    refusal = serializers.CharField(allow_null=True, help_text="Why it cannot be done; then nothing else is said.")
    groups = PlannedGroupShape(
        many=True, help_text="The rows of the merged case, kind by kind, as far as you may know."
    )
    fills = FilledShape(many=True, help_text="What the kept case left empty and would get.")
    newly_seeing = NewlySeeingShape(many=True)
    losing = serializers.ListField(child=serializers.CharField(), help_text="Who would not see it any more.")


def merge_of(row, kept, addresses):
    """`row` is a relations.links.MergeRow."""
    merge, reference = row.merge, reference_of(kept.pk)
    return {
        "id": merge.pk,
        "kept": reference,
        "merged": reference_of(merge.merged_id),
        "title": row.title or None,
        "reason": merge.reason,
        "merged_by": merge.merged_by.username,
        "created_at": merge.merged_at,
        "why_not_undone": row.why_not or None,
        **addresses.beside(reference, f"merges/{merge.pk}", "links"),
    }


def planned(line):
    return {"words": line.words, "stays": line.why_not or None}


def preview_of(found, state):
    """What `relations.merge_preview.preview` found."""
    return {
        "kept": reference_of(found["kept"].pk),
        "merged": reference_of(found["merged"].pk),
        "state": state,
        "refusal": found["refusal"] or None,
        "groups": [
            {"name": group.words, "rows": rows}
            for group in found.get("groups", ())
            if (rows := [planned(line) for line in group.lines if not line.is_count])
        ],
        "fills": [{"name": name, "value": value} for name, value in found.get("fills", ())],
        "newly_seeing": [{"people": people, "what": what} for people, what in found.get("newly", ())],
        "losing": found.get("losing", []),
    }
