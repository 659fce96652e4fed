"""A number that is short to write and long to count: it must not keep a worker busy."""

import time

import pytest

from tests.factories import make_case

pytestmark = pytest.mark.django_db
# Written out it has ten million digits.
HUGE = "-1e10000000"


@pytest.mark.parametrize("address", ["cases/?pair=", "cases/?event_group=", "relabels/?change="])
def test_a_huge_negative_number_is_refused_at_once(as_analyst, address):
    make_case()
    began = time.monotonic()

    response = as_analyst.get(f"{address}{HUGE}")

    assert response.status_code == 400
    assert response.json()["errors"][0]["detail"] == "Write a whole number from 0 to 2,147,483,647."
    assert time.monotonic() - began < 2


def test_nor_does_one_in_a_body(as_analyst):
    make_case()
    began = time.monotonic()

    response = as_analyst.send(
        "PATCH", "cases/bulk/", {"filter": {"event_group": HUGE}, "expected_count": 0, "set": {"context": "x"}}
    )

    assert response.status_code == 400
    assert response.json()["errors"][0]["detail"] == "Write a whole number from 0 to 2,147,483,647."
    assert time.monotonic() - began < 2
