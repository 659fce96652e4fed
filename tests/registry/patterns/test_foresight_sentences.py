"""Foresight in words."""

import pytest

from registry.patterns.foresight import foresight, lead_time
from registry.patterns.foresight_sentences import foreseeable_words, foresight_sentence, lead_words

EIGHT = [30, 90, 365, 400, 420, 500, 700, 800]


@pytest.mark.parametrize(
    ("counts", "days", "sentence"),
    [
        (
            (12, 9, 13, 20),
            EIGHT,
            "21 of 34 foreseeable (62\u202f%, 45–76), of which 12 had been warned of, a median of 410 days before "
            "(30–800, 8 of them dated); of 20 more nobody has said.",
        ),
        (
            (8, 2, 0, 0),
            EIGHT,
            "10 of 10 foreseeable (100\u202f%, 72–100), of which 8 had been warned of, a median of 410 days before "
            "(30–800).",
        ),
        ((2, 0, 2, 0), [], "2 of 4 foreseeable, of which 2 had been warned of."),
        (
            (2, 0, 2, 1),
            [1],
            "2 of 4 foreseeable, of which 2 had been warned of, 1 day before (1 of them dated); of 1 more nobody has "
            "said.",
        ),
        ((2, 0, 2, 0), [3, 4], "2 of 4 foreseeable, of which 2 had been warned of, a median of 3.5 days before."),
        ((0, 2, 1, 0), [], "2 of 3 foreseeable, none of which had been warned of."),
        ((0, 0, 5, 0), [], "0 of 5 foreseeable (0\u202f%, 0–43)."),
        ((0, 0, 0, 1), [], "Of the one case nobody has said whether it could have been foreseen."),
        ((0, 0, 0, 3), [], "Of 3 cases nobody has said whether they could have been foreseen."),
    ],
)
def test_what_is_known_of_foresight(counts, days, sentence):
    warned, foreseeable, not_foreseeable, unknown = counts
    found = foresight(warned=warned, foreseeable=foreseeable, not_foreseeable=not_foreseeable, unknown=unknown)

    assert foresight_sentence(found, lead_time(days)) == sentence


def test_the_share_is_hidden_by_the_rule_of_the_run():
    found = foresight(warned=2, foreseeable=1, not_foreseeable=4, unknown=0)

    assert foreseeable_words(found, min_rate_n=8) == "3 of 7 foreseeable"
    assert foreseeable_words(found, min_rate_n=7) == "3 of 7 foreseeable (43\u202f%, 16–75)"


def test_nothing_judged_has_no_words():
    assert foreseeable_words(foresight(warned=0, foreseeable=0, not_foreseeable=0, unknown=2)) == ""
    assert lead_words(None) == ""
