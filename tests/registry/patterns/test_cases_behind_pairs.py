"""Which cases the number of a pair opens, and to whom."""

import pytest
from django.http import QueryDict

from registry.choices import Role, Status
from registry.filters import CaseFilterSet
from registry.models import Case, Population
from taxonomy.models import Node
from tests.factories import (
    NOW,
    label,
    make_case,
    make_node,
    make_pair,
    make_person,
    make_run,
    make_scheme,
    seen_by_standing_aside,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def nodes():
    return make_node("red"), make_node("round", scheme=make_scheme("shapes"))


@pytest.fixture
def chosen():
    """The label by which the population chooses, and a run of it."""
    node = make_node("sweet", scheme=make_scheme("tastes"))
    population = Population.objects.create(query=f"label={node.key}", asked_by=make_person(), created_at=NOW)
    return node, make_run(population=population)


def opened(pair, person=None):
    found = CaseFilterSet(QueryDict(f"pair={pair.pk}"), queryset=Case.objects.order_by("pk"), person=person)
    assert found.is_valid(), found.errors
    return list(found.qs)


@pytest.mark.parametrize("kept", [True, False], ids=["flagged", "not flagged"])
def test_what_raters_said_of_a_case_is_not_told_by_a_pair_that_counts_it(nodes, kept):
    case, published = make_case(status=Status.ANALYSIS), make_case(nodes=nodes, status=Status.ANALYSIS)
    for node in nodes:
        label(case, node)
    pair = make_pair(make_run(), *nodes, flagged=kept, case_ids=[case.pk, published.pk] if kept else [])
    rater, reader, aside = make_person(), make_person(role=Role.READER), make_person()
    seen_by_standing_aside(case, aside)

    found = {person: opened(pair, person) for person in (rater, reader, aside, None)}

    assert found == {
        rater: [published],
        reader: [case, published],
        aside: [case, published],
        None: [published],
    }


def test_cases_chosen_by_a_label_that_a_blind_rater_may_not_know_do_not_tell_it(nodes, chosen):
    node, run = chosen
    case = make_case(nodes=nodes, status=Status.ANALYSIS)
    label(case, node)
    pair = make_pair(run, *nodes, case_ids=[case.pk])
    rater, reader, aside = make_person(), make_person(role=Role.READER), make_person()
    seen_by_standing_aside(case, aside)

    found = {person: opened(pair, person) for person in (rater, reader, aside, None)}

    assert found == {rater: [], reader: [case], aside: [case], None: []}


def test_cases_that_a_population_finds_by_what_was_published_open_to_every_rater(nodes, chosen):
    node, run = chosen
    case = make_case(nodes=[*nodes, node], status=Status.ANALYSIS)
    other = make_case(nodes=[*nodes, node])
    pair = make_pair(run, *nodes, case_ids=[case.pk])

    assert (opened(pair, make_person()), opened(pair)) == ([case], [case])
    assert other not in opened(pair)


@pytest.mark.parametrize("flagged", [True, False])
def test_a_pair_of_a_population_whose_filter_lost_its_meaning_can_still_be_read(nodes, chosen, client, flagged):
    node, run = chosen
    case = make_case(nodes=[*nodes, node], status=Status.CLOSED)
    pair = make_pair(run, *nodes, flagged=flagged, case_ids=[case.pk] if flagged else [])
    Node.objects.filter(pk=node.pk).update(slug="sour")
    client.force_login(make_person())

    answers = [client.get(address) for address in (f"/patterns/pairs/{pair.pk}/", f"/cases/?pair={pair.pk}")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [case.title in answer.content.decode() for answer in answers] == [flagged] * 2


def test_the_page_of_a_pair_lists_the_cases_that_its_number_opens_to_whoever_reads_it(nodes, client):
    case = make_case(status=Status.ANALYSIS)
    for node in nodes:
        label(case, node)
    pair = make_pair(make_run(), *nodes, case_ids=[case.pk])
    reader, rater = make_person(role=Role.READER), make_person()

    listed = {}
    for person in (reader, rater):
        client.force_login(person)
        listed[person] = case.title in client.get(f"/patterns/pairs/{pair.pk}/").content.decode()

    assert listed == {reader: True, rater: False}
    assert (opened(pair, reader), opened(pair, rater)) == ([case], [])
