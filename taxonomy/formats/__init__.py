"""Files that vocabularies travel in: each is read into a `Vocabulary` and written from one. No database, no network."""

import re
from dataclasses import dataclass, field

LONGEST_FILE = 1_000_000  # bytes
MOST_TERMS = 2000
DEEPEST = 12
LONGEST_SLUG = 60
LONGEST_NAME = 160
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# What an escape in a file can name, though no database keeps it and no page shows it.
UNKEEPABLE = re.compile(r"[\x00\ud800-\udfff]")


class Unreadable(ValueError):
    """The file is not taken. Carries one sentence a fault, each saying where it is, fit to be shown."""

    def __init__(self, *faults):
        self.faults = [shown(fault) for fault in faults]
        super().__init__("; ".join(self.faults))


@dataclass
class Term:
    """One node of a vocabulary. `parent`, `replaced_by` and the first of each alternative are slugs of its scheme;
    mappings are (relation, `scheme:slug` of the other node, source).
    """

    slug: str
    name: str
    parent: str = ""
    definition: str = ""
    definition_status: str = ""
    aliases: list = field(default_factory=list)
    applies_when: list = field(default_factory=list)
    does_not_apply_when: list = field(default_factory=list)
    needs_all_criteria: bool = False
    examples: list = field(default_factory=list)
    source: str = ""
    exclusive_group: str = ""
    retired: bool = False
    replaced_by: str = ""
    alternative_parents: list = field(default_factory=list)
    mappings: list = field(default_factory=list)


@dataclass
class Vocabulary:
    """A scheme and its terms, parents before children. `left_out` says what of the file is not taken, `holds` which
    fields of a scheme and of a term its format can hold: the others are nothing the file says.
    """

    slug: str
    name: str
    kind: str = "imported"
    description: str = ""
    source: str = ""
    source_url: str = ""
    edition: str = ""
    guidance: list = field(default_factory=list)
    allows_several: bool = True
    terms: list = field(default_factory=list)
    left_out: list = field(default_factory=list)
    holds: tuple = ((), ())


def slug_of(text):
    """Lower-case letters, digits and hyphens made of `text`; may be empty."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:LONGEST_SLUG].strip("-")


def shown(text):
    """`text` with a replacement character for each that cannot be shown."""
    return UNKEEPABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def text_of(content):
    """The file as text. Raises Unreadable for what is too long, no UTF-8, or holds null characters."""
    if len(content) > LONGEST_FILE:
        raise Unreadable(f"The file has {len(content):,} bytes; at most {LONGEST_FILE:,} are read.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable(f"Line {line}: this is no UTF-8 text.") from None
    if "\x00" in text:
        raise Unreadable("The file holds null characters; it is no text.")
    if not text.strip():
        raise Unreadable("The file is empty.")
    return text


def in_order(terms):
    """Parents before children, siblings as they came. Raises Unreadable for a circle, and for too deep a tree."""
    children, by_slug = {}, {term.slug: term for term in terms}
    for term in terms:
        children.setdefault(term.parent, []).append(term)
    ordered, level, depth = [], children.get("", []), 1
    placed = set()
    while level:
        if depth > DEEPEST:
            raise Unreadable(f"“{level[0].name}”: the tree is more than {DEEPEST} levels deep.")
        placed |= {term.slug for term in level}
        level = [child for term in level for child in children.get(term.slug, [])]
        depth += 1
    lost = [term for term in terms if term.slug not in placed]
    if lost:
        raise Unreadable(f"These stand in a circle, each below the next: {circle(lost, by_slug)}.")
    stack = children.get("", [])[::-1]
    while stack:
        term = stack.pop()
        ordered.append(term)
        stack += children.get(term.slug, [])[::-1]
    return ordered


def circle(lost, by_slug):
    term, seen = lost[0], []
    while term.slug not in seen:
        seen.append(term.slug)
        term = by_slug[term.parent]
    around = seen[seen.index(term.slug) :]
    return ", ".join(f"“{by_slug[slug].name}”" for slug in around)


def faults_of(vocabulary):
    """What the database would refuse, in words: empty, double and overlong names."""
    faults = []
    if not SLUG.fullmatch(vocabulary.slug) or len(vocabulary.slug) > LONGEST_SLUG:
        faults.append(f"The scheme has no usable short name: “{vocabulary.slug[:80]}”.")
    if not vocabulary.terms:
        faults.append("The file holds no terms.")
    for term in vocabulary.terms:
        for name in (term.name, *term.aliases):
            if len(name) > LONGEST_NAME:
                faults.append(f"“{term.slug}”: a name has {len(name)} characters; at most {LONGEST_NAME} are kept.")
    return faults


def unkeepable_in(vocabulary):
    """Where in the vocabulary null characters and halves of surrogate pairs stand, in words."""
    rows = [("The scheme", vocabulary), *((f"“{term.slug}”", term) for term in vocabulary.terms)]
    return [
        f"{what}, {name.replace('_', ' ')}: holds a null character or half of a surrogate pair, which is no text."
        for what, row in rows
        for name, value in vars(row).items()
        if name not in ("terms", "left_out", "holds") and any(map(UNKEEPABLE.search, _texts_in(value)))
    ]


def _texts_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts_in(each)


def require_few(n):
    """Raises Unreadable for more terms than are read."""
    if n > MOST_TERMS:
        raise Unreadable(f"The file holds {n:,} terms; at most {MOST_TERMS:,} are read.")


def checked(vocabulary):
    """The vocabulary with its terms in order and its notes fit to be shown; raises Unreadable with all its faults."""
    require_few(len(vocabulary.terms))
    if faults := unkeepable_in(vocabulary) or faults_of(vocabulary):
        raise Unreadable(*faults[:50])
    vocabulary.terms = in_order(vocabulary.terms)
    vocabulary.left_out = [shown(each) for each in vocabulary.left_out]
    return vocabulary
