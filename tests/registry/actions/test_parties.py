"""The sources that cases share, among those who may see them."""

import pytest

from registry.actions import cases
from registry.choices import Visibility
from registry.models import Source
from tests.factories import NOW, log, make_person

pytestmark = pytest.mark.django_db

ADDRESS = "https://example.org/report"


def source_of(case):
    return case.case_sources.get().source


def test_one_article_is_one_source_of_several_cases():
    first = log(sources=[{"url": ADDRESS, "title": "A report"}])
    second = log(sources=[{"url": ADDRESS, "title": "The same under another title"}])

    assert source_of(first) == source_of(second) == Source.objects.get()
    assert source_of(second).title == "A report"


@pytest.mark.parametrize("known", [{"url": ADDRESS, "title": "Secret title"}, {"title": "A report"}])
def test_a_source_of_a_hidden_case_tells_nothing_to_who_names_its_address_or_title(reporter, known):
    hidden = log(by=make_person(), visibility=Visibility.NAMED, sources=[known | {"publisher": "Secret publisher"}])

    named = log(by=reporter, sources=[known | {"title": "A report"}])

    assert (source_of(named).title, source_of(named).publisher) == ("A report", "")
    assert source_of(named) != source_of(hidden)


def test_a_source_that_a_hidden_case_gave_up_tells_nothing_either(reporter):
    keeper = make_person()
    hidden = log(by=keeper, visibility=Visibility.NAMED, sources=[{"url": ADDRESS, "title": "Secret title"}])
    cases.edit_case(case=hidden, by=keeper, at=NOW, version=hidden.version, sources=[])

    named = log(by=reporter, sources=[{"url": ADDRESS, "title": "A report"}])

    assert source_of(named).title == "A report"


def test_the_keeper_of_a_hidden_case_finds_its_source_again():
    keeper = make_person()
    entry = {"url": ADDRESS, "title": "Secret title"}

    made = [log(by=keeper, visibility=Visibility.NAMED, sources=[entry]) for _ in range(2)]

    assert source_of(made[0]) == source_of(made[1])
