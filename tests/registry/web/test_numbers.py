"""Numbers in addresses: whatever is typed there, the page answers."""

import pytest

from registry.web.numbers import LARGEST, page_asked, whole
from tests.factories import make_case
from tests.registry.web.pages import signed_in


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("42", 42), ("007", 7), (str(LARGEST), LARGEST), (str(LARGEST + 1), None), ("9" * 5000, None)]
    + [(text, None) for text in ("", None, "-1", "1.5", " 1", "1\n", "²", "٣", "one", "\x00")],
)
def test_a_whole_number_is_digits_that_a_column_can_hold(text, number):
    assert whole(text) == number


@pytest.mark.parametrize(("text", "page"), [("2", 2), ("0", 1), ("99", 7), ("", 1), (None, 1), ("9" * 5000, 1)])
def test_a_page_lies_between_the_first_and_the_last(text, page):
    assert page_asked(text, 7) == page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/patterns/?page={n}",
        "/patterns/job?run={n}",
        "/agreement/?page={n}",
        "/agreement/queue/?page={n}",
        "/triage/?page={n}",
        "/notifications/?page={n}",
        "/debt/cases?owner={n}&page={n}",
        "/mitigations/?owner={n}",
        "/taxonomy/relabel/?change={n}",
        "/cases/compare?case={n}",
        "/bulk/new?case={n}&expected_count={n}",
    ],
)
def test_no_page_fails_on_a_number_of_five_thousand_digits(analyst, address):
    make_case()

    answer = signed_in(analyst).get(address.format(n="9" * 5000))

    assert answer.status_code in (200, 302, 400, 404, 405)
