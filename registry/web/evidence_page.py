"""What pages show of evidence: rows with their words, transcripts as turns, and what a script is told."""

from dataclasses import dataclass

from django.db.models import F, Func, IntegerField, JSONField, Value
from django.urls import reverse

from registry.actions.evidence import size_in_words
from registry.choices import EvidenceKind
from registry.models import Case, Draft, Evidence
from registry.sniffing import NAMES, PICTURES
from registry.web.forms.evidence import FORMS, most_in_words

FIRST_TURNS, LAST_TURNS = 3, 2
# A transcript with one turn more than this is folded.
WHOLE = FIRST_TURNS + LAST_TURNS + 1
LONG = 1_200
PER_LOAD = 200
ROLES = {
    "user": "Person",
    "assistant": "Agent",
    "system": "System",
    "tool": "Tool result",
    "reasoning": "Reasoning",
}


@dataclass(frozen=True)
class Place:
    """Where evidence is added: a case or a draft."""

    case: Case | None = None
    draft: Draft | None = None

    @property
    def target(self):
        return {"case": self.case, "draft": self.draft}

    @property
    def rows(self):
        return Evidence.objects.filter(**self.target)

    @property
    def add_url(self):
        if self.case:
            return reverse("case-evidence", kwargs={"reference": self.case.reference})
        return reverse("draft-evidence", kwargs={"key": self.draft.pk})

    @property
    def back_url(self):
        return f"{self.case.get_absolute_url()}#evidence" if self.case else self.draft.get_absolute_url()

    @property
    def name(self):
        return str(self.case or self.draft)


def place_of(evidence):
    return Place(case=evidence.case) if evidence.case_id else Place(draft=evidence.draft)


def slice_of(path):
    """Some turns only: a transcript may hold two megabytes."""
    template = "jsonb_path_query_array(%(expressions)s::jsonpath)"
    return Func(F("turns"), Value(path), template=template, output_field=JSONField())


def evidence_of(rows):
    """The rows of `rows` (Evidence, unordered) with what a page shows of each. One query."""
    n_turns = Func(F("turns"), function="jsonb_array_length", output_field=IntegerField())
    rows = rows.filter(removed_at=None).select_related("added_by").defer("turns")
    rows = rows.annotate(
        n_turns=n_turns,
        opening=slice_of(f"$[0 to {WHOLE - 1}]"),
        ending=slice_of(f"$[last - {LAST_TURNS - 1} to last]"),
    )
    return [shown(row) for row in rows.order_by("added_at", "pk")]


def shown(row):
    """The row with the attributes its template reads."""
    row.words = words_of(row)
    row.is_picture = row.media_type in PICTURES
    row.n_hidden = 0
    if row.kind == EvidenceKind.TRANSCRIPT:
        folded = row.n_turns > WHOLE
        row.head = turns_shown(row.opening[:FIRST_TURNS] if folded else row.opening, 1)
        row.tail = turns_shown(row.ending, row.n_turns - LAST_TURNS + 1) if folded else []
        row.n_hidden = row.n_turns - FIRST_TURNS - LAST_TURNS if folded else 0
        row.next_turn = FIRST_TURNS + 1
    return row


def words_of(row):
    """What a row is, in words: “Text · 18 kB · SHA-256 3f9a…c21e”."""
    short = f"SHA-256 {row.sha256[:4]}…{row.sha256[-4:]}"
    if row.kind == EvidenceKind.FILE:
        name = NAMES.get(row.media_type, row.media_type).removeprefix("a ").removeprefix("an ")
        return f"{name[:1].upper()}{name[1:]} · {size_in_words(row.size)} · {short}"
    if row.kind == EvidenceKind.TRANSCRIPT:
        return f"Transcript · {row.n_turns} turn{'' if row.n_turns == 1 else 's'} · {short}"
    return f"Note · {short}"


def turns_shown(turns, first, *, whole=False):
    return [
        {
            "number": number,
            "words": ROLES.get(turn["role"], turn["role"].capitalize()),
            "css": turn["role"] if turn["role"] in ROLES else "other",
            "text": turn["text"] if whole else turn["text"][:LONG],
            "is_cut": not whole and len(turn["text"]) > LONG,
            "calls": [call if whole else cut_call(call) for call in turn["tool_calls"]],
        }
        for number, turn in enumerate(turns, first)
    ]


def cut_call(call):
    arguments = call["arguments"]
    return {"name": call["name"], "arguments": f"{arguments[:LONG]} …" if len(arguments) > LONG else arguments}


def turns_between(evidence, first, last):
    """The turns `first` to `last`, counted from 1, as stored."""
    path = slice_of(f"$[{first - 1} to {last - 1}]")
    return Evidence.objects.filter(pk=evidence.pk).annotate(part=path).values_list("part", flat=True).get()


def n_turns_of(evidence):
    n_turns = Func(F("turns"), function="jsonb_array_length", output_field=IntegerField())
    return Evidence.objects.filter(pk=evidence.pk).annotate(n=n_turns).values_list("n", flat=True).get()


def counted(rows):
    """“One transcript, two files” for the head of the section."""
    kinds = [row.kind for row in rows]
    parts = [number_of(kinds.count(kind), word) for kind, word in SORTS if kind in kinds]
    line = ", ".join(parts)
    return line[:1].upper() + line[1:]


SORTS = ((EvidenceKind.TRANSCRIPT, "transcript"), (EvidenceKind.FILE, "file"), (EvidenceKind.NOTE, "note"))
SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def number_of(count, word):
    return f"{SMALL[count] if count < len(SMALL) else count} {word}{'' if count == 1 else 's'}"


def section_context(place, *, may_add, bound=None):
    """What the evidence section, and the page for adding some, show."""
    rows = evidence_of(place.rows)
    removed = place.rows.exclude(removed_at=None).defer("turns").order_by("-removed_at", "-pk") if may_add else []
    return {
        "place": place,
        "evidence": rows,
        "counted": counted(rows),
        "removed": removed,
        "may_add": may_add,
        "most": most_in_words(),
        **{f"{kind}_form": bound if bound and bound.kind == kind else unbound(kind) for kind in FORMS},
    }


def unbound(kind):
    return FORMS[kind](auto_id=f"{kind}_%s")


def told(row):
    """What a script is told of a row it added."""
    return {
        "id": row.pk,
        "kind": row.kind,
        "title": row.title,
        "size": row.size,
        "sha256": row.sha256,
        "media_type": row.media_type,
        "words": words_of(row),
        "remove_url": reverse("evidence-remove", kwargs={"pk": row.pk}),
        "restore_url": reverse("evidence-restore", kwargs={"pk": row.pk}),
        "download_url": reverse("evidence-download", kwargs={"pk": row.pk}),
    }
