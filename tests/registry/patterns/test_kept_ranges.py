"""Ranges counted once: what marks them, what is read again, and that nothing else differs from a recount."""

import random
from contextlib import contextmanager
from datetime import date, timedelta
from time import sleep

import pytest
from django.db import connection, transaction

from registry.actions import jobs
from registry.choices import JobKind
from registry.models import Case, Classification, CountedRange, EventGroup, Job, PatternRun, RangeMark
from registry.models.counted_range import WIDTH
from registry.patterns import kept_ranges, reading
from registry.patterns.kept_ranges import count_range
from registry.patterns.recompute import recompute
from taxonomy.models import Node
from tests.factories import NOW, agree, make_case, make_cases, make_node, make_number, make_person, make_scheme
from tests.registry.patterns.runs import everything_in, run_now
from tests.threads import at_once, wait_until_somebody_waits_for_a_lock

pytestmark = pytest.mark.django_db

IN_THREE_RANGES = (1, WIDTH - 1, WIDTH, 2 * WIDTH + 7)


def marked():
    """Numbers of the ranges marked since they were last counted."""
    return sorted(RangeMark.objects.values_list("number", flat=True))


@contextmanager
def ranges_read(monkeypatch):
    """The ranges whose cases are read meanwhile."""
    read, real = [], reading.CaseReader.range
    with monkeypatch.context() as patch:
        patch.setattr(reading.CaseReader, "range", lambda reader, number: read.append(number) or real(reader, number))
        yield read


def test_a_run_keeps_every_range_and_the_next_reads_none(monkeypatch):
    for number in IN_THREE_RANGES:
        make_case(pk=number)
    with ranges_read(monkeypatch) as first:
        run_now()

    with ranges_read(monkeypatch) as second:
        run_now()

    assert (first, second) == ([0, 1, 2], [])
    assert sorted(CountedRange.objects.values_list("number", flat=True)) == [0, 1, 2]
    assert marked() == []


def test_only_the_range_of_a_changed_case_is_read_again(monkeypatch):
    node = make_node()
    cases = [make_case(pk=number) for number in IN_THREE_RANGES]
    before = run_now()

    agree(cases[2], node)
    with ranges_read(monkeypatch) as read:
        after = run_now()

    assert (read, after != before) == ([1], True)


def test_an_emptied_table_keeps_no_range():
    make_case()
    run_now()

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE registry_case CASCADE")

    assert not CountedRange.objects.exists()


@pytest.mark.parametrize("what", ["week", "taxonomy", "code"])
def test_ranges_kept_for_something_else_are_counted_again(what, monkeypatch):
    make_case()
    run_now()

    at = NOW + timedelta(weeks=1) if what == "week" else NOW
    if what == "taxonomy":
        make_node()
    if what == "code":
        monkeypatch.setattr(kept_ranges, "STATISTICS_VERSION", "another")
    with ranges_read(monkeypatch) as read:
        run_now(at=at)

    assert read == [0]


def test_a_range_without_a_counted_case_is_forgotten():
    case = make_case(pk=WIDTH)
    run_now()

    Case.objects.filter(pk=case.pk).update(status="withdrawn")

    assert run_now().n_cases == 0
    assert (CountedRange.objects.count(), marked()) == (0, [])


def test_what_is_kept_is_not_compressed():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attstorage FROM pg_attribute"
            " WHERE attrelid = 'registry_countedrange'::regclass AND attname = 'content'"
        )
        assert cursor.fetchone() == ("e",)


