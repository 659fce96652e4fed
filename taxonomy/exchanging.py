"""Schemes to and from the vocabularies that travel in files: what would change, and changing it."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from taxonomy.formats import Term, Unreadable, Vocabulary, misp, skos_reading, skos_writing
from taxonomy.models import AlternativeParent, DefinitionStatus, Mapping, Node, Scheme, SchemeKind

TEXTS = ("name", "definition", "definition_status", "source", "exclusive_group", "needs_all_criteria")
LISTS = ("aliases", "applies_when", "does_not_apply_when", "examples")
OF_SCHEME = ("name", "kind", "description", "source", "source_url", "edition", "guidance", "allows_several")

READERS = {
    "misp": lambda content, *, base, file: misp.read(content, file=file),
    "turtle": lambda content, *, base, file: skos_reading.read(content, syntax="turtle", base=base),
    "json-ld": lambda content, *, base, file: skos_reading.read(content, syntax="json-ld", base=base),
}
WRITERS = {
    "misp": lambda vocabulary, *, base: misp.write(vocabulary, base=base),
    "turtle": lambda vocabulary, *, base: skos_writing.write(vocabulary, base=base, syntax="turtle"),
    "json-ld": lambda vocabulary, *, base: skos_writing.write(vocabulary, base=base, syntax="json-ld"),
}
BY_ENDING = {".json": "misp", ".ttl": "turtle", ".jsonld": "json-ld"}


def format_of(name):
    """Which format a file of this name is in; None for no ending of ours."""
    return next((found for ending, found in BY_ENDING.items() if name.lower().endswith(ending)), None)


def read(content, *, syntax, base, file=""):
    """The vocabulary in the file. Raises formats.Unreadable."""
    vocabulary = READERS[syntax](content, base=base, file=file)
    if vocabulary.kind not in SchemeKind.values:
        raise Unreadable(f"The scheme is of no kind that is known: “{vocabulary.kind[:40]}”.")
    for term in vocabulary.terms:
        if term.definition_status not in DefinitionStatus.values:
            term.definition_status = DefinitionStatus.FROM_SOURCE if term.definition else DefinitionStatus.PROVISIONAL
    return vocabulary


def write(scheme, *, syntax, base):
    """The scheme as a file, in bytes."""
    return WRITERS[syntax](vocabulary_of(scheme), base=base)


def vocabulary_of(scheme):
    """The scheme as it stands, parents before children."""
    nodes = {node.pk: node for node in scheme.nodes.order_by("order", "name", "pk")}
    slugs = {pk: node.slug for pk, node in nodes.items()}
    terms = {}
    for pk, node in nodes.items():
        content = {name: getattr(node, name) for name in (*TEXTS, *LISTS)}
        terms[pk] = Term(slug=node.slug, **content, retired=node.retired_at is not None)
        terms[pk].parent = slugs.get(node.parent_id, "")
        terms[pk].replaced_by = slugs.get(node.replaced_by_id, "")
    for claim in AlternativeParent.objects.filter(node__scheme=scheme).select_related("parent").order_by("pk"):
        terms[claim.node_id].alternative_parents.append((claim.parent.slug, claim.asserted_by))
    mappings = Mapping.objects.filter(from_node__scheme=scheme).select_related("to_node__scheme").order_by("pk")
    for mapping in mappings:
        terms[mapping.from_node_id].mappings.append((mapping.relation, mapping.to_node.key, mapping.source))
    return Vocabulary(
        slug=scheme.slug, **{name: getattr(scheme, name) for name in OF_SCHEME}, terms=_in_tree_order(terms, nodes)
    )


def _in_tree_order(terms, nodes):
    children = {}
    for pk, node in nodes.items():
        children.setdefault(node.parent_id, []).append(pk)

    def below(parent):
        for pk in children.get(parent, ()):
            yield terms[pk]
            yield from below(pk)

    return list(below(None))


@dataclass
class Comparison:
    """What taking a vocabulary would do. `changed` holds (term, names of what differs); `gone` are nodes of ours that
    the file does not have: they stay, to be retired by somebody who looks at their cases.
    """

    vocabulary: Vocabulary
    scheme: Scheme | None
    scheme_changes: list = field(default_factory=list)
    new: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    unchanged: list = field(default_factory=list)
    gone: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    @property
    def changes_nothing(self):
        return self.scheme is not None and not (self.scheme_changes or self.new or self.changed)


def compare(vocabulary):
    """How the vocabulary differs from the scheme of that name."""
    scheme = Scheme.objects.filter(slug=vocabulary.slug).first()
    before = vocabulary_of(scheme) if scheme else Vocabulary(vocabulary.slug, "")
    found = Comparison(vocabulary, scheme, notes=list(vocabulary.left_out))
    held = vocabulary.holds[0]
    if scheme:
        found.scheme_changes = [name for name in held if getattr(before, name) != getattr(vocabulary, name)]
    known = {term.slug: term for term in before.terms}
    for term in vocabulary.terms:
        if term.slug not in known:
            found.new.append(term)
        elif differs := _differing(known[term.slug], term, vocabulary.holds[1]):
            found.changed.append((term, differs))
        else:
            found.unchanged.append(term)
    slugs = {term.slug for term in vocabulary.terms}
    found.gone = [term for term in before.terms if term.slug not in slugs]
    _tell_missing(found)
    return found


def _differing(before, term, held):
    differs = [name for name in held if getattr(before, name) != getattr(term, name)]
    if set(term.alternative_parents) - set(before.alternative_parents):
        differs.append("alternative_parents")
    if {key for _, key, _ in term.mappings if _exists(key)} - {key for _, key, _ in before.mappings}:
        differs.append("mappings")
    return differs


def _exists(key):
    scheme, slug = key.split(":")
    return Node.objects.filter(scheme__slug=scheme, slug=slug).exists()


def _tell_missing(found):
    for term in found.vocabulary.terms:
        for _, key, _ in term.mappings:
            if not _exists(key):
                found.notes.append(f"“{term.slug}” is mapped to {key}, which is not here.")
    if n := sum(term.retired for term in found.new):
        found.notes.append(f"{n} terms are marked as not to be used any more; they come in retired.")


def take(vocabulary, *, at):
    """Bring the vocabulary into the database, in the caller's transaction. Nothing is retired, nothing deleted."""
    found = compare(vocabulary)
    scheme = found.scheme or Scheme(slug=vocabulary.slug, order=_last_place())
    if found.scheme is None or found.scheme_changes:
        _set(scheme, vocabulary, vocabulary.holds[0] if found.scheme else OF_SCHEME)
    nodes = {node.slug: node for node in Node.objects.filter(scheme=scheme).select_for_update(of=("self",))}
    changed = {term.slug: differs for term, differs in found.changed}
    for place, term in enumerate(vocabulary.terms):
        if term.slug not in nodes:
            nodes[term.slug] = _set_node(Node(scheme=scheme, slug=term.slug, order=place), term, nodes, FIELDS, at)
        elif term.slug in changed:
            _set_node(nodes[term.slug], term, nodes, changed[term.slug], at)
    _relate(vocabulary, nodes, {term.slug for term in found.new}, at)
    return found


