"""Evidence in a real browser: dropped, chosen, pasted, refused, removed; and hostile files that never run."""

import json

import pytest

from registry.actions import evidence
from registry.choices import Role
from registry.models import CaseSource, Evidence, Source
from tests.factories import NOW, make_case, make_person
from tests.journeys.conftest import axe_findings
from tests.registry.actions.test_evidence import add_file
from tests.registry.sniffing.files import GIF, png

TAKEN = "<script>document.title = 'taken'; fetch('/taken')</script>"
TALK = "User: Mend it.\nAssistant: Done.\n" * 10


@pytest.fixture(autouse=True)
def attachments(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def analyst(transactional_db, shipped_taxonomy):
    return make_person(role=Role.ANALYST, name="Mira Okafor")


def chosen(name, data, kind="text/plain"):
    return {"name": name, "mimeType": kind, "buffer": data}


def dropped(page, name, text):
    """Drop a file of this text onto the zone, as a mouse would."""
    files = page.evaluate_handle(
        "([name, text]) => { const held = new DataTransfer(); held.items.add(new File([text], name)); return held; }",
        [name, text],
    )
    page.dispatch_event("[data-evidence-zone]", "drop", {"dataTransfer": files})


def test_files_come_in_by_choice_drop_and_paste_without_leaving_the_page(enter, page, analyst):
    case = make_case()
    enter(case.get_absolute_url() + "#evidence", analyst)
    page.get_by_text("Add evidence").click()

    page.locator("[data-evidence-choose]").set_input_files([chosen("runs.csv", b"a;b\n"), chosen("b.txt", b"text")])
    page.get_by_role("link", name="b.txt", exact=True).wait_for()
    dropped(page, "dropped.md", "# What I saw")
    page.get_by_role("link", name="dropped.md", exact=True).wait_for()
    page.get_by_role("button", name="Paste a transcript").click()
    page.keyboard.insert_text(TALK)
    page.get_by_role("button", name="Add the transcript").first.click()
    page.get_by_text("Show 15 turns").wait_for()

    titles = list(Evidence.objects.order_by("pk").values_list("title", flat=True))
    assert titles == ["runs.csv", "b.txt", "dropped.md", "Transcript"]
    assert page.locator("[data-evidence-status]").inner_text() == "Transcript is received and checked"


def test_a_refusal_is_read_out_beside_the_zone_and_the_text_stays(enter, page, analyst):
    address = enter(make_case().get_absolute_url(), analyst).url
    # A page of its own: the browser's console tells of each answer 422, and rightly so.
    page = page.context.new_page()
    page.goto(address)
    page.get_by_text("Add evidence").click()

    page.locator("[data-evidence-choose]").set_input_files(chosen("page.html", b"<html>"))
    alert = page.locator("[data-evidence-errors]")
    alert.get_by_text("page.html: HTML can run script; save it as PDF or as a picture.").wait_for()
    page.get_by_role("button", name="Paste a transcript").click()
    page.keyboard.insert_text("Nobody said this.")
    page.get_by_role("button", name="Add the transcript").first.click()
    alert.get_by_text("No line says who speaks.").wait_for()

    assert page.locator("[data-evidence-text]").input_value() == "Nobody said this."
    assert page.evaluate("document.activeElement.hasAttribute('data-evidence-text')")
    assert not Evidence.objects.exists()


def test_unfolding_a_transcript_keeps_the_focus_where_one_reads(enter, page, analyst):
    case = make_case()
    turns = [{"role": "user", "text": f"Turn {number}.", "tool_calls": []} for number in range(1, 28)]
    evidence.add_transcript(by=analyst, at=NOW, case=case, turns=turns)
    enter(case.get_absolute_url(), analyst)

    page.get_by_role("link", name="Show 22 turns").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Turn 20.").wait_for()

    assert page.evaluate("document.activeElement.textContent").split() == ["4", "Person", "Turn", "4."]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("polyglot.gif", GIF + TAKEN.encode()),
        ("notes.txt", b"Notes first.\n" + TAKEN.encode()),
        ("paper.pdf", b"%PDF-1.4\n" + TAKEN.encode()),
        ("table.csv", b"a;" + TAKEN.encode()),
    ],
)
def test_a_hostile_file_is_saved_and_never_run(enter, page, analyst, name, data):
    row = add_file(analyst, data, name, case=make_case())
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    enter("/sources/", analyst)

    with page.expect_download() as download:
        page.evaluate(f"location.assign('/evidence/{row.pk}/download')")

    assert download.value.suggested_filename == name
    assert download.value.path().read_bytes() == data
    assert "taken" not in page.title()
    assert [url for url in asked if url.endswith("/taken")] == []


def test_a_picture_that_is_also_a_page_stays_a_picture(enter, page, analyst):
    row = add_file(analyst, GIF + TAKEN.encode(), "polyglot.gif", case=make_case())
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    enter(f"/evidence/{row.pk}/picture", analyst)

    assert "taken" not in page.title()
    assert [url for url in asked if url.endswith("/taken")] == []
    assert page.evaluate("document.contentType") == "image/gif"
    assert page.evaluate("self.origin") == "null"


def test_hostile_words_in_a_transcript_stay_words(enter, page, analyst):
    case = make_case()
    turns = [{"role": "user", "text": TAKEN, "tool_calls": [{"name": TAKEN, "arguments": json.dumps({"a": TAKEN})}]}]
    row = evidence.add_transcript(by=analyst, at=NOW, case=case, turns=turns, title=TAKEN[:100])

    for path in (case.get_absolute_url(), f"/evidence/{row.pk}/"):
        enter(path, analyst)

        assert page.locator("main script, main img").count() == 0


@pytest.mark.parametrize(("scheme", "width"), [("light", 1360), ("dark", 390)])
def test_pages_of_evidence_sources_and_paper(enter, page, analyst, scheme, width):
    case = make_case(context="Long " * 200)
    turns = [{"role": "user", "text": "word " * 400, "tool_calls": [{"name": "bash", "arguments": "x" * 300}]}] * 9
    row = evidence.add_transcript(by=analyst, at=NOW, case=case, turns=turns)
    add_file(analyst, png(900, 300), "a-very-long-name-" * 8 + ".png", case=case)
    source = Source.objects.create(title="A report", url="https://example.org/" + "long" * 50)
    CaseSource.objects.create(case=case, source=source)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    enter("/", analyst)
    paths = [f"{case.get_absolute_url()}{tail}" for tail in ("", "evidence", "print")]
    paths += [f"/evidence/{row.pk}/", "/sources/", f"/sources/{source.pk}/", f"/sources/{source.pk}/edit"]

    assert {path: faults for path in paths if (faults := faults_of(enter, page, path))} == {}


def faults_of(enter, page, path):
    enter(path)
    for fold in page.locator("details.addevidence, .addcard details, details.removed").all():
        fold.evaluate("fold => fold.open = true")
    too_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return axe_findings(page) + (["scrolls sideways"] if too_wide else [])
