"""Exports from the list: at once or by a job, and the files only for whoever asked."""

import csv
import io

import pytest
from django.db import connection

from registry import tasks
from registry.actions import exports
from registry.choices import Visibility
from registry.exchange import case_rows, exporting
from registry.models import CaseReader, Job
from tests.factories import NOW, make_case, make_cases
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.EXPORTS_ROOT = tmp_path / "exports"


def body(response):
    return b"".join(response.streaming_content)


def rows(response):
    return list(csv.reader(io.StringIO(body(response).decode("utf-8-sig"), newline="")))


def asked(person, **which):
    return exports.ask_for_export(by=person, at=NOW, file_format="csv", columns=["reference", "title"], **which)


def test_the_list_exports_what_is_filtered_under_a_dated_name(reader):
    wanted = make_case(kind="finding")
    make_case(kind="incident")
    make_case(kind="finding", visibility=Visibility.NAMED, title="Canary kept to some")

    response = signed_in(reader).post("/exports/make", {"all": "1", "query": "kind=finding", "format": "csv"})

    assert response["Content-Disposition"].startswith('attachment; filename="cases-')
    assert response["X-Content-Type-Options"] == "nosniff"
    assert [row[0] for row in rows(response)] == ["reference", wanted.reference]


def test_the_rows_ticked_are_exported_and_no_hidden_one(reader):
    wanted, hidden = make_case(), make_case(visibility=Visibility.NAMED)
    make_case()

    data = {"case": [wanted.pk, hidden.pk], "format": "csv"}
    response = signed_in(reader).post("/exports/make", data)

    assert [row[0] for row in rows(response)] == ["reference", wanted.reference]


def test_the_columns_chosen_are_remembered(reader):
    make_case()
    client = signed_in(reader)
    chosen = {"all": "1", "query": "", "format": "csv", "columns_chosen": "1", "column": ["url", "kind"]}

    first = rows(client.post("/exports/make", chosen))
    second = rows(client.post("/exports/make", {"all": "1", "query": "", "format": "csv"}))
    page = client.get("/exports/choose")

    assert first[0] == second[0] == ["kind", "url"]
    ticked = [column.name for _, columns in page.context["groups"] for column, chosen in columns if chosen]
    assert ticked == ["kind", "url"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"format": "exe"}, "Choose a format."),
        ({"format": "csv", "columns_chosen": "1"}, "Choose at least one column."),
        ({"format": "csv", "columns_chosen": "1", "column": "password"}, "Choose at least one column."),
    ],
)
def test_what_cannot_be_exported_is_said(reader, data, words):
    response = signed_in(reader).post("/exports/make", {"all": "1", "query": ""} | data)

    assert (response.status_code, words in text_of(response)) == (422, True)


def test_many_are_left_to_a_job_whose_page_tells_when_it_is_there(reader, monkeypatch):
    monkeypatch.setitem(exporting.MOST_AT_ONCE, "csv", 1)
    make_cases(2)
    client = signed_in(reader)

    response = client.post("/exports/make", {"all": "1", "query": "kind=incident", "format": "csv"})
    job = Job.objects.get(kind="export")

    assert response["Location"] == "/exports/"
    assert "Kind: Incident" in text_of(client.get("/exports/"))
    assert "Waiting for its turn" in text_of(client.get(f"/jobs/{job.pk}/"))
    tasks.drain_jobs()
    part = client.get(f"/jobs/{job.pk}/")
    assert "Download" in text_of(part)
    assert "hx-get" not in part.content.decode()
    assert len(rows(client.get(f"/exports/{job.pk}/file"))) == 3


@pytest.mark.parametrize("path", ["/exports/{}/file", "/jobs/{}/"])
def test_others_find_no_such_export(reader, administrator, path):
    make_case()
    job = asked(reader)
    tasks.drain_jobs()
    client = signed_in(administrator)

    answers = [client.get(path.format(number)) for number in (job.pk, job.pk + 1000)]

    assert [response.status_code for response in answers] == [404, 404]
    assert text_of(answers[0]) == text_of(answers[1])
    assert Job.objects.get(pk=job.pk).result["file"] not in text_of(client.get("/exports/"))


def test_a_file_with_a_case_closed_since_is_refused_with_a_reason(reader):
    case = make_case(visibility=Visibility.NAMED)
    reading = CaseReader.objects.create(case=case, person=reader)
    job = asked(reader)
    tasks.drain_jobs()
    reading.delete()

    page = signed_in(reader).get(f"/exports/{job.pk}/file", follow=True)

    assert "Cases in this file have been closed to you since it was made." in text_of(page)
    assert case.title not in text_of(page)


def test_whoever_may_not_sign_in_any_more_gets_no_file(reader):
    make_case()
    job = asked(reader)
    tasks.drain_jobs()
    client = signed_in(reader)
    reader.is_active = False
    reader.save()

    response = client.get(f"/exports/{job.pk}/file")

    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/account/login/")


def test_a_download_given_up_half_way_leaves_nothing_open(reader, monkeypatch):
    monkeypatch.setattr(case_rows, "FIRST_BLOCK", 1)
    monkeypatch.setattr(case_rows, "LARGEST_BLOCK", 1)
    make_cases(4)
    response = signed_in(reader).post("/exports/make", {"all": "1", "query": "", "format": "csv"})

    next(response.streaming_content)
    del response

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%%' AND state = 'active'")
        assert cursor.fetchone() == (0,)
    assert list(exporting.folder().iterdir()) == []


def test_a_spreadsheet_comes_at_once(reader):
    make_case()

    response = signed_in(reader).post("/exports/make", {"all": "1", "query": "", "format": "xlsx"})

    assert body(response)[:4] == b"PK\x03\x04"
    assert response["Content-Disposition"].endswith('.xlsx"')


@pytest.mark.parametrize("n", [1, 20])
def test_my_exports_query_count(reader, django_assert_num_queries, n):
    case = make_case()
    for number in range(n):
        job = asked(reader, cases=[case.pk] * (number + 1))
        Job.objects.filter(pk=job.pk).update(state="dead", finished_at=NOW)
    client = signed_in(reader)

    with django_assert_num_queries(4):
        page = client.get("/exports/")

    assert len(page.context["exports"]) == n
