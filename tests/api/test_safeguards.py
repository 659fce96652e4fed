"""Safeguards of a case through the API: one technique at a time, nobody's change lost."""

import pytest

from registry.choices import Status
from registry.models import Safeguard
from taxonomy.models import Node
from tests.analysed import safeguard
from tests.factories import NOW, make_case, make_node, make_scheme

pytestmark = pytest.mark.django_db
SAID = {"deployed": "yes", "expected": "yes", "outcome": "missed", "how": "It saw only the last line."}


@pytest.fixture
def case():
    return make_case(status=Status.ANALYSIS)


def path(case, key="technique:rlhf"):
    return f"cases/{case.reference}/safeguards/{key}/"


def a_failure_mode():
    return Node.objects.filter(scheme__kind="failure mode", retired_at=None).select_related("scheme").first()


def test_a_safeguard_is_recorded_changed_and_taken_out(as_analyst, case):
    mode = a_failure_mode()

    made = as_analyst.send("PUT", path(case), {**SAID, "failure_mode": mode.key})
    changed = as_analyst.send("PUT", path(case), {"deployed": "no"}, match=made["ETag"])
    read = as_analyst.get(path(case))
    gone = as_analyst.send("DELETE", path(case), match=changed["ETag"])

    assert (made.status_code, made.json()["failure_mode"], made.json()["order"]) == (201, mode.key, 1)
    # A PUT is the whole of it: what it leaves out goes back to its default; only the place is kept.
    assert {name: changed.json()[name] for name in ("outcome", "failure_mode", "how", "order", "version")} == {
        "outcome": "unknown",
        "failure_mode": None,
        "how": "",
        "order": 1,
        "version": 2,
    }
    assert (read.json(), read["ETag"]) == (changed.json(), changed["ETag"])
    assert (gone.status_code, Safeguard.objects.count(), as_analyst.get(path(case)).status_code) == (204, 0, 404)


def test_a_row_says_everything(as_analyst, case):
    row = safeguard(case=case, technique=Node.objects.get(scheme__slug="technique", slug="rlhf"), order=3)

    listed = as_analyst.get(f"cases/{case.reference}/safeguards/").json()["results"]

    assert listed == [
        {
            "id": row.pk,
            "case": case.reference,
            "technique": "technique:rlhf",
            "name": row.technique.name,
            "deployed": "unknown",
            "expected": "unknown",
            "outcome": "unknown",
            "failure_mode": None,
            "how": "",
            "order": 3,
            "version": 1,
            "created_at": "2026-11-20T09:30:00Z",
            "updated_at": "2026-11-20T09:30:00Z",
            "url": f"http://testserver/api/v1/cases/{case.reference}/safeguards/technique:rlhf/",
            "html_url": f"http://testserver/cases/{case.reference}/#safeguards",
        }
    ]


def test_what_was_changed_since_is_not_overwritten(as_analyst, case):
    made = as_analyst.send("PUT", path(case), SAID)
    newer = as_analyst.send("PUT", path(case), {"deployed": "no"}, match=made["ETag"])

    without = as_analyst.send("PUT", path(case), SAID)
    stale = as_analyst.send("PUT", path(case), SAID, match=made["ETag"])
    stale_delete = as_analyst.send("DELETE", path(case), match=made["ETag"])
    absent = as_analyst.send("PUT", path(case, "technique:debate"), SAID, match=made["ETag"])

    assert [each.status_code for each in (without, stale, stale_delete, absent)] == [428, 412, 412, 412]
    assert stale["ETag"] == stale.json()["etag"] == newer["ETag"]
    assert Safeguard.objects.get().deployed == "no"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/deployed"),
        ({"deployed": None}, "#/deployed"),
        ({"deployed": "no", "outcome": "missed"}, "#/outcome"),
        ({"deployed": "yes", "failure_mode": "colours:red"}, "#/failure_mode"),
        ({"deployed": "yes", "failure_mode": "nothing:there"}, "#/failure_mode"),
        ({"deployed": "yes", "order": 0}, "#/order"),
        ({"deployed": "yes", "order": "1"}, "#/order"),
        ({"deployed": "yes", "why": "x"}, "#/why"),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_stands(as_analyst, case, body, pointer):
    make_node("red")

    response = as_analyst.send("PUT", path(case), body)

    assert response.status_code == 400, response.content
    assert [each["pointer"] for each in response.json()["errors"]] == [pointer]
    assert Safeguard.objects.count() == 0


def test_only_a_technique_is_a_safeguard(as_analyst, case):
    make_node("red")

    responses = [as_analyst.send("PUT", path(case, key), SAID) for key in ("colours:red", "colours:none")]

    assert [each.status_code for each in responses] == [400, 404]
    assert responses[0].json()["detail"] == "A safeguard is a node of a scheme of techniques."


def test_a_retired_technique_is_recorded_nowhere_else(as_analyst, case):
    Node.objects.filter(scheme__slug="technique", slug="rlhf").update(retired_at=NOW)

    response = as_analyst.send("PUT", path(case), SAID)

    assert [each["pointer"] for each in response.json()["errors"]] == ["#/deployed"]


@pytest.mark.parametrize("n", [1, 30])
def test_safeguard_list_query_count(as_analyst, case, django_assert_num_queries, n):
    scheme = make_scheme("layers", kind="technique")
    for _ in range(n):
        safeguard(case=case, technique=make_node(scheme=scheme))

    with django_assert_num_queries(3):  # the token, the case, its safeguards
        response = as_analyst.get(f"cases/{case.reference}/safeguards/")

    assert len(response.json()["results"]) == n


def test_one_safeguard_query_count(as_analyst, case, django_assert_num_queries):
    safeguard(case=case, technique=Node.objects.get(scheme__slug="technique", slug="rlhf"))

    with django_assert_num_queries(4):  # the token, the case, the node, its row
        assert as_analyst.get(path(case)).status_code == 200
