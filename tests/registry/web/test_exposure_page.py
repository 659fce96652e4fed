"""Rates per use: what is ranked, what refuses to be, what is left out, and the picture beside it."""

import csv
import doctest
import io
from datetime import date

import pytest

from registry.choices import Visibility
from registry.models import PatternExposure
from registry.patterns import exposure_rows
from registry.web import exposure_page
from tests.factories import make_case, make_run, make_run_exposure, make_system
from tests.registry.web.pages import signed_in, text_of

MONTHS = [date(2026, 9, 1), date(2026, 10, 1)]


@pytest.fixture
def run(db):
    return make_run(incomplete_weeks=3)


def used(run, name, n, amount, **values):
    return make_run_exposure(run, make_system(name), n=n, amount=amount, **{"n_outside": 0, "months": MONTHS} | values)


def unused(run, name, n, **values):
    return make_run_exposure(run, make_system(name), n=0, n_outside=n, amount=0, months=[], **values)


def opened(person, address="/patterns/exposure/"):
    return signed_in(person).get(address)


def file_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_examples_in_the_docstrings_are_true():
    assert doctest.testmod(exposure_page).failed == 0


def test_the_highest_rate_comes_first_where_all_have_their_use(reader, run):
    used(run, "Guide", 18, 8_400_000)
    used(run, "Guard", 3, 400_000)

    table = opened(reader).context["tables"][0]

    rows = [(row["rank"], row["system"].name, row["rate"], row["interval"]) for row in table["rows"]]
    assert (table["per"], table["ranked"]) == ("per million conversations", True)
    assert rows == [(1, "Guard", "7.5", "1.5 to 22"), (2, "Guide", "2.1", "1.3 to 3.4")]


def test_a_system_with_events_and_no_use_refuses_the_rank_and_is_named(reader, run):
    used(run, "Guide", 18, 8_400_000)
    used(run, "Guard", 3, 400_000)
    missing = unused(run, "Grader", 7)

    response = opened(reader)

    table, page = response.context["tables"][0], text_of(response)
    assert [(row["rank"], row["system"].name) for row in table["rows"]] == [(None, "Guard"), (None, "Guide")]
    assert "Not ranked. 1 system with events has no use recorded in conversations" in page
    assert f'<a href="/systems/{missing.system_id}/">Grader</a> (7)' in response.content.decode()


def test_only_the_first_of_many_are_named(reader, run, monkeypatch):
    monkeypatch.setattr(exposure_page, "NAMED", 1)
    used(run, "Guide", 18, 8_400_000)
    unused(run, "Grader", 7)
    unused(run, "Judge", 9)

    assert "could stand anywhere: Judge (9) and 1 more." in text_of(opened(reader))


def test_a_capped_count_says_at_least(reader, run, monkeypatch):
    monkeypatch.setattr(exposure_page, "MOST_WITHOUT", 1)
    used(run, "Guide", 18, 8_400_000)
    unused(run, "Grader", 7)

    assert "At least 1 system with events" in text_of(opened(reader))
    assert exposure_rows.MOST_WITHOUT == 100


def test_a_recorded_zero_is_no_use_to_divide_by(reader, run):
    used(run, "Guide", 2, 0)

    response = opened(reader)

    assert response.context["tables"][0]["rows"] == []
    assert "Not ranked" in text_of(response)


def test_each_unit_is_a_table_of_its_own(reader, run):
    used(run, "Guide", 3, 40, unit="deployments")
    used(run, "Guard", 0, 900)

    tables = opened(reader).context["tables"]

    assert [(table["unit"], table["per"]) for table in tables] == [
        ("deployments", "per thousand deployments"),
        ("conversations", "per thousand conversations"),
    ]
    assert tables[0]["rows"][0]["rate"] == "75"
    assert tables[1]["rows"][0]["interval"] == "0 to 4.1"


def test_events_outside_the_recorded_months_are_said(reader, run):
    used(run, "Guide", 18, 8_400_000, n_outside=4)

    assert "18 4 in other months or undated" in text_of(opened(reader))


