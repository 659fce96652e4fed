"""Labels through the API: one's own are written, others' appear after one's own."""

import pytest

from registry.choices import Status
from registry.models import Classification, Label
from tests.api.conftest import Tool
from tests.factories import adjudicate, label, make_case, make_node

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return make_case(status=Status.ANALYSIS)


@pytest.fixture
def red():
    return make_node("red")


def path(case, node="colours:red"):
    return f"cases/{case.reference}/labels/{node}/"


def raters(tool, case):
    listed = tool.get(f"cases/{case.reference}/labels/").json()
    detail = tool.get(f"cases/{case.reference}/").json()
    assert (detail["labels"], detail["labels_hidden"]) == (listed["results"], listed["labels_hidden"])
    return sorted(one["rater"] for one in listed["results"]), listed["labels_hidden"]


def test_a_label_is_made_changed_and_taken_back(as_analyst, analyst, case, red):
    made = as_analyst.send("PUT", path(case), {"confidence": 80, "grounds": "documented", "rationale": "Seen."})
    changed = as_analyst.send("PUT", path(case), {"stance": "unsure"}, match=made["ETag"])
    gone = as_analyst.send("DELETE", path(case), match=changed["ETag"])

    assert (made.status_code, made.json()["confidence"], made.json()["version"]) == (201, 80, 1)
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    # A PUT is the whole judgement: what it leaves out is not kept.
    assert (changed.json()["stance"], changed.json()["confidence"], changed.json()["rationale"]) == ("unsure", None, "")
    assert (gone.status_code, gone.content, Label.objects.count()) == (204, b"", 0)
    assert as_analyst.get(path(case)).status_code == 404


def test_a_label_settles_what_is_agreed(as_analyst, case, red):
    as_analyst.send("PUT", path(case), {})

    assert [(one["node"], one["method"]) for one in as_analyst.get(f"cases/{case.pk}/").json()["classifications"]] == [
        ("colours:red", "single-rater")
    ]
    assert Classification.objects.get().node == red


def test_one_node_one_label_read_and_not_sent_again(as_analyst, case, red):
    made = as_analyst.send("PUT", path(case), {})

    read = as_analyst.get(path(case))

    assert (read.json(), read["ETag"]) == (made.json(), made["ETag"])
    assert as_analyst.get(path(case), headers={"If-None-Match": made["ETag"]}).status_code == 304


def test_a_label_that_exists_is_changed_only_with_its_version(as_analyst, case, red):
    as_analyst.send("PUT", path(case), {"rationale": "First."})

    without = as_analyst.send("PUT", path(case), {})
    stale = as_analyst.send("PUT", path(case), {}, match='"7-abc"')
    delete = as_analyst.send("DELETE", path(case))

    assert [one.status_code for one in (without, stale, delete)] == [428, 412, 428]
    assert stale["ETag"] == as_analyst.get(path(case))["ETag"]
    assert Label.objects.get().rationale == "First."


def test_if_match_on_a_label_that_does_not_exist_matches_nothing(as_analyst, case, red):
    assert as_analyst.send("PUT", path(case), {}, match="*").status_code == 412
    assert as_analyst.send("DELETE", path(case), match="*").status_code == 404


def test_raters_work_blind_until_they_have_labelled(as_analyst, other_analyst, as_reader, case, red):
    label(case, red, by=other_analyst)

    before, of_a_reader = raters(as_analyst, case), raters(as_reader, case)
    as_analyst.send("PUT", path(case), {})

    assert before == ([], True)
    assert of_a_reader == (["jonas"], False)
    assert raters(as_analyst, case) == (["jonas", "mira"], False)


