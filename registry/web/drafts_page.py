"""What the pages of drafts show: what one is writing, with whom, and until when it is kept."""

from dataclasses import dataclass
from datetime import datetime

from registry import access
from registry.actions.draft_expiry import expires_at
from registry.actions.drafts import MOST_DRAFTS
from registry.choices import Role
from registry.models import Draft, Person
from registry.web.log_page import draft_cases_of

SHOWN_DISCARDED = 20
SUGGESTED_PEOPLE = 300


@dataclass(frozen=True)
class DraftRow:
    """One draft, whether it is the reader's own, who else writes in it, and when it expires."""

    draft: Draft
    own: bool
    writers: list
    expires_at: datetime

    @property
    def soon(self):
        return self.draft.warned_at is not None


def list_context(person, discarded=""):
    """`discarded`: the key of the draft that was put away just now, offered to be brought back."""
    drafts = access.drafts_of(person).select_related("author").prefetch_related("editors__person")
    away = Draft.objects.filter(author=person, case=None, discarded_at__isnull=False).order_by("-discarded_at", "pk")
    away = [row(draft, person) for draft in away.prefetch_related("editors__person")[:SHOWN_DISCARDED]]
    return {
        "rows": [row(draft, person) for draft in drafts[:MOST_DRAFTS]],
        "discarded": away,
        "just_discarded": next((each.draft for each in away if str(each.draft.pk) == discarded), None),
        "cases": draft_cases_of(person),
    }


def row(draft, person):
    editors = sorted((editor.person for editor in draft.editors.all()), key=lambda editor: editor.name)
    own = draft.author_id == person.pk
    writers = [each for each in ([] if own else [draft.author]) + editors if each.pk != person.pk]
    return DraftRow(draft, own, writers, expires_at(draft))


def share_context(draft, form):
    editors = [editor.person for editor in draft.editors.select_related("person").order_by("person__name", "pk")]
    others = Person.objects.active().exclude(role=Role.READER).exclude(pk=draft.author_id)
    others = others.exclude(pk__in=[person.pk for person in editors]).order_by("name", "pk")
    return {"draft": draft, "form": form, "editors": editors, "others": others[:SUGGESTED_PEOPLE]}
