"""Cases like the one at hand, and how they stand to one another, prepared for the templates."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404

from registry import access, similar
from registry.actions import parties
from registry.actions.links import may_link
from registry.choices import LinkKind, Right
from registry.models import Evidence, System
from registry.relations.links import links_of, merges_of
from registry.web.draft_answers import LIKENESS

MOST_NAMES = 20
LONGEST_TITLE, LONGEST_TEXT = 200, 50_000
SHOWN_ON_PAGE = 3
# The words of the four buttons; the log form keeps them as they stand here.
ANSWERS = (
    ("same", "Same", LinkKind.DUPLICATE),
    ("variant", "Variant", LinkKind.VARIANT),
    ("related", "Related", LinkKind.RELATED),
    ("different", "Different", LinkKind.DIFFERENT),
)
BUTTONS = [(value, words) for value, words, _ in ANSWERS]
KIND_OF = {value: kind for value, _, kind in ANSWERS}
WORD_OF = {kind: value for value, _, kind in ANSWERS}


@dataclass
class Row:
    """One hit on a page. `said` is the word of the answer given, `said_words` how it reads; empty where none is."""

    hit: object
    said: str = ""
    said_words: str = ""

    @property
    def case(self):
        return self.hit.case


def hints(person, data):
    """What alike/_hints.html shows for a sent log form (a QueryDict): the hits, with what was answered so far."""
    found = similar.alike(person, sought_in(person, data))
    answered = dict(inputs_of(data))
    rows = [said(hit, answered.get(f"likeness:{hit.case.reference}", "")) for hit in found]
    return {"rows": rows, "n_compared": similar.compared_with(person), "most": similar.COUNTED, "buttons": BUTTONS}


def said(hit, word):
    return Row(hit, word, f"You said: {word}") if word in KIND_OF else Row(hit)


def sought_in(person, data):
    names = [name for name in map(clean, data.getlist("system")) if name][:MOST_NAMES]
    key = clean(data.get("draft", ""))
    return similar.Sought(
        title=clean(data.get("title", ""))[:LONGEST_TITLE],
        text=clean(data.get("observed_behaviour", ""))[:LONGEST_TEXT],
        systems=frozenset(parties.known_names(System, names).values()),
        urls=frozenset(url for url in map(clean, data.getlist("sources")[:MOST_NAMES]) if url),
        hashes=frozenset(hashes_in(person, key)) if key else frozenset(),
    )


def clean(text):
    """Without what a database cannot hold; a hint is no place to complain about it."""
    return text.replace("\x00", "").strip()


def hashes_in(person, key):
    """The SHA-256 of what lies in a draft, if `person` writes in it."""
    try:
        draft = access.drafts_of(person).filter(pk=key).first()
    except ValidationError:  # no key at all
        return []
    return Evidence.objects.filter(draft=draft, removed_at=None).values_list("sha256", flat=True) if draft else []


def inputs_of(data):
    """(name, answer) of each answer in a sent form or a draft's answers, for the form's hidden inputs."""
    texts = data.lists() if hasattr(data, "lists") else data.items()
    return [(name, "".join(said)) for name, said in texts if LIKENESS.fullmatch(name) and "".join(said) in KIND_OF]


def of_case(person, case):
    """What the case page shows of other cases: the most similar, the links both ways, what was merged into it."""
    links = links_of(person, case)
    by_other = {row.other.pk: row for row in links}
    found = similar.alike(person, similar.sought_of(person, case), limit=SHOWN_ON_PAGE)
    return {
        "similar": [linked(person, hit, by_other.get(hit.case.pk)) for hit in found],
        "links": [row for row in links if row.link.kind != LinkKind.DIFFERENT],
        "different": [row for row in links if row.link.kind == LinkKind.DIFFERENT],
        "merges": merges_of(person, case),
        "buttons": BUTTONS,
        "may_link": may_link(person, case),
        "may_merge": access.may(person, Right.ANALYSE, case),
    }


def linked(person, hit, row):
    """A hit with the link that there is already, whoever made it."""
    if row is None:
        return Row(hit)
    name = "You" if row.link.answered_by == person else row.link.answered_by.name
    return Row(hit, WORD_OF.get(row.link.kind, row.link.kind), f"{name} said: {row.words.lower()}")


class LinkForm(forms.Form):
    """How a case stands to another one, named by its number."""

    kind = forms.ChoiceField(
        label="How does it stand to the other case?",
        choices=[(kind.value, kind.label) for kind in LinkKind],
        widget=forms.RadioSelect,
        initial=LinkKind.RELATED.value,
    )
    other = forms.CharField(label="Which case?", max_length=40, help_text="Its number, such as AIR-12.")

    def __init__(self, *args, person, case, **options):
        super().__init__(*args, **options)
        self.person, self.case = person, case

    def clean_other(self):
        """A case that may not be seen is no case."""
        return other_case(self.person, self.case, self.cleaned_data["other"])


def other_case(person, case, reference):
    """The case of this number; ValidationError in the same words where there is none or it may not be seen."""
    reference = reference.strip()
    try:
        number = access.number_of(reference)
    except Http404:
        raise ValidationError(f"“{reference}” is no number of a case.") from None
    if number == case.pk:
        raise ValidationError("That is this case itself.")
    other = access.visible_to(person).filter(pk=number).select_related("potential_severity").first()
    if other is None:
        raise ValidationError(f"There is no case {reference} that you may see.")
    return other
