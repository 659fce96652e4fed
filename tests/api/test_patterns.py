"""Pattern runs through the API."""

from datetime import date

import pytest

from registry.actions import jobs
from registry.choices import JobKind, Movement, PairState, Visibility
from registry.models import Case, Job, PatternNode, PatternPair, PatternRun, PatternTrend
from taxonomy.models import Node
from tests.factories import NOW, make_case

pytestmark = pytest.mark.django_db


def make_run(**values):
    values = {
        "computed_at": NOW,
        "code_version": "1",
        "taxonomy_version": "t",
        "fingerprint": "f",
        "rules": {"least_joint": 5},
        "n_cases": 40,
        "n_groups": 39,
        "n_pairs": 3,
        "n_tests": 2,
        "n_flagged": 1,
        "seconds": 0.5,
    } | values
    return PatternRun.objects.create(**values)


@pytest.fixture
def run():
    return make_run()


@pytest.fixture
def nodes():
    return list(Node.objects.select_related("scheme").order_by("pk")[:4])


def make_pair(run, a, b, **values):
    values = {"state": PairState.TESTED, "joint": 6, "k_a": 10, "k_b": 9, "n": 40, "movement": Movement.NEW} | values
    return PatternPair.objects.create(run=run, node_a=a, node_b=b, **values)


def ids(response):
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def test_without_a_run_there_is_no_latest(as_reader):
    assert as_reader.get("patterns/latest/").status_code == 404


def test_the_latest_run_is_the_newest(as_reader, run):
    newer = make_run(compared_with=run)

    body = as_reader.get("patterns/latest/").json()

    assert (body["id"], body["compared_with"], body["n_tests"]) == (newer.pk, run.pk, 2)
    assert as_reader.get(body["url"]).json() == body
    assert ids(as_reader.get("patterns/runs/")) == [newer.pk, run.pk]


@pytest.mark.parametrize(("code_version", "other"), [(None, False), ("0", True)])
def test_a_run_says_where_the_one_before_was_computed_by_other_rules(as_reader, run, code_version, other):
    newer = make_run(compared_with=run, **({"code_version": code_version} if code_version else {}))

    one = as_reader.get(f"patterns/runs/{newer.pk}/").json()
    listed = as_reader.get("patterns/runs/").json()["results"]
    latest = as_reader.get("patterns/latest/").json()

    assert [each["by_other_rules"] for each in (one, *listed, latest)] == [other, other, False, other]


def test_pairs_come_strongest_first_and_untested_last(as_reader, run, nodes):
    weak = make_pair(run, nodes[0], nodes[1], effect=0.2)
    none = make_pair(run, nodes[0], nodes[2], effect=None, state=PairState.TOO_FEW)
    strong = make_pair(run, nodes[1], nodes[2], effect=1.5, flagged=True)
    path = f"patterns/runs/{run.pk}/pairs/"

    assert ids(as_reader.get(path)) == [strong.pk, weak.pk, none.pk]
    first = as_reader.get(f"{path}?limit=2")
    assert ids(as_reader.get(first.json()["next"])) == [none.pk]
    assert ids(as_reader.get(f"{path}?flagged=true")) == [strong.pk]
    assert ids(as_reader.get(f"{path}?state=too-few")) == [none.pk]
    assert ids(as_reader.get(f"{path}?node={nodes[0].key}")) == [weak.pk, none.pk]


def test_a_pair_leads_only_to_the_cases_its_reader_may_see(as_reader, run, nodes):
    shown, hidden = make_case(), make_case()
    make_pair(run, nodes[0], nodes[1], case_ids=[shown.pk, hidden.pk])
    Case.objects.filter(pk=hidden.pk).update(visibility=Visibility.NAMED)

    row = as_reader.get(f"patterns/runs/{run.pk}/pairs/").json()["results"][0]

    assert ids(as_reader.get(row["cases_url"])) == [shown.pk]
    assert "case_ids" not in row


def test_nodes_and_trends_of_a_run(as_reader, run, nodes):
    PatternNode.objects.create(run=run, node=nodes[0], k=7, n=30, low=0.1, high=0.4)
    trend = {"run": run, "first_week": date(2026, 11, 2), "weeks": [1, 2], "recent": 3, "baseline": 1}
    PatternTrend.objects.create(node=None, **trend)

    rates = as_reader.get(f"patterns/runs/{run.pk}/nodes/").json()["results"]
    trends = as_reader.get(f"patterns/runs/{run.pk}/trends/").json()["results"]

    assert [(row["node"], row["k"], row["n"], row["low"]) for row in rates] == [(nodes[0].key, 7, 30, 0.1)]
    assert [(row["node"], row["first_week"], row["weeks"]) for row in trends] == [(None, "2026-11-02", [1, 2])]


