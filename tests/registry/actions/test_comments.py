"""Talking about a case: threads, names in the text, changing and removing, and who is told."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from registry.actions import comments
from registry.actions.signing import Conflict, StepRefused
from registry.choices import NotificationKind, Status, Visibility
from registry.models import CaseReader, Comment, CommentMention, Notification
from tests.factories import make_case

pytestmark = pytest.mark.django_db
MENTIONED, COMMENTED, RESOLVED = NotificationKind.MENTIONED, NotificationKind.COMMENTED, NotificationKind.RESOLVED


@pytest.fixture
def case(reporter, analyst):
    return make_case(status=Status.ANALYSIS, reporter=reporter, owner=analyst)


@pytest.fixture
def first(case, analyst, now):
    return comments.add_comment(case=case, by=analyst, at=now, text="Twelve replays show the same.")


def told():
    return sorted(Notification.objects.values_list("person__username", "kind"))


def named(comment):
    return sorted(comment.mentions.values_list("person__username", flat=True))


def test_a_reader_may_comment_and_whoever_hears_of_the_case_is_told(case, reader, now):
    comment = comments.add_comment(case=case, by=reader, at=now, text="  It did this to us too.\n")

    assert (comment.text, comment.author, comment.written_at, comment.answers) == (
        "It did this to us too.",
        reader,
        now,
        None,
    )
    assert told() == [("mira", COMMENTED), ("sam", COMMENTED)]


def test_whoever_is_named_is_told_so_and_not_twice(case, reporter, other_analyst, now):
    comment = comments.add_comment(case=case, by=reporter, at=now, text="@Mira, @jonas: look. @jonas!")

    assert named(comment) == ["jonas", "mira"]
    assert told() == [("jonas", MENTIONED), ("mira", MENTIONED)]


def test_a_name_may_end_its_sentence_and_an_address_names_nobody(case, analyst, other_analyst, now):
    comment = comments.add_comment(case=case, by=analyst, at=now, text="Ask @jonas. Or write to x@jonas.example.")

    assert named(comment) == ["jonas"]


def test_what_stands_in_code_names_nobody(case, analyst, now):
    text = "The `@property` decorator:\n\n```\n@cache\ndef f(): ...\n```\n"

    assert named(comments.add_comment(case=case, by=analyst, at=now, text=text)) == []


@pytest.mark.parametrize("name", ["jonas", "nobody-of-this-name"])
def test_naming_somebody_who_cannot_see_the_case_answers_like_naming_nobody(reporter, other_analyst, now, name):
    case = make_case(visibility=Visibility.NAMED, reporter=reporter)

    with pytest.raises(ValidationError) as refused:
        comments.add_comment(case=case, by=reporter, at=now, text=f"What does @{name} think?")

    sentence = f"@{name} is nobody who may see this case. Write it in `backticks` if no person is meant."
    assert refused.value.message_dict == {"text": [sentence]}
    assert (Comment.objects.count(), Notification.objects.count()) == (0, 0)


def test_naming_somebody_who_is_named_on_the_case_works(reporter, other_analyst, now):
    case = make_case(visibility=Visibility.NAMED, reporter=reporter)
    CaseReader.objects.create(case=case, person=other_analyst)

    assert named(comments.add_comment(case=case, by=reporter, at=now, text="@jonas, is it yours?")) == ["jonas"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (" \n ", "Write something first."),
        ("x" * 10_001, "This has 10,001 characters; a comment holds 10,000. Attach longer texts as evidence."),
        ("a\x00b", "Null characters are not allowed."),
        (" ".join(f"@p{n}" for n in range(21)), "A comment names at most 20 people."),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(case, analyst, now, text, message):
    with pytest.raises(ValidationError) as refused:
        comments.add_comment(case=case, by=analyst, at=now, text=text)

    assert refused.value.message_dict == {"text": [message]}


def test_an_answer_to_an_answer_joins_its_thread(case, first, reporter, now):
    answer = comments.add_comment(case=case, by=reporter, at=now, text="Which twelve?", answers=first)

    further = comments.add_comment(case=case, by=reporter, at=now, text="All of them?", answers=answer)

    assert (answer.answers, further.answers) == (first, first)


def test_a_comment_of_another_case_cannot_be_answered_here(first, reporter, now):
    with pytest.raises(Http404):
        comments.add_comment(case=make_case(), by=reporter, at=now, text="Which twelve?", answers=first)


def test_only_its_author_changes_a_comment_and_only_the_newly_named_are_told(case, first, analyst, reviewer, now):
    comments.add_comment(case=case, by=reviewer, at=now, text="Noted.")
    comments.edit_comment(comment=first, by=analyst, at=now, text="Twelve replays, @priya.")
    Notification.objects.all().delete()

    edited = comments.edit_comment(comment=first, by=analyst, at=now, text="Twelve replays, @priya and @sam.")

    assert (edited.text, edited.edited_at, edited.version) == ("Twelve replays, @priya and @sam.", now, 3)
    assert (named(edited), told()) == (["priya", "sam"], [("sam", MENTIONED)])
    with pytest.raises(PermissionDenied):
        comments.edit_comment(comment=first, by=reviewer, at=now, text="Eleven.")


def test_a_name_that_is_taken_out_is_mentioned_no_more(case, analyst, reporter, now):
    comment = comments.add_comment(case=case, by=analyst, at=now, text="@sam?")

    comments.edit_comment(comment=comment, by=analyst, at=now, text="Anybody?")

    assert CommentMention.objects.count() == 0


def test_changing_an_old_version_is_refused(first, analyst, now):
    comments.edit_comment(comment=first, by=analyst, at=now, text="Eleven.", version=1)

    with pytest.raises(Conflict):
        comments.edit_comment(comment=first, by=analyst, at=now, text="Ten.", version=1)


def test_its_author_or_a_reviewer_removes_a_comment_and_nobody_is_told_of_it_any_more(
    case, first, other_analyst, reviewer, now
):
    assert told() == [("sam", COMMENTED)]
    with pytest.raises(PermissionDenied):
        comments.remove_comment(comment=first, by=other_analyst, at=now)

    removed = comments.remove_comment(comment=first, by=reviewer, at=now)

    assert (removed.removed_by, removed.removed_at, removed.text) == (reviewer, now, "Twelve replays show the same.")
    assert told() == []
    with pytest.raises(Http404):
        comments.edit_comment(comment=first, by=first.author, at=now, text="Back.")


def test_resolving_tells_those_who_spoke_in_the_thread(case, first, reporter, reader, reviewer, now):
    comments.add_comment(case=case, by=reader, at=now, text="Here as well.", answers=first)
    Notification.objects.all().delete()

    resolved = comments.resolve_thread(comment=first, by=reviewer, at=now)

    assert (resolved.resolved_by, resolved.resolved_at) == (reviewer, now)
    assert told() == [("mira", RESOLVED), ("rena", RESOLVED)]


def test_a_reader_resolves_only_what_they_began(case, first, reader, now):
    own = comments.add_comment(case=case, by=reader, at=now, text="Is it fixed?")

    assert comments.resolve_thread(comment=own, by=reader, at=now).resolved_by == reader
    with pytest.raises(PermissionDenied):
        comments.resolve_thread(comment=first, by=reader, at=now)


def test_an_answer_is_not_resolved_by_itself(case, first, analyst, now):
    answer = comments.add_comment(case=case, by=analyst, at=now, text="All.", answers=first)

    with pytest.raises(StepRefused, match="first comment"):
        comments.resolve_thread(comment=answer, by=analyst, at=now)


def test_a_resolved_thread_opens_again_by_hand_or_by_an_answer(case, first, analyst, reporter, now):
    comments.resolve_thread(comment=first, by=analyst, at=now)
    assert comments.resolve_thread(comment=first, by=analyst, at=now, resolved=False).resolved_at is None

    comments.resolve_thread(comment=first, by=analyst, at=now)
    comments.add_comment(case=case, by=reporter, at=now, text="Not quite.", answers=first)

    first.refresh_from_db()
    assert (first.resolved_at, first.resolved_by) == (None, None)


def test_a_closed_case_may_still_be_discussed_and_a_merged_one_not(analyst, now):
    closed, kept = make_case(status=Status.CLOSED), make_case()
    merged = make_case(status=Status.WITHDRAWN, merged_into=kept)

    assert comments.add_comment(case=closed, by=analyst, at=now, text="It happened again.").case == closed
    with pytest.raises(StepRefused, match="merged into another"):
        comments.add_comment(case=merged, by=analyst, at=now, text="It happened again.")
