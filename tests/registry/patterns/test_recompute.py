"""A pattern run against the rows it was counted from: what counts, what does not, what is kept and what moved."""

import random
import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import QueryDict

from registry.actions import jobs
from registry.choices import Movement, Visibility
from registry.filters import CaseFilterSet
from registry.models import (
    Case,
    EventGroup,
    Job,
    PatternNode,
    PatternPair,
    PatternRun,
    PatternTrend,
)
from registry.patterns import kept_ranges, reading
from registry.patterns.recompute import recompute, run_to_compare_with
from registry.patterns.rules import Rules
from taxonomy.models import Node
from tests.factories import (
    agree,
    log,
    make_case,
    make_node,
    make_number,
    make_person,
    make_scheme,
)
from tests.registry.patterns.runs import counted_by_hand, counts_of, numbers_of, pair_of, run_now

pytestmark = pytest.mark.django_db

WEEK = timedelta(weeks=1)


def random_registry(seed):
    """Thirty cases with random labels of three schemes, dates, events, states and readers."""
    chance = random.Random(seed)
    nodes = []
    for scheme in range(3):
        rows = [make_node(scheme=make_scheme(f"scheme-{scheme}"))]
        for _ in range(3):
            rows.append(make_node(scheme=rows[0].scheme, parent=chance.choice([None, *rows])))
        nodes += rows
    events, reporter, owner = [EventGroup.objects.create(name="E") for _ in range(3)], make_person(), make_person()
    for _ in range(30):
        status = chance.choice(["triage", "triage", "analysis", "draft", "withdrawn"])
        precision = chance.choice(["day", "day", "day", "month", "unknown"])
        day = date(2026, 11, 20) - timedelta(days=chance.randrange(260))
        case = make_case(
            status=status,
            reporter=reporter,
            owner=owner,
            scope=chance.choice(["", "core", "boundary", "out"]),
            visibility=chance.choice(["everyone"] * 4 + ["named"]),
            event_group=chance.choice([None, None, *events]),
            occurred_precision=precision,
            occurred_from=None if precision == "unknown" else day,
        )
        agree(case, *chance.sample(nodes, chance.randrange(5)))


def ranges_of(width, monkeypatch):
    """Ranges so narrow that a few cases fill several; what is kept was counted for others."""
    monkeypatch.setattr(reading, "WIDTH", width)
    monkeypatch.setattr(kept_ranges, "STATISTICS_VERSION", f"test {width}")


@pytest.mark.parametrize("seed", range(4))
def test_a_run_equals_a_recount_by_hand(seed):
    random_registry(seed)

    assert counts_of(run_now()) == counted_by_hand()


def test_blocks_of_ids_do_not_change_the_counts(monkeypatch):
    random_registry(7)
    whole = counts_of(run_now())
    # Another fingerprint, so that the second run is computed and not found.
    monkeypatch.setattr("registry.patterns.recompute.STATISTICS_VERSION", "test")

    ranges_of(3, monkeypatch)

    assert counts_of(run_now()) == whole == counted_by_hand()
    assert PatternRun.objects.count() == 2


def test_the_reports_of_one_event_count_once_however_far_apart_their_numbers(monkeypatch):
    ranges_of(2, monkeypatch)
    a, b = make_node(), make_node()
    event = EventGroup.objects.create(name="One event")
    agree(make_case(event_group=event), a)
    for _ in range(4):
        make_case()
    agree(make_case(event_group=event), b)

    run = run_now()

    assert (run.n_cases, run.n_groups) == (6, 5)
    pair = PatternPair.objects.get(run=run)
    assert (pair.joint, pair.k_a, pair.k_b, pair.n) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": "draft"},
        {"status": "withdrawn"},
        {"scope": "out"},
        {"visibility": Visibility.NAMED},
        {"visibility": Visibility.NAMED, "status": "closed"},
    ],
)
def test_what_is_not_for_everyone_changes_no_number(hidden):
    a, b, other = make_node(), make_node(), make_node(scheme=make_scheme("shapes"))
    for _ in range(3):
        agree(make_case(), a, b)
    before = run_now()

    agree(make_case(**hidden, occurred_from=date(2026, 11, 1)), a, other)
    after = run_now()

    assert after == before


def test_the_same_cases_give_no_second_run(now):
    agree(make_case(), make_node())
    first = run_now(at=now)

    Case.objects.update(context="Words that no statistic reads.")

    assert run_now(at=now + timedelta(days=1)) == first
    assert PatternRun.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda case, node: case.classifications.all().delete(),
        lambda case, node: Case.objects.filter(pk=case.pk).update(scope="out"),
        lambda case, node: Case.objects.filter(pk=case.pk).update(occurred_from=date(2026, 10, 1)),
        lambda case, node: make_case(),
        lambda case, node: make_node(),
        lambda case, node: Node.objects.filter(pk=node.pk).update(parent=make_node()),
    ],
    ids=["label", "scope", "date", "case", "vocabulary", "tree"],
)
def test_what_counts_gives_a_new_run(change):
    node = make_node()
    case = agree(make_case(), node)
    agree(make_case(), node)
    first = run_now()

    change(case, node)

    assert run_now() != first


def test_other_rules_and_another_week_give_a_new_run(now):
    agree(make_case(), make_node())
    runs = [run_now(at=now), run_now(at=now, rules=Rules(min_support=6)), run_now(at=now + WEEK)]

    assert len({run.pk for run in runs}) == 3
    assert runs[1].rules["min_support"] == 6


def test_an_empty_registry_gives_a_run_of_nothing():
    run = run_now()

    assert (run.n_cases, run.n_groups, run.n_pairs, run.n_tests, run.n_flagged) == (0, 0, 0, 0, 0)
    assert (run.occurred_from, run.occurred_to, run.compared_with) == (None, None, None)