FIELDS = ("parent", *TEXTS, *LISTS)


def _last_place():
    return 1 + max(Scheme.objects.values_list("order", flat=True), default=-1)


def _set(scheme, vocabulary, names):
    for name in names:
        setattr(scheme, name, getattr(vocabulary, name))
    scheme.version += not scheme._state.adding
    _require_clean(scheme, "The scheme", exclude=[])
    scheme.save()


def _set_node(node, term, nodes, names, at):
    for name in names:
        if name == "parent":
            node.parent = nodes.get(term.parent)
        elif name in FIELDS:
            setattr(node, name, getattr(term, name))
    if node._state.adding:
        node.retired_at = at if term.retired else None
    elif set(names) & set(FIELDS):
        node.version += 1
    empty = [] if node.definition else ["definition"]
    _require_clean(node, f"“{term.slug}”", exclude=["scheme", "parent", "replaced_by", *empty])
    node.save()
    return node


def _require_clean(row, what, *, exclude):
    try:
        row.clean_fields(exclude=exclude)
    except ValidationError as error:
        faults = [f"{what}, {name}: {' '.join(messages)}" for name, messages in error.message_dict.items()]
        raise Unreadable(*faults) from error


def _relate(vocabulary, nodes, new, at):
    for term in vocabulary.terms:
        node = nodes[term.slug]
        if term.slug in new and term.replaced_by and node.retired_at:
            node.replaced_by = nodes[term.replaced_by]
            node.save(update_fields=["replaced_by"])
        for parent, asserted_by in term.alternative_parents:
            AlternativeParent.objects.get_or_create(node=node, parent=nodes[parent], asserted_by=asserted_by)
        for relation, key, source in term.mappings:
            other = Node.objects.filter(scheme__slug=key.split(":")[0], slug=key.split(":")[1]).first()
            if other and other.scheme_id != node.scheme_id:
                defaults = {"relation": relation, "source": source}
                Mapping.objects.get_or_create(from_node=node, to_node=other, defaults=defaults)