def test_a_held_label_is_its_raters_only_until_one_is_not_held(as_analyst, other_analyst, as_reader, case, red):
    make_node("blue")
    label(case, red, by=other_analyst)

    held = as_analyst.send("PUT", path(case), {"hold": True})
    while_held = raters(as_analyst, case), raters(as_reader, case)
    agreed = as_reader.get(f"cases/{case.pk}/").json()["classifications"]
    last = as_analyst.send("PUT", path(case, "colours:blue"), {})

    assert (held.json()["submitted_at"], "hold" in held.json()) == (None, False)
    assert while_held == ((["mira"], True), (["jonas"], False))
    assert [one["method"] for one in agreed] == ["single-rater"]
    assert last.json()["submitted_at"] is not None
    assert raters(as_reader, case) == (["jonas", "mira", "mira"], False)
    assert raters(as_analyst, case) == (["jonas", "mira", "mira"], False)


def test_what_is_agreed_by_raters_is_hidden_from_a_blind_one(as_analyst, as_reader, other_analyst, case, red):
    label(case, red, by=other_analyst)
    adjudicate(case, make_node("blue"), reason="Jonas says so.")

    def shown(tool):
        detail = tool.get(f"cases/{case.pk}/").json()
        listed = tool.get("cases/").json()["results"][0]["labels"]
        return [(one["node"], one["reason"]) for one in detail["classifications"]], listed

    assert shown(as_reader) == (
        [("colours:red", None), ("colours:blue", "Jonas says so.")],
        ["colours:blue", "colours:red"],
    )
    assert shown(as_analyst) == ([("colours:blue", None)], ["colours:blue"])


def test_the_conditions_of_a_node_are_asked_for(as_analyst, case):
    make_node("early", applies_when=["It cares.", "It games."], needs_all_criteria=True)
    shown = ["It cares.", "It games."]

    refused = as_analyst.send("PUT", path(case, "colours:early"), {"criteria_shown": shown[:1]})
    made = as_analyst.send("PUT", path(case, "colours:early"), {"criteria_shown": shown})

    assert (refused.status_code, made.status_code) == (400, 201)
    assert "Not shown: It games." in refused.content.decode()
    assert made.json()["criteria_shown"] == shown


def test_a_closed_case_shows_its_labels_because_nobody_labels_it_any_more(as_analyst, other_analyst, case, red):
    label(case, red, by=other_analyst)
    type(case).objects.filter(pk=case.pk).update(status=Status.CLOSED, closed_at=case.created_at)

    assert raters(as_analyst, case) == (["jonas"], False)
    assert as_analyst.send("PUT", path(case), {}).status_code == 403


def test_another_raters_label_is_not_reached(as_analyst, other_analyst, case, red):
    label(case, red, by=other_analyst)

    assert as_analyst.get(path(case)).status_code == 404
    assert as_analyst.send("DELETE", path(case), match="*").status_code == 404
    assert Label.objects.count() == 1


def test_reporters_do_not_label(as_reporter, case, red):
    assert as_reporter.send("PUT", path(case), {}).status_code == 403


def test_labelling_needs_its_own_scope(analyst, case, red):
    assert Tool(analyst, "cases:write").send("PUT", path(case), {}).status_code == 403
    assert Tool(analyst, "labels:write").send("PUT", path(case), {}).status_code == 201


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"confidence": 101}, "#/confidence"),
        ({"confidence": "80"}, "#/confidence"),
        ({"confidence": True}, "#/confidence"),
        ({"stance": "maybe"}, "#/stance"),
        ({"stance": None}, "#/stance"),
        ({"rationale": "x" * 10_001}, "#/rationale"),
        ({"rater": "jonas"}, "#/rater"),
    ],
)
def test_what_is_wrong_is_pointed_at(as_analyst, case, red, body, pointer):
    response = as_analyst.send("PUT", path(case), body)

    assert (response.status_code, [one["pointer"] for one in response.json()["errors"]]) == (400, [pointer])
    assert not Label.objects.exists()


@pytest.mark.parametrize("node", ["colours:blue", "nowhere:red", "colours:", "red", "colours:re%00d"])
def test_an_unknown_node_is_not_found(as_analyst, case, red, node):
    assert as_analyst.send("PUT", path(case, node), {}).status_code == 404


def test_a_retired_node_is_refused_and_says_why(as_analyst, case, red, now):
    type(red).objects.filter(pk=red.pk).update(retired_at=now)

    response = as_analyst.send("PUT", path(case), {})

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "#/node")
