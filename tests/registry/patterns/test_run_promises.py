"""What makes a run a new one, whose cases it reads beside the labels, and what it keeps of many."""

from datetime import date, timedelta

import pytest

from registry.models import Case, PatternExposure, PatternLayers, PatternPair, PatternRun, Population, RangeMark
from registry.models.counted_range import WIDTH
from registry.patterns import pair_rows, populations
from registry.patterns.kept_ranges import count_range
from registry.patterns.recompute import recompute
from taxonomy.models import Mapping
from tests.analysed import node_of_kind, safeguard
from tests.factories import (
    NOW,
    agree,
    make_case,
    make_cases,
    make_exposure,
    make_node,
    make_person,
    make_scheme,
    make_system,
)
from tests.registry.patterns.runs import pair_of, run_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def missed():
    """A safeguard that missed one case."""
    return safeguard(
        case=make_case(kind="near-miss"), technique=node_of_kind("technique"), deployed="yes", outcome="missed"
    )


@pytest.fixture
def used():
    """A system that one case names, and its use in one month."""
    return make_exposure(make_system("guide", make_case(kind="near-miss", occurred_from=date(2026, 10, 2))))


def test_what_became_of_a_safeguard_gives_a_new_run(missed):
    first = run_now()
    missed.outcome = "caught"
    missed.save()

    second = run_now()

    assert second != first
    assert PatternLayers.objects.values_list("missed", "caught").get(run=second) == ([], [missed.technique_id])


def test_another_amount_of_use_gives_a_new_run(used):
    first = run_now()
    used.amount = 5
    used.save()

    second = run_now()

    assert second != first
    assert PatternExposure.objects.get(run=second, system=used.system).amount == 5


def test_labels_that_come_to_be_related_by_definition_give_a_new_run(association):
    a, b, _ = association
    first = run_now()
    Mapping.objects.create(from_node=a, to_node=b, relation="close", source="Us")

    second = run_now()

    assert [(pair_of(run, a, b).state, pair_of(run, a, b).flagged) for run in (first, second)] == [
        ("tested", True),
        ("related", False),
    ]


def test_a_run_over_some_cases_reads_the_safeguards_and_the_use_of_those_alone(missed, used):
    make_cases(10, kind="incident")
    population = Population.objects.create(query="kind=incident", asked_by=make_person(), created_at=NOW)

    some, every = run_now(population=population), run_now()

    assert [PatternLayers.objects.filter(run=run).count() for run in (some, every)] == [0, 1]
    assert [PatternExposure.objects.get(run=run, system=used.system).n for run in (some, every)] == [0, 1]


def test_only_the_strongest_pairs_keep_their_cases_and_of_these_the_newest(monkeypatch):
    shapes, reporter = make_scheme("shapes"), make_person()
    first, others = make_node(), [make_node(scheme=shapes) for _ in range(3)]
    absent, plain = make_node(), make_node(scheme=shapes)
    for number in range(40):
        carried = [node for node, n in zip(others, (6, 9, 8), strict=True) if number < n] or [plain]
        agree(make_case(reporter=reporter), first if number < 9 else absent, *carried)
    monkeypatch.setattr(pair_rows, "MOST_PAIRS_WITH_CASES", 2)
    monkeypatch.setattr(pair_rows, "MOST_CASES_KEPT", 7)

    flagged = list(PatternPair.objects.filter(run=run_now(), flagged=True).order_by("q"))

    kept, others = [pair for pair in flagged if pair.case_ids], [pair for pair in flagged if not pair.case_ids]
    assert (len(kept), len(others) > 2) == (2, True)
    assert max(pair.q for pair in kept) <= min(pair.q for pair in others)
    for pair in kept:
        both = Case.objects.filter(node_path__contains=[pair.node_a_id, pair.node_b_id]).order_by("-pk")
        assert pair.case_ids == [case.pk for case in both[:7]]


@pytest.mark.parametrize(
    ("query", "compared"),
    [
        ("occurred__gte=2026-04-20", True),
        ("occurred__gte=2026-04-21", False),
        ("occurred__gt=2026-04-19", True),
        ("occurred__gt=2026-04-21", False),
        ("updated__gte=2020-01-01", False),
        ("status__not=closed", False),
        ("stage=evaluation", True),
    ],
)
def test_weeks_are_compared_where_the_first_of_them_is_whole(query, compared):
    assert populations.compares_weeks(Population(query=query), since=date(2026, 4, 20)) is compared


@pytest.mark.django_db(transaction=True)
def test_who_counts_one_range_takes_away_no_mark_of_another(shipped_taxonomy):
    cases = [make_case(pk=number) for number in (1, WIDTH)]
    recompute(at=NOW)
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(occurred_from=NOW.date() - timedelta(days=50))

    counted = count_range(0, at=NOW)

    assert (counted, list(RangeMark.objects.values_list("number", flat=True))) == (True, [1])
    recompute(at=NOW)
    assert PatternRun.objects.latest("pk").occurred_to == NOW.date() - timedelta(days=50)
