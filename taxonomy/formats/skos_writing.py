"""Writing a vocabulary in SKOS, as Turtle or JSON-LD."""

import json

from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDFS, SKOS

from taxonomy.formats.skos_terms import AIR, LISTS, MATCHES, node_address, scheme_address

LANGUAGE = "en"


def write(vocabulary, *, base, syntax):
    """The file as bytes; `syntax` is turtle or json-ld, `base` the address of the registry."""
    graph = graph_of(vocabulary, base)
    if syntax == "turtle":
        return graph.serialize(format="turtle").encode()
    context = {prefix: str(namespace) for prefix, namespace in sorted(graph.namespaces()) if prefix in PREFIXES}
    data = json.loads(graph.serialize(format="json-ld", context=context, auto_compact=False))
    return (json.dumps(_settled(data), ensure_ascii=False, indent=2) + "\n").encode()


def _settled(data, *, is_list=False):
    """The same data in one order: what says nothing by its order would come in another one every time."""
    if isinstance(data, dict):
        return {key: _settled(data[key], is_list=key == "@list") for key in sorted(data)}
    if isinstance(data, list):
        parts = [_settled(part) for part in data]
        return parts if is_list else sorted(parts, key=lambda part: json.dumps(part, sort_keys=True))
    return data


PREFIXES = ("air", "dcterms", "owl", "rdfs", "skos", "xsd")


def graph_of(vocabulary, base):
    graph = Graph(bind_namespaces="none")
    spaces = (AIR, DCTERMS, OWL, RDFS, SKOS, XSD)
    for prefix, namespace in zip(PREFIXES, spaces, strict=True):
        graph.bind(prefix, namespace)
    scheme = URIRef(scheme_address(base, vocabulary.slug))
    _add_scheme(graph, scheme, vocabulary)
    for order, term in enumerate(vocabulary.terms):
        _add_term(graph, scheme, vocabulary, term, base)
        graph.add((_node(base, vocabulary, term.slug), AIR.order, Literal(order)))
    return graph


def _add_scheme(graph, scheme, vocabulary):
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, SKOS.notation, Literal(vocabulary.slug)))
    graph.add((scheme, SKOS.prefLabel, _words(vocabulary.name)))
    graph.add((scheme, AIR.kind, Literal(vocabulary.kind)))
    graph.add((scheme, AIR.allowsSeveral, Literal(vocabulary.allows_several)))
    for predicate, text in (
        (DCTERMS.description, vocabulary.description),
        (DCTERMS.source, vocabulary.source),
        (OWL.versionInfo, vocabulary.edition),
    ):
        _add_text(graph, scheme, predicate, text)
    if vocabulary.source_url:
        graph.add((scheme, RDFS.seeAlso, URIRef(vocabulary.source_url)))
    _add_list(graph, scheme, AIR.guidance, vocabulary.guidance)


def _add_term(graph, scheme, vocabulary, term, base):
    node = _node(base, vocabulary, term.slug)
    graph.add((node, RDF.type, SKOS.Concept))
    graph.add((node, SKOS.inScheme, scheme))
    graph.add((node, SKOS.notation, Literal(term.slug)))
    graph.add((node, SKOS.prefLabel, _words(term.name)))
    if term.parent:
        graph.add((node, SKOS.broader, _node(base, vocabulary, term.parent)))
    else:
        graph.add((node, SKOS.topConceptOf, scheme))
        graph.add((scheme, SKOS.hasTopConcept, node))
    for alias in term.aliases:
        graph.add((node, SKOS.altLabel, _words(alias)))
    for example in term.examples:
        graph.add((node, SKOS.example, _words(example)))
    for predicate, text in (
        (SKOS.definition, term.definition),
        (DCTERMS.source, term.source),
        (AIR.definitionStatus, term.definition_status),
        (AIR.exclusiveGroup, term.exclusive_group),
    ):
        _add_text(graph, node, predicate, text, plain=predicate in (AIR.definitionStatus, AIR.exclusiveGroup))
    for name, predicate in LISTS.items():
        _add_list(graph, node, predicate, getattr(term, name))
    if term.needs_all_criteria:
        graph.add((node, AIR.needsAllCriteria, Literal(True)))
    _add_use(graph, node, vocabulary, term, base)
    _add_relations(graph, node, vocabulary, term, base)


def _add_use(graph, node, vocabulary, term, base):
    if term.retired:
        graph.add((node, OWL.deprecated, Literal(True)))
    if term.replaced_by:
        graph.add((node, DCTERMS.isReplacedBy, _node(base, vocabulary, term.replaced_by)))


def _add_relations(graph, node, vocabulary, term, base):
    for parent, asserted_by in term.alternative_parents:
        claim = _blank(graph)
        graph.add((node, AIR.alternativeParent, claim))
        graph.add((claim, AIR.parent, _node(base, vocabulary, parent)))
        graph.add((claim, AIR.assertedBy, Literal(asserted_by)))
    for relation, key, source in term.mappings:
        other = URIRef(node_address(base, *key.split(":")))
        graph.add((node, MATCHES[relation], other))
        mapping = _blank(graph)
        graph.add((node, AIR.mapping, mapping))
        graph.add((mapping, AIR.to, other))
        graph.add((mapping, DCTERMS.source, Literal(source)))


def _node(base, vocabulary, slug):
    return URIRef(node_address(base, vocabulary.slug, slug))


def _words(text):
    return Literal(text, lang=LANGUAGE)


def _add_text(graph, subject, predicate, text, *, plain=False):
    if text:
        graph.add((subject, predicate, Literal(text) if plain else _words(text)))


def _add_list(graph, subject, predicate, texts):
    place = subject, predicate
    for text in texts:
        entry = _blank(graph)
        graph.add((*place, entry))
        graph.add((entry, RDF.first, _words(text)))
        place = entry, RDF.rest
    if texts:
        graph.add((*place, RDF.nil))


def _blank(graph):
    """A node without an address, named after its place: the same scheme makes the same file, letter by letter."""
    return BNode(f"b{len(graph):06}")
