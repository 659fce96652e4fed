"""Vocabularies in files: what goes out comes in again; what is broken or hostile is refused, and nothing is fetched."""

import json
import re
import socket
from pathlib import Path

import pytest
from django.db import transaction

from taxonomy import exchanging
from taxonomy.actions import load_taxonomy
from taxonomy.formats import LONGEST_FILE, Unreadable
from taxonomy.models import AlternativeParent, Mapping, Node, ReferenceCell, Scheme, ShippedRow
from tests.factories import NOW, make_node, make_scheme

pytestmark = pytest.mark.django_db

BASE = "https://registry.example.org"
DATA = Path(__file__).parents[1] / "data"
SHIPPED = sorted(path.stem for path in (Path(exchanging.__file__).parent / "data" / "schemes").glob("*.yaml"))


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    """Any attempt to reach another machine fails the test."""

    def refuse(*address, **options):
        raise AssertionError(f"something is being fetched: {address}")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def read(text, syntax="turtle", file=""):
    content = text if isinstance(text, bytes) else text.encode()
    return exchanging.read(content, syntax=syntax, base=BASE, file=file)


def empty_database():
    for model in (ReferenceCell, Mapping, AlternativeParent, ShippedRow):
        model.objects.all().delete()
    Node.objects.update(parent=None, replaced_by=None)
    Node.objects.all().delete()
    Scheme.objects.all().delete()


def faults_of(text, syntax="turtle"):
    with pytest.raises(Unreadable) as refused:
        read(text, syntax)
    return refused.value.faults


@pytest.mark.parametrize("syntax", ["turtle", "json-ld"])
def test_every_shipped_scheme_comes_back_from_skos_as_it_went(syntax):
    before = {scheme.slug: exchanging.vocabulary_of(scheme) for scheme in Scheme.objects.filter(slug__in=SHIPPED)}
    files = [exchanging.write(scheme, syntax=syntax, base=BASE) for scheme in Scheme.objects.filter(slug__in=SHIPPED)]
    empty_database()

    for _ in range(2):  # a mapping wants both nodes there
        for content in files:
            exchanging.take(read(content, syntax), at=NOW)

    after = {scheme.slug: exchanging.vocabulary_of(scheme) for scheme in Scheme.objects.all()}
    for vocabulary in (*before.values(), *after.values()):
        for term in vocabulary.terms:
            term.mappings.sort()
            term.alternative_parents.sort()
    assert after == before
    assert all(exchanging.compare(read(content, syntax)).changes_nothing for content in files)


@pytest.mark.parametrize("syntax", ["turtle", "json-ld", "misp"])
def test_a_scheme_makes_the_same_file_every_time(syntax):
    scheme = Scheme.objects.get(slug="misalignment-causes")

    files = {exchanging.write(scheme, syntax=syntax, base=BASE) for _ in range(3)}

    assert len(files) == 1


def test_every_shipped_scheme_comes_back_from_misp_with_what_misp_holds():
    def held(vocabulary):
        terms = [(term.slug, term.name, term.parent, term.definition) for term in vocabulary.terms]
        return vocabulary.slug, vocabulary.name, vocabulary.description, vocabulary.allows_several, sorted(terms)

    schemes = Scheme.objects.filter(slug__in=SHIPPED)
    before = [held(exchanging.vocabulary_of(scheme)) for scheme in schemes.order_by("slug")]
    files = [exchanging.write(scheme, syntax="misp", base=BASE) for scheme in schemes]
    unchanged = [exchanging.compare(read(content, "misp")).changed for content in files]
    empty_database()

    for content in files:
        exchanging.take(read(content, "misp"), at=NOW)

    assert [held(exchanging.vocabulary_of(scheme)) for scheme in Scheme.objects.order_by("slug")] == before
    assert unchanged == [[]] * len(files)


ROW = {"numerical_value", "colour", "description", "expanded", "exclusive", "value", "uuid"}
TOP = {"namespace", "description", "version", "expanded", "uuid", "exclusive", "type", "refs", "predicates", "values"}


