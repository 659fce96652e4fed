"""Tables as files: what is safe to open, what stays a number, and that it is sent while it is read."""

from datetime import date

import pytest
from django.test import RequestFactory

from registry.web.tables import csv_answer, csv_url, wants_csv


def asked(address="/patterns/", method="get"):
    return getattr(RequestFactory(), method)(address)


def text_of(answer):
    return b"".join(answer.streaming_content).decode()


def test_a_table_is_a_file_that_spreadsheets_read():
    answer = csv_answer(
        asked(), "pairs-of-run-4", ["Pair", "q", "Day", "Flagged"], [["a, b", 0.5, date(2026, 1, 2), True]]
    )

    assert text_of(answer) == '\ufeffPair,q,Day,Flagged\r\n"a, b",0.5,2026-01-02,yes\r\n'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="pairs-of-run-4.csv"'


def test_what_is_not_known_is_an_empty_cell_and_not_zero():
    assert text_of(csv_answer(asked(), "t", ["k", "n"], [[None, 0]])) == "\ufeffk,n\r\n,0\r\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", " =1", "＝1", "\u3000@x"])
def test_a_text_that_looks_like_a_formula_is_made_harmless(text):
    lines = text_of(csv_answer(asked(), "t", [text], [[text]])).removeprefix("\ufeff").split("\r\n")

    assert lines == [f"'{text}", f"'{text}", ""]


def test_a_negative_number_stays_a_number():
    assert text_of(csv_answer(asked(), "t", ["φ"], [[-0.25], [-3]])) == "\ufeffφ\r\n-0.25\r\n-3\r\n"


def test_rows_are_read_while_they_are_sent():
    read = []
    rows = ([read.append(n) or n] for n in range(1000))

    first = next(iter(csv_answer(asked(), "t", ["n"], rows).streaming_content))

    assert (len(read), first.count(b"\r\n")) == (199, 200)


def test_no_row_is_lost_between_two_pieces():
    answer = csv_answer(asked(), "t", ["n"], ([n] for n in range(1000)))

    assert text_of(answer).split("\r\n")[1:-1] == [str(n) for n in range(1000)]


def test_head_reads_no_row():
    rows = ([1 / 0] for _ in range(1))

    assert text_of(csv_answer(asked(method="head"), "t", ["n"], rows)) == ""


def test_the_address_of_the_file_keeps_the_choice_but_not_the_page():
    request = asked("/patterns/pairs/?show=flagged&page=3&sort=q")

    assert csv_url(request) == "?show=flagged&sort=q&format=csv"
    assert csv_url(request, show="", table="heat") == "?sort=q&table=heat&format=csv"


@pytest.mark.parametrize(("address", "wanted"), [("/?format=csv", True), ("/?format=CSV", False), ("/", False)])
def test_only_the_plain_word_asks_for_a_file(address, wanted):
    assert wants_csv(asked(address)) is wanted
