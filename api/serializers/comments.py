"""What people say to one another about a case."""

from rest_framework import serializers

from api.addresses import reference_of
from api.serializers.strict import StrictSerializer, Text, Whole
from registry.actions.comments import LONGEST


class CommentTextInput(StrictSerializer):
    text = Text(
        max_length=LONGEST,
        trim_whitespace=False,
        help_text="Markdown. `@username` tells somebody who may see the case.",
    )


class CommentInput(CommentTextInput):
    answers = Whole(
        required=False, allow_null=True, min_value=1, max_value=2**31 - 1, help_text="The comment it answers."
    )


class CommentShape(serializers.Serializer):
    id = serializers.IntegerField()
    case = serializers.CharField()
    author = serializers.CharField()
    answers = serializers.IntegerField(allow_null=True, help_text="The comment that began the thread.")
    text = serializers.CharField(allow_null=True, help_text="Null where it was removed and answers to it stand.")
    mentions = serializers.ListField(child=serializers.CharField(), help_text="User names.")
    resolved_by = serializers.CharField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True, help_text="Of the comment that began a thread.")
    removed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField(help_text="When its text was last changed.")
    url = serializers.URLField()
    html_url = serializers.URLField()


def comment_of(row, addresses):
    """`row` is annotated with the user names it mentions."""
    reference, gone = reference_of(row.case_id), row.removed_at is not None
    return {
        "id": row.pk,
        "case": reference,
        "author": row.author.username,
        "answers": row.answers_id,
        "text": None if gone else row.text,
        "mentions": [] if gone else sorted(row.named),
        "resolved_by": row.resolved_by and row.resolved_by.username,
        "resolved_at": row.resolved_at,
        "removed_at": row.removed_at,
        "version": row.version,
        "created_at": row.written_at,
        "updated_at": row.edited_at or row.written_at,
        **addresses.comment(reference, row.pk),
    }
