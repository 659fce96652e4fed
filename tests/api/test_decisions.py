"""Deciding between raters through the API, and what was agreed."""

import pytest

from registry.actions import labels as label_actions
from registry.choices import Method, Stance, Status
from registry.models import Adjudication, Classification
from tests.analysed import adjudication
from tests.factories import NOW, adjudicate, label, make_case, make_node, make_person, seen_by_standing_aside

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return make_case(status=Status.ANALYSIS)


@pytest.fixture
def red():
    return make_node("red")


@pytest.fixture
def opened(case, reviewer):
    """The case, whose labels the reviewer sees."""
    return seen_by_standing_aside(case, reviewer)


def path(case, rest=""):
    return f"cases/{case.reference}/adjudications/{rest}"


def decision(node="colours:red", **values):
    return {"node": node, "applies": True, "reason": "The reward says so."} | values


def test_several_nodes_are_decided_at_once(as_reviewer, opened, red, other_analyst):
    label(opened, red, by=other_analyst, stance=Stance.ABSENT)
    make_node("blue")

    response = as_reviewer.send(
        "POST", path(opened), {"decisions": [decision(), decision("colours:blue", applies=False)]}
    )

    assert response.status_code == 200, response.content
    row = Adjudication.objects.get(node=red)
    assert response.json()["results"][0] == {
        "id": row.pk,
        "case": opened.reference,
        "node": "colours:red",
        "name": "Red",
        "applies": True,
        "reason": "The reward says so.",
        "decided_by": "priya",
        "decided_at": response.json()["results"][0]["decided_at"],
        "url": f"http://testserver/api/v1/cases/{opened.reference}/adjudications/colours:red/",
        "html_url": f"http://testserver/cases/{opened.reference}/#classification",
    }
    assert response.json() == as_reviewer.get(path(opened)).json()
    agreed = as_reviewer.get(f"cases/{opened.reference}/classifications/").json()
    assert [(each["node"], each["method"], each["reason"]) for each in agreed["results"]] == [
        ("colours:red", "adjudicated", "The reward says so.")
    ]


def test_a_decision_made_meanwhile_is_not_replaced_unseen(as_reviewer, opened, red):
    adjudicate(opened, red, applies=False)
    standing = as_reviewer.get(path(opened, "colours:red/")).json()

    unseen = as_reviewer.send("POST", path(opened), {"decisions": [decision()]})
    seen = as_reviewer.send("POST", path(opened), {"decisions": [decision(seen=standing["decided_at"])]})

    assert [unseen.status_code, seen.status_code] == [412, 200]
    assert Adjudication.objects.get().applies is True


def test_one_decision_that_cannot_be_recorded_keeps_them_all_back(as_reviewer, opened):
    for slug in ("warm", "cold"):
        make_node(slug, exclusive_group="heat")

    both = {"decisions": [decision("colours:warm"), decision("colours:cold")]}
    response = as_reviewer.send("POST", path(opened), both)

    assert [each["pointer"] for each in response.json()["errors"]] == ["#/decisions/1"]
    assert (response.status_code, Adjudication.objects.count()) == (400, 0)


@pytest.mark.parametrize(
    ("decisions", "pointer"),
    [
        ([], "#/decisions"),
        (None, "#/decisions"),
        ([decision(reason="")], "#/decisions/0/reason"),
        ([decision(applies=None)], "#/decisions/0/applies"),
        ([decision("colours:none")], "#/decisions/0/node"),
        ([decision(), decision()], "#/decisions"),
        ([decision(seen="yesterday")], "#/decisions/0/seen"),
    ],
)
def test_what_is_no_decision_is_refused_where_it_stands(as_reviewer, opened, red, decisions, pointer):
    response = as_reviewer.send("POST", path(opened), {"decisions": decisions})

    assert response.status_code == 400, response.content
    assert response.json()["errors"][0]["pointer"].startswith(pointer)


def test_a_blind_reviewer_neither_reads_nor_decides(as_reviewer, case, red, other_analyst):
    label(case, red, by=other_analyst)
    adjudicate(case, red)

    listed = as_reviewer.get(path(case)).json()
    one = as_reviewer.get(path(case, "colours:red/"))
    decided = as_reviewer.send("POST", path(case), {"decisions": [decision()]})
    withdrawn = as_reviewer.send("POST", path(case, "colours:red/withdraw/"), {"reason": "No."})

    assert listed == {"results": [], "labels_hidden": True}
    assert [each.status_code for each in (one, decided, withdrawn)] == [404, 409, 409]


def test_a_withdrawn_decision_lets_the_raters_speak_again(as_reviewer, opened, red, other_analyst):
    label(opened, red, by=other_analyst)
    adjudicate(opened, red, applies=False)

    response = as_reviewer.send("POST", path(opened, "colours:red/withdraw/"), {"reason": "A second transcript."})
    again = as_reviewer.send("POST", path(opened, "colours:red/withdraw/"), {"reason": "Twice."})

    assert (response.status_code, response.json()["results"], again.status_code) == (200, [], 400)
    assert Classification.objects.get().method == Method.SINGLE_RATER


def test_what_rests_on_raters_stays_hidden_when_a_blind_rater_withdraws_the_case(as_analyst, case, red, other_analyst):
    label(case, red, by=other_analyst)

    withdrawn = as_analyst.send("POST", f"cases/{case.reference}/withdraw/", {"reason": "To look."}, match="*")

    assert withdrawn.status_code == 200
    assert (withdrawn.json()["labels"], withdrawn.json()["labels_hidden"]) == ([], True)
    for rest in ("labels", "classifications", "ratings"):
        found = as_analyst.get(f"cases/{case.reference}/{rest}/").json()
        assert (found["results"], found["labels_hidden"]) == ([], True), rest


@pytest.mark.parametrize("n", [1, 30])
def test_decision_list_query_count(as_reader, case, django_assert_num_queries, n):
    for _ in range(n):
        adjudication(case=case, node=make_node())

    with django_assert_num_queries(3):  # the token, the case, its decisions
        assert len(as_reader.get(path(case)).json()["results"]) == n


@pytest.mark.parametrize("n", [1, 30])
def test_classification_list_query_count(as_reader, django_assert_num_queries, n):
    case = make_case(nodes=[make_node() for _ in range(n)])

    with django_assert_num_queries(3):  # the token, the case, what is agreed
        assert len(as_reader.get(f"cases/{case.reference}/classifications/").json()["results"]) == n


def test_two_reviewers_at_once_do_not_both_decide(as_reviewer, opened, red):
    colleague = seen_by_standing_aside(opened, make_person(role="reviewer")).ratings.latest("pk").rater
    label_actions.adjudicate_labels(
        case=opened, by=colleague, at=NOW, decisions=[{"node": red, "applies": True, "reason": "First."}], seen={}
    )

    assert as_reviewer.send("POST", path(opened), {"decisions": [decision()]}).status_code == 412
