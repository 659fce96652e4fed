"""Hearing of a case, or not."""

import pytest

from registry.actions import watching
from registry.models import CaseWatch
from tests.factories import make_case

pytestmark = pytest.mark.django_db


def names(case):
    return [person.name for person in watching.hearers(case)]


def test_a_bystander_watches_and_stops_without_a_trace(reporter, analyst, now):
    case = make_case(reporter=reporter)

    assert watching.hear_of_case(case=case, by=analyst, at=now, watching=True) is True
    assert names(case) == ["Mira Okafor", "Sam Adeyemi"]

    assert watching.hear_of_case(case=case, by=analyst, at=now, watching=False) is False
    assert (names(case), CaseWatch.objects.count()) == (["Sam Adeyemi"], 0)


def test_whoever_is_involved_ignores_a_case_and_hears_of_it_again(reporter, now):
    case = make_case(reporter=reporter)

    watching.hear_of_case(case=case, by=reporter, at=now, watching=False)
    assert (names(case), CaseWatch.objects.get().watching) == ([], False)

    watching.hear_of_case(case=case, by=reporter, at=now, watching=True)
    assert names(case) == ["Sam Adeyemi"]
