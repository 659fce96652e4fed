"""How long before a case its warning came, on every page and file that tells of the case."""

from datetime import date

import pytest

from registry.choices import Precision, Status
from registry.models import Case
from registry.models.workflow import missing_for_review
from registry.web.foresight import lead_time
from tests.factories import make_case
from tests.registry.web.pages import signed_in, text_of


@pytest.mark.parametrize(
    ("warned_on", "occurred_from", "precision", "words"),
    [
        (date(2025, 9, 26), date(2026, 11, 12), Precision.DAY, "The warning came 412 days before."),
        (date(2026, 11, 11), date(2026, 11, 12), Precision.DAY, "The warning came 1 day before."),
        (date(2026, 11, 12), date(2026, 11, 12), Precision.DAY, "The warning came on the day it happened."),
        (
            date(2026, 11, 15),
            date(2026, 11, 12),
            Precision.DAY,
            "The warning came 3 days after: nobody could have heeded it.",
        ),
        (date(2026, 10, 30), date(2026, 11, 1), Precision.MONTH, "The warning came at least 2 days before."),
        (
            date(2026, 11, 15),
            date(2026, 11, 1),
            Precision.MONTH,
            "The warning came in the month it happened; which of the two came first is not known.",
        ),
        (
            date(2027, 1, 1),
            date(2026, 1, 1),
            Precision.YEAR,
            "The warning came at least 1 day after: nobody could have heeded it.",
        ),
        (None, date(2026, 11, 12), Precision.DAY, ""),
        (date(2026, 11, 15), None, Precision.UNKNOWN, ""),
    ],
)
def test_lead_time_in_words(warned_on, occurred_from, precision, words):
    case = Case(warned_on=warned_on, occurred_from=occurred_from, occurred_precision=precision)

    assert lead_time(case) == words


@pytest.mark.django_db
@pytest.mark.parametrize("tail", ["", "print", "case.md"])
def test_it_is_told_wherever_the_case_is_read(reader, tail):
    case = make_case(
        status=Status.ANALYSIS,
        predictability="warned",
        warning_url="https://example.org/warning",
        warned_on=date(2025, 9, 26),
    )

    assert "The warning came 412 days before." in text_of(signed_in(reader).get(f"/cases/{case.reference}/{tail}"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "asked"),
    [
        ({"predictability": "warned"}, ["warning_url"]),
        ({"predictability": "warned", "warning_url": "https://example.org/w"}, []),
        ({"predictability": "foreseeable"}, []),
        ({}, ["predictability"]),
    ],
)
def test_a_review_asks_for_the_link_to_a_warning_that_is_claimed(values, asked):
    missing = [item.field for item in missing_for_review(make_case(**values))]

    assert [name for name in missing if name in ("predictability", "warning_url")] == asked
