"""Reading a vocabulary from SKOS: one concept scheme with its concepts."""

from collections import Counter
from urllib.parse import unquote, urlsplit

from rdflib import RDF, BNode, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DC, DCTERMS, OWL, RDFS, SKOS

from taxonomy.formats import SLUG, Term, Unreadable, Vocabulary, checked, rdf, require_few, slug_of
from taxonomy.formats.skos_terms import AIR, LISTS, MATCHES

HOLDS = (
    ("name", "kind", "description", "source", "source_url", "edition", "guidance", "allows_several"),
    (
        *("name", "parent", "definition", "definition_status", "aliases", "applies_when", "does_not_apply_when"),
        *("needs_all_criteria", "examples", "source", "exclusive_group"),
    ),
)
LANGUAGE = "en"


def read(content, *, syntax, base):
    """The vocabulary in the file; `base` is the address of the registry, by which nodes of ours are known.

    Raises Unreadable, naming the line or the concept.
    """
    graph = rdf.read_turtle(content) if syntax == "turtle" else rdf.read_jsonld(content)
    return _Reader(graph, base).vocabulary()


class _Reader:
    def __init__(self, graph, base):
        self.graph, self.base = graph, base
        self.other_languages, self.left_out = {}, []
        self.slugs = {}

    def vocabulary(self):
        scheme = self._scheme()
        concepts = self._concepts(scheme)
        require_few(len(concepts))
        self._name_all(concepts)
        own = self._own_terms(scheme)
        vocabulary = Vocabulary(
            slug=self._slug(scheme, self._text(scheme, SKOS.prefLabel, DCTERMS.title, DC.title, RDFS.label)),
            name=self._text(scheme, SKOS.prefLabel, DCTERMS.title, DC.title, RDFS.label),
            description=self._text(scheme, DCTERMS.description, DC.description, SKOS.definition, RDFS.comment),
            source=self._text(scheme, DCTERMS.source, DC.source, DCTERMS.bibliographicCitation),
            source_url=self._link(scheme),
            edition=self._text(scheme, OWL.versionInfo)[:40],
            holds=HOLDS if own else (HOLDS[0][:1] + HOLDS[0][2:6], (*HOLDS[1][:3], "aliases", "examples", "source")),
        )
        if not vocabulary.name:
            raise Unreadable(f"The scheme {scheme} has no prefLabel.")
        if own:
            vocabulary.kind = self._plain(scheme, AIR.kind) or "imported"
            vocabulary.allows_several = self._plain(scheme, AIR.allowsSeveral) != "false"
            vocabulary.guidance = self._list(scheme, AIR.guidance) or []
        vocabulary.terms = [self._term(concept, vocabulary) for concept in concepts]
        vocabulary.left_out = self._left_out(concepts)
        return checked(vocabulary)

    def _scheme(self):
        schemes = list(dict.fromkeys(self.graph.subjects(RDF.type, SKOS.ConceptScheme)))
        if len(schemes) != 1:
            found = "no skos:ConceptScheme" if not schemes else f"{len(schemes)} concept schemes; one file holds one"
            raise Unreadable(f"The file holds {found}.")
        return schemes[0]

    def _own_terms(self, scheme):
        """Whether the file was written by a registry like this one, and so says everything."""
        return (scheme, AIR.kind, None) in self.graph

    def _concepts(self, scheme):
        typed = self.graph.subjects(RDF.type, SKOS.Concept)
        members = self.graph.subjects(SKOS.inScheme, scheme)
        tops = self.graph.objects(scheme, SKOS.hasTopConcept)
        concepts = list(dict.fromkeys(each for found in (typed, members, tops) for each in found))
        order = {concept: number for number, concept in enumerate(concepts)}
        return sorted(concepts, key=lambda each: (self._number(each), order[each]))

    def _number(self, concept):
        said = self._plain(concept, AIR.order)
        return int(said) if said.isdecimal() and len(said) < 6 else 0

    def _name_all(self, concepts):
        """A slug for each concept, the first come keeping a name that two would have."""
        nameless = [concept for concept in concepts if not self._text(concept, SKOS.prefLabel)]
        if nameless:
            raise Unreadable(*(f"{_said(concept)} has no prefLabel." for concept in nameless[:20]))
        taken, numbers = {}, {}
        for concept in concepts:
            name = self._text(concept, SKOS.prefLabel)
            wanted = self._slug(concept, name)
            slug = numbered(wanted, taken, numbers)
            if not slug:
                raise Unreadable(f"{_said(concept)}, “{name}”: no short name can be made of its address or its name.")
            if slug != wanted:
                self.left_out.append(f"{_said(concept)} is called {slug}: {taken[wanted]} has the short name already.")
            taken[slug] = _said(concept)
            self.slugs[concept] = slug

    def _slug(self, subject, name):
        """Its notation, the end of its address, or its name, whichever makes a short name first."""
        notation = self._plain(subject, SKOS.notation)
        if SLUG.fullmatch(notation) and len(notation) <= 60:
            return notation
        if isinstance(subject, URIRef) and (slug := slug_of(_end_of(subject))):
            return slug
        return slug_of(name)

    def _term(self, concept, vocabulary):
        parent, alternatives = self._parents(concept, vocabulary)
        term = Term(self.slugs[concept], self._text(concept, SKOS.prefLabel), parent)
        term.definition = self._text(concept, SKOS.definition, SKOS.scopeNote, DCTERMS.description, RDFS.comment)
        term.source = self._text(concept, DCTERMS.source, DC.source)
        term.definition_status = self._plain(concept, AIR.definitionStatus)
        term.exclusive_group = self._plain(concept, AIR.exclusiveGroup)
        term.needs_all_criteria = self._plain(concept, AIR.needsAllCriteria) == "true"
        term.retired = self._plain(concept, OWL.deprecated) == "true"
        term.aliases = self._texts(concept, SKOS.altLabel)
        term.examples = self._texts(concept, SKOS.example)
        for name, predicate in LISTS.items():
            if (listed := self._list(concept, predicate)) is not None:
                setattr(term, name, _as_listed(getattr(term, name), listed) if getattr(term, name) else listed)
        replacement = next(self.graph.objects(concept, DCTERMS.isReplacedBy), None)
        term.replaced_by = self.slugs.get(replacement, "") if term.retired else ""
        term.alternative_parents = alternatives
        term.mappings = self._mappings(concept, vocabulary)
        return term

    def _parents(self, concept, vocabulary):
        """(slug of the first broader concept, [(slug of each other, who says so)])."""
        said = [*self.graph.objects(concept, SKOS.broader), *self.graph.subjects(SKOS.narrower, concept)]
        broader = [each for each in dict.fromkeys(said) if each in self.slugs]
        if strange := [each for each in dict.fromkeys(said) if each not in self.slugs]:
            self.left_out.append(
                f"“{self.slugs[concept]}” has a broader concept outside the file: {_said(strange[0])}."
            )
        if concept in broader:
            raise Unreadable(f"{_said(concept)} is broader than itself.")
        by = (vocabulary.source or vocabulary.name)[:200]
        others = [(self.slugs[each], by) for each in broader[1:]]
        for claim in self.graph.objects(concept, AIR.alternativeParent):
            parent = self.slugs.get(next(self.graph.objects(claim, AIR.parent), None))
            asserted_by = self._plain(claim, AIR.assertedBy)[:200]
            if parent and asserted_by:
                others.append((parent, asserted_by))
        return (self.slugs[broader[0]] if broader else ""), others

    def _mappings(self, concept, vocabulary):
        """Only to nodes of this registry, known by their address."""
        sources = {
            next(self.graph.objects(node, AIR.to), None): self._plain(node, DCTERMS.source)
            for node in self.graph.objects(concept, AIR.mapping)
        }
        found = []
        for relation, predicate in MATCHES.items():
            for other in self.graph.objects(concept, predicate):
                if key := self._key_of(other):
                    found.append((relation, key, sources.get(other) or vocabulary.source or vocabulary.name))
                else:
                    self.left_out.append(f"“{self.slugs[concept]}” is mapped to {_said(other)}, which is not ours.")
        return found

    def _key_of(self, address):
        start = f"{self.base}/taxonomy/"
        parts = str(address).removeprefix(start).strip("/").split("/")
        ours = str(address).startswith(start) and len(parts) == 2
        return ":".join(parts) if ours and all(map(SLUG.fullmatch, parts)) else ""

    def _link(self, scheme):
        links = (str(each) for each in self.graph.objects(scheme, RDFS.seeAlso))
        return next((link for link in links if link.startswith(("http://", "https://")) and len(link) <= 500), "")

    def _text(self, subject, *predicates):
        """The first text under the first predicate that has one, in English if there is one."""
        for predicate in predicates:
            if texts := self._texts(subject, predicate):
                return texts[0]
        return ""

    def _texts(self, subject, predicate):
        """The texts in the language that is read: English, else without one, else the first by name."""
        by_language = {}
        for each in self.graph.objects(subject, predicate):
            if isinstance(each, Literal) and str(each).strip():
                by_language.setdefault((each.language or "").lower(), []).append(" ".join(str(each).split(" ")).strip())
        chosen = min(by_language, key=_preference, default=None)
        for language, texts in by_language.items():
            if language != chosen:
                self.other_languages[subject, predicate, language or "no language"] = len(texts)
        return by_language.get(chosen, [])

    def _plain(self, subject, predicate):
        found = next(self.graph.objects(subject, predicate), None)
        return str(found).strip() if isinstance(found, Literal) else ""

    def _list(self, subject, predicate):
        """The texts of an RDF list in order; None where there is none."""
        head = next(self.graph.objects(subject, predicate), None)
        if not isinstance(head, BNode):
            return None
        try:
            return [str(each) for each in Collection(self.graph, head)]
        except ValueError:
            raise Unreadable(f"A list of {_said(subject)} runs in a circle.") from None

    def _left_out(self, concepts):
        counts = Counter()
        for (_, _, language), n in self.other_languages.items():
            counts[language] += n
        other = (f"{n} texts in {name}" for name, n in sorted(counts.items()))
        languages = [f"Texts in another language than the one that was read: {', '.join(other)}."]
        if n := len(list(self.graph.subjects(RDF.type, SKOS.Collection))):
            languages.append(f"{n} collections: the registry has no place for them.")
        return [*self.left_out, *(languages if self.other_languages else languages[1:])]


def _preference(language):
    return (language != LANGUAGE, not language.startswith(f"{LANGUAGE}-"), language != "", language)


def _as_listed(texts, listed):
    """`texts` in the order in which they are listed; those that are not come last."""
    place = {text: number for number, text in enumerate(listed)}
    return sorted(texts, key=lambda text: place.get(text, len(place)))


def numbered(wanted, taken, numbers):
    """`wanted`, with a number if it is taken. `numbers` remembers the last of each, so that none is tried twice."""
    slug, stem = wanted, wanted[:55].rstrip("-")
    while slug in taken:
        numbers[stem] = numbers.get(stem, 1) + 1
        slug = f"{stem}-{numbers[stem]}"
    return slug


def _end_of(address):
    try:
        parts = urlsplit(str(address))
    except ValueError:  # a host that is none
        return ""
    return unquote(parts.fragment or parts.path.rstrip("/").rpartition("/")[2])


def _said(subject):
    return "A concept without an address" if isinstance(subject, BNode) else f"<{subject}>"[:200]
