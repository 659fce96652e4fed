"""Evidence through the API: notes, transcripts and files, their bytes, and what is refused."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from registry.actions import evidence
from registry.choices import Status, Visibility
from registry.models import Evidence
from tests.api.conftest import Tool
from tests.factories import NOW, make_case, make_draft

pytestmark = pytest.mark.django_db
TURNS = [{"role": "user", "content": "Make them pass."}, {"role": "assistant", "content": "Done."}]


@pytest.fixture
def case():
    return make_case(status=Status.ANALYSIS)


def path(case):
    return f"cases/{case.reference}/evidence/"


def sent_file(tool, case, content=b"10:02 the test was edited", name="run.log", **more):
    """A file as multipart/form-data, as curl -F sends it."""
    upload = SimpleUploadedFile(name, content)
    data = encode_multipart(BOUNDARY, {"file": upload, **more})
    return tool.generic("POST", path(case), data, MULTIPART_CONTENT)


def pointers(response):
    return [each["pointer"] for each in response.json()["errors"]]


def test_a_note_is_kept_and_read(as_analyst, analyst, case):
    made = as_analyst.send("POST", path(case), {"kind": "note", "title": "The log", "note": "It says **so**."})

    row = Evidence.objects.get()
    assert made.status_code == 201, made.content
    assert made["Location"] == made.json()["url"] == f"http://testserver/api/v1/evidence/{row.pk}/"
    assert made.json() == {
        "id": row.pk,
        "case": case.reference,
        "kind": "note",
        "title": "The log",
        "file_name": None,
        "media_type": None,
        "size": None,
        "n_turns": None,
        "sha256": hashlib.sha256(b"It says **so**.").hexdigest(),
        "added_by": "mira",
        "created_at": made.json()["created_at"],
        "removed_by": None,
        "removed_at": None,
        "file_url": f"http://testserver/api/v1/evidence/{row.pk}/file/",
        "url": f"http://testserver/api/v1/evidence/{row.pk}/",
        "html_url": f"http://testserver/evidence/{row.pk}/",
        "note": "It says **so**.",
    }
    assert as_analyst.get(made["Location"]).json() == made.json()
    listed = as_analyst.get(path(case)).json()["results"]
    assert listed == [{name: value for name, value in made.json().items() if name != "note"}]


@pytest.mark.parametrize("said", [{"turns": TURNS}, {"text": "User: Make them pass.\nAssistant: Done."}])
def test_a_transcript_is_kept_as_turns_whichever_way_it_comes(as_analyst, case, said):
    made = as_analyst.send("POST", path(case), {"kind": "transcript", **said})

    assert (made.status_code, made.json()["n_turns"], made.json()["title"]) == (201, 2, "Transcript")
    assert [turn["text"] for turn in Evidence.objects.get().turns] == ["Make them pass.", "Done."]


def test_a_file_is_kept_byte_for_byte_and_comes_back_sealed(as_analyst, case):
    made = sent_file(as_analyst, case, title="The run")

    response = as_analyst.get(f"evidence/{made.json()['id']}/file/", headers={"Accept": "text/plain"})

    assert made.status_code == 201, made.content
    assert (made.json()["media_type"], made.json()["size"], made.json()["title"]) == ("text/plain", 25, "The run")
    assert b"".join(response.streaming_content) == b"10:02 the test was edited"
    assert {name: response[name] for name in ("Content-Disposition", "X-Content-Type-Options", "Cache-Control")} == {
        "Content-Disposition": 'attachment; filename="run.log"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    assert response["Content-Security-Policy"].startswith("sandbox")


def test_a_file_over_the_cap_is_413_and_leaves_nothing(as_analyst, case, settings):
    settings.MAX_FILE_BYTES = 1024

    response = sent_file(as_analyst, case, content=b"x" * 2000)

    assert (response.status_code, pointers(response)) == (413, ["#/file"])
    assert Evidence.objects.count() == 0


def test_a_file_that_is_not_taken_says_why(as_analyst, case):
    program = sent_file(as_analyst, case, content=b"\x7fELF" + b"\x00" * 200, name="run.log")
    empty = sent_file(as_analyst, case, content=b"")
    unknown = sent_file(as_analyst, case, colour="red")
    none = as_analyst.generic("POST", path(case), b"--x\r\n\r\n--x--\r\n", "multipart/form-data; boundary=x")

    assert [each.status_code for each in (program, empty, unknown, none)] == [400] * 4
    assert [pointers(each) for each in (program, empty, unknown)] == [["#/file"], ["#/file"], ["#/colour"]]
    assert Evidence.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/kind"),
        ({"kind": "file"}, "#/kind"),
        ({"kind": "note"}, "#/note"),
        ({"kind": "note", "note": " "}, "#/note"),
        ({"kind": "note", "note": None}, "#/note"),
        ({"kind": "note", "note": "x", "turns": TURNS}, "#/turns"),
        ({"kind": "transcript"}, "#/turns"),
        ({"kind": "transcript", "turns": []}, "#/turns"),
        ({"kind": "transcript", "turns": ["hello"]}, "#/turns/0"),
        ({"kind": "transcript", "text": "nobody speaks"}, "#/text"),
        ({"kind": "transcript", "text": "User: a", "turns": TURNS}, "#/turns"),
        ({"kind": "note", "note": "x", "title": "t" * 201}, "#/title"),
    ],
)
def test_what_is_no_evidence_is_refused_where_it_stands(as_analyst, case, body, pointer):
    response = as_analyst.send("POST", path(case), body)

    assert (response.status_code, pointers(response)) == (400, [pointer]), response.content


def test_removed_evidence_is_out_of_sight_until_it_is_brought_back(as_analyst, as_reader, case, analyst):
    row = evidence.add_note(case=case, by=analyst, at=NOW, note="It says so.")
    address = f"evidence/{row.pk}/"

    gone = as_analyst.send("DELETE", address)
    after = [as_analyst.get(each).status_code for each in (address, f"{address}file/")]
    listed = [as_analyst.get(f"{path(case)}{query}").json()["results"] for query in ("", "?removed=true")]
    of_a_reader = as_reader.get(f"{path(case)}?removed=true").status_code
    back = as_analyst.send("POST", f"{address}restore/")

    assert (gone.status_code, after, of_a_reader) == (204, [404, 404], 403)
    assert [[each["id"] for each in rows] for rows in listed] == [[], [row.pk]]
    assert (back.status_code, back.json()["removed_at"]) == (200, None)
    assert as_analyst.get(address).status_code == 200


def test_who_lost_sight_of_the_case_reads_no_byte(as_analyst, case, analyst):
    row = evidence.add_note(case=case, by=analyst, at=NOW, note="It says so.")
    before = as_analyst.get(f"evidence/{row.pk}/file/").status_code

    type(case).objects.filter(pk=case.pk).update(visibility=Visibility.NAMED)

    assert before == 200
    assert [as_analyst.get(f"evidence/{row.pk}/{rest}").status_code for rest in ("", "file/")] == [404, 404]


def test_evidence_of_a_draft_is_not_for_other_tools(reporter):
    draft = make_draft(reporter)
    row = evidence.add_note(draft=draft, by=reporter, at=NOW, note="Not yet.")

    assert Tool(reporter).get(f"evidence/{row.pk}/").status_code == 404


@pytest.mark.parametrize("number", ["0", "2147483648", "9999999999"])
def test_a_number_that_no_row_can_have_is_nothing(as_analyst, number):
    assert as_analyst.get(f"evidence/{number}/").status_code == 404


@pytest.mark.parametrize("n", [1, 30])
def test_evidence_list_query_count(as_analyst, analyst, case, django_assert_num_queries, n):
    for _ in range(n):
        evidence.add_note(case=case, by=analyst, at=NOW, note="It says so.")

    with django_assert_num_queries(3):  # the token, the case, its evidence
        response = as_analyst.get(path(case))

    assert len(response.json()["results"]) == n
