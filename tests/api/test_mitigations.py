"""Mitigations through the API: only those of visible cases, and only visible cases."""

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.choices import MitigationState, Visibility
from registry.models import Mitigation
from taxonomy.models import Node, SchemeKind
from tests.analysed import mitigation
from tests.api.conftest import Tool
from tests.factories import make_case, make_person

pytestmark = pytest.mark.django_db


def titles(answer):
    return [row["title"] for row in answer.json()["results"]]


@pytest.mark.parametrize("n", [1, 30])
def test_list_query_count(as_reader, django_assert_num_queries, n):
    for _ in range(n):
        mitigation(make_case(), make_case(), owner=make_person())

    with django_assert_num_queries(3):
        answer = as_reader.get("mitigations/")

    assert [len(row["cases"]) for row in answer.json()["results"]] == [2] * n


@pytest.mark.parametrize("n", [1, 30])
def test_query_count_of_one(as_reader, django_assert_num_queries, n):
    row = mitigation(*(make_case() for _ in range(n)))

    with django_assert_num_queries(3):
        answer = as_reader.get(f"mitigations/{row.pk}/")

    assert len(answer.json()["cases"]) == n


def test_propose_read_change_and_say_that_it_helped(as_analyst, analyst):
    case, node = make_case(), Node.objects.filter(scheme__kind=SchemeKind.MITIGATION, retired_at=None).first()
    values = {"title": "A second grader", "cases": [case.reference], "node": node.key, "owner": "mira"}

    made = as_analyst.send("POST", "mitigations/", values | {"due_on": "2027-01-15", "state": "in-progress"})
    assert (made.status_code, made["Location"]) == (201, made.json()["url"])
    same = as_analyst.get(made["Location"])
    assert (same.json(), same["ETag"]) == (made.json(), made["ETag"])
    said = {"state": "done", "effect": "partly", "effect_note": "Fewer in the last 200 runs.", "node": node.key}
    changed = as_analyst.send("PATCH", made["Location"], said, match=made["ETag"])

    row = Mitigation.objects.get()
    assert {name: changed.json()[name] for name in said} == said
    assert (row.state, row.version, row.proposed_by) == (MitigationState.DONE, 2, analyst)
    assert changed.json()["cases"] == [case.reference]


def test_whoever_was_slower_is_told_what_changed(as_analyst):
    row = mitigation(make_case())
    read = as_analyst.get(f"mitigations/{row.pk}/")
    as_analyst.send("PATCH", f"mitigations/{row.pk}/", {"title": "Another title"}, match=read["ETag"])

    refused = as_analyst.send("PATCH", f"mitigations/{row.pk}/", {"description": "Mine"}, match=read["ETag"])

    now = as_analyst.get(f"mitigations/{row.pk}/")
    assert (refused.status_code, refused["ETag"], refused.json()["changed"]) == (412, now["ETag"], ["title"])
    assert as_analyst.send("PATCH", f"mitigations/{row.pk}/", {"description": "Mine"}).status_code == 428


def test_cases_are_added_and_taken_away_one_stays(as_analyst):
    first, second = make_case(), make_case()
    row = mitigation(first)
    place = f"mitigations/{row.pk}/cases"

    added = as_analyst.send("PUT", f"{place}/{second.reference}/", match="*")
    again = as_analyst.send("PUT", f"{place}/{second.reference}/", match=added["ETag"])
    left = as_analyst.send("DELETE", f"{place}/{first.reference}/", match=again["ETag"])
    last = as_analyst.send("DELETE", f"{place}/{second.reference}/", match="*")

    assert added.json()["cases"] == [first.reference, second.reference]
    assert (again["ETag"], left.status_code, last.status_code) == (added["ETag"], 204, 400)
    assert as_analyst.get(f"mitigations/{row.pk}/").json()["cases"] == [second.reference]
    assert as_analyst.send("DELETE", f"{place}/{first.reference}/", match="*").status_code == 404


def test_what_stands_against_a_mitigation_is_said_by_field(as_analyst):
    hidden = make_case(visibility=Visibility.NAMED)
    sent = {
        "title": "",
        "cases": [hidden.reference, "AIR-99999", "nothing"],
        "node": "goodhart:causal",
        "state": "done",
    }

    refused = as_analyst.send("POST", "mitigations/", sent)
    accepted_by_nobody = {"title": "Two graders", "cases": [make_case().reference], "state": "accepted"}
    unowned = as_analyst.send("POST", "mitigations/", accepted_by_nobody)

    pointers = [each["pointer"] for each in refused.json()["errors"]]
    assert pointers == ["#/title", "#/cases/0", "#/cases/1", "#/cases/2", "#/state"]
    details = {each["detail"].partition("“")[0] for each in refused.json()["errors"][1:4]}
    assert (refused.status_code, details) == (400, {"There is no case "})
    assert [each["pointer"] for each in unowned.json()["errors"]] == ["#/owner"]


def test_hidden_cases_are_left_out_and_what_only_they_carry_is_not_there(as_reader):
    seen, hidden = make_case(), make_case(visibility=Visibility.NAMED)
    both, secret = mitigation(seen, hidden, title="Both"), mitigation(hidden, title="Secret")

    assert as_reader.get(f"mitigations/{both.pk}/").json()["cases"] == [seen.reference]
    assert as_reader.get(f"mitigations/{secret.pk}/").status_code == 404
    assert titles(as_reader.get("mitigations/")) == ["Both"]
    assert titles(as_reader.get(f"mitigations/?case={hidden.reference}")) == []
    assert titles(as_reader.get(f"cases/{seen.reference}/mitigations/")) == ["Both"]


def test_filters_and_orderings(as_analyst, analyst):
    case, yesterday = make_case(), timezone.localdate() - timedelta(days=1)
    mitigation(case, title="Late", due_on=yesterday, owner=analyst)
    mitigation(case, title="Over", due_on=yesterday, owner=make_person(), state="done")
    mitigation(case, title="No day")

    def found(query):
        return titles(as_analyst.get(f"mitigations/?ordering=id&{query}"))

    assert found("overdue=true") == ["Late"]
    assert found("overdue=false") == ["Over", "No day"]
    assert found("owner=me") == ["Late"]
    assert found("owner__isnull=true") == ["No day"]
    assert found("state=done&state=proposed") == ["Late", "Over", "No day"]
    assert found("due__lte=-1d&state=done") == ["Over"]
    assert found(f"case={case.reference}&case=AIR-99999") == ["Late", "Over", "No day"]
    assert titles(as_analyst.get("mitigations/?ordering=due_on")) == ["Late", "Over", "No day"]


def test_the_owner_may_say_what_it_did_and_nothing_else(reporter):
    row, tool = mitigation(make_case(), owner=reporter), Tool(reporter)

    moved = tool.send("PATCH", f"mitigations/{row.pk}/", {"state": "accepted"}, match="*")
    renamed = tool.send("PATCH", f"mitigations/{row.pk}/", {"title": "Mine now"}, match="*")

    assert (moved.status_code, moved.json()["state"], renamed.status_code) == (200, "accepted", 403)
