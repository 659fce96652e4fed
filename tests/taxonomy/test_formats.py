"""Hostile files: what they name is not opened, what no database keeps is refused, and none takes long."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from rdflib import Graph
from rdflib.plugins.parsers.jsonld import to_rdf

from taxonomy.formats import Unreadable, misp, skos_reading, strict_json

BASE = "https://registry.example.org"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SHADES = f'@prefix s: <{SKOS}> . <urn:x:shades> a s:ConceptScheme; s:prefLabel "Shades" .\n'
WORDS = {"@context": {"@vocab": SKOS, "id": "@id", "type": "@type"}}
GRAPH = [
    {"id": "urn:x:shades", "type": "ConceptScheme", "prefLabel": "Shades"},
    {"id": "urn:x:red", "type": "Concept", "prefLabel": "Red"},
]


def turtle(text):
    return skos_reading.read((SHADES + text).encode(), syntax="turtle", base=BASE)


def jsonld(data):
    return skos_reading.read(json.dumps(data).encode(), syntax="json-ld", base=BASE)


@contextmanager
def listener():
    """A machine that answers with a context that works; yields its address and the list of what it was asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "application/ld+json")
            self.end_headers()
            self.wfile.write(json.dumps(WORDS).encode())

        def log_message(self, *parts):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/x", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


HIDDEN = {
    "alone": lambda x: {"@context": x, "@graph": GRAPH},
    "a list in a list": lambda x: {"@context": [[x]], "@graph": GRAPH},
    "lists in lists beside a context": lambda x: {"@context": [WORDS["@context"], [[], [[x]]]], "@graph": GRAPH},
    "a list of files": lambda x: [{"@context": [[x]], "@graph": GRAPH}],
    "a context in a context": lambda x: {"@context": [{"@context": [[x]]}], "@graph": GRAPH},
    "a term of its own": lambda x: {
        "@context": WORDS["@context"] | {"prefLabel": {"@id": f"{SKOS}prefLabel", "@context": [[x]]}},
        "@graph": GRAPH,
    },
    "a type of its own": lambda x: {
        "@context": WORDS["@context"] | {"Concept": {"@id": f"{SKOS}Concept", "@context": [[x]]}},
        "@graph": GRAPH,
    },
    "a node within": lambda x: WORDS | {"@graph": [*GRAPH, {"id": "urn:a", "note": {"@context": [[x]]}}]},
    "a node that forgets": lambda x: WORDS | {"@graph": [{"@context": None, f"{SKOS}note": [{"@context": [[x]]}]}]},
    "an import": lambda x: {"@context": [[{"@version": 1.1, "@import": x}]], "@graph": GRAPH},
}


@pytest.mark.parametrize("place", HIDDEN)
def test_a_context_that_stands_elsewhere_is_refused_and_never_asked_for(place):
    with listener() as (address, asked), pytest.raises(Unreadable, match=r"never fetched|stands elsewhere"):
        jsonld(HIDDEN[place](address))

    assert asked == []


@pytest.mark.parametrize("place", HIDDEN)
def test_the_parser_itself_cannot_fetch(place):
    with listener() as (address, asked), pytest.raises(Unreadable, match="never fetched"):
        to_rdf(HIDDEN[place](address), Graph(), base=BASE)

    assert asked == []


@pytest.mark.parametrize("place", HIDDEN)
def test_a_file_on_this_machine_is_not_opened(place, tmp_path):
    file = tmp_path / "words.jsonld"
    file.write_text(json.dumps(WORDS))

    for read in (jsonld, lambda data: to_rdf(data, Graph(), base=BASE)):
        with pytest.raises(Unreadable, match=r"never fetched|stands elsewhere"):
            read(HIDDEN[place](file.as_uri()))


def test_addresses_that_are_words_of_the_file_stay_allowed():
    context = [[WORDS["@context"]], [], {"name": f"{SKOS}prefLabel", "broader": {"@id": f"{SKOS}broader"}}]

    vocabulary = jsonld({"@context": context, "@graph": [*GRAPH, {"id": "urn:x:b", "type": "Concept", "name": "B"}]})

    assert [term.name for term in vocabulary.terms] == ["Red", "B"]


NULL, HALF = "\x00", "\ud800"
NO_TEXT = "holds a null character or half of a surrogate pair, which is no text."


