"""What no comment can be."""

import pytest

from registry.models import Comment
from tests import analysed
from tests.factories import NOW, make_person
from tests.registry.models.refusal import refused_by

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("registry_comment_text_filled", {"text": ""}),
        ("registry_comment_text_at_most_10000", {"text": "x" * 10_001}),
        ("registry_comment_resolved_by_somebody", {"resolved_at": NOW}),
        ("registry_comment_removed_by_somebody", {"removed_at": NOW}),
    ],
)
def test_a_comment_refuses(constraint, values):
    analysed.comment()

    with refused_by(constraint):
        Comment.objects.update(**values)


def test_a_thread_is_resolved_at_its_first_comment():
    first = analysed.comment()
    answer = analysed.comment(case=first.case, answers=first)

    with refused_by("registry_comment_answers_are_not_resolved"):
        Comment.objects.filter(pk=answer.pk).update(resolved_at=NOW, resolved_by=first.author)


def test_a_person_is_mentioned_once_in_a_comment():
    row, person = analysed.comment(), make_person()
    analysed.mention(comment=row, person=person)

    with refused_by("registry_commentmention_once"):
        analysed.mention(comment=row, person=person)
