"""MISP machinetag JSON: a namespace of predicates, each with its values.

A tree has more levels than that. Every node that others stand below is a predicate and they are its values; where such
a value is a predicate itself, the two have the same uuid, which is how the tree is found again.
"""

import json
import uuid

from taxonomy.formats import LONGEST_NAME, SLUG, Term, Unreadable, Vocabulary, checked, slug_of, strict_json

HOLDS = (("name", "description", "edition", "allows_several"), ("name", "parent", "definition"))


def read(content, *, file=""):
    """The vocabulary in the file. Raises Unreadable, naming the place in the file."""
    data = strict_json.read(content)
    if not isinstance(data, dict):
        raise Unreadable("The file holds no object with a namespace and predicates.")
    namespace = _text(data, "namespace", "") or slug_of(file)
    if not namespace:
        raise Unreadable("namespace: is missing.")
    predicates = _objects(data, "predicates", "")
    values = _objects(data, "values", "") if "values" in data else []
    vocabulary = Vocabulary(
        slug=slug_of(namespace),
        name=_text(data, "expanded", "") or namespace,
        description=_text(data, "description", ""),
        edition=str(data.get("version", ""))[:40],
        allows_several=data.get("exclusive") is not True,
        holds=HOLDS,
    )
    _Reader(vocabulary).take(predicates, values)
    _tell_left_out(vocabulary, data, [*predicates, *(entry for each in values for entry in each.get("entry", []))])
    return checked(vocabulary)


class _Reader:
    """Makes terms of predicates and values, gives each a slug, and tells which had to be changed."""

    def __init__(self, vocabulary):
        self.vocabulary, self.taken, self.predicates = vocabulary, set(), {}

    def take(self, predicates, values):
        for place, row in enumerate(predicates):
            path = f"predicates[{place}]"
            value = _required(row, path)
            if value in self.predicates:
                raise Unreadable(f"{path}.value: “{value}” stands twice.")
            self.predicates[value] = (self._term(row, value, "", path), row.get("uuid"))
        for place, row in enumerate(values):
            path = f"values[{place}]"
            name = _text(row, "predicate", path)
            if name not in self.predicates:
                raise Unreadable(f"{path}.predicate: there is no predicate “{name}”.")
            for number, entry in enumerate(_objects(row, "entry", path) if "entry" in row else ()):
                self._entry(entry, self.predicates[name][0], f"{path}.entry[{number}]")

    def _entry(self, row, parent, path):
        value = _required(row, path)
        same = self.predicates.get(value)
        if same and row.get("uuid") and same[1] == row["uuid"] and not same[0].parent:
            same[0].parent = parent.slug
        else:
            self._term(row, value, parent.slug, path)

    def _term(self, row, value, parent, path):
        name, definition = _text(row, "expanded", path) or value, _text(row, "description", path)
        if len(name) > LONGEST_NAME:  # a whole sentence
            name, definition = value.replace("-", " ").capitalize(), " ".join(filter(None, (name, definition)))
            self.vocabulary.left_out.append(f"{path}.expanded is too long for a name: it goes into the definition.")
        term = Term(self._slug(value, parent, path), name, parent, definition=definition)
        self.vocabulary.terms.append(term)
        return term

    def _slug(self, value, parent, path):
        slug = value if SLUG.fullmatch(value) else slug_of(value)
        if slug in self.taken and parent:
            slug = slug_of(f"{parent}-{value}")
            self.vocabulary.left_out.append(f"{path}: “{value}” is taken already, so it is called {slug} here.")
        if not slug or slug in self.taken:
            raise Unreadable(f"{path}.value: “{value[:80]}” makes no short name of its own.")
        self.taken.add(slug)
        return slug


def _tell_left_out(vocabulary, data, rows):
    for name, what in (("colour", "colours"), ("numerical_value", "numerical values")):
        if n := sum(name in row for row in rows):
            vocabulary.left_out.append(f"{n} {what}: the registry has no place for them.")
    if n := sum(row.get("exclusive") is True for row in rows):
        vocabulary.left_out.append(
            f"{n} predicates whose values exclude one another: set an exclusive group at these nodes if you want that."
        )
    if isinstance(data.get("refs"), list) and data["refs"]:
        vocabulary.left_out.append(f"{len(data['refs'])} references: put them into the source of the scheme.")


def _objects(row, name, path):
    found, path = row.get(name), f"{path}.{name}".strip(".")
    if not isinstance(found, list) or not found:
        raise Unreadable(f"{path}: a list is missing.")
    for place, each in enumerate(found):
        if not isinstance(each, dict):
            raise Unreadable(f"{path}[{place}]: this is no object.")
    return found


def _text(row, name, path):
    found = row.get(name, "")
    if not isinstance(found, str):
        raise Unreadable(f"{path}.{name}: this is no text.".strip("."))
    return found.strip()


def _required(row, path):
    if value := _text(row, "value", path):
        return value
    raise Unreadable(f"{path}.value: is missing.")


def write(vocabulary, *, base):
    """The file as bytes. `base` is the address of the registry, from which the uuids are made.

    Retired terms are left out: a tag that is not to be used any more is not offered.
    """
    terms = [term for term in vocabulary.terms if not term.retired]
    above = {term.parent for term in terms}
    predicates = [_row(vocabulary, term, base) for term in terms if not term.parent or term.slug in above]
    values = [
        {"predicate": slug, "entry": [_row(vocabulary, term, base) for term in terms if term.parent == slug]}
        for slug in (term.slug for term in terms if term.slug in above)
    ]
    data = {
        "namespace": vocabulary.slug,
        "expanded": vocabulary.name,
        "description": vocabulary.description or vocabulary.name,
        "version": int(vocabulary.edition) if vocabulary.edition.isdecimal() else 1,
        "uuid": _uuid(vocabulary, "", base),
    }
    if not vocabulary.allows_several:
        data["exclusive"] = True
    data["predicates"] = predicates
    if values:
        data["values"] = values
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def _row(vocabulary, term, base):
    row = {"value": term.slug, "expanded": term.name, "uuid": _uuid(vocabulary, term.slug, base)}
    return row | ({"description": term.definition} if term.definition else {})


def _uuid(vocabulary, slug, base):
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{base}/taxonomy/{vocabulary.slug}/{slug}"))
