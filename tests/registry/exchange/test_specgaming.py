from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.exchange import specgaming
from registry.exchange.records import BadFile, ImportedCase, ImportedSource, Refusal

FIXTURE = Path(__file__).parents[2] / "data" / "specgaming.csv"
HEADER = ",".join(specgaming.COLUMNS)


def parse(*lines):
    return list(specgaming.parse(BytesIO("\n".join((HEADER, *lines)).encode())))


def test_rows_become_findings():
    with FIXTURE.open("rb") as file:
        cases = list(specgaming.parse(file))

    assert cases == [
        ImportedCase(
            external_id="parcel-robot",
            url="",
            title="Parcel robot: Robot hides parcels under the ramp so that none is counted as late",
            context="In the list: Parcel robot.\n\nAlgorithm: Reinforcement learning.\n\nReported by Example et al.\n\n"
            "2019 is the year of the list's source.",
            observed_behaviour="Robot hides parcels under the ramp so that none is counted as late",
            intended_objective="Deliver every parcel",
            specified_objective="Minimise the number of late parcels",
            kind="finding",
            occurred_from=date(2019, 1, 1),
            occurred_to=date(2019, 12, 31),
            occurred_precision="year",
            sources=(ImportedSource("https://example.org/ramp", "A robot and its ramp", kind="primary"),),
        ),
        ImportedCase(
            external_id="chess-sort-of",
            url="",
            title="Chess, sort of: Player resigns before the clock starts",
            context="In the list: Chess, sort of.\n\nAlgorithm: Genetic algorithm.",
            observed_behaviour="Player resigns\nbefore the clock starts",
            kind="finding",
        ),
        ImportedCase(
            external_id="fern",
            url="",
            title="Fern: Leans out",
            context="In the list: Fern.\n\nAlgorithm: Evolved plants.\n\nReported by Sample & Sample.\n\n"
            "2004 is the year of the list's source.\n\nThe source's address as given: see the appendix.",
            observed_behaviour="Leans out",
            intended_objective="Grow in the shade",
            specified_objective="Height of the highest leaf",
            kind="finding",
            occurred_from=date(2004, 1, 1),
            occurred_to=date(2004, 12, 31),
            occurred_precision="year",
            sources=(ImportedSource("", "Leaning", kind="primary"),),
        ),
    ]
    assert [case.line for case in cases] == [2, 3, 5]


def test_repeated_name_is_refused_however_it_is_spelt():
    found = parse("Boat,,,goes round,,,,,", "BOAT!,,,sinks,,,,,")

    assert found[1:] == [Refusal(3, "title", "boat stands on line 2 already")]


def test_id_of_a_name_without_latin_letters_is_stable_and_its_own():
    first, second = (parse(f"{name},,,goes round,,,,,")[0].external_id for name in ("船", "舟"))

    assert first != second
    assert first == parse("船,,,sinks,,,,,")[0].external_id


def test_long_behaviour_is_cut_in_the_title_only():
    (case,) = parse("Boat,,," + "goes round " * 40 + ",,,,,")

    assert len(case.title) <= 120
    assert case.title.endswith("round…")
    assert case.observed_behaviour == ("goes round " * 40).strip()


def test_what_is_missing_or_no_date_is_refused_with_its_field():
    assert parse(",,,goes round,,,,,", "Boat,,,,,,,,", "Ship,,,goes round,,,soon,,") == [
        Refusal(2, "title", "is empty"),
        Refusal(3, "behavior", "is empty"),
        Refusal(4, "year", "must be a date such as 2016-05-19, 2016-05 or 2016"),
    ]


@settings(deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_random_bytes_are_refused_or_read_but_never_break_the_parser(content, with_header):
    header = HEADER.encode() + b"\n" if with_header else b""

    with suppress(BadFile):
        list(specgaming.parse(BytesIO(header + content)))
