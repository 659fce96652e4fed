"""Links, likeness and merges through the API: never with a case that one may not see."""

import pytest

from registry.actions import links
from registry.choices import LinkKind, Status, Visibility
from registry.models import Case, CaseLink, CaseMerge
from tests.factories import NOW, label, make_case, make_node, make_person, seen_by_standing_aside

pytestmark = pytest.mark.django_db
REASON = {"reason": "One run, two reports."}


@pytest.fixture
def case(db):
    return make_case(status=Status.ANALYSIS, title="Boat circles the lagoon")


@pytest.fixture
def other(db):
    return make_case(status=Status.ANALYSIS, title="Boat circles the lagoon for points")


def path(case, other=None):
    return f"cases/{case.reference}/links/" + (f"{other.reference}/" if other else "")


def test_a_link_is_said_read_both_ways_and_forgotten(as_analyst, case, other):
    made = as_analyst.send("PUT", path(case, other), {"kind": "duplicate"})
    back = as_analyst.get(path(other, case)).json()
    gone = as_analyst.send("DELETE", path(other, case))

    link = made.json()
    assert (made.status_code, gone.status_code, CaseLink.objects.count()) == (200, 204, 0)
    assert link == {
        "id": link["id"],
        "first": case.reference,
        "kind": "duplicate",
        "second": other.reference,
        "other": {
            "reference": other.reference,
            "title": other.title,
            "status": "analysis",
            "url": f"http://testserver/api/v1/cases/{other.reference}/",
            "html_url": f"http://testserver/cases/{other.reference}/",
        },
        "answered_by": "mira",
        "created_at": link["created_at"],
        "url": f"http://testserver/api/v1/{path(case, other)}",
        "html_url": f"http://testserver/cases/{case.reference}/#links",
    }
    assert (back["first"], back["second"], back["other"]["reference"]) == (
        case.reference,
        other.reference,
        case.reference,
    )
    assert as_analyst.get(path(case, other)).status_code == 404


def test_a_hidden_case_at_the_other_end_is_no_case(as_analyst, case):
    keeper = make_person()
    hidden = make_case(reporter=keeper, visibility=Visibility.NAMED)
    links.answer(case=hidden, other=case, kind=LinkKind.DUPLICATE, by=keeper, at=NOW)

    listed = as_analyst.get(f"{path(case)}?count=exact").json()
    answers = [
        as_analyst.send(method, path(case, hidden), {"kind": "related"} if method == "PUT" else {})
        for method in ("GET", "PUT", "DELETE")
    ]

    assert (listed["results"], listed["count"]) == ([], 0)
    assert [each.status_code for each in answers] == [404] * 3
    assert CaseLink.objects.get().kind == "duplicate"


@pytest.mark.parametrize("body", [{}, {"kind": None}, {"kind": "twin"}, {"kind": "related", "why": "x"}])
def test_what_is_no_link_is_refused(as_analyst, case, other, body):
    assert as_analyst.send("PUT", path(case, other), body).status_code == 400


def test_a_case_is_not_linked_to_itself(as_analyst, case):
    response = as_analyst.send("PUT", path(case, case), {"kind": "related"})

    assert response.status_code == 400


def test_similar_cases_say_why_and_what_was_said_already(as_analyst, analyst, case, other):
    make_case(title="Boat circles the lagoon again", visibility=Visibility.NAMED)
    links.answer(case=other, other=case, kind=LinkKind.VARIANT, by=analyst, at=NOW)

    found = as_analyst.get(f"cases/{case.reference}/similar/").json()

    assert found["n_compared"] == 2
    assert [(each["case"]["reference"], each["link"]) for each in found["results"]] == [(other.reference, "variant")]
    assert "Near in wording" in [reason["what"] for reason in found["results"][0]["reasons"]]


def test_a_merge_is_looked_at_made_and_taken_back(as_analyst, analyst, case, other):
    for each in (case, other):
        seen_by_standing_aside(each, analyst)
    Case.objects.filter(pk=other.pk).update(root_cause="The score paid for laps.")
    merges = f"cases/{case.reference}/merges/"

    plan = as_analyst.get(f"{merges}preview/{other.reference}/").json()
    made = as_analyst.send("POST", merges, {"merged": other.reference, "state": plan["state"], **REASON})
    followed = as_analyst.get(f"cases/{other.reference}/")
    listed = as_analyst.get(merges).json()["results"]
    undone = as_analyst.send("POST", f"{merges}{made.json()['id']}/take-back/", REASON)

    assert (plan["refusal"], plan["fills"]) == (None, [{"name": "Root cause", "value": "The score paid for laps."}])
    assert (made.status_code, made["Location"], listed) == (201, made.json()["url"], [made.json()])
    assert (followed.status_code, followed["Location"]) == (308, f"http://testserver/api/v1/cases/{case.reference}/")
    assert (undone.status_code, undone.json()) == (
        200,
        {"kept": case.reference, "merged": other.reference, "told": []},
    )
    assert as_analyst.get(merges).json()["results"] == []
    assert as_analyst.get(f"cases/{other.reference}/").status_code == 200


def test_a_merge_after_something_changed_is_412(as_analyst, analyst, case, other):
    for each in (case, other):
        seen_by_standing_aside(each, analyst)
    merges = f"cases/{case.reference}/merges/"
    state = as_analyst.get(f"{merges}preview/{other.reference}/").json()["state"]
    label(other, make_node("red"), by=analyst)

    response = as_analyst.send("POST", merges, {"merged": other.reference, "state": state, **REASON})

    assert (response.status_code, CaseMerge.objects.count()) == (412, 0)


def test_what_cannot_be_merged_says_why(as_analyst, case, other):
    hidden = make_case(visibility=Visibility.NAMED)
    merges = f"cases/{case.reference}/merges/"
    bodies = [{"merged": case.reference}, {"merged": hidden.reference}, {"merged": "AIR-999999"}, {"merged": "x"}]

    answers = [as_analyst.send("POST", merges, {**body, **REASON}) for body in bodies]
    without_reason = as_analyst.send("POST", merges, {"merged": other.reference})

    assert [each.status_code for each in answers] == [409, 400, 400, 400]
    assert [each.json()["errors"][0]["pointer"] for each in (*answers[1:], without_reason)] == [
        *["#/merged"] * 3,
        "#/reason",
    ]
    assert as_analyst.get(f"{merges}preview/{hidden.reference}/").status_code == 404


@pytest.mark.parametrize("n", [1, 30])
def test_link_list_query_count(as_analyst, analyst, case, django_assert_num_queries, n):
    for _ in range(n):
        links.answer(case=case, other=make_case(), kind=LinkKind.RELATED, by=analyst, at=NOW)

    with django_assert_num_queries(3):  # the token, the case, its links
        assert len(as_analyst.get(path(case)).json()["results"]) == n


@pytest.mark.parametrize("n", [1, 30])
def test_merge_list_query_count(as_analyst, analyst, case, django_assert_num_queries, n):
    for _ in range(n):
        body = {"merged": make_case().reference, **REASON}
        assert as_analyst.send("POST", f"cases/{case.reference}/merges/", body).status_code == 201

    with django_assert_num_queries(5):  # the token, the case, the merges, which may be seen, which stand later
        assert len(as_analyst.get(f"cases/{case.reference}/merges/").json()["results"]) == n
