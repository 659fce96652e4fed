"""Forms that add a file, a transcript or a note."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString

from registry.actions.evidence import size_in_words
from registry.choices import EvidenceKind
from registry.exchange.transcripts import NotATranscript, parse
from registry.models.case import LONGEST_NARRATIVE
from registry.sniffing import ENDINGS
from registry.web.forms.placing import PlacedErrors

ACCEPTED = ",".join(f".{ending}" for ending in ENDINGS)
EMPTY_FILE = "The file is empty."
# As bytes of UTF-8; the parser then counts characters.
MOST_TRANSCRIPT_BYTES = 8 * 1024 * 1024


def file_field(**options):
    return forms.FileField(
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"empty": EMPTY_FILE, "required": "Choose a file.", "invalid": "Choose a file."},
        # Names are shortened by the action; Django's own limit would refuse instead.
        max_length=None,
        **options,
    )


def title_field():
    return forms.CharField(label="Title", max_length=200, required=False)


class EvidenceForm(PlacedErrors):
    """What all three share: errors of the action find their fields, and a file too large is told apart."""

    kind = ""

    @property
    def too_large(self):
        return any(error.code == "too_large" for errors in self.errors.as_data().values() for error in errors)

    @property
    def messages(self):
        return [str(message) for messages in self.errors.values() for message in messages]


class FileForm(EvidenceForm):
    kind = EvidenceKind.FILE

    file = file_field(label="File")

    def values(self):
        return {"upload": self.cleaned_data["file"]}


class TranscriptForm(EvidenceForm):
    kind = EvidenceKind.TRANSCRIPT

    title = title_field()
    text = forms.CharField(
        label="Transcript",
        help_text="Chat JSON, one JSON message a line, or lines that begin with “User:” and “Assistant:”.",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "class": "code", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label="or a file of it",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".json,.jsonl,.txt,.md,.log"}),
        error_messages={"empty": EMPTY_FILE},
    )

    def clean(self):
        text, upload = self.cleaned_data.get("text", ""), self.cleaned_data.get("file")
        name = "file" if upload else "text"
        try:
            self.turns = parse(read(upload) if upload else text)
        except NotATranscript as refused:
            raise ValidationError({name: str(refused)}) from None

    def values(self):
        upload = self.cleaned_data.get("file")
        return {"turns": self.turns, "title": self.cleaned_data["title"] or (upload.name[:200] if upload else "")}


class NoteForm(EvidenceForm):
    kind = EvidenceKind.NOTE

    title = title_field()
    note = forms.CharField(
        label="Note",
        help_text="Markdown works.",
        max_length=LONGEST_NARRATIVE,
        error_messages={"required": "Write something, or leave the note out."},
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def values(self):
        return self.cleaned_data


FORMS = {form.kind.value: form for form in (FileForm, TranscriptForm, NoteForm)}


def read(upload):
    if upload.size > MOST_TRANSCRIPT_BYTES:
        raise NotATranscript(f"It has {size_in_words(upload.size)}; a transcript has at most 2,000,000 characters.")
    try:
        return upload.read().decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise NotATranscript(f"Byte {wrong.start + 1} is not UTF-8.") from None


def most_in_words():
    return SafeString(size_in_words(settings.MAX_FILE_BYTES))
