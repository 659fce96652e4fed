"""Schemes taken away as files, and brought in after a look at what would change."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from taxonomy.models import Node, Scheme
from tests.factories import make_node
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def red(db):
    return make_node("red", name="Red")


@pytest.fixture
def boss(administrator):
    return signed_in(administrator)


@pytest.mark.parametrize("name", ["misp.json", "skos.ttl", "skos.jsonld"])
def test_everybody_takes_a_scheme_away(reader, red, name):
    response = signed_in(reader).get(f"/taxonomy/colours/files/{name}")

    assert response["Content-Disposition"] == f'attachment; filename="colours.{name}"'
    assert "What red means." in response.content.decode()
    assert signed_in(reader).get("/taxonomy/colours/files/rdf.xml").status_code == 404


MISP = b'{"namespace": "tones", "description": "D", "version": 1, "predicates": [{"value": "low", "expanded": "Low"}]}'


def upload(client, content, name="tones.json", **data):
    return client.post("/taxonomy/import", {"file": SimpleUploadedFile(name, content), **data})


def sent_back(page):
    names = ("text", "format", "name", "seen")
    return {name: page.context[name] for name in names}


def test_a_file_is_looked_at_and_then_brought_in(boss):
    page = upload(boss, MISP)
    before = Scheme.objects.filter(slug="tones").exists()

    response = boss.post("/taxonomy/import", sent_back(page))

    assert "1 new, 0 changed, 0 unchanged" in text_of(page)
    assert (before, response.url) == (False, "/taxonomy/#tones")
    assert Node.objects.get(scheme__slug="tones").name == "Low"
    assert "Everything in it is here already" in text_of(upload(boss, MISP))


def test_a_scheme_that_changed_since_is_looked_at_again(boss):
    boss.post("/taxonomy/import", sent_back(upload(boss, MISP)))
    page = upload(boss, MISP.replace(b"Low", b"Deep"))
    Node.objects.filter(scheme__slug="tones").update(name="Deep")

    response = boss.post("/taxonomy/import", sent_back(page))

    assert response.status_code == 409


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"{", "a.json", "Line 1, column 2"),
        (b"<a> <b> ; ] .", "a.ttl", "this is no Turtle"),
        (b'{"@context": "http://elsewhere.example/", "@id": "a"}', "a.jsonld", "never fetched"),
        (b" " * 1_000_001, "a.ttl", "at most 1,000,000"),
        (b"a\x00b", "a.ttl", "null characters"),
        (MISP.replace(b"Low", rb"L\u0000w"), "a.json", "“low”, name: holds a null character"),
        (MISP.replace(b"Low", rb"L\ud800w"), "a.json", "“low”, name: holds a null character or half"),
        (MISP.replace(b'"version"', rb'"\ud800": 1, "\ud800"'), "a.json", "“\ufffd” stands twice"),
        (b'{"@context": [["http://elsewhere.example/"]], "@id": "a"}', "a.jsonld", "never fetched"),
        (b"{}", "a.txt", "choose one"),
    ],
)
def test_a_file_that_is_not_taken_says_why(boss, content, name, words):
    response = upload(boss, content, name)

    assert response.status_code == 422
    assert words in text_of(response)


@pytest.mark.parametrize("escape", [rb"\u0000", rb"\ud800"])
def test_what_no_database_keeps_is_refused_when_it_is_confirmed_too(boss, escape):
    page = upload(boss, MISP)
    text = MISP.replace(b"Low", b"L" + escape).decode()

    response = boss.post("/taxonomy/import", sent_back(page) | {"text": text})

    assert response.status_code == 422
    assert "“low”, name: holds a null character" in text_of(response)
    assert not Scheme.objects.filter(slug="tones").exists()


def test_a_node_called_files_has_its_pages_and_its_scheme_its_files(boss):
    make_node("files", name="Files")

    pages = [boss.get(f"/taxonomy/colours/files/{name}") for name in ("", "edit", "place", "versions")]
    files = [boss.get(f"/taxonomy/colours/files/{name}") for name in ("misp.json", "skos.ttl", "skos.jsonld")]

    assert [page.status_code for page in pages] == [200] * 4
    assert all("Files" in text_of(page) for page in pages)
    assert ["Content-Disposition" in file for file in files] == [True] * 3