@pytest.mark.parametrize("slug", SHIPPED)
def test_misp_files_keep_to_the_published_rules(slug):
    data = json.loads(exchanging.write(Scheme.objects.get(slug=slug), syntax="misp", base=BASE))

    assert set(data) <= TOP
    assert {"namespace", "description", "version", "predicates"} <= set(data)
    assert isinstance(data["version"], int)
    lists = [data["predicates"], *([data["values"]] if "values" in data else [])]
    lists += [values["entry"] for values in data.get("values", [])]
    for rows in lists:
        assert rows
        assert len({json.dumps(row, sort_keys=True) for row in rows}) == len(rows)
    for row in [*data["predicates"], *(row for rows in lists[2:] for row in rows)]:
        assert set(row) <= ROW
        assert row["value"]
        assert all(row[name] for name in row if name != "exclusive")
    assert {values["predicate"] for values in data.get("values", [])} <= {row["value"] for row in data["predicates"]}


def test_an_invented_vocabulary_is_read_as_it_is_meant():
    vocabulary = read((DATA / "weather.ttl").read_bytes())

    terms = {term.slug: term for term in vocabulary.terms}
    assert (vocabulary.slug, vocabulary.name, vocabulary.source) == ("weather", "Weather", "An invented almanac, 2026")
    assert list(terms) == ["precipitation", "rain", "sleet", "snow", "wind"]
    assert (terms["rain"].parent, terms["rain"].aliases) == ("precipitation", ["drizzle", "shower"])
    assert (terms["sleet"].parent, terms["sleet"].alternative_parents) == (
        "rain",
        [("snow", "An invented almanac, 2026")],
    )
    assert terms["snow"].definition == "Frozen water that falls in flakes."
    assert terms["wind"].name == "Wind"
    assert terms["wind"].mappings == [("close", "colours:red", "An invented almanac, 2026")]
    assert vocabulary.left_out == [
        "“wind” is mapped to <https://elsewhere.example/air>, which is not ours.",
        "Texts in another language than the one that was read: 3 texts in de.",
    ]


def test_the_same_vocabulary_in_json_ld_says_the_same():
    turtle = read((DATA / "weather.ttl").read_bytes())
    jsonld = read((DATA / "weather.jsonld").read_bytes(), "json-ld")

    assert [(term.slug, term.name, term.parent, term.definition) for term in jsonld.terms] == [
        (term.slug, term.name, term.parent, term.definition) for term in turtle.terms
    ]


def test_what_is_taken_twice_is_unchanged_and_a_change_is_named():
    red = make_node("red")
    content = (DATA / "weather.ttl").read_bytes()
    exchanging.take(read(content), at=NOW)
    changed = content.replace(b"falls in flakes", b"comes down in flakes").replace(
        b'skos:altLabel "drizzle"@en,', b"skos:altLabel"
    )

    again, third = exchanging.compare(read(content)), exchanging.compare(read(changed))

    assert again.changes_nothing
    assert len(again.unchanged) == 5
    assert [(term.slug, names) for term, names in third.changed] == [("rain", ["aliases"]), ("snow", ["definition"])]
    assert Mapping.objects.get(from_node__slug="wind").to_node == red


def test_what_is_not_in_the_file_stays():
    scheme = make_scheme("weather", name="Weather")
    fog = make_node("fog", scheme=scheme)

    found = exchanging.take(read((DATA / "weather.ttl").read_bytes()), at=NOW)

    fog.refresh_from_db()
    assert [term.slug for term in found.gone] == ["fog"]
    assert fog.retired_at is None


def test_two_concepts_of_one_short_name_are_told():
    vocabulary = read(
        SKOS + '<urn:x:a#red> a s:Concept; s:prefLabel "Red". <urn:x:b#red> a s:Concept; s:prefLabel "Rouge".'
    )

    assert [term.slug for term in vocabulary.terms] == ["red", "red-2"]
    assert vocabulary.left_out == ["<urn:x:b#red> is called red-2: <urn:x:a#red> has the short name already."]