def test_small_numbers_are_counted_but_no_rate_or_ratio_is_shown():
    a, b = make_node(), make_node()
    for _ in range(2):
        agree(make_case(), a, b)

    run = run_now()

    node = PatternNode.objects.get(run=run, node=a)
    assert (node.k, node.n, node.low, node.high) == (2, 2, None, None)
    pair = PatternPair.objects.get(run=run)
    assert (pair.joint, pair.n, pair.state) == (2, 2, "too-few")
    assert [pair.rate_low, pair.rate_high, pair.lift, pair.jaccard, pair.p, pair.q, pair.flagged] == [None] * 6 + [
        False
    ]


def opened_by(pair):
    found = CaseFilterSet(QueryDict(f"pair={pair.pk}"), queryset=Case.objects.order_by("-pk"))
    assert found.is_valid()
    return [case.pk for case in found.qs]


def test_a_flagged_pair_opens_exactly_the_cases_behind_it(association):
    a, b, together = association
    run = run_now()
    pair = pair_of(run, a, b)

    agree(make_case(), a, b)

    assert (pair.flagged, pair.joint, pair.movement) == (True, 10, Movement.NEW)
    assert pair.case_ids == [case.pk for case in reversed(together)] == opened_by(pair)


def test_movement_is_told_against_the_run_a_week_older(association, now):
    a, b, together = association
    first = run_now(at=now)
    agree(make_case(), a, b)
    between = run_now(at=now + timedelta(days=6))
    for case in together:
        case.classifications.all().delete()

    later = run_now(at=now + WEEK)

    gone = pair_of(later, a, b)
    assert (between.compared_with, later.compared_with) == (first, first)
    assert (gone.flagged, gone.movement, gone.joint, gone.joint_before) == (False, Movement.GONE, 1, 10)
    assert gone.q_before == pair_of(first, a, b).q
    assert gone.case_ids == opened_by(gone)


def test_the_latest_run_at_least_a_week_old_is_compared_with(now):
    runs = []
    for days in (0, 1, 8):
        make_case()
        runs.append(run_now(at=now + timedelta(days=days)))

    assert run_to_compare_with(at=now + timedelta(days=8)) == runs[1]
    assert run_to_compare_with(at=now + timedelta(days=7)) == runs[0]
    assert run_to_compare_with(at=now) == runs[0]


def test_trends_count_the_weeks_of_known_days_alone():
    node = make_node()
    for day in (date(2026, 11, 16), date(2026, 11, 15), date(2026, 11, 9), date(2025, 1, 1)):
        agree(make_case(occurred_from=day), node)
    agree(make_case(occurred_from=date(2026, 11, 1), occurred_precision="month"), node)

    run = run_now()

    row = PatternTrend.objects.get(run=run, node=node)
    assert (len(row.weeks), row.weeks[-2:], sum(row.weeks)) == (31, [2, 1], 3)
    assert row.first_week == date(2026, 4, 20)
    assert (row.recent, row.baseline) == (2, 0)
    assert PatternTrend.objects.get(run=run, node=None).weeks == row.weeks


def test_whatever_is_done_to_restricted_cases_changes_no_run(association, now):
    a, b, _ = association
    before = run_now(at=now)

    case = make_case(visibility="named", stage="evaluation", predictability="warned", warned_on=date(2020, 1, 1))
    agree(case, a, b)
    make_number(case, "avid", imported={})
    filed = run_now(at=now)
    Case.objects.filter(pk=case.pk).update(stage="deployment", occurred_from=date(2018, 1, 1))
    changed = run_now(at=now)
    Case.objects.filter(pk=case.pk).update(status="withdrawn")
    withdrawn = run_now(at=now)

    assert [run.fingerprint for run in (filed, changed, withdrawn)] == [before.fingerprint] * 3
    assert PatternRun.objects.count() == 1


def test_swapped_labels_give_a_new_run_although_every_count_is_the_same(association, now):
    a, b, together = association
    first = run_now(at=now)
    together[0].classifications.all().delete()
    agree(make_case(pk=together[0].pk + 1000), a, b)
    Case.objects.filter(pk=together[0].pk).update(status="withdrawn")

    second = run_now(at=now)

    assert counts_of(second) == counts_of(first)
    assert pair_of(second, a, b).case_ids[0] == together[0].pk + 1000


def test_numbers_do_not_depend_on_the_order_of_cases(monkeypatch):
    random_registry(3)
    first = numbers_of(run_now())
    monkeypatch.setattr("registry.patterns.recompute.STATISTICS_VERSION", "test")
    Case.objects.order_by("?").first().save()
    for case in Case.objects.order_by("-pk")[:5]:
        case.save()

    assert numbers_of(run_now()) == first


@pytest.mark.django_db(transaction=True)
def test_a_case_saved_during_a_run_is_left_out_and_leaves_a_pending_job(shipped_taxonomy, now, monkeypatch):
    log()
    job = jobs.claim(at=now)
    events = reading.CaseReader.events

    def saved_elsewhere():
        log()
        connection.close()

    def before_events(reader):
        other = threading.Thread(target=saved_elsewhere)
        other.start()
        other.join()
        return events(reader)

    monkeypatch.setattr(reading.CaseReader, "events", before_events)
    result = recompute(at=now)
    jobs.finish(job=job, at=now, result=result)
    monkeypatch.undo()

    assert PatternRun.objects.get(pk=result["run"]).n_cases == 1
    assert sorted(Job.objects.values_list("state", flat=True)) == ["done", "pending"]
    again = recompute(at=now)
    assert PatternRun.objects.get(pk=again["run"]).n_cases == 2
    assert recompute(at=now) == again | {"unchanged": True}
