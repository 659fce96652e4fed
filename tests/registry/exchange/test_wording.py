from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.exchange.records import Unfit
from registry.exchange.wording import (
    clean_line,
    clean_name,
    clean_text,
    distinct,
    fit_title,
    full_title,
    paragraphs,
    period,
    shorten,
    web_address,
)


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("  one\r\ntwo\rthree\u2028four \n", "one\ntwo\nthree\nfour"),
        ("zero\u200bwidth\ufeff and \u2060joined", "zerowidth and joined"),
        ("left\u202eright\u2066", "leftright"),
        ("bell\x07 and \x9bescape", "bell and escape"),
        ("a\u200db, a\u200d, \u200da", "ab, a, a"),
        ("hidden\U000e0041\U000e0042", "hidden"),
        ("\U0001f469\u200d\U0001f52c works", "\U0001f469\u200d\U0001f52c works"),
        ("❤\ufe0f\u200d\U0001f525", "❤\ufe0f\u200d\U0001f525"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("tab\tkept", "tab\tkept"),
    ],
)
def test_clean_text_drops_what_nobody_sees_and_keeps_joiners_that_mean_something(dirty, clean):
    assert clean_text(dirty, "field") == clean


def test_clean_text_over_the_limit_is_unfit_rather_than_cut():
    with pytest.raises(Unfit) as caught:
        clean_text("x" * 50_001, "summary")

    assert (caught.value.field, caught.value.message) == ("summary", "has 50,001 characters; the limit is 50,000")


def test_clean_line_joins_lines():
    assert clean_line(" one \n\t two ", "field") == "one two"


@pytest.mark.parametrize("nothing", ["", " ", "n/a", "N/A", "Unknown", "none", "-"])
def test_clean_name_of_nobody_is_empty(nothing):
    assert clean_name(nothing, "developer") == ""


def test_clean_name_over_200_characters_is_unfit():
    with pytest.raises(Unfit) as caught:
        clean_name("x" * 201, "developer")

    assert (caught.value.field, caught.value.message) == ("developer", "has 201 characters; a name is limited to 200")


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("fits as it is", 13, "fits as it is"),
        ("the boat goes round", 14, "the boat goes…"),
        ("the boat goes, round", 15, "the boat goes…"),
        ("the boat goes round", 16, "the boat goes…"),
        ("x" * 30, 10, "x" * 9 + "…"),
    ],
)
def test_shorten_ends_at_a_word_with_an_ellipsis(text, limit, short):
    assert shorten(text, limit) == short


@pytest.mark.parametrize(
    ("title", "behaviour", "fitted"),
    [
        ("Sonic", "Agent uses\nthe walls", "Sonic: Agent uses the walls"),
        ("", "Agent uses the walls", "Agent uses the walls"),
        ("", "Hm", "Untitled: Hm"),
        ("Long enough", "", "Long enough"),
    ],
)
def test_fit_title_continues_a_short_title(title, behaviour, fitted):
    assert fit_title(title, behaviour) == fitted


def test_full_title_is_kept_only_where_it_is_cut():
    assert full_title("x" * 200) == ""
    assert full_title("x" * 201) == "Full title: " + "x" * 201


@settings(deadline=None)
@given(st.text(), st.text(min_size=1))
def test_fit_title_is_always_of_a_length_a_case_may_have(title, behaviour):
    fitted = fit_title(clean_line(title, "title"), clean_line(behaviour, "behaviour"))

    assert 6 <= len(fitted) <= 200


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (None, None, "unknown")),
        (" 2016 ", (date(2016, 1, 1), date(2016, 12, 31), "year")),
        ("2016-02", (date(2016, 2, 1), date(2016, 2, 29), "month")),
        ("2016-02-29", (date(2016, 2, 29), date(2016, 2, 29), "day")),
    ],
)
def test_period_is_as_exact_as_the_source(text, expected):
    assert period(text, "date") == expected


@pytest.mark.parametrize("text", ["2015-02-29", "2016-13", "0000", "20160229", "2016-W01-1", "may", "２０１６"])
def test_period_that_is_no_date_is_unfit(text):
    with pytest.raises(Unfit) as caught:
        period(text, "date")

    assert caught.value.field == "date"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" https://example.org/a?b=c#d ", "https://example.org/a?b=c#d"),
        ("https://example.org/\u200b", "https://example.org/"),
        ("file:///srv/somebody/log", ""),
        ("javascript:alert(1)", ""),
        ("acme/log", ""),
        ("https://exa mple.org", ""),
        ("https://example.org/" + "x" * 1000, ""),
        ("", ""),
    ],
)
def test_web_address_is_one_the_registry_can_hold_or_empty(text, address):
    assert web_address(text) == address


def test_paragraphs_leave_out_what_says_nothing():
    assert paragraphs("one", "", "two") == "one\n\ntwo"


def test_distinct_keeps_the_first_spelling_and_the_order():
    assert distinct(["Acme", "", "Beta", "ACME"]) == ("Acme", "Beta")
