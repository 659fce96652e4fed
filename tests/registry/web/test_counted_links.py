"""Addresses that open what a run counts, and where no filter can name it."""

import pytest

from registry import access
from registry.choices import Dimension, LabelRule, Scope, Status, Visibility
from registry.models import PatternRun, Population
from registry.web.counted_links import cases_url, of_pair_url, stratum_filters
from tests.factories import make_case

COUNTED = "visibility=everyone&status__not=withdrawn&scope__not=out"


def run_of(query, rule=LabelRule.AGREED):
    return PatternRun(population=Population(query=query, label_rule=rule))


@pytest.mark.parametrize(
    ("run", "filters", "url"),
    [
        (PatternRun(), {}, f"/cases/?{COUNTED}"),
        (PatternRun(), {"label__all": "colours:red"}, f"/cases/?{COUNTED}&label__all=colours:red"),
        (run_of("kind=near-miss"), {}, f"/cases/?kind=near-miss&{COUNTED}"),
        (
            run_of("label__all=tastes:sweet&scope__not=core"),
            {"label__all": "colours:red"},
            "/cases/?label__all=tastes:sweet&label__all=colours:red&scope__not=core&scope__not=out"
            "&visibility=everyone&status__not=withdrawn",
        ),
        (run_of("system=Guide"), {"system": "Guide"}, f"/cases/?system=Guide&{COUNTED}"),
        (run_of("system=Guard&system=Guide"), {"system": "Guide"}, ""),
        (run_of("", LabelRule.ADJUDICATED), {"label__all": "colours:red"}, ""),
        (run_of("", LabelRule.ADJUDICATED), {"kind": ["incident"]}, f"/cases/?{COUNTED}&kind=incident"),
    ],
)
def test_an_address_narrows_what_the_run_counts(run, filters, url):
    assert cases_url(run, **filters) == url


@pytest.mark.django_db
def test_the_cases_of_a_run_of_every_case_are_those_that_are_counted(client, reviewer):
    counted = make_case()
    make_case(visibility=Visibility.NAMED)
    make_case(status=Status.WITHDRAWN)
    make_case(scope=Scope.OUT)
    client.force_login(reviewer)

    rows = client.get(cases_url(PatternRun())).context["rows"]

    assert [case.pk for case in rows] == [case.pk for case in access.counted_cases()] == [counted.pk]


@pytest.mark.parametrize(
    ("dimension", "name", "filters"),
    [
        (Dimension.SETTING, "production", {"stage": ["deployment", "staged-release"]}),
        (Dimension.SETTING, "", None),
        (Dimension.SOURCE, "aiid", {"source": "aiid"}),
        (Dimension.SOURCE, "here", None),
        (Dimension.SOURCE, "others", None),
        (Dimension.SOURCE, "“others”", None),
        (Dimension.YEAR, "2024", {"occurred__gte": "2024-01-01", "occurred__lte": "2024-12-31"}),
        (Dimension.YEAR, "", {"occurred__isnull": "true"}),
        (Dimension.YEAR, "others", None),
    ],
)
def test_strata_that_a_filter_names(dimension, name, filters):
    assert stratum_filters(dimension, name) == filters


def test_the_pair_itself_needs_no_stratum():
    class Pair:
        pk = 7

    assert (of_pair_url(Pair), of_pair_url(Pair, Dimension.SOURCE, "here")) == ("/cases/?pair=7", "")
