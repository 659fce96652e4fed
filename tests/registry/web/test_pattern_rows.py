"""The cases named beside a pair: only those the reader may see, and may know to carry both nodes."""

import pytest

from registry.choices import Method, Visibility
from registry.models import Case, Classification
from registry.web.pattern_rows import latest_cases
from tests.factories import make_case, make_node, make_pair, make_run, seen_by_standing_aside

pytestmark = pytest.mark.django_db


def test_whoever_rates_blind_is_not_told_which_cases_carry_what_only_raters_said(analyst, reader):
    red, blue = make_node("red"), make_node("blue")
    published, rated, opened, hidden = (make_case(nodes=[red, blue], status="analysis") for _ in range(4))
    Classification.objects.filter(case__in=[rated, opened], node=blue).update(method=Method.SINGLE_RATER)
    seen_by_standing_aside(opened, analyst)
    Case.objects.filter(pk=hidden.pk).update(visibility=Visibility.NAMED)
    numbers = [published.pk, rated.pk, opened.pk]
    pairs = [make_pair(make_run(), red, blue, case_ids=ids) for ids in (numbers, [hidden.pk])]

    found = [latest_cases(pairs, person) for person in (reader, analyst)]

    assert [each[pairs[0].pk] for each in found] == [tuple(numbers), (published.pk, opened.pk)]
    assert [each[pairs[1].pk] for each in found] == [(), ()]
