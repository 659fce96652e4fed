"""Two editors of one case: what each changed since both started, field by field."""

from dataclasses import dataclass

from registry.actions.parties import split_names
from registry.web.case_forms import case_form, initial_of
from registry.web.forms.case import typed
from registry.web.numbers import whole

NAMES = ("developers", "deployers", "affected")
# Rows beside the case; what they held at an earlier version is not compared.
RELATED = ("system", "sources", "readers", *NAMES)
NOT_COMPARED = ("version_read", "reason")


@dataclass
class Clash:
    """A field both changed: what the person typed, what stands now, and what both started from (if known)."""

    name: str
    label: str
    mine: str
    theirs: str
    base: str | None


@dataclass
class Merge:
    """A form that holds everything typed on top of the case as it stands now.

    `clashes` were changed by both and hold what the person typed; `taken` names what only the other
    person changed, which the form holds as they left it.
    """

    form: object
    clashes: list
    taken: list
    version: int


def merge(person, case, data):
    """The Merge of what `person` typed (`data`, a bound form's QueryDict) into `case` as it stands."""
    mine_form = case_form(person, case=case, data=data)
    theirs, base = initial_of(case), base_of(case, data.get("version_read", ""))
    merged, clashes, taken = data.copy(), [], []
    merged["version_read"] = case.version
    for name in compared(mine_form, theirs, data):
        mine, now, before = mine_form[name].value(), theirs[name], base.get(name) if base else None
        known = base is not None and name not in RELATED
        if same(name, mine, now) or (known and same(name, now, before)):
            continue
        if known and same(name, mine, before):
            taken.append(str(mine_form.fields[name].label))
            merged[name] = "" if now is None else now
            continue
        shown = [in_words(mine_form, name, value) for value in (mine, now)]
        started = in_words(mine_form, name, before) if known else None
        clashes.append(Clash(name, mine_form.fields[name].label, *shown, started))
    return Merge(case_form(person, case=case, data=merged), clashes, taken, case.version)


def compared(form, theirs, data):
    """The fields the person's page showed: what it did not hold, they cannot have changed."""
    shown = (name for name in form.fields if name in theirs and name not in NOT_COMPARED)
    return [name for name in shown if name in data or name == "readers"]


def base_of(case, version):
    """The form's values at `version`, from the history; None if there is no such version."""
    number = whole(version)
    if number is None:
        return None
    event = case.events.filter(version=number).order_by("-pgh_id").first()
    return typed(event, systems=(), parties=(), sources=(), readers=()) if event else None


def same(name, one, other):
    return normal(name, one) == normal(name, other)


def normal(name, value):
    if name in NAMES:
        return value if isinstance(value, list) else split_names(value or "")
    if isinstance(value, (list, tuple)):
        if name == "readers":
            return sorted(str(item) for item in value)
        pairs = (tuple(" ".join(text.split()) for text in pair) for pair in value)
        return [pair for pair in pairs if any(pair)]
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def in_words(form, name, value):
    """A field's value as one reads it; choices by their words."""
    value = normal(name, value)
    choices = dict(flat_choices(form.fields[name]))
    if isinstance(value, list):
        lines = (" ".join(filter(None, item)) if isinstance(item, tuple) else choices.get(item, item) for item in value)
        return "\n".join(lines)
    return str(choices.get(value, value))


def flat_choices(field):
    return [(str(value), label) for value, label in getattr(field, "choices", ())]
