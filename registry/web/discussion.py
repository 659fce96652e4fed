"""What people said about a case, prepared for its page: threads, one level deep, the oldest first."""

from dataclasses import dataclass, field

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q
from markdown_it.token import Token

from registry.actions.comments import NAMED, may_remove, may_resolve, spellings
from registry.models import Comment
from registry.web.templatetags.registry_ui import MARKDOWN, html_of


@dataclass
class Said:
    """One comment as one reader sees it."""

    comment: Comment
    html: str
    may_edit: bool
    may_remove: bool


@dataclass
class Thread:
    """One comment with the answers to it. Of a removed one with answers only its place is left."""

    first: Said
    answers: list = field(default_factory=list)
    may_resolve: bool = False

    @property
    def comment(self):
        return self.first.comment

    @property
    def n(self):
        return len(self.answers) + (self.comment.removed_at is None)

    @property
    def is_open(self):
        return self.comment.resolved_at is None and self.comment.removed_at is None


def context(person, case):
    """What the section and the line below the head read. One query."""
    threads = threads_of(person, case)
    return {
        "threads": threads,
        "n_comments": sum(thread.n for thread in threads),
        "n_open": sum(thread.is_open for thread in threads),
    }


def threads_of(person, case, only=None):
    """The threads of a case, or the one that begins with the comment `only`."""
    rows = Comment.objects.filter(case=case).select_related("author", "resolved_by", "removed_by")
    if only:
        rows = rows.filter(Q(pk=only.pk) | Q(answers=only.pk))
    rows = rows.annotate(named=ArrayAgg("mentions__person__username", default=[], filter=~Q(mentions=None)))
    threads = {}
    for row in rows.order_by("pk"):
        if row.answers_id is None:
            threads[row.pk] = Thread(said(person, row), may_resolve=may_resolve(person, row))
        elif row.removed_at is None:
            threads[row.answers_id].answers.append(said(person, row))
    return [thread for thread in threads.values() if thread.n]


def said(person, comment):
    return Said(
        comment, html_naming(comment.text, comment.named), comment.author_id == person.pk, may_remove(person, comment)
    )


def html_naming(text, usernames):
    """Markdown as everywhere, with the people it names in bold."""
    tokens, known = MARKDOWN.parse(text), {name.lower() for name in usernames}
    for token in tokens:
        if token.type == "inline" and known:
            token.children = [part for child in token.children for part in marked(child, known)]
    return html_of(tokens)


def marked(token, known):
    """The token itself or, where it names people, its pieces."""
    if token.type != "text":
        return [token]
    pieces, read = [], 0
    for found in NAMED.finditer(token.content):
        name = next((name for name in spellings(found[1]) if name.lower() in known), None)
        if name is None:
            continue
        end = found.start(1) + len(name)
        pieces += [plain(token.content[read : found.start()]), Token("strong_open", "strong", 1)]
        pieces += [plain(f"@{name}"), Token("strong_close", "strong", -1)]
        read = end
    return [*pieces, plain(token.content[read:])] if pieces else [token]


def plain(text):
    return Token("text", "", 0, content=text)
