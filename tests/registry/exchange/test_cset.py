import csv
from io import BytesIO, StringIO
from pathlib import Path

import pytest

from registry.exchange import cset
from registry.exchange.cset_columns import CHOICES, QUESTIONS, SCHEMES
from registry.exchange.records import BadFile, ImportedRating, Refusal

FIXTURE = Path(__file__).parents[2] / "data" / "csetv1_annotator_1.csv"
ROW = (
    {"Namespace": "CSETv1_Annotator-7", "Incident ID": "41"}
    | dict.fromkeys(QUESTIONS, "no")
    | {choice.column: "" for choice in CHOICES}
)


def file_of(*changes, columns=cset.COLUMNS):
    text = StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(ROW | change for change in changes)
    return BytesIO(text.getvalue().encode())


def parse(*changes):
    return list(cset.parse(file_of(*changes)))


def labels_of(**changes):
    (rating,) = parse(changes)
    return {key: stance for key, stance in rating.labels.items() if stance != "absent"}, rating.schemes


def test_a_file_becomes_ratings_of_its_annotator():
    with FIXTURE.open("rb") as file:
        found = list(cset.parse(file))

    assert [(rating.rater, rating.name, rating.external_id, rating.line) for rating in found] == [
        ("cset-v1-annotator-1", "CSET annotator 1", "900001", 2),
        ("cset-v1-annotator-1", "CSET annotator 1", "900002", 3),
    ]
    assert found[0] == ImportedRating(
        rater="cset-v1-annotator-1",
        name="CSET annotator 1",
        external_id="900001",
        labels={("cset-v1-questions", term.slug): "absent" for term in QUESTIONS.values()}
        | {
            ("cset-v1-questions", "deployed"): "present",
            ("cset-v1-questions", "ai-system"): "unsure",
            ("cset-v1-ai-harm-level", "near-miss"): "present",
            ("cset-v1-sector", "arts"): "present",
            ("cset-v1-sector", "professional"): "present",
        },
        schemes=frozenset({"cset-v1-ai-harm-level", "cset-v1-sector"}),
        line=2,
    )


def test_yes_is_present_no_is_absent_maybe_is_unsure_and_nothing_is_missing():
    answers = {"Deployed": "yes", "AI System": "maybe", "Rights Violation": "no", "Involving Minor": " "}

    (rating,) = parse(answers)

    found = [rating.labels.get(("cset-v1-questions", QUESTIONS[column].slug)) for column in answers]
    assert found == ["present", "unsure", "absent", None]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Education", {"education"}),
        ("Arts, entertainment and recreation", {"arts"}),
        ("Arts, entertainment and recreation, Education", {"arts", "education"}),
        ("other, information and communication", {"other", "information"}),
        ("unclear", set()),
    ],
)
def test_sectors_are_told_apart_although_some_hold_commas(cell, expected):
    labels, schemes = labels_of(**{"Sector of Deployment": cell})

    assert set(labels) == {("cset-v1-sector", slug) for slug in expected}
    assert schemes == ({"cset-v1-sector"} if expected else set())


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("Incident ID", "x", "must be a number above zero"),
        ("Incident ID", "²", "must be a number above zero"),
        ("Namespace", "CSETv1", "is not of the form CSETv1_Annotator-1"),
        ("Deployed", "perhaps", "“perhaps” is neither yes, no nor maybe"),
        ("AI Harm Level", "awful", "“awful” is no value of this column"),
        ("AI Harm Level", "none, unclear", "“none, unclear” is no value of this column"),
        ("Sector of Deployment", "Education, farming", "“farming” is no value of this column"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_with_line_and_column(column, cell, message):
    assert parse({}, {"Incident ID": "42", column: cell})[1:] == [Refusal(3, column, message)]


def test_an_incident_annotated_twice_is_refused():
    assert parse({}, {})[1] == Refusal(3, "Incident ID", "41 stands on line 2 already")


def test_two_annotators_in_one_file_are_refused():
    with pytest.raises(BadFile) as refused:
        parse({}, {"Incident ID": "42", "Namespace": "CSETv1_Annotator-8"})

    assert (refused.value.line, refused.value.field) == (3, "Namespace")


def test_a_missing_column_is_refused():
    with pytest.raises(BadFile) as refused:
        list(cset.parse(BytesIO(b"Namespace,Incident ID\n")))

    assert (refused.value.line, refused.value.field) == (1, "Physical Objects")


def test_of_a_column_that_is_there_twice_the_first_stands():
    text = file_of({"AI System": "yes"}).getvalue().decode().splitlines()
    doubled = "\n".join([text[0] + ",AI System", text[1] + ",no"])

    (rating,) = cset.parse(BytesIO(doubled.encode()))

    assert rating.labels["cset-v1-questions", "ai-system"] == "present"


def test_every_node_has_a_name_and_words_of_ours():
    for scheme in SCHEMES:
        assert len({term.slug for term in scheme.terms}) == len(scheme.terms)
        assert all(term.name and term.definition.endswith(".") for term in scheme.terms)