SKOS = '@prefix s: <http://www.w3.org/2004/02/skos/core#> . <urn:x:shades> a s:ConceptScheme; s:prefLabel "Shades" .\n'
REFUSED = {
    "a syntax error": (SKOS + "\n<urn:x:a> a s:Concept;; ] .", r"Line 3: this is no Turtle"),
    "no scheme": ("<urn:x:a> <urn:x:b> <urn:x:c> .", r"no skos:ConceptScheme"),
    "no terms": (SKOS, r"holds no terms"),
    "a concept without a name": (SKOS + "<urn:x:red> a s:Concept .", r"<urn:x:red> has no prefLabel"),
    "a circle": (
        SKOS + '<urn:x:a> a s:Concept; s:prefLabel "A"; s:broader <urn:x:b>. '
        '<urn:x:b> a s:Concept; s:prefLabel "B"; s:broader <urn:x:a>.',
        r"stand in a circle.*“A”, “B”",
    ),
    "itself above itself": (
        SKOS + '<urn:x:a> a s:Concept; s:prefLabel "A"; s:broader <urn:x:a>.', r"<urn:x:a> is broader than itself"
    ),
    "a deep tree": (
        SKOS + "".join(f'<urn:x:n{i}> a s:Concept; s:prefLabel "N"; s:broader <urn:x:n{i + 1}>.' for i in range(20))
        + '<urn:x:n20> a s:Concept; s:prefLabel "N".',
        r"more than 12 levels",
    ),
    "a long name": (SKOS + f'<urn:x:a> a s:Concept; s:prefLabel "{"A" * 161}".', r"161 characters"),
    "too many terms": (
        SKOS + "".join(f'<urn:x:n{i}> a s:Concept; s:prefLabel "N".' for i in range(2001)), r"at most 2,000"
    ),
    "a null character": (SKOS + "\x00", r"null characters"),
    "a long prefix that short names stand for": (
        f"@prefix a: <urn:{'A' * 480}/> . " + "".join(f"a:{i} a:b a:{i + 1} ." for i in range(20_000)),
        r"more than a vocabulary",
    ),
    "XML with an entity bomb": (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rdf:RDF>&b;</rdf:RDF>', r"is XML"
    ),
    "brackets within brackets": (SKOS + "<urn:x:a> s:note " + "[ s:note " * 3000, r"."),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_turtle_that_is_refused_says_where(name):
    text, words = REFUSED[name]

    assert re.search(words, " ".join(faults_of(text)))


@pytest.mark.parametrize(
    "context",
    ["http://elsewhere.example/context.jsonld", ["file:///etc/passwd"], {"a": {"@id": "urn:a", "@context": "/x"}}],
)
def test_a_context_that_stands_elsewhere_is_refused(context):
    assert re.search("never fetched", faults_of(json.dumps({"@context": context, "@id": "urn:x"}), "json-ld")[0])


def test_a_context_inside_a_node_and_an_import_are_refused_too():
    inner = {"@graph": [{"@id": "urn:a", "urn:b": [{"@context": "http://elsewhere.example/"}]}]}
    imported = {"@context": {"@version": 1.1, "@import": "http://elsewhere.example/"}}

    assert re.search("never fetched", faults_of(json.dumps(inner), "json-ld")[0])
    assert re.search("stands elsewhere", faults_of(json.dumps(imported), "json-ld")[0])


BROKEN_JSON = {
    "{": r"Line 1, column 2",
    '{"namespace": "a", "namespace": "b"}': r"“namespace” stands twice",
    "[" * 100_000: r"nested too deep",
    "[" * 60 + "]" * 60: r"more than 40 levels",
    '{"namespace": NaN}': r"NaN is no number",
    '{"namespace": "a"}': r"predicates: a list is missing",
    '{"namespace": "a", "predicates": [{"expanded": "A"}]}': r"predicates\[0\].value: is missing",
    '{"namespace": "a", "predicates": [3]}': r"predicates\[0\]: this is no object",
    '{"namespace": "a", "predicates": [{"value": "b"}], "values": [{"predicate": "c", "entry": []}]}': (
        r"no predicate “c”"
    ),
    '{"namespace": "a", "predicates": [{"value": "b"}, {"value": "b"}]}': r"“b” stands twice",
}


@pytest.mark.parametrize("text", BROKEN_JSON, ids=lambda text: text[:30])
def test_misp_that_is_refused_says_where(text):
    assert re.search(BROKEN_JSON[text], " ".join(faults_of(text, "misp")))


def test_a_file_that_is_too_long_is_not_read():
    assert re.search("at most 1,000,000", faults_of(b" " * (LONGEST_FILE + 1), "misp")[0])
    assert re.search("Line 2: this is no UTF-8", faults_of(b"a\n\xff", "misp")[0])


def test_misp_tells_what_it_has_to_leave_out_and_to_rename():
    data = {
        "namespace": "Alerts",
        "description": "How loud.",
        "version": 2,
        "predicates": [{"value": "TLP:Loud", "exclusive": True, "colour": "#ff0000"}, {"value": "quiet"}],
        "values": [
            {"predicate": "TLP:Loud", "entry": [{"value": "low", "numerical_value": 5}]},
            {"predicate": "quiet", "entry": [{"value": "low", "expanded": "Low", "description": "Hardly heard."}]},
        ],
    }

    vocabulary = read(json.dumps(data), "misp")

    assert [(term.slug, term.name, term.parent, term.definition) for term in vocabulary.terms] == [
        ("tlp-loud", "TLP:Loud", "", ""),
        ("low", "low", "tlp-loud", ""),
        ("quiet", "quiet", "", ""),
        ("quiet-low", "Low", "quiet", "Hardly heard."),
    ]
    assert vocabulary.left_out == [
        "values[1].entry[0]: “low” is taken already, so it is called quiet-low here.",
        "1 colours: the registry has no place for them.",
        "1 numerical values: the registry has no place for them.",
        "1 predicates whose values exclude one another: set an exclusive group at these nodes if you want that.",
    ]


def test_a_sentence_for_a_name_goes_into_the_definition():
    row = {"value": "loud-noise", "expanded": "W" + "o" * 160 + "w.", "description": "It hurts."}

    vocabulary = read(json.dumps({"namespace": "noise", "description": "D", "version": 1, "predicates": [row]}), "misp")

    assert [(term.name, term.definition) for term in vocabulary.terms] == [
        ("Loud noise", f"{row['expanded']} It hurts.")
    ]
    assert vocabulary.left_out == ["predicates[0].expanded is too long for a name: it goes into the definition."]


def test_what_the_database_would_refuse_is_refused_in_words():
    text = SKOS + '<urn:x:a> a s:Concept; s:prefLabel "A" . <urn:x:shades> s:altLabel "B" .'

    with pytest.raises(Unreadable, match=r"The scheme, name: .* at most 120"), transaction.atomic():
        exchanging.take(read(text.replace("Shades", "S" * 121)), at=NOW)

    assert not Scheme.objects.filter(slug="shades").exists()


def test_a_retired_node_goes_to_skos_and_not_to_misp():
    red = make_node("red")
    make_node("scarlet", retired_at=NOW, replaced_by=red)

    turtle = read(exchanging.write(red.scheme, syntax="turtle", base=BASE))
    misp = read(exchanging.write(red.scheme, syntax="misp", base=BASE), "misp")

    assert {(term.slug, term.retired, term.replaced_by) for term in turtle.terms} == {
        ("red", False, ""),
        ("scarlet", True, "red"),
    }
    assert [term.slug for term in misp.terms] == ["red"]


def test_markup_in_a_vocabulary_is_text():
    make_node("red", definition='<script>alert(1)</script>\n"quoted" \\ \u202e')

    back = read(exchanging.write(Scheme.objects.get(slug="colours"), syntax="turtle", base=BASE))

    assert back.terms[0].definition == '<script>alert(1)</script>\n"quoted" \\ \u202e'


def test_a_shipped_file_that_was_taken_in_is_still_known_to_be_shipped():
    with transaction.atomic():
        exchanging.take(read(exchanging.write(Scheme.objects.get(slug="goodhart"), syntax="turtle", base=BASE)), at=NOW)

    assert load_taxonomy()["changed"] == 0