class History:
    """Random changes of a small registry whose cases lie in three ranges."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        schemes = [make_scheme(f"scheme-{number}") for number in range(2)]
        self.nodes = [make_node(scheme=scheme) for scheme in schemes for _ in range(3)]
        self.events = [EventGroup.objects.create(name=f"Event {number}") for number in range(2)]
        self.people = {"reporter": make_person(), "owner": make_person()}
        self.free = iter(self.chance.sample([at + WIDTH * place for place in range(3) for at in range(1, 30)], 60))
        for _ in range(15):
            self.made()

    def changed(self):
        """One random change."""
        kinds = [self.made, self.labelled, self.unlabelled, self.updated, self.updated, self.imported, self.moved]
        self.chance.choice(kinds)()

    def some_case(self):
        return Case.objects.get(pk=self.chance.choice(list(Case.objects.values_list("pk", flat=True))))

    def made(self):
        case = make_case(pk=next(self.free), **self.values(), **self.people)
        agree(case, *self.chance.sample(self.nodes, self.chance.randrange(4)))

    def values(self):
        pick = self.chance.choice
        day = date(2026, 11, 20) - timedelta(days=self.chance.randrange(500))
        return {
            "status": pick(["triage", "triage", "analysis", "withdrawn"]),
            "visibility": pick(["everyone", "everyone", "everyone", "named"]),
            "scope": pick(["", "core", "out"]),
            "event_group": pick([None, None, *self.events]),
            "occurred_from": day,
            "occurred_precision": pick(["day", "day", "month"]),
            "stage": pick(["", "evaluation", "deployment"]),
            "predictability": pick(["", "warned", "foreseeable", "not-foreseeable"]),
            "warned_on": pick([None, day - timedelta(days=30)]),
        }

    def labelled(self):
        case, node = self.some_case(), self.chance.choice(self.nodes)
        if not case.classifications.filter(node=node).exists():
            agree(case, node)

    def unlabelled(self):
        Classification.objects.filter(case=self.some_case()).delete()

    def updated(self):
        values = self.values()
        some = self.chance.sample(sorted(values), 3)
        Case.objects.filter(pk=self.some_case().pk).update(**{name: values[name] for name in some})

    def imported(self):
        make_number(self.some_case(), self.chance.choice(["aiid", "avid"]), imported={})

    def moved(self):
        node, parent = self.chance.sample(self.nodes[:3], 2)
        if parent.pk < node.pk:
            Node.objects.filter(pk=node.pk).update(parent=parent)


@pytest.mark.parametrize("seed", range(6))
def test_after_any_history_a_run_equals_a_recount_from_scratch(seed, monkeypatch):
    history = History(seed)
    for _ in range(5):
        for _ in range(history.chance.randrange(1, 4)):
            history.changed()
        kept = run_now()

    CountedRange.objects.all().delete()
    assert run_now() == kept

    # Another version of the code, so that every row is written again.
    CountedRange.objects.all().delete()
    monkeypatch.setattr("registry.patterns.recompute.STATISTICS_VERSION", "anew")
    assert everything_in(run_now()) == everything_in(kept)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_make_one_run_and_lose_nothing(shipped_taxonomy):
    for number in IN_THREE_RANGES:
        make_case(pk=number)

    results = at_once(*[lambda: recompute(at=NOW)] * 3)

    run = PatternRun.objects.get()
    assert sorted(result["unchanged"] for result in results) == [False, True, True]
    assert {result["run"] for result in results} == {run.pk}
    assert (run.n_cases, marked()) == (4, [])


@pytest.mark.django_db(transaction=True)
def test_cases_saved_while_ranges_are_counted_are_in_the_next_run(shipped_taxonomy):
    make_case(pk=1)
    numbers = iter(range(2, 30))

    def save():
        for _ in range(7):
            make_case(pk=next(numbers))

    results = at_once(save, save, *[lambda: [recompute(at=NOW) for _ in range(4)]] * 2)

    assert [result for result in results if isinstance(result, Exception)] == []
    recompute(at=NOW)
    assert PatternRun.objects.latest("pk").n_cases == 15


@pytest.mark.django_db(transaction=True)
def test_a_range_is_counted_by_one_of_many(shipped_taxonomy):
    make_cases(3)

    counted = at_once(*[lambda: count_range(0, at=NOW)] * 3)

    assert sorted(counted) == [False, False, True]
    assert (CountedRange.objects.count(), marked()) == (1, [])


@pytest.mark.django_db(transaction=True)
def test_a_mark_that_is_not_committed_yet_outlives_the_count(shipped_taxonomy, monkeypatch):
    case = make_case()
    recompute(at=NOW)

    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(stage="evaluation")
        at_once(lambda: make_case(pk=case.pk + 1), lambda: recompute(at=NOW))
        at_once(lambda: recompute(at=NOW))

    assert marked() == [0]
    recompute(at=NOW)
    assert PatternRun.objects.latest("pk").strata["setting"] == {"laboratory": 1, "": 1}


@pytest.mark.django_db(transaction=True)
def test_a_run_waits_for_whoever_counts_a_range(shipped_taxonomy):
    make_case()

    def run_meanwhile():
        with kept_ranges.snapshot(kept_ranges.WITH_OTHERS):
            wait_until_somebody_waits_for_a_lock()
            return PatternRun.objects.exists()

    there_was_one, result = at_once(run_meanwhile, lambda: sleepy(lambda: recompute(at=NOW)))

    assert (there_was_one, result["unchanged"]) == (False, False)


def sleepy(act):
    """Do it a moment later."""
    sleep(0.3)
    return act()


@pytest.mark.django_db(transaction=True)
def test_many_stale_ranges_are_left_to_other_workers_too(shipped_taxonomy, settings):
    settings.PATTERN_RANGES_AT_ONCE = 2
    for number in IN_THREE_RANGES:
        make_case(pk=number)
    Job.objects.all().delete()

    recompute(at=NOW)

    left = Job.objects.filter(kind=JobKind.COUNT)
    assert sorted(left.values_list("key", flat=True)) == ["0", "1", "2"]
    assert PatternRun.objects.get().n_cases == 4
    assert [count_range(int(job.key), at=NOW) for job in left] == [False] * 3


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_by_others_while_a_run_goes_on(shipped_taxonomy):
    for number in IN_THREE_RANGES:
        make_case(pk=number)
    jobs.leave_recompute(at=NOW)
    job = jobs.claim(at=NOW)
    seen = []

    def report(percent):
        jobs.report_progress(job=job, at=NOW, percent=percent)
        seen.extend(at_once(lambda: Job.objects.get(pk=job.pk).progress))

    recompute(at=NOW, report=report)

    assert seen == [0, 26, 52, 80]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_has_lost_its_job_stops_and_keeps_what_it_counted(shipped_taxonomy):
    for number in IN_THREE_RANGES:
        make_case(pk=number)

    with pytest.raises(jobs.TakenOver):
        recompute(at=NOW, report=lambda percent: percent < 50)

    assert not PatternRun.objects.exists()
    assert sorted(CountedRange.objects.values_list("number", flat=True)) == [1, 2]