@pytest.mark.parametrize("strange", [NULL, HALF])
@pytest.mark.parametrize(
    ("name", "where"),
    [("definition", "definition"), ("altLabel", "aliases"), ("example", "examples"), ("prefLabel", "name")],
)
def test_what_no_database_keeps_is_refused_with_its_place(strange, name, where):
    said = {"prefLabel": "Red", name: f"Re{strange}d"}
    written = "".join(f"; s:{each} {json.dumps(text)}" for each, text in said.items())

    with pytest.raises(Unreadable) as in_jsonld:
        jsonld(WORDS | {"@graph": [GRAPH[0], GRAPH[1] | said]})
    with pytest.raises(Unreadable) as in_turtle:
        turtle(f"<urn:x:red> a s:Concept{written} .")

    assert in_jsonld.value.faults == [f"“x-red”, {where}: {NO_TEXT}"]
    assert in_turtle.value.faults == [f"“x-red”, {where}: {NO_TEXT}"]


@pytest.mark.parametrize("strange", [NULL, HALF])
def test_misp_with_what_no_database_keeps_is_refused_with_its_place(strange):
    data = {
        "namespace": f"to{strange}nes",
        "description": f"D{strange}",
        "version": strange,
        "predicates": [{"value": f"lo{strange}w", "description": strange}],
    }

    with pytest.raises(Unreadable) as refused:
        misp.read(json.dumps(data).encode())

    assert refused.value.faults == [
        f"The scheme, name: {NO_TEXT}",
        f"The scheme, description: {NO_TEXT}",
        f"The scheme, edition: {NO_TEXT}",
        f"“lo-w”, name: {NO_TEXT}",
        f"“lo-w”, definition: {NO_TEXT}",
    ]


@pytest.mark.parametrize("strange", [NULL, HALF])
def test_no_message_carries_what_cannot_be_shown(strange):
    twice = json.dumps({"namespace": "tones", "predicates": [{"value": f"lo{strange}w"}] * 2}).encode()
    key = json.dumps(strange)

    with pytest.raises(Unreadable, match="“lo\ufffdw” stands twice"):
        misp.read(twice)
    with pytest.raises(Unreadable, match="“\ufffd” stands twice"):
        strict_json.read(f"{{{key}: 1, {key}: 2}}".encode())
    found = jsonld(WORDS | {"@graph": [GRAPH[0], GRAPH[1] | {"closeMatch": {"id": f"urn:y:{strange}"}}]})
    assert found.left_out == ["“x-red” is mapped to <urn:y:\ufffd>, which is not ours."]


def seconds_for(work):
    start = time.process_time()
    work()
    return time.process_time() - start


def test_many_keys_of_which_one_stands_twice_are_refused_at_once():
    keys = [f"k{number}" for number in range(40_000)]
    content = ("{" + ",".join(f'"{key}":1' for key in [*keys, keys[-1]]) + "}").encode()

    def read():
        with pytest.raises(Unreadable, match="“k39999” stands twice"):
            strict_json.read(content)

    assert seconds_for(read) < 2


def of_one_name(number):
    return "".join(f'<urn:x:{n}> a s:Concept; s:notation "red"; s:prefLabel "R".' for n in range(number))


def test_too_many_concepts_of_one_name_are_refused_before_they_are_named(monkeypatch):
    def fail(*concepts):
        raise AssertionError("they are being named")

    monkeypatch.setattr(skos_reading._Reader, "_name_all", fail)

    with pytest.raises(Unreadable, match="holds 2,001 terms; at most 2,000 are read"):
        turtle(of_one_name(2001))


def test_concepts_of_one_name_are_numbered_without_trying_a_number_twice():
    class Counted(set):
        looked_up = 0

        def __contains__(self, slug):
            self.looked_up += 1
            return super().__contains__(slug)

    taken, numbers = Counted(), {}

    for _ in range(500):
        taken.add(skos_reading.numbered("red", taken, numbers))

    assert (len(taken), taken.looked_up) == (500, 1 + 499 * 2)
    assert turtle(of_one_name(2000)).terms[-1].slug == "red-2000"


def test_a_number_that_another_concept_has_is_passed_over():
    text = "".join(
        f'<urn:x:{n}> a s:Concept; s:notation "{slug}"; s:prefLabel "R".'
        for n, slug in enumerate(["red-2", "red", "red", "red", "red-2", "a" * 54 + "-bcdef", "a" * 54 + "-bcdef"])
    )

    vocabulary = turtle(text)

    assert [term.slug for term in vocabulary.terms] == [
        *("red-2", "red", "red-3", "red-4", "red-2-2", "a" * 54 + "-bcdef", "a" * 54 + "-2"),
    ]


def test_an_address_whose_host_is_none_is_no_name():
    vocabulary = turtle('<http://[x#a> a s:Concept; s:prefLabel "Red" .')

    assert [term.slug for term in vocabulary.terms] == ["red"]
