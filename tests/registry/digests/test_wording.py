"""Texts of people on one line of a mail."""

import pytest

from registry.digests.wording import in_words, listed, one_line, opening


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
