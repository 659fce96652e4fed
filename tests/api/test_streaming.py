"""The list as a file: every row that the filters find, in the order of the numbers, whole or visibly cut."""

import csv
import io
import json

import pytest
from django.db import OperationalError

from registry.choices import Visibility
from registry.exchange import exporting, ndjson_file
from registry.exchange.columns import columns_for
from tests.api.conftest import Tool
from tests.factories import agree, label, make_case, make_cases, make_node

pytestmark = pytest.mark.django_db


def body(response):
    assert response.status_code == 200, response
    return b"".join(response.streaming_content)


def lines(response):
    return [json.loads(line) for line in body(response).splitlines()]


def table(response):
    return list(csv.DictReader(io.StringIO(body(response).decode("utf-8-sig"))))


def test_ndjson_holds_every_row_and_says_that_it_is_complete(as_analyst, monkeypatch):
    monkeypatch.setattr(exporting, "NUMBERS_AT_ONCE", 2)
    cases = make_cases(5)
    make_case(visibility=Visibility.NAMED)

    answer = as_analyst.get("cases/?format=ndjson")

    assert answer["Content-Type"] == "application/x-ndjson"
    assert answer["Content-Disposition"].startswith('attachment; filename="cases-')
    assert "ETag" not in answer
    assert "Content-Length" not in answer
    *rows, last = lines(answer)
    assert [row["reference"] for row in rows] == [case.reference for case in cases]
    assert last == {"complete": True, "cases": 5}


def test_csv_has_one_heading_whatever_its_length(as_analyst, analyst, monkeypatch):
    monkeypatch.setattr(exporting, "NUMBERS_AT_ONCE", 2)
    cases = make_cases(5, title='=HYPERLINK("https://example.org")')

    answer = as_analyst.get("cases/", headers={"Accept": "text/csv"})

    rows = table(answer)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert [row["reference"] for row in rows] == [case.reference for case in cases]
    assert {row["title"][:2] for row in rows} == {"'="}
    assert list(rows[0]) == [column.name for column in columns_for(analyst)]


def test_columns_do_not_depend_on_what_was_chosen_on_a_page(as_analyst, analyst):
    make_case()
    analyst.export_columns = ["title"]
    analyst.save()

    everything = lines(as_analyst.get("cases/?format=ndjson"))[0]
    some = lines(as_analyst.get("cases/?format=ndjson&columns=status,reference"))[0]

    assert len(everything) > 40
    assert list(some) == ["reference", "status"]


def test_the_filters_are_those_of_the_list(as_analyst):
    red = make_case(nodes=[make_node("red")])
    make_case()

    rows = lines(as_analyst.get("cases/?format=ndjson&label=red&columns=reference"))

    assert rows == [{"reference": red.reference}, {"complete": True, "cases": 1}]


def test_nothing_found_is_a_whole_file_too(as_analyst):
    assert lines(as_analyst.get("cases/?format=ndjson")) == [{"complete": True, "cases": 0}]
    assert table(as_analyst.get("cases/?format=csv")) == []


def test_a_rater_gets_no_label_that_the_list_would_not_give(as_analyst, reader):
    node = make_node("red")
    case = make_case(status="analysis")
    label(case, node)
    public = agree(make_case(), node)

    blind = lines(as_analyst.get("cases/?format=ndjson&columns=reference,labels:colours"))
    seen = lines(Tool(reader).get("cases/?format=ndjson&columns=reference,labels:colours"))

    assert [row["labels:colours"] for row in blind[:-1]] == [[], ["colours:red"]]
    assert [row["labels:colours"] for row in seen[:-1]] == [["colours:red"], ["colours:red"]]
    assert public.reference == blind[1]["reference"]


def test_a_fault_in_the_middle_breaks_the_stream_off(as_analyst, monkeypatch):
    monkeypatch.setattr(exporting, "NUMBERS_AT_ONCE", 1)
    make_cases(4)
    read, calls = ndjson_file.read, []

    def failing(sql, parameters):
        calls.append(1)
        if len(calls) == 3:
            raise OperationalError("the database is away")
        return read(sql, parameters)

    monkeypatch.setattr(ndjson_file, "read", failing)
    answer = as_analyst.get("cases/?format=ndjson")
    got = []

    with pytest.raises(OperationalError):
        got.extend(answer.streaming_content)

    assert b"complete" not in b"".join(got)
    assert b"".join(got).count(b"\n") == 2


def test_a_fault_before_the_first_byte_is_a_problem(as_analyst, monkeypatch):
    make_case()

    def failing(sql, parameters):
        raise OperationalError("the database is away")

    monkeypatch.setattr(ndjson_file, "read", failing)

    answer = as_analyst.get("cases/?format=ndjson")

    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")


@pytest.mark.parametrize(
    ("query", "accept", "status"),
    [
        ("format=csv&limit=5", None, 400),
        ("format=csv&cursor=x", None, 400),
        ("format=csv&ordering=id", None, 400),
        ("format=xml", None, 400),
        ("format=csv&columns=colour", None, 400),
        ("format=csv&sttus=triage", None, 400),
        ("columns=title", None, 400),
        ("", "application/xml", 406),
        ("label=nowhere", "text/csv", 400),
        ("", "application/json", 200),
        ("format=json", "text/csv", 200),
        ("", "*/*", 200),
    ],
)
def test_what_is_refused_is_a_problem_in_json(as_analyst, query, accept, status):
    make_case()

    answer = as_analyst.get(f"cases/?{query}", headers={"Accept": accept} if accept else {})

    assert answer.status_code == status
    assert answer["Content-Type"] == ("application/json" if status == 200 else "application/problem+json")
    answer.json()


def test_a_token_needs_the_scope_to_export(reader):
    narrow = Tool(reader, "cases:read")

    refused = narrow.get("cases/?format=csv")

    assert (refused.status_code, refused.json()["type"]) == (403, "/api/v1/problems/insufficient-scope/")
    assert narrow.get("cases/").status_code == 200


def test_head_says_what_get_would_send(as_analyst):
    make_case()

    head = as_analyst.head("cases/?format=csv")

    assert (head.status_code, head["Content-Type"], head.content) == (200, "text/csv; charset=utf-8", b"")


@pytest.mark.parametrize("n", [1, 30])
def test_a_file_takes_as_many_queries_however_long_it_is(as_analyst, django_assert_num_queries, n):
    make_cases(n)

    with django_assert_num_queries(10):
        rows = lines(as_analyst.get("cases/?format=ndjson&columns=reference"))

    assert len(rows) == n + 1
