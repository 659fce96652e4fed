"""RDF as a bounded graph, read from the text alone: nothing the file names is ever fetched."""

import re

from rdflib import Graph
from rdflib.plugins.parsers.jsonld import to_rdf
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.plugins.shared.jsonld.context import Context
from rdflib.plugins.stores.memory import Memory

from taxonomy.formats import Unreadable, strict_json, text_of

MOST_TRIPLES = 60_000
MOST_CHARACTERS = 8_000_000  # of all terms together, prefixes written out
LONGEST_ADDRESS = 500
LONGEST_CONTEXT = 10_000
NAMED = re.compile(r"<([^<>\"{}|^`\\\s]*)>")
DIRECTIVE = re.compile(r"(?i)@?\b(?:base|prefix)\b")
MOST_DIRECTIVES = 200


def _refuse(context, source, *where):
    raise Unreadable(f"“@context” names {source[:200]}, which is never fetched; put the context into the file.")


# The parser makes contexts of its own for inner nodes, so that a subclass would not reach all of them: whatever slips
# through `_require_own_context` finds nothing here that fetches, in this process and for good.
Context._fetch_context = _refuse


class Bounded(Memory):
    """A store that refuses to grow beyond what a vocabulary needs: short names may stand for long ones."""

    n_triples = n_characters = 0

    def add(self, triple, context, quoted=False):
        self.n_triples += 1
        self.n_characters += sum(map(len, triple))
        if self.n_triples > MOST_TRIPLES or self.n_characters > MOST_CHARACTERS:
            raise Unreadable("The file says more than a vocabulary of this registry can hold.")
        super().add(triple, context, quoted)


def read_turtle(content):
    """The graph in a Turtle file. Raises Unreadable, naming the line."""
    text = text_of(content)
    if text.lstrip().startswith(("<?xml", "<!DOCTYPE", "<rdf:RDF")):
        raise Unreadable("This is XML; Turtle and JSON-LD are read.")
    if any(len(name) > LONGEST_ADDRESS for name in NAMED.findall(text)):
        raise Unreadable(f"An address in the file has more than {LONGEST_ADDRESS} characters.")
    if len(DIRECTIVE.findall(text)) > MOST_DIRECTIVES and len(re.findall(r"(?im)^\s*@?(?:base|prefix)\b", text)) > 60:
        raise Unreadable("The file declares too many prefixes.")
    graph = Graph(store=Bounded(), bind_namespaces="none")
    try:
        graph.parse(data=text, format="turtle", publicID="https://file.invalid/")
    except BadSyntax as error:
        raise Unreadable(f"Line {error.lines + 1}: this is no Turtle ({_shortened(error._why)}).") from None
    except RecursionError:
        raise Unreadable("The file is nested too deep.") from None
    except Unreadable:
        raise
    except Exception as error:  # whatever else the parser stumbles over is a fault of the file
        raise Unreadable(f"This is no Turtle ({_shortened(error)}).") from None
    return graph


def read_jsonld(content):
    """The graph in a JSON-LD file. Raises Unreadable; a context that stands elsewhere is refused, never fetched."""
    data = strict_json.read(content)
    if not isinstance(data, (dict, list)):
        raise Unreadable("The file holds no JSON-LD.")
    _require_own_context(data)
    graph = Graph(store=Bounded(), bind_namespaces="none")
    try:
        to_rdf(data, graph, base="https://file.invalid/")
    except Unreadable:
        raise
    except Exception as error:  # as above
        raise Unreadable(f"This is no JSON-LD ({_shortened(error)}).") from None
    return graph


def _require_own_context(data):
    """Walks every object, whatever it stands in: a term of a context may bring a context of its own."""
    length, waiting = 0, [data]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if "@import" in part:
                raise Unreadable("“@import” names a context that stands elsewhere; put it into the file.")
            if "@context" in part:
                length += len(repr(part["@context"]))
                _require_here(part["@context"])
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    if length > LONGEST_CONTEXT:
        raise Unreadable(f"The contexts have {length:,} characters; at most {LONGEST_CONTEXT:,} are read.")


def _require_here(context):
    """Lists may stand in lists, and each of their texts would be fetched."""
    waiting = [context]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            _refuse(context, part)
        elif isinstance(part, list):
            waiting += part


def _shortened(error):
    words = " ".join(str(error).split())
    return words if len(words) < 160 else f"{words[:160]} …"
