import csv
from contextlib import suppress
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.exchange import aiid
from registry.exchange.records import BadFile, ImportedCase, ImportedSource, Refusal

FIXTURE = Path(__file__).parents[2] / "data" / "aiid_incidents.csv"
ROW = {
    "incident_id": "7",
    "date": "2020-02-03",
    "reports": "[1]",
    aiid.DEPLOYER: "[]",
    aiid.DEVELOPER: "[]",
    aiid.AFFECTED: "[]",
    "description": "It went round.",
    "title": "Boat Goes Round",
}


def parse(*changes):
    text = StringIO()
    writer = csv.DictWriter(text, aiid.COLUMNS)
    writer.writeheader()
    writer.writerows(ROW | change for change in changes)
    return list(aiid.parse(BytesIO(text.getvalue().encode())))


def test_rows_become_incidents():
    with FIXTURE.open("rb") as file:
        cases = list(aiid.parse(file))

    assert cases == [
        ImportedCase(
            external_id="900001",
            url="https://incidentdatabase.ai/cite/900001",
            title="Ward Robot Reportedly Keeps Patients Awake",
            context="Reports in the AI Incident Database: 71, 72.",
            observed_behaviour="A ward robot kept its lamp on\nall night.",
            kind="incident",
            occurred_from=date(2021, 3, 4),
            occurred_to=date(2021, 3, 4),
            occurred_precision="day",
            developers=("OpenAI",),
            deployers=("Acme Robotics",),
            affected=("St Mary's Hospital", "X (Example) Users"),
            sources=(
                ImportedSource(
                    "https://incidentdatabase.ai/cite/900001",
                    "AI Incident Database, incident 900001",
                    "AI Incident Database",
                    kind="database",
                ),
            ),
        ),
        ImportedCase(
            external_id="900002",
            url="https://incidentdatabase.ai/cite/900002",
            title="Sorting Machine Sorts Nothing",
            context="The AI Incident Database lists no report under this number; such a number has usually been "
            "merged into another.",
            observed_behaviour="A sorting machine is said to have sorted nothing.",
            kind="incident",
            occurred_from=date(2020, 1, 1),
            occurred_to=date(2020, 1, 1),
            occurred_precision="day",
            affected=("General Public",),
            sources=(
                ImportedSource(
                    "https://incidentdatabase.ai/cite/900002",
                    "AI Incident Database, incident 900002",
                    "AI Incident Database",
                    kind="database",
                ),
            ),
        ),
    ]
    assert [case.line for case in cases] == [2, 4]


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("new-york-police-department", "New York Police Department"),
        ("bank-of-the-north", "Bank of the North"),
        ("generative-ai-developers", "Generative AI Developers"),
        ("xai", "xAI"),
        ('sean-"dusty"-example', 'Sean "Dusty" Example'),
        ("@example", "@example"),
        ("--", None),
        ("unknown", None),
    ],
)
def test_names_are_read_from_slugs(slug, name):
    (case,) = parse({aiid.DEVELOPER: '["' + slug.replace('"', '\\"') + '"]'})

    assert case.developers == ((name,) if name else ())


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"incident_id": "x7"}, Refusal(2, "incident_id", "must be a number above zero")),
        ({"incident_id": "0"}, Refusal(2, "incident_id", "must be a number above zero")),
        ({"date": "2021-02-29"}, Refusal(2, "date", "2021-02-29 is no date of the calendar")),
        ({"reports": "[1, true]"}, Refusal(2, "reports", "must be a list of numbers")),
        ({"reports": '{"a": 1}'}, Refusal(2, "reports", "must be a list")),
        ({"reports": "[1"}, Refusal(2, "reports", "is not valid JSON: Expecting ',' delimiter at column 3")),
        ({aiid.DEPLOYER: "[1]"}, Refusal(2, aiid.DEPLOYER, "must be a list of names")),
        (
            {aiid.AFFECTED: '["\\ud800"]'},
            Refusal(2, f"{aiid.AFFECTED}[0]", "contains half of a surrogate pair"),
        ),
        ({"description": "", "title": " "}, Refusal(2, "description", "is empty, and so is the title")),
    ],
)
def test_value_that_cannot_be_represented_is_refused_with_its_column(change, refusal):
    assert parse(change) == [refusal]


def test_repeated_number_is_refused_with_leading_zeros_too():
    assert parse({}, {"incident_id": "007"})[1:] == [Refusal(3, "incident_id", "7 stands on line 2 already")]


def test_empty_cells_mean_that_nothing_is_known():
    (case,) = parse({"date": "", "reports": "", aiid.DEPLOYER: ""})

    assert (case.occurred_from, case.occurred_precision, case.deployers) == (None, "unknown", ())


def test_change_of_reports_alone_changes_the_case():
    (before,), (after,) = parse({"reports": "[1]"}), parse({"reports": "[1,2]"})

    assert before != after


def test_title_over_200_characters_is_kept_whole_in_the_context():
    title = "Boat Goes Round " * 14

    (case,) = parse({"title": title})

    assert case.title == ("Boat Goes Round " * 12 + "Boat").strip() + "…"
    assert case.context == f"Full title: {title.strip()}\n\nReports in the AI Incident Database: 1."


@settings(deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_random_bytes_are_refused_or_read_but_never_break_the_parser(content, with_header):
    header = ",".join(aiid.COLUMNS).encode() + b"\n" if with_header else b""

    with suppress(BadFile):
        list(aiid.parse(BytesIO(header + content)))


@settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_in_a_list_column_is_read_or_refused(reports, names):
    found = parse({"reports": reports.replace("\0", ""), aiid.DEVELOPER: names.replace("\0", "")})

    assert len(found) == 1
