"""Where the number of digits changes, on either side."""

import pytest

from registry.patterns.number_words import NARROW_SPACE, p_words, percent, plain


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (9.94, "9.9"),
        (9.95, "10"),
        (0.994, "0.99"),
        (0.995, "1.0"),
        (1.0, "1.0"),
        (0.0949, "0.095"),
        (0.095, "0.10"),
        (0.0955, "0.10"),
        (0.0, "0"),
    ],
)
def test_a_number_has_two_digits_that_tell_whatever_it_is_rounded_to(number, words):
    assert plain(number) == words


@pytest.mark.parametrize(("number", "words"), [(-410.0, "-410"), (-2.14, "-2.1"), (-0.8, "-0.80"), (-0.042, "-0.042")])
def test_a_number_below_nothing_has_as_many_digits_as_one_above(number, words):
    assert plain(number) == words


def test_a_share_is_told_in_whole_per_cent():
    assert [percent(share) for share in (0.0, 0.505, 1.0)] == [f"{n}{NARROW_SPACE}%" for n in (0, 50, 100)]


@pytest.mark.parametrize(
    ("p", "words"),
    [(0.00099, "p < 0.001"), (0.001, "p = 0.001"), (0.099, "p = 0.099"), (0.0995, "p = 0.10"), (0.1, "p = 0.10")],
)
def test_p_has_three_decimals_below_a_tenth_and_two_from_there(p, words):
    assert p_words(p) == words
