"""The rows of a run beside its counts: splits, foresight, weeks, and since when a pair is known."""

import random
from datetime import date, timedelta

import pytest

from registry.models import (
    Case,
    Classification,
    EventGroup,
    PatternForesight,
    PatternSplit,
    PatternTrend,
)
from registry.patterns import recompute
from tests.factories import agree, make_case, make_node, make_number, make_pair, make_run
from tests.registry.patterns.runs import pair_of, run_now

pytestmark = pytest.mark.django_db

WEEK = timedelta(weeks=1)


@pytest.mark.parametrize("seed", range(3))
def test_the_strata_of_every_flagged_pair_add_up_to_it(seed, association):
    chance = random.Random(seed)
    for case in Case.objects.all():
        stage, day = chance.choice(["", "evaluation", "deployment"]), date(chance.choice([2019, 2026]), 1, 3)
        Case.objects.filter(pk=case.pk).update(stage=stage, occurred_from=day)
        if chance.random() < 0.5:
            make_number(case, "aiid", imported={})

    run = run_now()

    splits = PatternSplit.objects.filter(pair__run=run).select_related("pair")
    assert splits.count() == 3 * run.n_flagged > 0
    for split in splits:
        for name in ("joint", "k_a", "k_b", "n"):
            assert sum(getattr(split, name)) == getattr(split.pair, name)
        assert split.strata == sorted(run.strata[split.dimension], key=split.strata.index)
    assert {name: sum(events.values()) for name, events in run.strata.items()} == dict.fromkeys(run.strata, 30)


def test_a_pair_of_one_setting_is_split_so(association):
    a, b, together = association
    Case.objects.filter(pk__in=[case.pk for case in together]).update(stage="evaluation")

    pair = pair_of(run_now(), a, b)

    split = PatternSplit.objects.get(pair=pair, dimension="setting")
    assert split.strata == ["laboratory", ""]
    assert (split.joint, split.k_a, split.k_b, split.n) == ([10, 0], [10, 0], [10, 0], [10, 20])


def test_foresight_is_counted_by_node_and_for_all_events():
    a, b = make_node(), make_node()
    day, event = date(2026, 11, 1), EventGroup.objects.create(name="E")
    warned = {"predictability": "warned", "occurred_from": day}
    agree(make_case(**warned, warned_on=day - timedelta(days=40)), a)
    agree(make_case(**warned, warned_on=day - timedelta(days=3)), a, b)
    agree(make_case(predictability="not-foreseeable", event_group=event), b)
    led = {"occurred_from": day, "warned_on": day - timedelta(days=7)}
    make_case(predictability="warned", event_group=event, **led)
    agree(make_case(predictability="foreseeable", **led), a)
    make_case()

    run = run_now()

    rows = {row.node_id: row for row in PatternForesight.objects.filter(run=run)}
    counted = {
        node: (row.warned, row.foreseeable, row.not_foreseeable, row.unknown, row.lead_days)
        for node, row in rows.items()
    }
    assert counted == {
        None: (2, 1, 1, 1, [3, 40]),
        a.pk: (2, 1, 0, 0, [3, 40]),
        b.pk: (1, 0, 1, 0, [3]),
    }


@pytest.fixture
def reported_late(now):
    """A node with a case in each of forty weeks, reported within four; the Monday of the current week."""
    node, monday = make_node(), date(2026, 11, 16)
    for week in range(4, 44):
        day = monday - timedelta(weeks=week)
        agree(make_case(occurred_from=day, reported_at=now - timedelta(weeks=week - week % 4)), node)
    return node, monday


def test_where_cases_come_later_than_a_run_can_wait_no_trend_is_told(reported_late, monkeypatch):
    monkeypatch.setattr(recompute, "MOST_INCOMPLETE", 3)

    run = run_now()

    assert (run.lag_weeks, run.incomplete_weeks) == (4, 3)
    assert not PatternTrend.objects.filter(run=run).exists()


def test_weeks_to_which_cases_are_still_expected_are_no_part_of_a_trend(reported_late):
    node, monday = reported_late

    run = run_now()

    assert (run.lag_cases, run.lag_weeks, run.incomplete_weeks) == (40, 4, 4)
    row = PatternTrend.objects.get(run=run, node=node)
    assert (row.first_week, len(row.weeks)) == (monday - timedelta(weeks=33), 34)
    assert (row.weeks, row.recent, row.baseline) == ([1] * 30 + [0] * 4, 4, 26)


def test_a_pair_remembers_the_run_that_first_flagged_it(association, now):
    a, b, together = association
    first = run_now(at=now)
    Classification.objects.all().delete()
    without = run_now(at=now + WEEK)
    for case in together[:3]:
        agree(case, a, b)
    again = run_now(at=now + 2 * WEEK)

    known = [pair_of(run, a, b) for run in (first, without, again)]

    assert [(pair.flagged, pair.joint) for pair in known] == [(True, 10), (False, 0), (False, 3)]
    assert [(pair.first_flagged, pair.first_supported) for pair in known] == [(first.pk, first.pk)] * 3


def test_a_pair_that_is_not_supported_has_no_first_run(association):
    a, b, together = association
    for case in together[2:]:
        case.classifications.all().delete()

    first = run_now()
    agree(together[5], a, b)
    second = run_now()

    assert [(pair_of(run, a, b).joint, pair_of(run, a, b).first_supported) for run in (first, second)] == [
        (2, None),
        (3, second.pk),
    ]


def test_of_a_run_that_did_not_keep_it_a_flag_is_known_since_that_run(association, now):
    a, b, _ = association
    old = make_run(at=now - WEEK)
    make_pair(old, min(a, b, key=lambda node: node.pk), max(a, b, key=lambda node: node.pk), flagged=True, joint=9)

    pair = pair_of(run_now(at=now), a, b)

    assert (pair.first_flagged, pair.first_supported) == (old.pk, old.pk)


def test_what_the_run_compared_with_had_flagged_already_does_not_emerge(association, now):
    a, b, _ = association
    compared_with, latest = make_run(at=now - WEEK), make_run(at=now - timedelta(days=1))
    for run in (compared_with, latest):
        make_pair(run, min(a, b, key=lambda node: node.pk), max(a, b, key=lambda node: node.pk), flagged=True, joint=9)

    pair = pair_of(run_now(at=now), a, b)

    assert (pair.first_flagged, pair.first_supported) == (compared_with.pk, compared_with.pk)
