"""What a run found beside pairs and trends, through the API."""

from datetime import date

import pytest

from registry.choices import JobKind, LabelRule, Visibility
from registry.models import Case, Job, Population
from taxonomy.models import Node
from tests.factories import (
    NOW,
    make_case,
    make_foresight,
    make_layers,
    make_miss,
    make_node,
    make_pair,
    make_person,
    make_run,
    make_run_exposure,
    make_split,
    make_system,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped_taxonomy")]
KINDS = ("safeguards", "misses", "splits", "foresight", "exposures")


@pytest.fixture
def run():
    return make_run()


def rows(response):
    assert response.status_code == 200, response.content
    return response.json()["results"]


def ids(response):
    return [row["id"] for row in rows(response)]


def technique(slug):
    return Node.objects.select_related("scheme").get(scheme__kind="technique", slug=slug)


def two_nodes():
    return [Node.objects.get(scheme__slug="misalignment-causes", slug=slug) for slug in ("outer", "inner")]


def a_population(**values):
    return Population.objects.create(**{"asked_by": make_person(), "created_at": NOW} | values)


def test_which_safeguards_missed_together(as_reader, run):
    rlhf, review, filter_ = technique("rlhf"), technique("review"), technique("filter")
    few = make_layers(run, missed=[rlhf], n=2)
    many = make_layers(run, missed=[rlhf, review], caught=[filter_], n=9)
    path = f"patterns/runs/{run.pk}/safeguards/"

    found = rows(as_reader.get(path))

    keys = [node.key for node in sorted([rlhf, review], key=lambda node: node.pk)]
    assert [row["id"] for row in found] == [many.pk, few.pk]
    assert (found[0]["missed"], found[0]["caught"], found[0]["n"]) == (keys, [filter_.key], 9)
    assert ids(as_reader.get(f"{path}?technique={review.key}")) == [many.pk]
    assert ids(as_reader.get(f"{path}?technique={filter_.key},{rlhf.key}&ordering=id")) == [few.pk, many.pk]


def test_the_cases_of_a_combination_are_those_its_reader_may_see(as_reader, run):
    shown, hidden = make_case(), make_case()
    make_layers(run, missed=[technique("rlhf")], case_ids=[shown.pk, hidden.pk])
    make_layers(run, caught=[technique("rlhf")], case_ids=[make_case().pk])
    Case.objects.filter(pk=hidden.pk).update(visibility=Visibility.NAMED)

    row = rows(as_reader.get(f"patterns/runs/{run.pk}/safeguards/?ordering=id"))[0]

    assert ids(as_reader.get(row["cases_url"])) == [shown.pk]
    assert "case_ids" not in row


def test_a_technique_that_is_gone_leaves_its_numbers(as_reader, run):
    gone = make_node("former", scheme=technique("rlhf").scheme)
    left, number = make_layers(run, missed=[technique("rlhf")], caught=[gone], n=4), gone.pk
    gone.delete()

    [row] = rows(as_reader.get(f"patterns/runs/{run.pk}/safeguards/"))

    assert (row["id"], row["missed"], row["caught"], row["n"]) == (left.pk, ["technique:rlhf"], [f"#{number}"], 4)
    assert row["cases_url"].endswith(f"/api/v1/cases/?layers={run.pk}&missed=technique%3Arlhf")


def test_how_a_technique_missed(as_reader, run):
    mode = Node.objects.filter(scheme__kind="failure mode").first()
    case = make_case()
    named = make_miss(run, technique("rlhf"), mode, n=6, n_partial=2, case_ids=[case.pk])
    absent = make_miss(run, technique("review"), absent=True, n=5)
    path = f"patterns/runs/{run.pk}/misses/"

    found = rows(as_reader.get(path))

    assert [row["id"] for row in found] == [named.pk, absent.pk]
    first = {name: found[0][name] for name in ("technique", "failure_mode", "absent", "n", "n_partial")}
    assert first == {
        "technique": "technique:rlhf",
        "failure_mode": mode.key,
        "absent": False,
        "n": 6,
        "n_partial": 2,
    }
    assert ids(as_reader.get(found[0]["cases_url"])) == [case.pk]
    assert ids(as_reader.get(f"{path}?absent=true")) == [absent.pk]
    assert ids(as_reader.get(f"{path}?technique=technique:rlhf")) == [named.pk]
    assert ids(as_reader.get(f"{path}?failure_mode={mode.key}")) == [named.pk]


def test_a_pair_in_its_strata(as_reader, run):
    pair = make_pair(run, *two_nodes())
    by_setting = make_split(pair)
    by_year = make_split(
        pair, dimension="year", strata=["2025", "2026"], joint=[10, 0], k_a=[20, 6], k_b=[20, 6], n=[60, 40]
    )
    path = f"patterns/runs/{run.pk}/splits/"

    found = rows(as_reader.get(path))

    setting = next(row for row in found if row["id"] == by_setting.pk)
    assert (setting["pair"], setting["node_a"], setting["node_b"]) == (pair.pk, pair.node_a.key, pair.node_b.key)
    assert setting["strata"] == [
        {"stratum": "laboratory", "joint": 30, "k_a": 40, "k_b": 40, "n": 100},
        {"stratum": "production", "joint": 30, "k_a": 40, "k_b": 40, "n": 100},
        {"stratum": None, "joint": 3, "k_a": 5, "k_b": 5, "n": 20},
    ]
    assert {row["dimension"]: row["reading"] for row in found} == {"setting": "holds", "year": "one-only"}
    # (15 + 15 + 39 / 20) / (1 + 1 + 4 / 20) by hand.
    assert round(setting["odds_ratio"], 4) == 14.5227
    assert setting["odds_low"] < setting["odds_ratio"] < setting["odds_high"]
    assert ids(as_reader.get(f"{path}?dimension=year")) == [by_year.pk]
    assert ids(as_reader.get(f"{path}?pair={pair.pk}&dimension=setting")) == [by_setting.pk]
    assert ids(as_reader.get(f"{path}?pair={pair.pk + 1}")) == []
    assert ids(as_reader.get(f"{path}?node=technique:rlhf")) == []


def test_a_split_is_read_by_the_rules_of_its_run(as_reader):
    rules = {"min_rate_n": 5, "min_joint": 3, "min_test_n": 1000, "min_support": 5, "max_q": 0.1}
    runs = [make_run(), make_run(rules=rules)]
    for each in runs:
        make_split(make_pair(each, *two_nodes()))

    readings = [rows(as_reader.get(f"patterns/runs/{each.pk}/splits/"))[0]["reading"] for each in runs]

    assert readings == ["holds", "too-few"]


def test_a_split_without_an_odds_ratio_says_null(as_reader, run):
    make_split(make_pair(run, *two_nodes()), joint=[3, 0, 0], k_a=[3, 0, 0], k_b=[3, 0, 0], n=[3, 5, 1])

    row = rows(as_reader.get(f"patterns/runs/{run.pk}/splits/"))[0]

    assert (row["odds_ratio"], row["odds_low"], row["odds_high"]) == (None, None, None)


def test_how_foreseeable_events_were(as_reader, run):
    everything, few = make_foresight(run), make_foresight(run, two_nodes()[0], foreseeable=0, warned=1, lead_days=[3])
    path = f"patterns/runs/{run.pk}/foresight/"

    found = {row["node"]: row for row in rows(as_reader.get(path))}

    whole = found[None]
    assert (whole["id"], whole["warned"], whole["unknown"], whole["n_leads"]) == (everything.pk, 12, 20, 8)
    assert (round(whole["share"], 4), round(whole["share_low"], 4), round(whole["share_high"], 4)) == (
        0.6176,
        0.4504,
        0.761,
    )
    assert (whole["lead_days"], whole["lead_low"], whole["lead_high"]) == (387.5, 10, 800)
    assert (found["misalignment-causes:outer"]["lead_days"], found["misalignment-causes:outer"]["lead_low"]) == (
        3,
        None,
    )
    assert ids(as_reader.get(f"{path}?node=misalignment-causes:outer")) == [few.pk]
    assert ids(as_reader.get(f"{path}?scheme=misalignment-causes")) == [few.pk]


def test_a_share_of_too_few_is_hidden_as_on_the_page(as_reader, run):
    make_foresight(run, warned=2, foreseeable=1, not_foreseeable=1)

    row = rows(as_reader.get(f"patterns/runs/{run.pk}/foresight/"))[0]

    assert (row["share"], row["share_low"], row["share_high"], row["warned"]) == (None, None, None, 2)


def test_events_for_their_use(as_reader, run):
    used, unused = make_system("Guide"), make_system("Guard")
    make_run_exposure(run, used, n=18, amount=8_400_000, months=[date(2026, 9, 1), date(2026, 10, 1)])
    bare = make_run_exposure(run, unused, n=0, n_outside=4, amount=0, months=[], unit="deployments")
    path = f"patterns/runs/{run.pk}/exposures/"

    found = {row["system"]: row for row in rows(as_reader.get(path))}

    guide = found["Guide"]
    assert (guide["system_id"], guide["n"], guide["n_outside"], guide["amount"]) == (used.pk, 18, 1, 8_400_000)
    assert guide["months"] == ["2026-09", "2026-10"]
    per_million = [round(guide[name] * 1e6, 2) for name in ("rate", "rate_low", "rate_high")]
    assert per_million == [2.14, 1.27, 3.39]
    assert (found["Guard"]["amount"], found["Guard"]["rate"], found["Guard"]["rate_high"]) == (None, None, None)
    assert ids(as_reader.get(f"{path}?unit=deployments")) == [bare.pk]


def test_a_system_whose_cases_were_hidden_since_is_left_out(as_reader, run):
    system = make_system("Guide", make_case(visibility=Visibility.NAMED))
    make_run_exposure(run, system)

    response = as_reader.get(f"patterns/runs/{run.pk}/exposures/?count=exact")

    assert (response.json()["results"], response.json()["count"]) == ([], 0)
    assert response["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("kind", KINDS)
def test_the_latest_leads_to_the_run(as_reader, run, kind):
    response = as_reader.get(f"patterns/latest/{kind}/?limit=2")

    assert (response.status_code, response["Location"]) == (
        307,
        f"http://testserver/api/v1/patterns/runs/{run.pk}/{kind}/?limit=2",
    )
    assert as_reader.get(f"patterns/runs/{run.pk + 1}/{kind}/").status_code == 404


def fill(run, kind, n):
    nodes = list(Node.objects.order_by("pk")[: n + 1])
    makers = {
        "safeguards": lambda place: make_layers(run, missed=[nodes[place]]),
        "misses": lambda place: make_miss(run, nodes[place]),
        "splits": lambda place: make_split(make_pair(run, nodes[place], nodes[place + 1])),
        "foresight": lambda place: make_foresight(run, nodes[place]),
        "exposures": lambda place: make_run_exposure(run, make_system()),
    }
    for place in range(n):
        makers[kind](place)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [1, 30])
def test_query_counts(as_reader, run, django_assert_num_queries, kind, n):
    fill(run, kind, n)
    as_reader.get("me/")

    # One more says what the techniques are called.
    with django_assert_num_queries(4 if kind == "safeguards" else 3):
        assert len(rows(as_reader.get(f"patterns/runs/{run.pk}/{kind}/"))) == n


def test_a_run_says_what_it_counts_and_what_is_incomplete(as_reader):
    population = a_population(label_rule=LabelRule.ANY, query="kind=incident&kind=near-miss")
    strata = {"setting": {"laboratory": 64}}
    run = make_run(population=population, strata=strata, lag_weeks=3, lag_cases=41, incomplete_weeks=4)

    row = as_reader.get(f"patterns/runs/{run.pk}/").json()

    assert row["population"] == {
        "id": population.pk,
        "label_rule": "any",
        "filters": {"kind": ["incident", "near-miss"]},
    }
    measured = (row["strata"], row["lag_weeks"], row["lag_cases"], row["incomplete_weeks"])
    assert measured == (strata, 3, 41, 4)


def test_runs_of_one_population(as_reader):
    population = a_population(query="kind=incident")
    standard, other = make_run(), make_run(population=population)

    assert ids(as_reader.get("patterns/runs/")) == [other.pk, standard.pk]
    assert ids(as_reader.get("patterns/runs/?population=standard")) == [standard.pk]
    assert ids(as_reader.get(f"patterns/runs/?population={population.pk}")) == [other.pk]
    assert ids(as_reader.get("patterns/runs/?population=0")) == []
    assert as_reader.get("patterns/latest/").json()["id"] == standard.pk


@pytest.mark.parametrize("text", ["all", "-1", "1.5", "9" * 30, "%00"])
def test_a_population_that_is_neither_standard_nor_a_number_is_refused(as_reader, text):
    assert as_reader.get(f"patterns/runs/?population={text}").status_code == 400


@pytest.mark.parametrize("n", [1, 30])
def test_the_runs_take_as_many_queries_however_many(as_reader, django_assert_num_queries, n):
    population = a_population(query="kind=incident")
    for _ in range(n):
        make_run(population=population)
    as_reader.get("me/")

    with django_assert_num_queries(2):
        assert len(ids(as_reader.get("patterns/runs/"))) == n


def test_a_pair_says_since_when(as_reader, run):
    make_pair(run, *two_nodes(), first_flagged=4, first_supported=2)

    row = rows(as_reader.get(f"patterns/runs/{run.pk}/pairs/"))[0]

    assert (row["first_flagged"], row["first_supported"]) == (4, 2)


def test_an_analyst_asks_for_a_run_over_some_cases(as_analyst):
    asked = {"label_rule": "adjudicated", "filters": {"kind": ["near-miss", "incident"]}}

    first, again = (as_analyst.send("POST", "patterns/runs/", asked) for _ in range(2))

    assert (first.status_code, again.json()["id"]) == (202, first.json()["id"])
    population = Population.objects.get()
    assert population.label_rule == "adjudicated"
    job = Job.objects.get(kind=JobKind.RECOMPUTE)
    assert job.payload == {"population": population.pk}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"label_rule": "all"}, "#/label_rule"),
        ({"label_rule": None}, "#/label_rule"),
        ({"filters": {"sort": ["a"]}}, "#/filters/sort"),
        ({"filters": {"kind": ["dream"]}}, "#/filters/kind"),
        ({"filters": {"visibility": ["named"]}}, "#/filters/visibility"),
        ({"filters": {"owner": ["me"]}}, "#/filters/owner"),
        ({"filters": []}, "#/filters"),
        ({"filters": {"q": ["a\x00b"]}}, "#/filters/q/0"),
    ],
)
def test_a_run_that_cannot_be_asked_for_says_where(as_analyst, body, pointer):
    refused = as_analyst.send("POST", "patterns/runs/", body)

    assert refused.status_code in (400, 422), refused.content
    assert [each["pointer"] for each in refused.json()["errors"]] == [pointer]
    assert not Job.objects.filter(kind=JobKind.RECOMPUTE).exists()


def test_readers_ask_for_no_run(as_reader):
    assert as_reader.send("POST", "patterns/runs/", {"label_rule": "any"}).status_code == 403
