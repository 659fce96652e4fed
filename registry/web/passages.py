"""Passages of a case to quote from, and whether a quote stands in it word for word."""

from dataclasses import dataclass

from registry.choices import EvidenceKind
from registry.models import Evidence
from registry.models.case import NARRATIVE_FIELDS
from registry.web.evidence_page import ROLES, slice_of

SHOWN = 12
LOOKED_THROUGH = 400  # turns of one transcript
LONGEST = 600


@dataclass(frozen=True)
class Passage:
    """A piece of the case's text or evidence; `key` finds it again."""

    key: str
    where: str
    text: str

    @property
    def opening(self):
        return self.text if len(self.text) <= LONGEST else f"{self.text[:LONGEST]} …"


def passages_of(case, *, words=""):
    """The first passages of the case that hold all of `words`, its evidence first: (at most SHOWN, whether more)."""
    wanted = words.casefold().split()
    found = []
    for passage in _passages(case):
        if all(word in passage.text.casefold() for word in wanted):
            found.append(passage)
        if len(found) > SHOWN:
            break
    return found[:SHOWN], len(found) > SHOWN


def passage_of(case, key):
    """The passage with this key; None if there is none."""
    return next((passage for passage in _passages(case) if passage.key == key), None)


def stands_in(case, quote):
    """Whether `quote` stands in the case's texts, transcripts or notes, whatever its spaces and capitals."""
    wanted = _plain(quote)
    if not wanted or any(wanted in _plain(getattr(case, name)) for name in NARRATIVE_FIELDS):
        return True
    for row in _evidence(case).only("kind", "note", "turns"):
        said = row.note if row.kind == EvidenceKind.NOTE else "\n".join(_said(turn) for turn in row.turns)
        if wanted in _plain(said):
            return True
    return False


def has_files(case):
    return Evidence.objects.filter(case=case, removed_at=None, kind=EvidenceKind.FILE).exists()


def _passages(case):
    rows = _evidence(case).annotate(part=slice_of(f"$[0 to {LOOKED_THROUGH - 1}]")).defer("turns")
    for row in rows.order_by("added_at", "pk"):
        if row.kind == EvidenceKind.NOTE:
            yield from _paragraphs(f"e{row.pk}", row.title, row.note)
            continue
        for number, turn in enumerate(row.part, 1):
            if text := _said(turn).strip():
                who = ROLES.get(turn["role"], turn["role"].capitalize())
                yield Passage(f"e{row.pk}.{number}", f"{row.title}, turn {number} · {who}", text)
    for name in NARRATIVE_FIELDS:
        yield from _paragraphs(name, str(case._meta.get_field(name).verbose_name).capitalize(), getattr(case, name))


def _paragraphs(key, where, text):
    for number, part in enumerate(text.replace("\r\n", "\n").split("\n\n"), 1):
        if part.strip():
            yield Passage(f"{key}.{number}", where, part.strip())


def _evidence(case):
    return Evidence.objects.filter(case=case, removed_at=None).exclude(kind=EvidenceKind.FILE)


def _said(turn):
    return "\n".join([turn["text"], *(call["arguments"] for call in turn["tool_calls"])])


def _plain(text):
    return " ".join(text.casefold().split())
