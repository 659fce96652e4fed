"""A draft's answers as the log form sends them, and what two writers of one draft each changed."""

import json
import re
from dataclasses import dataclass
from hashlib import blake2s

from django.http import QueryDict

from registry.actions.drafts import alike
from registry.web.forms.case import PLAIN, CaseForm
from registry.web.merging import Clash, flat_choices

# Second inputs of a row, which are no fields of the form by themselves.
SECOND = {"version": "system", "source_title": "sources"}
NOT_KEPT = {"version_read", "digests_read", "owner", "reason"}
NAMES = frozenset((set(CaseForm.base_fields) | {*PLAIN, *SECOND, "label"}) - NOT_KEPT)
ABOUT_A_LABEL = re.compile(r"(?:confidence|grounds|quote):[a-z0-9-]{1,60}:[a-z0-9-]{1,60}")
LIKENESS = re.compile(r"likeness:([A-Za-z]{1,10}-[0-9]{1,10})")
# A browser sends nothing at all for these when nothing is chosen; `shown` says that the page had them.
CHOSEN = ("readers", "label")


@dataclass(frozen=True)
class DraftMerge:
    """What one writer sent on top of the draft as it stands.

    `clashes` were changed by both, and `answers` hold what this writer typed; `taken` names what only the
    other writer changed, which `answers` hold as they left it.
    """

    answers: dict
    clashes: list
    taken: list
    version: int


def is_kept(name):
    return name in NAMES or bool(ABOUT_A_LABEL.fullmatch(name) or LIKENESS.fullmatch(name))


def answers_of(data):
    """{field: texts} of a sent form (a QueryDict), line ends as the browser shows them.

    What stands beside a label that is not ticked is left out, as the page's own script does.
    """
    ticked = set(data.getlist("label"))
    sent = {name: texts for name, texts in data.lists() if is_kept(name) and about_a_tick(name, ticked)}
    answers = {name: [text.replace("\r\n", "\n") for text in texts] for name, texts in sent.items()}
    for name in data.getlist("shown"):
        if name in CHOSEN:
            answers.setdefault(name, [])
    return answers


def about_a_tick(name, ticked):
    return not ABOUT_A_LABEL.fullmatch(name) or name.partition(":")[2] in ticked


def as_data(answers):
    """`answers` as a sent form."""
    data = QueryDict(mutable=True)
    for name, texts in answers.items():
        data.setlist(name, texts)
    return data


def initial_of(form, answers):
    """The form's initial values for what was typed so far."""
    data = as_data(answers)
    held = (name for name, field in form.fields.items() if not field.widget.value_omitted_from_data(data, {}, name))
    return {name: form.fields[name].widget.value_from_datadict(data, {}, name) for name in held if name in NAMES}


def digest(texts):
    """Eight hexadecimal digits that differ where the texts do."""
    kept = list(texts)
    while kept and not kept[-1]:
        kept.pop()
    return blake2s(json.dumps(kept).encode(), digest_size=4).hexdigest()


def digests_of(answers):
    """What a page remembers of the texts it showed: enough to tell later who changed them."""
    return json.dumps({name: digest(texts) for name, texts in answers.items() if not alike(texts, [])})


def digests_in(text):
    """{field: digest} from a page; None if it does not say."""
    try:
        digests = json.loads(text)
    except ValueError:
        return None
    return digests if isinstance(digests, dict) else None


def merge(form, draft, data):
    """The DraftMerge of what a writer sent (`data`, read by `form`) into `draft` as it stands."""
    unmoved = data.get("version_read", "") == str(draft.version)
    digests = digests_in(data.get("digests_read", ""))
    merged, clashes, taken = dict(draft.answers), [], []
    for name, mine in answers_of(data).items():
        theirs = draft.answers.get(name)
        if theirs is None or unmoved or alike(mine, theirs):
            merged[name] = mine
            continue
        base = digests.get(name, digest([])) if digests is not None else None
        if base == digest(mine):
            taken.append(label_of(form, name))
            continue
        merged[name] = mine
        if base != digest(theirs):
            shown = [in_words(form, name, texts) for texts in (mine, theirs)]
            clashes.append(Clash(SECOND.get(name, name), label_of(form, name), *shown, base=None))
    return DraftMerge(merged, clashes, taken, draft.version)


def label_of(form, name):
    """What the page calls a field."""
    if name in SECOND:
        return form.fields[SECOND[name]].widget.words[1]
    if name in form.fields:
        return str(form.fields[name].label)
    if found := LIKENESS.fullmatch(name):
        return f"How {found[1]} stands to this"
    return "Labels"


def in_words(form, name, texts):
    """A field's texts as one reads them; choices by their words."""
    choices = dict(flat_choices(form.fields[name])) if name in form.fields else {}
    return "\n".join(str(choices.get(text, text)) for text in texts).strip()
