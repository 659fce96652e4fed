"""Changing a node with a look at what follows, and the queue of cases to look at again."""

import pytest

from registry.actions import taxonomy_changes
from registry.choices import Visibility
from registry.models import Case, Relabel, TaxonomyChange
from taxonomy.models import Node
from tests.factories import NOW, agree, label, make_case, make_node, make_person
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db

WHY = {"at": NOW, "reason": "Raters mixed them up."}
RED = "/taxonomy/colours/red/"


@pytest.fixture
def red(db):
    return make_node("red", name="Red")


@pytest.fixture
def pink(red):
    return make_node("pink", name="Pink")


@pytest.fixture
def boss(administrator):
    return signed_in(administrator)


def state_in(response):
    return response.context["preview"]["state"]


def split(red, *cases, by):
    for case in cases:
        agree(case, red)
    targets = [make_node("rose", name="Rose"), make_node("ruby", name="Ruby")]
    return taxonomy_changes.split_node(node=red, targets=targets, by=by, **WHY)


def test_a_preview_says_what_each_case_becomes_and_who_looks_again(boss, red, pink, reviewer, analyst):
    moving, opposed = make_case(nodes=[red], title="It moves along"), make_case(title="It is disputed")
    label(opposed, red, by=analyst)
    label(opposed, pink, by=reviewer, stance="absent")
    Case.objects.filter(pk=opposed.pk).update(status="closed", closed_at=NOW, owner=analyst)

    response = boss.get(f"{RED}change/merge?target=pink")

    assert [(case.pk, becomes) for case, becomes in response.context["preview"]["rows"]] == [
        (opposed.pk, "To look at: one says yes, another no to Pink"),
        (moving.pk, "Carries Pink, unless labels stand against it that you may not know yet"),
    ]
    assert "1 case waits in the queue" in text_of(response)
    assert "Mira Okafor 1" in text_of(response)
    assert not TaxonomyChange.objects.exists()


def test_what_was_previewed_is_what_is_done(boss, red, pink):
    case = make_case(nodes=[red])
    state = state_in(boss.get(f"{RED}change/replace?target=pink"))

    response = boss.post(f"{RED}change/replace", {"target": "pink", "seen": state, "reason": "The same thing."})

    assert response.url == RED
    assert case.classifications.get().node == pink
    assert Node.objects.get(pk=red.pk).replaced_by == pink


def test_a_change_in_between_shows_the_preview_again_with_the_reason_kept(boss, red, pink):
    state = state_in(boss.get(f"{RED}change/merge?target=pink"))
    make_case(nodes=[red])

    response = boss.post(f"{RED}change/merge", {"target": "pink", "seen": state, "reason": "<b>Because</b>"})

    assert response.status_code == 409
    assert "Something changed since" in text_of(response)
    assert "&lt;b&gt;Because&lt;/b&gt;" in response.content.decode()
    assert state_in(response) != state
    assert not TaxonomyChange.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"target": "pink"}, {"target": ["pink", "nothing"]}])
def test_a_split_wants_two_nodes_of_the_scheme(boss, red, pink, sent):
    response = boss.post(f"{RED}change/split", sent | {"reason": "Two things."})

    assert response.status_code == 422
    assert not TaxonomyChange.objects.exists()


def test_a_change_without_a_reason_or_a_state_is_not_made(boss, red, pink):
    state = state_in(boss.get(f"{RED}change/retire"))

    answers = [boss.post(f"{RED}change/retire", data) for data in ({"seen": state, "reason": " "}, {"reason": "Old."})]

    assert [response.status_code for response in answers] == [422, 409]
    assert Node.objects.get(pk=red.pk).retired_at is None


