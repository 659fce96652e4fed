"""Files of published classifications, invented: labels with commas, terms above others, and what cannot be read."""

import csv
import io

import pytest

from registry.exchange.classified import Reader
from registry.exchange.classified_columns import FORMATS, NAMESPACES
from registry.exchange.records import BadFile, PublishedLabels, Refusal


def file_of(kind, *rows):
    """A file of this format, in bytes; each row is {column: cell}, and its incident's number its place from 1."""
    columns = ["Namespace", "Incident ID", "Published", *(column.column for column in FORMATS[kind])]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    for number, row in enumerate(rows, start=1):
        writer.writerow({"Namespace": NAMESPACES[kind], "Incident ID": number, "Published": "True"} | row)
    return io.BytesIO(text.getvalue().encode())


def read(kind, *rows, known=None):
    """([each row's labels, or a refusal], {scheme: [(slug, name, slug above)] of its terms})."""
    reader = Reader(kind, known or {})
    entries = list(reader.rows(file_of(kind, *rows)))
    terms = {
        found.slug: [(term.slug, term.name, term.parent) for term in found.terms] for found in reader.vocabularies()
    }
    return [sorted(entry.labels) if isinstance(entry, PublishedLabels) else entry for entry in entries], terms


def test_a_subdomain_stands_for_its_domain_and_below_it():
    entries, terms = read(
        "mit",
        {"Risk Domain": "9. Weather, wind and tides", "Risk Subdomain": "9.1. Rain, mostly", "Entity": "Cloud"},
        {"Risk Domain": "9. Weather, wind and tides"},
    )

    assert entries == [
        [("aiid-mit-domain", "9-1-rain-mostly"), ("aiid-mit-entity", "cloud")],
        [("aiid-mit-domain", "9-weather-wind-and-tides")],
    ]
    assert terms["aiid-mit-domain"] == [
        ("9-weather-wind-and-tides", "9. Weather, wind and tides", ""),
        ("9-1-rain-mostly", "9.1. Rain, mostly", "9-weather-wind-and-tides"),
    ]


def test_a_subdomain_below_two_domains_is_refused():
    entries, _ = read(
        "mit",
        {"Risk Domain": "8. Snow", "Risk Subdomain": "8.1. Ice"},
        {"Risk Domain": "9. Sun", "Risk Subdomain": "8.1. Ice"},
    )

    assert entries[1] == Refusal(3, "Risk Subdomain", "“8.1. Ice” stood under another label of “Risk Domain” before")


def test_known_and_potential_labels_are_of_schemes_of_their_own():
    entries, terms = read("gmf", {"Known AI Goal": "Tea Making, Chess", "Potential AI Goal": "Chess"})

    assert entries == [
        [
            ("aiid-gmf-known-goal", "chess"),
            ("aiid-gmf-known-goal", "tea-making"),
            ("aiid-gmf-potential-goal", "chess"),
        ]
    ]
    assert len(terms) == 6


def test_the_longest_label_that_is_known_is_meant_where_labels_hold_commas():
    known = {"aiid-gmf-known-goal": {"tea making": "tea", "tea making, cold": "iced-tea"}}

    entries, _ = read("gmf", {"Known AI Goal": "Tea Making, cold, Chess, Tea Making"}, known=known)

    assert entries == [
        [("aiid-gmf-known-goal", "chess"), ("aiid-gmf-known-goal", "iced-tea"), ("aiid-gmf-known-goal", "tea")]
    ]


def test_what_may_be_half_a_label_is_refused_and_not_guessed():
    entries, _ = read("gmf", {"Known AI Goal": "Tea Making, cold and sweet"})

    assert entries == [Refusal(2, "Known AI Goal", "“cold and sweet” begins with no label of this column")]


def test_the_sectors_that_hold_commas_are_known():
    entries, _ = read("csetv0", {"Sector of Deployment": "Education, Arts, entertainment and recreation"})

    assert entries == [
        [("aiid-cset-v0-sector", "arts-entertainment-and-recreation"), ("aiid-cset-v0-sector", "education")]
    ]


def test_a_coders_own_words_after_other_are_not_labels():
    entries, _ = read("csetv0", {"Harm Type": "Lost sleep, Other:a cold, and worse"})

    assert entries == [[("aiid-cset-v0-harm", "lost-sleep"), ("aiid-cset-v0-harm", "other")]]


def test_an_empty_cell_and_one_that_cannot_tell_say_nothing_where_several_may_be_chosen():
    entries, _ = read(
        "csetv1", {"Sector of Deployment": "Education, unclear", "AI Harm Level": "unclear"}, {"Tangible Harm": " "}
    )

    assert entries == [[("cset-v1-ai-harm-level", "unclear"), ("cset-v1-sector", "education")], []]


def test_a_column_whose_labels_are_all_known_takes_no_other():
    entries, _ = read("csetv1", {"AI Harm Level": "Awful"})

    assert entries == [Refusal(2, "AI Harm Level", "“Awful” begins with no label of this column")]


def test_labels_that_would_be_one_node_are_refused():
    entries, _ = read("mit", {"Entity": "A+"}, {"Entity": "A-"})

    assert entries[1] == Refusal(3, "Entity", "“A-” is too like “A+” to be told from it")


def test_case_and_blanks_make_no_other_label():
    entries, terms = read("mit", {"Entity": "The  Cloud "}, {"Entity": "the cloud"})

    assert entries == [[("aiid-mit-entity", "the-cloud")]] * 2
    assert terms["aiid-mit-entity"] == [("the-cloud", "The Cloud", "")]


def test_what_the_other_database_keeps_as_a_draft_is_marked():
    reader = Reader("mit", {})

    rows = list(reader.rows(file_of("mit", {"Entity": "Cloud", "Published": "False"})))

    assert rows == [PublishedLabels("1", frozenset({("aiid-mit-entity", "cloud")}), False, 2)]


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        ({"Namespace": "GMF"}, "Namespace", "is not “MIT”: another format's file"),
        ({"Incident ID": "seven"}, "Incident ID", "must be a number above zero"),
        ({"Incident ID": "٧"}, "Incident ID", "must be a number above zero"),
        ({"Incident ID": "12345678901"}, "Incident ID", "must be a number above zero"),
        ({"Published": "perhaps"}, "Published", "is neither True nor False"),
        ({"Entity": "!!"}, "Entity", "“!!” is no name for a label"),
        ({"Entity": "x" * 161}, "Entity", f"“{'x' * 60}” is no name for a label"),
    ],
)
def test_what_is_wrong_is_said_at_its_line_and_column(row, field, message):
    entries, _ = read("mit", {}, row)

    assert entries == [[], Refusal(3, field, message)]


def test_an_incident_that_is_classified_twice_is_refused():
    entries, _ = read("mit", {"Entity": "Cloud"}, {"Incident ID": "01", "Entity": "Human"})

    assert entries[1] == Refusal(3, "Incident ID", "1 stands on line 2 already")


def test_a_file_without_the_columns_is_no_file_of_this_format():
    with pytest.raises(BadFile, match="the header lacks: Namespace"):
        list(Reader("mit", {}).rows(io.BytesIO(b"a,b\n1,2\n")))
