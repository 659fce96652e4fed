"""Evidence of a case: what is sent of it, and what is told of it."""

import json

from rest_framework import serializers

from api.addresses import reference_of
from api.serializers.strict import Choice, StrictSerializer, Text
from registry.choices import EvidenceKind
from registry.exchange.transcripts import MOST_CHARACTERS, MOST_TURNS, NotATranscript, parse
from registry.models.case import LONGEST_NARRATIVE

# What each kind is told by; the others are none of its business.
TOLD_BY = {EvidenceKind.NOTE: ("note",), EvidenceKind.TRANSCRIPT: ("turns", "text")}


def title():
    return Text(required=False, allow_blank=True, max_length=200, default="")


class EvidenceInput(StrictSerializer):
    """A note or a transcript. Files are sent as multipart/form-data."""

    kind = Choice([(kind.value, kind.label) for kind in TOLD_BY])
    title = title()
    note = Text(required=False, max_length=LONGEST_NARRATIVE, trim_whitespace=False, help_text="Markdown.")
    turns = serializers.ListField(
        child=serializers.DictField(),
        required=False,
        min_length=1,
        max_length=MOST_TURNS,
        help_text="Messages with `role` and `content`, as chat interfaces export them.",
    )
    text = Text(
        required=False,
        max_length=MOST_CHARACTERS,
        trim_whitespace=False,
        help_text="Instead of `turns`: chat JSON, one JSON message a line, or lines that begin with “User:”.",
    )

    def validate(self, values):
        names = TOLD_BY[values["kind"]]
        for name in {"note", "turns", "text"} & values.keys():
            if name not in names:
                raise serializers.ValidationError({name: f"A {values['kind']} has no {name}."}, code="unknown_field")
        if sum(name in values for name in names) != 1:
            words = f"Send {' or '.join(names)}."
            raise serializers.ValidationError({names[0]: words}, code="required")
        return values if "note" in values else turns_of(values)


class FileInput(StrictSerializer):
    file = serializers.FileField(max_length=None)
    title = title()


class EvidenceShape(serializers.Serializer):
    id = serializers.IntegerField()
    case = serializers.CharField()
    kind = serializers.ChoiceField(EvidenceKind.choices)
    title = serializers.CharField()
    file_name = serializers.CharField(allow_null=True)
    media_type = serializers.CharField(allow_null=True, help_text="As found in its bytes, not as its name says.")
    size = serializers.IntegerField(allow_null=True, help_text="Bytes of a file.")
    n_turns = serializers.IntegerField(allow_null=True, help_text="Of a transcript.")
    sha256 = serializers.CharField()
    added_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    removed_by = serializers.CharField(allow_null=True)
    removed_at = serializers.DateTimeField(allow_null=True)
    file_url = serializers.URLField(help_text="Its bytes: the file, the turns as JSON, or the note.")
    url = serializers.URLField()
    html_url = serializers.URLField()


class EvidenceDetailShape(EvidenceShape):
    note = serializers.CharField(allow_null=True, help_text="Markdown.")


def turns_of(values):
    name = "turns" if "turns" in values else "text"
    text = json.dumps(values["turns"], ensure_ascii=False) if name == "turns" else values["text"]
    try:
        turns = parse(text)
    except NotATranscript as refused:
        raise serializers.ValidationError({name: str(refused)}, code="not_a_transcript") from None
    return {"kind": values["kind"], "title": values["title"], "turns": turns}


def evidence_of(row, addresses):
    """`row` is annotated with its number of turns."""
    found = addresses.evidence(row.pk)
    return {
        "id": row.pk,
        "case": reference_of(row.case_id),
        "kind": row.kind,
        "title": row.title,
        "file_name": row.file_name or None,
        "media_type": row.media_type or None,
        "size": row.size,
        "n_turns": row.n_turns or None,
        "sha256": row.sha256,
        "added_by": row.added_by.username,
        "created_at": row.added_at,
        "removed_by": row.removed_by and row.removed_by.username,
        "removed_at": row.removed_at,
        "file_url": f"{found['url']}file/",
        **found,
    }


def evidence_detail_of(row, addresses):
    return {**evidence_of(row, addresses), "note": row.note or None}
