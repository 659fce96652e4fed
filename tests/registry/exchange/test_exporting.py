"""Cases as files: exactly those one may see, in order, with every text intact and none that acts as a formula."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from registry.actions import exports
from registry.choices import Method, PartyRole, Role, Status, Visibility
from registry.exchange import case_rows, columns, exporting, xlsx_file
from registry.models import (
    Case,
    CaseParty,
    CaseSource,
    CaseSystem,
    Classification,
    ExternalId,
    Organisation,
    Source,
    System,
)
from tests.factories import NOW, agree, label, make_case, make_cases, make_node, make_person, make_scheme

pytestmark = pytest.mark.django_db
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LATER = NOW + timedelta(hours=1)


def picked(person, *names):
    return columns.chosen_columns(person, names)


def csv_rows(person, *names, query=""):
    numbers = exporting.numbers_for(person, query=query)
    data = b"".join(exporting.streamed(person, "csv", picked(person, *names), numbers))
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def json_rows(person, *names):
    numbers = exporting.numbers_for(person)
    data = b"".join(exporting.streamed(person, "ndjson", picked(person, *names), numbers))
    return [json.loads(line) for line in data.split(b"\n")[:-1]]


def cells(person, *names):
    """The cells of the workbook: [[(type, text)]]."""
    numbers = exporting.numbers_for(person)
    with exporting.spreadsheet(person, picked(person, *names), numbers) as file, zipfile.ZipFile(file) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    return [
        [(cell.get("t"), "".join(cell.itertext())) for cell in row.findall(f"{SHEET}c")]
        for row in sheet.iter(f"{SHEET}row")
    ]


def test_the_rows_are_those_filtered_in_the_lists_order(analyst):
    old = make_case(occurred_from=date(2020, 1, 1))
    new = make_case(occurred_from=date(2026, 1, 1))
    make_case(status=Status.CLOSED)

    found = csv_rows(analyst, "reference", query="status=triage")

    assert found == [["reference"], [new.reference], [old.reference]]
    assert csv_rows(analyst, "reference", query="status=triage&ordering=id")[1:] == [[old.reference], [new.reference]]


def test_a_search_exports_all_it_finds_the_best_first(analyst, monkeypatch):
    from registry import search

    monkeypatch.setattr(search, "RANKED", 2)
    oldest = make_case(title="Lagoon lagoon lagoon")
    once = make_case(title="A boat in the lagoon", observed_behaviour="It circles.")
    often = make_case(title="Lagoon lagoon lagoon")

    found = csv_rows(analyst, "reference", query="q=lagoon")

    assert sorted(found[1:3]) == sorted([[often.reference], [once.reference]])
    assert found[3:] == [[oldest.reference]]


def test_what_is_no_filter_is_refused_not_ignored(analyst):
    with pytest.raises(ValidationError, match="owner"):
        exporting.numbers_for(analyst, query="owner=nobody-of-that-name")


def test_hidden_cases_are_in_no_file(reader):
    make_case()
    make_case(title="Canary kept to some", visibility=Visibility.NAMED)
    make_case(title="Canary in a draft", status=Status.DRAFT)
    hidden = Case.objects.filter(title__startswith="Canary").values_list("pk", flat=True)

    assert len(csv_rows(reader, "title")) == 2
    assert exporting.numbers_for(reader, cases=list(hidden)).tolist() == []
    everything = b"".join(exporting.streamed(reader, "ndjson", columns.columns_for(reader), list(hidden)))
    assert everything == b""


def test_a_case_closed_to_the_person_between_two_blocks_does_not_come(analyst, monkeypatch):
    monkeypatch.setattr(case_rows, "FIRST_BLOCK", 1)
    monkeypatch.setattr(case_rows, "LARGEST_BLOCK", 1)
    some = make_cases(4, title="Canary of four")
    numbers = [case.pk for case in some]
    parts = exporting.streamed(analyst, "csv", picked(analyst, "reference"), numbers)
    first = [next(parts), next(parts)]
    Case.objects.filter(pk=some[2].pk).update(visibility=Visibility.NAMED)

    text = b"".join([*first, *parts]).decode()

    assert some[2].reference not in text
    assert text.count("AIR-") == 3


def test_labels_that_rest_on_others_are_for_those_who_rated_themselves(analyst, reader):
    scheme = make_scheme("colours")
    red, blue = make_node("red", scheme=scheme), make_node("blue", scheme=scheme)
    case = make_case()
    label(case, red)
    Classification.objects.create(case=case, node=blue, method=Method.IMPORTED, decided_at=NOW)

    assert csv_rows(analyst, "labels:colours")[1:] == [["colours:blue"]]
    assert csv_rows(reader, "labels:colours")[1:] == [["colours:red; colours:blue"]]
    label(case, blue, by=analyst)
    assert json_rows(analyst, "labels:colours") == [{"labels:colours": ["colours:red", "colours:blue"]}]


DANGEROUS = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "   =1+1"]
DANGEROUS += ["＝1+1", "＋1", "－1", "＠SUM", "\u00a0=1", "\u200b@x", "\ufeff=1+1", "\u3000+1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_is_a_formula_in_csv(analyst, text):
    case = make_case(title=f"{text} and more", observed_behaviour=text)
    CaseSystem.objects.filter(case=case).delete()
    CaseSystem.objects.create(case=case, system=System.objects.create(name=f"{text}x"))

    assert csv_rows(analyst, "title", "systems", "observed_behaviour")[1:] == [
        [f"'{text} and more", f"'{text}x", f"'{text}"]
    ]


def test_ordinary_texts_stay_as_they_are(analyst):
    text = "Rose by 5 - 7 = -2; mail a@b.org. 'Quoted', \"twice\""
    make_case(observed_behaviour=text)

    assert csv_rows(analyst, "observed_behaviour")[1:] == [[text]]
    assert json_rows(analyst, "observed_behaviour") == [{"observed_behaviour": text}]


def test_formulas_are_plain_strings_in_a_spreadsheet(analyst):
    make_case(title="=1+1 and more", observed_behaviour="https://example.org/")

    assert cells(analyst, "title", "observed_behaviour")[1] == [
        ("inlineStr", "=1+1 and more"),
        ("inlineStr", "https://example.org/"),
    ]


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)


@limits(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS | st.from_regex(r"[\r\n\",;'=+@ \t-]{0,12}", fullmatch=True))
def test_every_text_comes_back_from_csv_and_json(analyst, text):
    case = Case.objects.first() or make_case()
    Case.objects.filter(pk=case.pk).update(observed_behaviour=text, context=text)

    header, row = csv_rows(analyst, "context", "observed_behaviour")

    assert header == ["context", "observed_behaviour"]
    assert row[0] == row[1]
    assert row[0] in (text, f"'{text}")
    assert json_rows(analyst, "context") == [{"context": text}]


def full_case(analyst):
    case = make_case(
        title="Everything at once",
        status=Status.ANALYSIS,
        owner=analyst,
        reporter=make_person(username="sam", name="Sam Adeyemi", role=Role.REPORTER),
        potential_severity_id=3,
        human_gap="holds",
        detected_at=datetime(2026, 11, 12, 23, 5, tzinfo=UTC),
    )
    CaseParty.objects.create(case=case, organisation=Organisation.objects.create(name="Acme"), role=PartyRole.DEVELOPER)
    source = Source.objects.create(title="A report", url="https://example.org/a", published_on=date(2026, 11, 13))
    CaseSource.objects.create(case=case, source=source)
    ExternalId.objects.create(case=case, source="aiid", value="7", url="https://incidentdatabase.ai/cite/7")
    return case


NAMES = ("reference", "version", "url", "owner", "reporter", "occurred_from", "detected_at", "closed_at", "systems")
NAMES += ("developers", "affected", "potential_severity", "realised_severity", "human_gap", "outer_gap")
NAMES += ("sources", "external_ids")


def test_values_keep_their_types_in_json(analyst):
    case = full_case(analyst)

    assert json_rows(analyst, *NAMES) == [
        {
            "reference": case.reference,
            "owner": "mira",
            "reporter": "sam",
            "version": 1,
            "url": f"http://localhost:8000/cases/{case.reference}/",
            "occurred_from": "2026-11-12",
            "detected_at": "2026-11-12T23:05:00+00:00",
            "closed_at": None,
            "systems": [{"name": "code-agent", "version": "", "role": "subject"}],
            "developers": ["Acme"],
            "affected": [],
            "potential_severity": case.potential_severity.slug,
            "realised_severity": None,
            "human_gap": "holds",
            "outer_gap": None,
            "sources": [
                {
                    "title": "A report",
                    "url": "https://example.org/a",
                    "publisher": "",
                    "published_on": "2026-11-13",
                }
            ],
            "external_ids": [{"source": "aiid", "value": "7", "url": "https://incidentdatabase.ai/cite/7"}],
        }
    ]


def test_cells_read_as_people_write_them_in_csv(analyst):
    case = full_case(analyst)

    header, row = csv_rows(analyst, *NAMES)

    assert dict(zip(header, row, strict=True)) == {
        "reference": case.reference,
        "owner": "Mira Okafor",
        "reporter": "Sam Adeyemi",
        "version": "1",
        "url": f"http://localhost:8000/cases/{case.reference}/",
        "occurred_from": "2026-11-12",
        "detected_at": "2026-11-12T23:05:00Z",
        "closed_at": "",
        "systems": "code-agent",
        "developers": "Acme",
        "affected": "",
        "potential_severity": case.potential_severity.slug,
        "realised_severity": "",
        "human_gap": "holds",
        "outer_gap": "",
        "sources": "A report https://example.org/a",
        "external_ids": "aiid 7",
    }


def test_a_spreadsheet_holds_dates_numbers_and_a_fixed_head(analyst):
    make_case(detected_at=datetime(2026, 11, 12, 12, 0, tzinfo=UTC))

    head, row = cells(analyst, "version", "occurred_from", "detected_at")

    assert head == [("inlineStr", "Version"), ("inlineStr", "Occurred from"), ("inlineStr", "Detected (UTC)")]
    assert [float(text) for _, text in row] == [1.0, 46338.0, 46338.5]
    numbers = exporting.numbers_for(analyst)
    with exporting.spreadsheet(analyst, picked(analyst, "version"), numbers) as file, zipfile.ZipFile(file) as book:
        assert b'state="frozen"' in book.read("xl/worksheets/sheet1.xml")


def test_what_a_spreadsheet_cannot_hold_is_cut_with_a_note_or_written_out(analyst):
    make_case(observed_behaviour="😀" * 20_000, occurred_from=date(1850, 5, 1))

    row = cells(analyst, "occurred_from", "observed_behaviour")[1]

    assert row[0] == ("inlineStr", "1850-05-01")
    assert len(row[1][1].encode("utf-16-le")) // 2 <= xlsx_file.LONGEST_CELL
    assert row[1][1].endswith("… [cut: 20,000 characters in all; CSV and NDJSON hold them]")
    assert xlsx_file.bounded("x" * 32_767) == "x" * 32_767
    with pytest.raises(ValidationError, match="A spreadsheet holds 1,048,575 cases"):
        exporting.require_room("xlsx", 1_048_576)


def test_the_chosen_columns_are_remembered_in_the_fixed_order(analyst):
    exports.remember_columns(person=analyst, by=analyst, at=NOW, columns=["url", "title"])
    analyst.refresh_from_db()

    assert [column.name for column in columns.chosen_columns(analyst)] == ["title", "url"]
    assert [column.name for column in columns.chosen_columns(analyst, ["status", "kind"])] == ["kind", "status"]


def test_every_column_can_be_exported_in_every_format(analyst):
    case = full_case(analyst)
    agree(case, make_node("red"))
    names = [column.name for column in columns.columns_for(analyst)]

    assert csv_rows(analyst, *names)[0] == names
    assert list(json_rows(analyst, *names)[0]) == names
    assert len(cells(analyst, *names)[0]) == len(names)


@pytest.mark.parametrize("n", [1, 30])
def test_the_number_of_queries_does_not_grow_with_the_cases(analyst, django_assert_num_queries, n):
    make_cases(n)
    wanted = columns.columns_for(analyst)

    with django_assert_num_queries(1):
        numbers = list(exporting.matching(analyst, "")[0].values_list("pk", flat=True))
    with django_assert_num_queries(0):  # COPY goes past Django's counter: one, for a block of 50
        rows = b"".join(exporting.streamed(analyst, "ndjson", wanted, numbers))

    assert rows.count(b"\n") == n


def test_the_days_from_the_warning_to_the_case_are_a_number(analyst):
    make_case(warned_on=date(2025, 9, 26))
    make_case(warned_on=date(2026, 11, 15))
    make_case()

    rows = json_rows(analyst, "warned_on", "warning_lead_days")

    assert sorted(rows, key=str) == [
        {"warned_on": "2025-09-26", "warning_lead_days": 412},
        {"warned_on": "2026-11-15", "warning_lead_days": -3},
        {"warned_on": None, "warning_lead_days": None},
    ]
