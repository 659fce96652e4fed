"""Texts of people on one line of a mail."""

from datetime import timedelta

import pytest

from registry.digests.wording import amount, in_words, listed, one_line, opening, span


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("two\r\nlines", "two lines"),
        ("safe\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe", "safe gpj.exe"),
        ("a\x00b", "a b"),
        ("long words here", "long words…"),
        ("unbrokenunbroken", "unbrokenunbro…"),
    ],
)
def test_one_line_keeps_what_is_seen_and_cuts_at_a_word(text, line):
    assert one_line(text, at_most=14) == line


def test_the_opening_is_the_first_paragraph_without_its_marks():
    text = "# It **edited** the [test](https://example.org)\nand `passed`.\n\nSecond paragraph."

    assert opening(text, at_most=100) == "It edited the test"


def test_the_opening_of_nothing_is_nothing():
    assert opening("", at_most=100) == ""


def test_lists_and_small_numbers_are_words():
    assert (listed([]), listed(["a"]), listed(["a", "b", "c"])) == ("", "a", "a, b and c")
    assert (in_words(0), in_words(12), in_words(1234)) == ("no", "twelve", "1,234")


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(minutes=20), "one hour"),
        (timedelta(hours=5), "five hours"),
        (timedelta(hours=23), "one day"),
        (timedelta(days=9), "nine days"),
        (timedelta(days=14, hours=-1), "two weeks"),
        (timedelta(days=28), "four weeks"),
        (timedelta(days=31), "one month"),
        (timedelta(days=45), "45 days"),
    ],
)
def test_a_span_is_told_in_the_largest_unit_that_fits(length, words):
    assert span(length) == words


def test_an_amount_is_rounded_as_the_ledger_rounds_it():
    assert [amount(value) for value in (0, 0.04, 5.55, 34.0, 1200.25)] == ["0", "0", "5.5", "34", "1,200.2"]
