"""Evidence on pages and as JSON: who gets what, in which words, and with which headers."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from registry.actions import drafts, evidence
from registry.choices import Role, Visibility
from registry.models import Evidence
from tests.factories import NOW, make_case, make_person
from tests.registry.sniffing.files import GIF, PDF, packed, png
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}
SEALED = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


@pytest.fixture(autouse=True)
def attachments(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def case():
    return make_case()


def upload(data=b"leaflet;lost\n", name="leaflet-runs.csv"):
    return SimpleUploadedFile(name, data)


def post(person, case, headers=JSON, **values):
    return signed_in(person).post(f"/cases/{case.reference}/evidence", values, headers=headers)


def kept(person, case, data=b"leaflet;lost\n", name="leaflet-runs.csv"):
    return evidence.add_file(by=person, at=NOW, case=case, upload=upload(data, name))


def transcript(person, case, n=3, title="Agent run"):
    turns = [{"role": "user", "text": f"Turn number {number}", "tool_calls": []} for number in range(1, n + 1)]
    return evidence.add_transcript(by=person, at=NOW, case=case, turns=turns, title=title)


def content_of(response):
    """Everything that is sent; the client closes the file behind it at the end."""
    return b"".join(response.streaming_content)


def test_a_script_is_told_what_was_kept(analyst, case):
    response = post(analyst, case, file=upload())

    row = Evidence.objects.get()
    assert (response.status_code, response.json()) == (
        201,
        {
            "id": row.pk,
            "kind": "file",
            "title": "leaflet-runs.csv",
            "size": 13,
            "sha256": row.sha256,
            "media_type": "text/plain",
            "words": f"Plain text · 13 bytes · SHA-256 {row.sha256[:4]}…{row.sha256[-4:]}",
            "remove_url": f"/evidence/{row.pk}/remove",
            "restore_url": f"/evidence/{row.pk}/restore",
            "download_url": f"/evidence/{row.pk}/download",
        },
    )


@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({"file": upload(b"<html>", "a.html")}, 422, "a.html: HTML can run script; save it as PDF or as a picture."),
        (
            {"file": upload(PDF, "screen.png")},
            422,
            "screen.png: Its name says a PNG picture, its bytes are a PDF document; give it the name of what it is.",
        ),
        ({"file": upload(b"")}, 422, "The file is empty."),
        ({}, 422, "Choose a file."),
        ({"file": upload(b"a" * 3000)}, 413, "The file has more than 2 kB, the most that is taken."),
        ({"kind": "transcript", "text": '[{"content": "a"}]'}, 422, "Message 1 has no role."),
        ({"kind": "transcript", "file": upload(b"\xff\xfe")}, 422, "Byte 1 is not UTF-8."),
        ({"kind": "note", "note": "a\x00b"}, 422, "Null characters are not allowed."),
        ({"kind": "note", "note": "  "}, 422, "Write something, or leave the note out."),
        ({"kind": "nonsense"}, 422, "Choose a file."),
    ],
)
def test_a_script_is_told_in_words_what_is_wrong(analyst, case, settings, values, status, words):
    settings.MAX_FILE_BYTES = 2048

    response = post(analyst, case, **values)

    assert (response.status_code, response.json()) == (status, {"errors": [words]})
    assert not Evidence.objects.exists()


def test_a_form_gets_the_page_back_with_what_was_typed(analyst, case):
    typed = {"kind": "transcript", "title": "Run of Friday", "text": "Nobody said <b>this</b>."}

    response = post(analyst, case, headers={}, **typed)

    assert response.status_code == 422
    assert "No line says who speaks." in text_of(response)
    assert 'value="Run of Friday"' in response.content.decode()
    assert "Nobody said &lt;b&gt;this&lt;/b&gt;." in response.content.decode()


def test_a_file_a_little_too_large_still_gets_the_page_back(analyst, case, settings):
    settings.MAX_FILE_BYTES = 100_000

    response = post(analyst, case, headers={}, file=upload(b"a" * 900_000, "a.txt"))

    assert (response.status_code, response.context["file_form"].messages) == (
        413,
        ["The file has more than 98 kB, the most that is taken."],
    )


def test_a_form_comes_back_to_the_case(analyst, case):
    response = post(analyst, case, headers={}, kind="note", title="Where", note="In **bucket** 7")

    assert response["Location"] == f"{case.get_absolute_url()}#evidence"
    shown = signed_in(analyst).get(case.get_absolute_url())
    assert "<strong>bucket</strong>" in shown.content.decode()


def test_a_download_is_the_same_bytes_sealed(reader, analyst, case):
    row = kept(analyst, case, GIF + b"<script>alert(1)</script>", "loop.gif")

    response = signed_in(reader).get(f"/evidence/{row.pk}/download")

    assert content_of(response) == GIF + b"<script>alert(1)</script>"
    assert {name: response[name] for name in SEALED} == SEALED
    assert (response["Content-Type"], response["Content-Disposition"], response["Content-Length"]) == (
        "image/gif",
        'attachment; filename="loop.gif"',
        str(row.size),
    )


def test_a_transcript_and_a_note_are_downloaded_as_they_were_hashed(reader, analyst, case):
    client, talk = signed_in(reader), transcript(analyst, case, 1)
    note = evidence.add_note(by=analyst, at=NOW, case=case, note="<script>", title='../"quoted"\r\nX: y')

    talk, note = (client.get(f"/evidence/{row.pk}/download") for row in (talk, note))

    assert json.loads(talk.content) == [{"role": "user", "text": "Turn number 1", "tool_calls": []}]
    assert (talk["Content-Type"], talk["Content-Disposition"]) == (
        "application/json; charset=utf-8",
        'attachment; filename="Agent run.json"',
    )
    assert (note.content, note["Content-Type"]) == (b"<script>", "text/plain; charset=utf-8")
    assert note["Content-Disposition"] == 'attachment; filename="_quoted_X_ y.md"'
    assert {name: note[name] for name in SEALED} == SEALED


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("../../etc/passwd.txt", 'attachment; filename="passwd.txt"'),
        ("C:\\runs\\a.txt", 'attachment; filename="a.txt"'),
        ("invoice\u202etxt.exe.txt", 'attachment; filename="invoicetxt.exe.txt"'),
        ("dös\u200b.txt", "attachment; filename*=utf-8''d%C3%B6s.txt"),
        ("a" * 250 + ".txt", f'attachment; filename="{"a" * 196}.txt"'),
    ],
)
def test_a_name_is_plain_before_it_is_kept_and_sent(analyst, case, name, header):
    row = evidence.add_file(by=analyst, at=NOW, case=case, upload=Named(name))

    response = signed_in(analyst).get(f"/evidence/{row.pk}/download")

    assert (content_of(response), response["Content-Disposition"]) == (b"text", header)


class Named(SimpleUploadedFile):
    """An upload whose name no framework has tidied."""

    def __init__(self, name):
        super().__init__("a.txt", b"text")
        self._name = name


def test_a_name_with_line_breaks_makes_no_header(analyst, case):
    response = post(analyst, case, file=Named("a.txt\r\nSet-Cookie: b=c"))

    assert response.status_code in (201, 422)
    assert [row.file_name for row in Evidence.objects.all() if "\n" in row.file_name or "\r" in row.file_name] == []


def test_only_raster_pictures_are_shown(analyst, case):
    client, picture, document = signed_in(analyst), kept(analyst, case, png(), "a.png"), kept(analyst, case)

    shown = client.get(f"/evidence/{picture.pk}/picture")

    assert (shown["Content-Type"], content_of(shown)) == ("image/png", png())
    assert {name: shown[name] for name in SEALED} == SEALED
    assert client.get(f"/evidence/{document.pk}/picture").status_code == 404


@pytest.mark.parametrize("tail", ["", "turns?from=4", "download", "picture"])
def test_hidden_evidence_answers_like_missing_evidence(reviewer, tail):
    owner = make_person()
    row = kept(owner, make_case(visibility=Visibility.NAMED, owner=owner), png(), "canary.png")
    client = signed_in(reviewer)

    hidden, missing = client.get(f"/evidence/{row.pk}/{tail}"), client.get(f"/evidence/999999/{tail}")

    assert hidden.status_code == missing.status_code == 404
    assert text_of(hidden) == text_of(missing)


@pytest.mark.parametrize("tail", ["remove", "restore"])
def test_hidden_evidence_is_changed_like_missing_evidence(reviewer, tail):
    owner = make_person()
    row = kept(owner, make_case(visibility=Visibility.NAMED, owner=owner))
    client = signed_in(reviewer)

    hidden, missing = client.post(f"/evidence/{row.pk}/{tail}"), client.post(f"/evidence/999999/{tail}")

    assert hidden.status_code == missing.status_code == 404
    assert text_of(hidden) == text_of(missing)


def test_adding_to_a_hidden_case_or_anothers_draft_answers_like_a_missing_one(reviewer, reporter):
    hidden = make_case(visibility=Visibility.NAMED)
    draft = drafts.start_draft(by=reporter, at=NOW, changes={"title": ([], ["Canary"])}).draft
    client = signed_in(reviewer)
    missing = "/drafts/00000000-0000-4000-8000-000000000000/evidence"

    answers = [
        client.post(path, {"file": upload()})
        for path in (f"/cases/{hidden.reference}/evidence", "/cases/AIR-999999/evidence", missing)
    ]
    answers += [client.get(f"/drafts/{draft.pk}/evidence")]

    assert {(answer.status_code, text_of(answer)) for answer in answers} == {(404, text_of(answers[0]))}


def test_a_download_ends_with_the_right_to_see_the_case(reader, analyst):
    case = make_case(owner=analyst)
    row, client = kept(analyst, case), signed_in(reader)
    before = client.get(f"/evidence/{row.pk}/download")
    content_of(before)

    case.visibility = Visibility.NAMED
    case.save()

    assert (before.status_code, client.get(f"/evidence/{row.pk}/download").status_code) == (200, 404)


def test_removed_evidence_is_not_downloaded_even_by_who_removed_it(analyst, case):
    row, client = kept(analyst, case), signed_in(analyst)

    removed = client.post(f"/evidence/{row.pk}/remove", headers=JSON)

    assert removed.json()["restore_url"] == f"/evidence/{row.pk}/restore"
    assert client.get(f"/evidence/{row.pk}/download").status_code == 404
    assert "Bring back leaflet-runs.csv" in text_of(client.get(case.get_absolute_url()))


def test_what_was_removed_shows_only_to_those_who_could_bring_it_back(reader, analyst, case):
    row = kept(analyst, case)
    evidence.remove_evidence(evidence=row, by=analyst, at=NOW)

    response = signed_in(reader).get(case.get_absolute_url())

    assert "Bring back" not in text_of(response)
    assert (list(response.context["removed"]), response.context["evidence"]) == ([], [])


def test_a_lost_file_is_missing(analyst, case, attachments):
    row = kept(analyst, case)
    (attachments / row.file.name).unlink()

    assert signed_in(analyst).get(f"/evidence/{row.pk}/download").status_code == 404


def test_an_unsigned_visitor_downloads_nothing(client, analyst, case):
    row = kept(analyst, case)

    assert client.get(f"/evidence/{row.pk}/download")["Location"].startswith("/account/login/")


def test_attachments_have_no_address_of_their_own(client, analyst, case, settings):
    row = kept(analyst, case)

    assert settings.MEDIA_URL in ("", "/")
    for path in (
        f"/{row.file.name}",
        f"/media/{row.file.name}",
        f"/attachments/{row.file.name}",
        f"/static/{row.file.name}",
    ):
        assert signed_in(analyst).get(path).status_code == 404


@pytest.mark.parametrize("n", [1, 30])
def test_evidence_page_query_count(analyst, case, django_assert_num_queries, n):
    client = signed_in(analyst)
    for number in range(n):
        transcript(analyst, case, 10, title=f"Run {number}")

    with django_assert_num_queries(6):
        response = client.get(f"/cases/{case.reference}/evidence")

    assert len(response.context["evidence"]) == n


def test_a_long_transcript_is_folded_and_unfolds_between_its_ends(reader, analyst, case):
    row, client = transcript(analyst, case, 27), signed_in(reader)

    page = text_of(client.get(case.get_absolute_url()))
    folded = client.get(f"/evidence/{row.pk}/turns?from=4")

    assert "Show 22 turns" in page
    assert [number for number in range(1, 28) if f"Turn number {number} " in page] == [1, 2, 3, 26, 27]
    assert [turn["number"] for turn in folded.context["turns"]] == list(range(4, 26))


@pytest.mark.parametrize("place", ["0", "-1", "x", "99999999", "٣", ""])
def test_a_nonsense_place_in_a_transcript_shows_a_page_of_it(reader, analyst, case, place):
    row = transcript(analyst, case, 3)

    response = signed_in(reader).get(f"/evidence/{row.pk}/?from={place}")

    assert response.status_code == 200
    assert response.context["turns"][0]["number"] in (1, 3)


def test_a_whole_transcript_is_read_in_pages(reader, analyst, case):
    row, client = transcript(analyst, case, 450), signed_in(reader)

    pages = [client.get(f"/evidence/{row.pk}/?from={first}") for first in (1, 201, 401)]

    assert [(page.context["first"], page.context["last"], page.context["next"]) for page in pages] == [
        (1, 200, 201),
        (201, 400, 401),
        (401, 450, None),
    ]


def test_script_in_a_transcript_and_its_title_is_shown_as_text(analyst, case):
    text = "<script>alert(1)</script>"
    turns = [{"role": text[:40], "text": text, "tool_calls": [{"name": text, "arguments": text}]}]
    row = evidence.add_transcript(by=analyst, at=NOW, case=case, turns=turns, title=text)
    client = signed_in(analyst)

    pages = [client.get(path).content.decode() for path in (case.get_absolute_url(), f"/evidence/{row.pk}/")]

    assert [text in page for page in pages] == [False, False]
    assert all("&lt;script&gt;" in page for page in pages)


def test_the_history_says_what_was_added_and_removed(analyst, case):
    row = kept(analyst, case)
    evidence.remove_evidence(evidence=row, by=analyst, at=NOW)

    page = text_of(signed_in(analyst).get(f"/cases/{case.reference}/history"))

    assert "Mira Okafor removed evidence" in page
    assert "Mira Okafor added evidence" in page


def test_a_reporter_adds_to_a_draft_without_scripts(reporter):
    draft = drafts.start_draft(by=reporter, at=NOW, changes={"title": ([], ["Leaflet loses a warning"])}).draft
    client = signed_in(reporter)

    response = client.post(f"/drafts/{draft.pk}/evidence", {"file": upload(packed({"a.txt": "a"}), "runs.zip")})

    assert response["Location"] == f"/drafts/{draft.pk}/evidence"
    assert "runs.zip" in text_of(client.get(response["Location"]))


@pytest.mark.parametrize(("role", "offered"), [(Role.READER, False), (Role.ANALYST, True)])
def test_adding_is_offered_to_those_who_may(role, offered):
    case = make_case()

    page = text_of(signed_in(make_person(role=role)).get(case.get_absolute_url()))

    assert ("Add evidence" in page) is offered