def test_a_system_whose_cases_were_hidden_since_loses_its_row_and_its_name(reader, run):
    used(run, "Guide", 18, 8_400_000)
    hidden = make_system("Canary", make_case(visibility=Visibility.NAMED))
    make_run_exposure(run, hidden, n=3, amount=100)
    other = make_system("Canary too", make_case(visibility=Visibility.NAMED))
    make_run_exposure(run, other, n=0, n_outside=2, amount=0, months=[])

    response = opened(reader)

    assert "Canary" not in text_of(response)
    assert response.context["tables"][0]["n_hidden"] == 1
    assert [row["system"] for row in file_of(opened(reader, "/patterns/exposure/?format=csv"))] == ["Guide"]


def test_without_a_record_the_page_says_what_to_do(reader, run):
    page = text_of(opened(reader))

    assert "Nobody has recorded how much a system is used" in page
    assert "Read these rates with care" in page


def test_without_a_run_the_page_opens(reader, db):
    assert "Nothing has been computed yet" in text_of(opened(reader))


def test_an_older_run_keeps_its_own_rates(reader, run):
    used(run, "Guide", 18, 8_400_000)
    make_run()

    response = opened(reader, f"/patterns/runs/{run.pk}/exposure/")

    assert [row["n"] for row in response.context["tables"][0]["rows"]] == [18]
    assert "kept as it was" in text_of(response)
    assert opened(reader, "/patterns/exposure/").context["tables"] == []
    assert opened(reader, f"/patterns/runs/{run.pk + 9}/exposure/").status_code == 404


def test_the_limits_say_how_much_is_incomplete(reader, run):
    assert "the last 3 weeks are incomplete" in text_of(opened(reader))


def test_the_file_holds_every_row_in_full(reader, run):
    used(run, "Guide", 18, 8_400_000, n_outside=2)
    unused(run, "=Grader", 7)

    rows = file_of(opened(reader, "/patterns/exposure/?format=csv"))

    assert [(row["system"], row["rank"], row["use"], row["rate"]) for row in rows] == [
        ("'=Grader", "", "", ""),
        ("Guide", "", "8400000", str(18 / 8_400_000)),
    ]
    assert (rows[1]["first_month"], rows[1]["last_month"], rows[1]["events_outside"]) == ("2026-09", "2026-10", "2")


def test_the_file_is_in_the_order_of_the_ranks(reader, run):
    used(run, "Guide", 18, 8_400_000)
    used(run, "Tail", 3, 400_000)

    rows = file_of(opened(reader, "/patterns/exposure/?format=csv"))

    assert [(row["rank"], row["system"]) for row in rows] == [("1", "Tail"), ("2", "Guide")]


@pytest.mark.parametrize("n", [1, 30])
def test_query_count(reader, run, django_assert_num_queries, n):
    for place in range(n):
        used(run, f"Guide {place}", 3, 1000)
    client = signed_in(reader)

    with django_assert_num_queries(9):
        response = client.get("/patterns/exposure/")

    assert len(response.context["tables"][0]["rows"]) == n == PatternExposure.objects.count()


def test_the_picture_begins_at_zero_and_cuts_what_reaches_beyond():
    shown = exposure_page.whisker(1.0, 0.0, 50.0, end=4.0)

    assert (shown["low"], shown["high"], shown["cut_high"], shown["cut_low"]) == (13, 204, True, False)
    assert shown["point"] == 13 + (204 - 26) / 4
    assert [tick["label"] for tick in shown["ticks"]] == ["0", "2.0", "4.0"]


@pytest.mark.parametrize(
    ("rates", "end"),
    [
        ([(2.0, 1.0, 4.0), (1.0, 0.5, 3.0)], 4.0),
        ([(2.0, 1.0, 90.0)], 8.0),
        ([(0.0, 0.0, 3.0), (0.0, 0.0, 5.0)], 5.0),
        ([], 1),
    ],
)
def test_the_axis_ends_where_the_rates_can_be_read(rates, end):
    assert exposure_page.axis_end(rates) == end
