"""Cases behind what a pattern run says of safeguards."""

import pytest
from django.http import QueryDict

from registry.filters import CaseFilterSet
from registry.models import Case, PatternLayers, PatternMiss, Population
from tests.analysed import node_of_kind
from tests.factories import NOW, make_case, make_person, make_run, seen_by_standing_aside

pytestmark = pytest.mark.django_db


def cases(query, person=None):
    found = CaseFilterSet(QueryDict(query), queryset=Case.objects.order_by("pk"), person=person)
    assert found.is_valid(), found.errors
    return list(found.qs)


@pytest.fixture
def kept(db):
    """A run with three combinations of two techniques: (run, a, b, the case of each)."""
    a, b = node_of_kind("technique"), node_of_kind("technique")
    run, both, one, other = make_run(), make_case(), make_case(), make_case()
    make_case()
    for case, missed, caught in ((both, [a, b], []), (one, [a], [b]), (other, [b], [])):
        keys = {"missed": [node.pk for node in missed], "caught": [node.pk for node in caught]}
        PatternLayers.objects.create(run=run, n=1, case_ids=[case.pk], **keys)
    return run, a, b, (both, one, other)


def test_a_run_opens_the_cases_whose_safeguards_it_counted(kept):
    run, _, _, found = kept

    assert cases(f"layers={run.pk}") == list(found)


def test_techniques_narrow_it_to_the_combinations_with_all_of_them(kept):
    run, a, b, (both, one, other) = kept

    assert cases(f"layers={run.pk}&missed={a.key}") == [both, one]
    assert cases(f"layers={run.pk}&missed={a.key},{b.key}") == [both]
    assert cases(f"layers={run.pk}&missed={a.key}&missed={b.key}") == [both]
    assert cases(f"layers={run.pk}&missed={a.key}&caught={b.key}") == [one]
    assert cases(f"layers={run.pk}&judged={b.key}") == [both, one, other]
    assert cases(f"layers={run.pk}&judged={a.key},{b.key}") == [both, one]
    assert cases(f"layers={run.pk}&caught={a.key}") == []


def test_without_a_run_the_latest_of_all_cases_is_meant(kept):
    _, a, _b, (both, one, _) = kept
    population = Population.objects.create(query="kind=incident", asked_by=make_person(), created_at=NOW)

    make_run(population=population)
    before = cases(f"missed={a.key}")
    make_run()

    assert (before, cases(f"missed={a.key}")) == ([both, one], [])


@pytest.mark.parametrize("query", ["layers=0", "layers=2147483647", "miss=0"])
def test_what_does_not_exist_opens_no_case(kept, query):
    assert cases(query) == []


def test_techniques_without_any_run_open_no_case():
    make_case()

    assert cases(f"missed={node_of_kind('technique').key}") == []


def test_a_way_to_miss_opens_its_cases(kept):
    run, a, _, (both, _, _) = kept
    row = PatternMiss.objects.create(run=run, technique=a, n=1, case_ids=[both.pk])

    assert cases(f"miss={row.pk}") == [both]


@pytest.mark.parametrize("query", ["layers=x", "miss=x", "missed=nothing", "judged=nothing", "caught=a%00b"])
def test_what_cannot_be_read_is_refused(kept, query):
    assert not CaseFilterSet(QueryDict(query), queryset=Case.objects.all()).is_valid()


def test_a_run_of_some_cases_does_not_tell_a_blind_rater_which_they_are():
    population = Population.objects.create(query="label=outer", asked_by=make_person(), created_at=NOW)
    run, a, case = make_run(population=population), node_of_kind("technique"), make_case()
    PatternLayers.objects.create(run=run, missed=[a.pk], caught=[], n=1, case_ids=[case.pk])
    miss = PatternMiss.objects.create(run=run, technique=a, n=1, case_ids=[case.pk])
    rater, reader, opened = make_person(), make_person(role="reader"), make_person()
    seen_by_standing_aside(case, opened)

    queries = (f"layers={run.pk}", f"layers={run.pk}&missed={a.key}", f"miss={miss.pk}")
    found = {person: [cases(query, person) for query in queries] for person in (rater, reader, opened, None)}

    assert found == {rater: [[]] * 3, reader: [[case]] * 3, opened: [[case]] * 3, None: [[]] * 3}
