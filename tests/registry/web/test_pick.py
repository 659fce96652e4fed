"""Typeahead: what it finds, how it counts, and that a hidden case shows through nowhere."""

import pytest

from registry.choices import PartyRole, Visibility
from registry.models import CaseParty, CaseSystem, Organisation, OrganisationAlias, System, SystemAlias
from tests.factories import make_case


@pytest.fixture
def ask(client, analyst):
    """What the analyst is offered for some words."""
    client.force_login(analyst)
    return lambda words, kind="systems": client.get(f"/pick/{kind}", {"q": words}).json()["found"]


def involve(name, *, times=1, **values):
    """A system of this name in some new cases."""
    system, _ = System.objects.get_or_create(name=name)
    for _ in range(times):
        CaseSystem.objects.create(case=make_case(**values), system=system)
    return system


def one(name, *, alias="", cases=1, more=False):
    return {"name": name, "alias": alias, "cases": cases, "more": more}


@pytest.mark.parametrize("words", ["brief", "BRIEF-W", "writer", "brief-writer", "  brief-writer ", "brief-writr"])
def test_a_system_is_found_by_its_beginning_its_inside_and_a_slip(ask, words):
    involve("brief-writer", times=2)

    assert ask(words) == [one("brief-writer", cases=2)]


def test_an_alias_finds_the_system_and_is_named(ask):
    SystemAlias.objects.create(system=involve("brief-writer"), name="leaflet-bot")

    assert ask("leaf") == [one("brief-writer", alias="leaflet-bot")]


def test_the_whole_name_comes_first_then_the_beginning_then_the_inside(ask):
    for name in ("the agent", "agent-two", "agent"):
        involve(name)

    assert [found["name"] for found in ask("agent")] == ["agent", "agent-two", "code-agent", "the agent"]


def test_an_organisation_is_found_the_same_way(ask):
    maker = Organisation.objects.create(name="Example Labs")
    OrganisationAlias.objects.create(organisation=maker, name="ExLab")
    CaseParty.objects.create(case=make_case(), organisation=maker, role=PartyRole.DEVELOPER)

    assert ask("exl", "organisations") == [one("Example Labs", alias="ExLab")]


def test_two_versions_in_one_case_count_once(ask):
    system = involve("brief-writer")
    CaseSystem.objects.create(case=system.cases.get(), system=system, version="2")

    assert ask("brief") == [one("brief-writer")]


def test_counting_stops_at_fifty(ask, reporter):
    involve("brief-writer", times=51, reporter=reporter)

    assert ask("brief") == [one("brief-writer", cases=50, more=True)]


@pytest.mark.parametrize("words", ["canary", "canary-alias", "can", "c"])
def test_a_system_of_hidden_cases_only_is_not_offered_to_others(ask, client, analyst, words):
    hidden = involve("canary-system", visibility=Visibility.NAMED)
    SystemAlias.objects.create(system=hidden, name="canary-alias")
    maker = Organisation.objects.create(name="canary-maker")
    CaseParty.objects.create(case=hidden.cases.get(), organisation=maker, role=PartyRole.DEVELOPER)

    assert "canary" not in str(ask(words) + ask(words, "organisations"))
    client.force_login(hidden.cases.get().reporter)
    assert "canary-system" in client.get("/pick/systems", {"q": words}).content.decode()


def test_hidden_cases_are_not_counted(ask):
    involve("brief-writer")
    involve("brief-writer", times=3, visibility=Visibility.NAMED)

    assert ask("brief") == [one("brief-writer", cases=1)]


@pytest.mark.parametrize("words", ["", "   ", "\x00", "%", "_", "\\", "nothing like it", "x" * 5000])
def test_words_that_mean_nothing_find_nothing(ask, words):
    involve("brief-writer")

    assert ask(words) == []


@pytest.mark.parametrize("n", [1, 30])
def test_two_queries_and_at_most_eight_names(ask, analyst, django_assert_num_queries, n):
    for number in range(n):
        involve(f"agent {number}", reporter=analyst)

    # Session, person, candidates, cases.
    with django_assert_num_queries(4):
        found = ask("agent")

    assert len(found) == min(n + 1, 8)


def test_a_reader_may_ask_and_a_stranger_may_not(client, reader):
    client.force_login(reader)
    assert client.get("/pick/systems", {"q": "a"}).json() == {"found": []}
    client.logout()

    assert client.get("/pick/systems", {"q": "a"}).status_code == 302
