"""What people say to one another about a case: comments, answers to them, and whom they name."""

import re

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.db.models.functions import Lower
from django.http import Http404
from markdown_it import MarkdownIt

from registry import access
from registry.actions.notifications import tell
from registry.actions.signing import Conflict, StepRefused, check, lock, signed
from registry.choices import NotificationKind
from registry.models import Comment, CommentMention, Person

LONGEST = 10_000
MOST_MENTIONS = 20
# A name after a sign that can begin a word: an address such as mira@example.org names nobody.
NAMED = re.compile(r"(?<![\w.@+-])@([\w.@+-]+)")
PLAIN = MarkdownIt("commonmark", {"html": False})


@signed
def add_comment(*, case, by, at, text, answers=None):
    """Say something about a case, or answer a comment on it; answering a resolved thread opens it again.

    Whoever is named with @username is told, and so is everybody who hears of the case.
    """
    case = _locked(case)
    thread = answers and _thread(answers, case)
    comment = Comment(case=case, author=by, answers=thread, text=_text(text), written_at=at)
    check(comment)
    comment.save(force_insert=True)
    if thread and thread.resolved_at:
        _set_resolved(thread, by=None, at=None)
    named = _name(comment, _people_named(comment))
    tell(case=case, kind=NotificationKind.MENTIONED, by=by, at=at, comment=comment, to=named)
    tell(case=case, kind=NotificationKind.COMMENTED, by=by, at=at, comment=comment, besides=named)
    return comment


@signed
def edit_comment(*, comment, by, at, text, version=None):
    """Say it differently; the history keeps what was said. Only those named anew are told."""
    comment = _open(comment, version=version)
    if comment.author_id != by.pk:
        raise PermissionDenied("Only its author changes a comment.")
    if comment.text == (text := _text(text)):
        return comment
    comment.text, comment.edited_at = text, at
    comment.version += 1
    check(comment)
    comment.save(force_update=True)
    named = _name(comment, _people_named(comment))
    tell(case=comment.case, kind=NotificationKind.MENTIONED, by=by, at=at, comment=comment, to=named)
    return comment


@signed
def remove_comment(*, comment, by, at, version=None):
    """Take a comment off the page; answers to it stay, and so does its history."""
    comment = _open(comment, version=version)
    if not may_remove(by, comment):
        raise PermissionDenied("Only its author and reviewers remove a comment.")
    comment.removed_by, comment.removed_at = by, at
    comment.version += 1
    comment.save(force_update=True)
    comment.notifications.all().delete()
    return comment


@signed
def resolve_thread(*, comment, by, at, resolved=True, version=None):
    """Say that a thread is settled, or that it is not; those who spoke in it are told when it is."""
    comment = _open(comment, version=version)
    if comment.answers_id:
        raise StepRefused("A thread is resolved at its first comment.")
    if not may_resolve(by, comment):
        raise PermissionDenied("Whoever began a thread and analysts resolve it.")
    if bool(comment.resolved_at) == resolved:
        return comment
    _set_resolved(comment, by=by if resolved else None, at=at if resolved else None)
    if resolved:
        said = Comment.objects.filter(answers=comment, removed_at=None).values("author")
        spoke = Person.objects.filter(Q(pk__in=said) | Q(pk=comment.author_id))
        tell(case=comment.case, kind=NotificationKind.RESOLVED, by=by, at=at, comment=comment, to=spoke)
    return comment


def may_remove(person, comment):
    return comment.author_id == person.pk or person.may_review


def may_resolve(person, comment):
    return comment.author_id == person.pk or person.may_label


def usernames_in(text):
    """What stands after an @ in the words of `text`, not in its code, in the order of reading."""
    inline = (token for token in PLAIN.parse(text) if token.type == "inline")
    words = [child.content for token in inline for child in token.children if child.type == "text"]
    return list(dict.fromkeys(name for line in words for name in NAMED.findall(line)))


def _locked(case):
    case = lock(case)
    if case.merged_into_id:
        raise StepRefused("This case was merged into another; say it there.")
    return case


def _open(comment, *, version=None):
    """The comment, locked after its case; Http404 once it was removed."""
    case = _locked(comment.case)
    comment = lock(comment)
    comment.case = case
    if comment.removed_at:
        raise Http404
    if version is not None and comment.version != version:
        raise Conflict(comment)
    return comment


def _thread(comment, case):
    """The first comment of the thread that `comment` belongs to; Http404 where there is none to answer."""
    thread = lock(comment.answers or comment)
    if thread.case_id != case.pk or thread.removed_at:
        raise Http404
    return thread


def _set_resolved(thread, *, by, at):
    thread.resolved_by, thread.resolved_at = by, at
    thread.version += 1
    thread.save(force_update=True)


def _text(text):
    text = text.strip()
    if not text:
        raise ValidationError({"text": "Write something first."})
    if len(text) > LONGEST:
        message = f"This has {len(text):,} characters; a comment holds {LONGEST:,}. Attach longer texts as evidence."
        raise ValidationError({"text": message})
    if "\x00" in text:
        raise ValidationError({"text": "Null characters are not allowed."})
    return text


def _people_named(comment):
    """The people whom the text names; ValidationError if one of them does not see the case or does not exist."""
    names = usernames_in(comment.text)
    if len(names) > MOST_MENTIONS:
        raise ValidationError({"text": f"A comment names at most {MOST_MENTIONS} people."})
    if not names:
        return []
    spelt = {spelling.lower() for name in names for spelling in spellings(name)}
    seeing = access.people_who_see(comment.case).annotate(folded=Lower("username")).filter(folded__in=spelt)
    known = {person.username.lower(): person for person in seeing}
    found = {name: next((known[s.lower()] for s in spellings(name) if s.lower() in known), None) for name in names}
    if unknown := [f"@{name.rstrip('.')}" for name, person in found.items() if person is None]:
        them = "is nobody" if len(unknown) == 1 else "are nobody"
        message = (
            f"{' and '.join(unknown)} {them} who may see this case. Write it in `backticks` if no person is meant."
        )
        raise ValidationError({"text": message})
    return list(dict.fromkeys(found.values()))


def spellings(name):
    """The name as written, and without the full stop or hyphen that may end its sentence."""
    shorter = name.rstrip(".-+@_")
    return [name, shorter] if shorter and shorter != name else [name]


def _name(comment, people):
    """Keep whom the comment names; returns those it did not name before."""
    before = set(comment.mentions.values_list("person", flat=True))
    comment.mentions.exclude(person__in=people).delete()
    new = [person for person in people if person.pk not in before]
    CommentMention.objects.bulk_create(CommentMention(comment=comment, person=person) for person in new)
    return new