def test_rates_and_trends_are_filtered(as_reader, run, nodes):
    for node in nodes[:2]:
        PatternNode.objects.create(run=run, node=node, k=7, n=30)
    trend = {"run": run, "first_week": date(2026, 11, 2), "weeks": [1, 2], "recent": 3, "baseline": 1}
    every = PatternTrend.objects.create(node=None, **trend)
    flagged = PatternTrend.objects.create(node=nodes[0], flagged=True, **trend)
    scheme = nodes[0].scheme.slug
    path = f"patterns/runs/{run.pk}"

    assert len(ids(as_reader.get(f"{path}/nodes/?node={nodes[0].key}"))) == 1
    assert len(ids(as_reader.get(f"{path}/nodes/?scheme={scheme}"))) == 2
    assert ids(as_reader.get(f"{path}/trends/?flagged=true")) == [flagged.pk]
    assert ids(as_reader.get(f"{path}/trends/?scheme={scheme}")) == [flagged.pk]
    assert ids(as_reader.get(f"{path}/trends/?flagged=false")) == [every.pk]


@pytest.mark.parametrize("kind", ["pairs", "nodes", "trends"])
def test_rows_of_the_latest_run_are_found_without_asking_which_it_is(as_reader, run, nodes, kind):
    assert as_reader.get(f"patterns/latest/{kind}/?limit=0").status_code == 307

    sent_on = as_reader.get(f"patterns/latest/{kind}/?limit=2&node={nodes[0].key}")

    url = f"http://testserver/api/v1/patterns/runs/{run.pk}/{kind}/?limit=2&node={nodes[0].key}"
    assert (sent_on.status_code, sent_on["Location"]) == (307, url)
    assert ids(as_reader.get(sent_on["Location"])) == []
    assert as_reader.get(f"patterns/latest/{kind}/?colour=red").status_code == 400


def test_without_a_run_there_are_no_latest_rows(as_reader):
    assert as_reader.get("patterns/latest/pairs/").status_code == 404


def test_what_a_run_holds_is_kept_by_whoever_read_it(as_reader, run, nodes):
    make_pair(run, nodes[0], nodes[1])
    for path in (f"patterns/runs/{run.pk}/", f"patterns/runs/{run.pk}/pairs/"):
        first = as_reader.get(path)
        again = as_reader.get(path, headers={"If-None-Match": first["ETag"]})

        assert (first.status_code, first["Cache-Control"]) == (200, "private, max-age=86400")
        assert (again.status_code, again.content) == (304, b"")


def test_a_new_run_is_asked_for_once_and_everybody_who_waits_sees_how_far_it_is(as_analyst, as_reviewer, as_reader):
    asked = as_analyst.send("POST", "patterns/runs/")
    again = as_reviewer.send("POST", "patterns/runs/")

    assert (asked.status_code, asked.json()["kind"], asked.json()["state"]) == (202, "recompute", "pending")
    assert again.json()["id"] == asked.json()["id"]
    assert as_reviewer.get(asked["Location"]).json()["state"] == "pending"
    assert Job.objects.filter(kind=JobKind.RECOMPUTE).count() == 1
    assert as_reader.send("POST", "patterns/runs/").status_code == 403
    assert as_analyst.send("POST", "patterns/runs/", {"now": True}).status_code == 400


def test_a_computation_that_nobody_asked_for_tells_nobody_of_what_left_it(as_analyst):
    jobs.leave_recompute(at=NOW)
    left = Job.objects.get(kind=JobKind.RECOMPUTE)

    assert as_analyst.get(f"jobs/{left.pk}/").status_code == 404
    assert as_analyst.send("POST", "patterns/runs/").json()["id"] == left.pk
    assert as_analyst.get(f"jobs/{left.pk}/").status_code == 200


@pytest.mark.parametrize("n", [1, 30])
def test_pair_list_query_count(as_reader, run, django_assert_num_queries, n):
    every = list(Node.objects.order_by("pk")[: n + 1])
    for other in every[1:]:
        make_pair(run, every[0], other)

    with django_assert_num_queries(3):  # the token, the run, the page
        rows = ids(as_reader.get(f"patterns/runs/{run.pk}/pairs/"))

    assert len(rows) == n


@pytest.mark.parametrize("number", ["0", "999", "9999999999", "9" * 4300, "x", "-1"])
def test_a_run_that_does_not_exist_is_not_found(as_reader, number):
    for tail in ("", "pairs/", "nodes/", "trends/"):
        assert as_reader.get(f"patterns/runs/{number}/{tail}").status_code == 404
