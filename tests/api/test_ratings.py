"""Rating through the API: held, submitted with its version, or stood aside."""

import pytest

from registry.choices import Stance, Status
from registry.models import Label, Rating
from tests.analysed import rating
from tests.factories import label, make_case, make_node

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return make_case(status=Status.ANALYSIS)


def path(case, rest=""):
    return f"cases/{case.reference}/rating/{rest}"


def test_a_rating_is_held_then_submitted_with_its_version(as_analyst, as_reader, case):
    make_node("red")
    nothing = as_analyst.get(path(case))
    as_analyst.send("PUT", f"cases/{case.reference}/labels/colours:red/", {"hold": True})
    held = as_analyst.get(path(case))

    stale = as_analyst.send("POST", path(case, "submit/"), {}, match=nothing["ETag"])
    without = as_analyst.send("POST", path(case, "submit/"), {})
    body = {"schemes": ["goodhart"], "realised_severity": "low", "potential_severity": "high"}
    done = as_analyst.send("POST", path(case, "submit/"), body, match=held["ETag"])
    again = as_analyst.send("POST", path(case, "submit/"), body, match=done["ETag"])

    assert (nothing.json()["state"], nothing.json()["version"], held.json()["n_held"]) == ("working", 0, 1)
    assert [each.status_code for each in (stale, without, done, again)] == [412, 428, 200, 400]
    assert stale["ETag"] == held["ETag"]
    assert done.json() == {
        "case": case.reference,
        "rater": "mira",
        "state": "submitted",
        "realised_severity": "low",
        "potential_severity": "high",
        "schemes": ["goodhart", "colours"] if done.json()["schemes"][0] == "goodhart" else ["colours", "goodhart"],
        "opened_at": done.json()["opened_at"],
        "version": 2,
        "created_at": done.json()["created_at"],
        "updated_at": done.json()["updated_at"],
        "url": f"http://testserver/api/v1/{path(case)}",
        "html_url": f"http://testserver/cases/{case.reference}/#classification",
        "n_held": 0,
    }
    assert Label.objects.get().submitted_at is not None
    assert [each["rater"] for each in as_reader.get(f"cases/{case.reference}/ratings/").json()["results"]] == ["mira"]


def test_nothing_said_is_nothing_to_submit(as_analyst, case):
    response = as_analyst.send("POST", path(case, "submit/"), {}, match="*")

    assert (response.status_code, Rating.objects.count()) == (400, 0)


@pytest.mark.parametrize("body", [{"schemes": ["none-such"]}, {"schemes": "goodhart"}, {"realised_severity": "awful"}])
def test_what_is_no_rating_is_refused(as_analyst, case, body):
    response = as_analyst.send("POST", path(case, "submit/"), body, match="*")

    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"].startswith(f"#/{next(iter(body))}")


def test_standing_aside_opens_what_others_said_unless_labels_are_held(as_reviewer, reviewer, case, other_analyst):
    label(case, make_node("red"), by=other_analyst)
    label(case, make_node("own"), by=reviewer, hold=True)

    refused = as_reviewer.send("POST", path(case, "aside/"))
    Label.objects.filter(rater=reviewer).delete()
    aside = as_reviewer.send("POST", path(case, "aside/"))

    assert (refused.status_code, aside.status_code, aside.json()["state"]) == (400, 200, "aside")
    assert as_reviewer.get(f"cases/{case.reference}/ratings/").json()["labels_hidden"] is False


def test_raters_stand_side_by_side_with_what_they_differ_on(as_reader, case, analyst, other_analyst):
    red, blue = make_node("red"), make_node("blue")
    label(case, red, by=analyst)
    label(case, red, by=other_analyst, stance=Stance.ABSENT)
    label(case, blue, by=analyst, stance=Stance.ABSENT)

    found = as_reader.get(f"cases/{case.reference}/ratings/").json()

    assert [(each["rater"], each["state"]) for each in found["results"]] == [
        ("jonas", "submitted"),
        ("mira", "submitted"),
    ]
    assert (found["disputed"], found["labels_hidden"]) == (["colours:red"], False)


def test_who_is_at_work_is_nobodys_business(as_reader, case, analyst):
    label(case, make_node("red"), by=analyst, hold=True)

    assert as_reader.get(f"cases/{case.reference}/ratings/").json()["results"] == []


@pytest.mark.parametrize("n", [1, 30])
def test_rating_list_query_count(as_reader, case, django_assert_num_queries, n):
    for _ in range(n):
        rating(case=case, state="submitted", opened_at=case.created_at)

    with django_assert_num_queries(5):  # the token, the case, its ratings, their schemes, what is disputed
        found = as_reader.get(f"cases/{case.reference}/ratings/").json()

    assert len(found["results"]) == n
