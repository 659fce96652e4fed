import json
from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.exchange import avid
from registry.exchange.records import BadFile, ImportedCase, ImportedSource, Refusal

DATA = Path(__file__).parents[2] / "data"
OWN = ImportedSource(
    "https://avidml.org/database/avid-2031-r0007/",
    "AI Vulnerability Database, AVID-2031-R0007",
    "AI Vulnerability Database",
    kind="database",
)


def report(**changes):
    return {
        "metadata": {"report_id": "AVID-2031-R0007"},
        "problemtype": {"description": {"lang": "eng", "value": "Kettle boils over"}},
        "description": {"lang": "eng", "value": "It boiled over."},
    } | changes


def parse(*records):
    return list(avid.parse(BytesIO("\n".join(json.dumps(record) for record in records).encode())))


def test_json_lines_become_findings():
    with (DATA / "avid_reports.jsonl").open("rb") as file:
        cases = list(avid.parse(file))

    assert cases == [
        ImportedCase(
            external_id="AVID-2031-R0001",
            url="https://avidml.org/database/avid-2031-r0001/",
            title="Reader follows orders found in a page (CVE-2031-12345)",
            context="- Class: CVE Entry, Advisory\n- Risk domains: Security\n- Effects: S0100: Software Vulnerability\n"
            "- Life cycle: L06: Deployment\n- CVSS: 8.1, HIGH, CVSS:3.1/AV:N\n- Weaknesses: CWE-77 Command Injection\n"
            "- Data sets: acme/pages\n- References: Evaluation log (acme/log)",
            observed_behaviour="The reader obeys\ntext it was asked to summarise. \U0001f469\u200d\U0001f52c",
            kind="finding",
            stage="deployment",
            systems=("Acme Reader",),
            developers=("Acme",),
            deployers=("acme",),
            sources=(
                ImportedSource(
                    "https://avidml.org/database/avid-2031-r0001/",
                    "AI Vulnerability Database, AVID-2031-R0001",
                    "AI Vulnerability Database",
                    date(2031, 2, 3),
                    "database",
                ),
                ImportedSource("https://www.cve.org/CVERecord?id=CVE-2031-12345", "NVD entry", kind="database"),
                ImportedSource("https://example.org/advisory", "https://example.org/advisory"),
            ),
            external_ids=(("cve", "CVE-2031-12345"),),
        ),
        ImportedCase(
            external_id="AVID-2031-R0002",
            url="https://avidml.org/database/avid-2031-r0002/",
            title="Model repeats slurs when asked politely",
            context="- Class: LLM Evaluation, Measurement\n"
            "- Measured: Count failed; slurs.Any 3 of 10 passed; accuracy choice 0.5",
            observed_behaviour="Three of ten polite prompts were answered with a slur.",
            kind="finding",
            sources=(
                ImportedSource(
                    "https://avidml.org/database/avid-2031-r0002/",
                    "AI Vulnerability Database, AVID-2031-R0002",
                    "AI Vulnerability Database",
                    date(2031, 2, 4),
                    "database",
                ),
            ),
        ),
    ]
    assert [case.line for case in cases] == [1, 2]


def test_array_with_a_vulnerability_and_a_record_without_metadata():
    with (DATA / "avid_array.json").open("rb") as file:
        case, refusal = avid.parse(file)

    assert (case.external_id, case.kind, case.line) == ("AVID-2031-V001", "incident", 2)
    assert case.context == "- Class: AIID Incident\n- Reports: AVID-2031-R0009\n- Credit: A. Sample"
    assert case.sources[0].published_on == date(2031, 5, 6)
    assert refusal == Refusal(10, "metadata", "is missing: the record has no AVID number")


def test_one_object_over_several_lines_is_one_case():
    (case,) = avid.parse(BytesIO(json.dumps(report(), indent=2).encode()))

    assert case == ImportedCase(
        external_id="AVID-2031-R0007",
        url="https://avidml.org/database/avid-2031-r0007/",
        title="Kettle boils over",
        observed_behaviour="It boiled over.",
        kind="finding",
        sources=(OWN,),
    )


def test_placeholder_number_is_refused_on_every_line():
    placeholder = report(metadata={"report_id": "AVID-2026-R-1234"})

    assert parse(placeholder, placeholder) == [
        Refusal(1, "metadata.report_id", "AVID-2026-R-1234 is not an AVID number"),
        Refusal(2, "metadata.report_id", "AVID-2026-R-1234 is not an AVID number"),
    ]


def test_repeated_number_is_refused_with_its_line():
    assert parse(report(), report())[1:] == [
        Refusal(2, "metadata.report_id", "AVID-2031-R0007 stands on line 1 already")
    ]


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"metadata": None}, "metadata", "is missing: the record has no AVID number"),
        ({"metadata": []}, "metadata", "must be an object"),
        ({"metadata": {"report_id": 7}}, "metadata.report_id", "must be a text"),
        ({"metadata": {}}, "metadata.vuln_id", "an empty text is not an AVID number"),
        ({"affects": {"developer": "Acme"}}, "affects.developer", "must be a list"),
        ({"affects": {"developer": [7]}}, "affects.developer", "must be a list of texts"),
        ({"affects": {"artifacts": ["x"]}}, "affects.artifacts", "must be a list of objects"),
        ({"description": {"value": "\0"}}, "description.value", "contains a NUL character"),
        ({"reported_date": "2031-02-30"}, "reported_date", "2031-02-30 is no date of the calendar"),
        (
            {"description": None, "problemtype": None},
            "description.value",
            "is missing, and so is problemtype.description.value",
        ),
    ],
)
def test_value_that_cannot_be_represented_is_refused_with_its_path(changes, field, message):
    assert parse(report(**changes)) == [Refusal(1, field, message)]


def test_line_that_is_no_object_is_refused():
    assert parse(7) == [Refusal(1, "", "must be a JSON object")]


@pytest.mark.parametrize(
    ("views", "stage"),
    [
        (["L05: Evaluation"], "evaluation"),
        (["L06: Deployment"], "deployment"),
        (["L05: Evaluation", "L06: Deployment"], ""),
        (["L03: Data Preparation"], ""),
        ([], ""),
    ],
)
def test_stage_is_taken_from_a_single_view_of_the_life_cycle(views, stage):
    (case,) = parse(report(impact={"avid": {"lifecycle_view": views}}))

    assert case.stage == stage


def test_nulls_mean_that_nothing_is_known():
    (case,) = parse(report(affects=None, impact=None, credit=None, references=None, metrics=None))

    assert (case.systems, case.context, case.sources) == ((), "", (OWN,))


def test_address_named_twice_is_one_source():
    reference = {"label": "Advisory", "url": "https://example.org/advisory"}

    (case,) = parse(report(references=[reference, reference]))

    assert case.sources[1:] == (ImportedSource("https://example.org/advisory", "Advisory"),)


def test_title_over_200_characters_is_kept_whole_in_the_context():
    title = "Kettle boils over " * 12

    (case,) = parse(report(problemtype={"description": {"value": title}}))

    assert len(case.title) <= 200
    assert case.context == f"Full title: {title.strip()}"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["affects", "problemtype", "impact", "references", "metrics", "credit"]), JSON))
def test_any_shape_of_a_part_is_read_or_refused(changes):
    found = parse(report(**changes))

    assert len(found) == 1


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_refused_or_read_but_never_break_the_parser(content):
    with suppress(BadFile):
        list(avid.parse(BytesIO(content)))
