"""What somebody who still rates blind learns from a change of a node: where it is known to be, not what was said."""

import pytest

from registry import node_changes
from registry.actions import taxonomy_changes
from registry.choices import Role
from registry.models import Relabel
from registry.node_changes import KINDS
from registry.relabelling import known_relabels
from tests.factories import NOW, adjudicate, label, make_case, make_node, make_person
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db

UNSAID = "Carries Pink, unless labels stand against it that you may not know yet"


@pytest.fixture
def red(db):
    return make_node("red", name="Red")


@pytest.fixture
def pink(red):
    return make_node("pink", name="Pink")


@pytest.fixture
def boss(db):
    """An administrator who may rate, and has not rated."""
    return make_person(role=Role.ADMINISTRATOR)


@pytest.fixture
def noor(db):
    return make_person(name="Noor")


@pytest.fixture
def decided(red, noor):
    """A case of which everybody may know that it carries Red, and only who rated it that Noor said so."""
    case = make_case(status="analysis")
    label(case, red, by=noor)
    adjudicate(case, red)
    return case


def preview(person, red, kind, *targets):
    return node_changes.preview(person, red, KINDS[kind], list(targets))


def test_the_queue_does_not_tell_a_blind_rater_who_said_what(decided, red, boss, noor, analyst):
    label(decided, make_node("green"), by=(opened := make_person()))
    change = taxonomy_changes.retire_node(node=red, by=boss, at=NOW, reason="Out of use.")
    address = f"/taxonomy/relabel/?change={change.pk}"

    shown = {person: text_of(signed_in(person).get(address)) for person in (analyst, noor, opened)}

    assert all(decided.title in words for words in shown.values())
    assert ["Said of it: Noor, present" in words for words in shown.values()] == [False, True, True]
    assert "Said of it" not in shown[analyst]


@pytest.mark.parametrize("kind", ["merge", "replace"])
def test_a_blind_preview_does_not_tell_that_labels_stand_against_it(decided, red, pink, boss, noor, kind):
    plain = make_case(nodes=[red])
    label(decided, pink, by=noor, stance="absent")
    label(decided, make_node("green"), by=(opened := make_person(role=Role.ADMINISTRATOR)))

    for_blind, for_opened = (preview(person, red, kind, pink) for person in (boss, opened))

    assert for_blind["rows"] == [(plain, UNSAID), (decided, UNSAID)]
    assert (for_blind["n_to_look_at"], for_blind["raters"]) == (0, [])
    assert for_opened["rows"] == [
        (plain, UNSAID),
        (decided, "To look at: one says yes, another no to Pink"),
    ]
    assert (for_opened["n_to_look_at"], for_opened["raters"]) == (1, [("Noor", 1)])


def test_a_blind_preview_of_a_retirement_names_the_cases_and_not_the_raters(decided, red, boss, reader):
    found = preview(boss, red, "retire")

    assert (found["rows"], found["n_to_look_at"]) == ([(decided, "To look at: another node, or none")], 1)
    assert found["raters"] == []
    assert preview(reader, red, "retire")["raters"] == [("Noor", 1)]


def test_a_case_that_waits_for_what_was_said_of_it_is_not_listed_for_who_may_not_know(
    decided, red, pink, boss, noor, analyst
):
    label(decided, pink, by=noor, stance="absent")
    taxonomy_changes.merge_nodes(node=red, target=pink, by=boss, at=NOW, reason="The same thing.")

    assert Relabel.objects.get().case == decided
    assert [known_relabels(person).count() for person in (analyst, noor)] == [0, 1]