def test_a_node_moves_to_the_top_and_a_retired_one_comes_back(boss, red):
    pink = make_node("pink", parent=red)
    address = "/taxonomy/colours/pink/change/"
    moving = boss.get(f"{address}move?target=-")
    boss.post(f"{address}move", {"target": "-", "seen": state_in(moving), "reason": "Not a red."})
    boss.post(f"{address}retire", {"seen": state_in(boss.get(f"{address}retire")), "reason": "Out of use."})
    gone = Node.objects.get(pk=pink.pk)

    boss.post(f"{address}restore", {"seen": state_in(boss.get(f"{address}restore")), "reason": "In use after all."})

    assert (gone.parent, gone.retired_at is None) == (None, False)
    assert Node.objects.get(pk=pink.pk).retired_at is None
    assert boss.get(f"{address}restore").status_code == 404


@pytest.mark.parametrize("role", ["reader", "analyst", "reviewer"])
@pytest.mark.parametrize("address", ["change/move", "place", "../new", "../../new", "../../import"])
def test_structure_is_for_administrators(request, red, role, address):
    client = signed_in(request.getfixturevalue(role))
    path = {"../new": "/taxonomy/colours/new", "../../new": "/taxonomy/new", "../../import": "/taxonomy/import"}
    path = path.get(address, RED + address)

    assert (client.get(path).status_code, client.post(path).status_code) == (403, 403)


def test_the_queue_holds_what_the_reader_may_know(red, administrator, analyst, reader):
    shown, blind, hidden = (
        make_case(title="Shown to all"),
        make_case(title="Rated blind"),
        make_case(title="Not for you"),
    )
    label(blind, red, by=make_person(name="Somebody else"))
    split(red, shown, hidden, by=administrator)
    Case.objects.filter(pk=hidden.pk).update(visibility=Visibility.NAMED)

    for_analyst, for_reader = (text_of(signed_in(person).get("/taxonomy/relabel/")) for person in (analyst, reader))

    assert [words in for_analyst for words in ("Shown to all", "Rated blind", "Not for you")] == [True, False, False]
    assert [words in for_reader for words in ("Shown to all", "Rated blind", "Not for you")] == [True, True, False]
    assert "Somebody else" not in for_analyst


def test_the_queue_is_narrowed_and_says_who_finished(red, administrator, analyst):
    mine, other = make_case(title="Labelled by me"), make_case(title="Labelled by nobody")
    label(mine, red, by=analyst)
    split(red, other, by=administrator)
    client = signed_in(analyst)

    narrowed = text_of(client.get("/taxonomy/relabel/?rater=me"))
    label(mine, Node.objects.get(slug="rose"), by=analyst)
    done = text_of(client.get("/taxonomy/relabel/?state=done"))

    assert ("Labelled by me" in narrowed, "Labelled by nobody" in narrowed) == (True, False)
    assert "Looked at by Mira Okafor" in done
    assert "Labelled by me" not in text_of(client.get("/taxonomy/relabel/"))


def test_none_applies_takes_the_old_node_off(red, administrator, analyst):
    case = make_case()
    label(case, red, by=analyst)
    taxonomy_changes.retire_node(node=red, by=administrator, **WHY)
    number = Relabel.objects.get().pk

    signed_in(analyst).post(f"/taxonomy/relabel/{number}/none", {"reason": "It is green."})

    assert not case.classifications.exists()
    assert Relabel.objects.get().done_by == analyst


def test_a_relabel_one_may_not_know_is_not_there(red, administrator, analyst):
    case = make_case()
    label(case, red, by=make_person())
    taxonomy_changes.retire_node(node=red, by=administrator, **WHY)
    number = Relabel.objects.get().pk

    response = signed_in(analyst).post(f"/taxonomy/relabel/{number}/none", {"reason": "It is green."})

    assert response.status_code == 404
    assert Relabel.objects.get().done_at is None


@pytest.mark.parametrize("n", [1, 30])
def test_queue_query_count(red, administrator, analyst, django_assert_num_queries, n):
    split(red, *(make_case() for _ in range(n)), by=administrator)
    client = signed_in(analyst)
    client.get("/taxonomy/relabel/")

    with django_assert_num_queries(QUEUE_QUERIES):
        response = client.get("/taxonomy/relabel/")

    assert len(response.context["rows"]) == n


QUEUE_QUERIES = 6
