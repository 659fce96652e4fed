"""What safeguards made of events, against the same counted by sets and loops."""

import random
from collections import defaultdict

import pytest

from registry import access
from registry.choices import Scope, Status, Visibility
from registry.filters import CaseFilterSet
from registry.models import Case, EventGroup, PatternLayers, PatternMiss, Safeguard
from registry.patterns import safeguard_rows
from registry.patterns.safeguard_rows import read_safeguards
from tests.analysed import node_of_kind, safeguard
from tests.factories import make_case, make_run

pytestmark = pytest.mark.django_db


def read():
    return read_safeguards(access.counted_cases())


def techniques(n):
    return [node_of_kind("technique") for _ in range(n)]


def missed(case, technique, **values):
    return safeguard(case=case, technique=technique, **{"deployed": "yes", "outcome": "missed"} | values)


def caught(case, technique):
    return safeguard(case=case, technique=technique, deployed="yes", outcome="caught")


def test_without_safeguards_there_is_nothing_to_keep():
    make_case()

    assert (read().layers, read().misses) == ((), ())


def test_events_with_the_same_outcomes_are_one_row_with_their_cases_newest_first():
    a, b = techniques(2)
    cases = [make_case() for _ in range(3)]
    for case in cases[:2]:
        missed(case, b)
        caught(case, a)
    missed(cases[2], a)

    assert read().layers == (
        ([a.pk], [], 1, [cases[2].pk]),
        ([b.pk], [a.pk], 2, [cases[1].pk, cases[0].pk]),
    )


def test_partly_stopped_is_missed_and_counted_apart():
    (a,), mode = techniques(1), node_of_kind("failure mode")
    first, second = make_case(), make_case()
    missed(first, a, outcome="partial", failure_mode=mode)
    missed(second, a, failure_mode=mode)

    found = read()

    assert found.layers == (([a.pk], [], 2, [second.pk, first.pk]),)
    assert found.misses == ((a.pk, mode.pk, False, 2, 1, [second.pk, first.pk]),)


@pytest.mark.parametrize(
    "values",
    [
        {"deployed": "yes", "outcome": "unknown"},
        {"deployed": "yes", "outcome": "not-exercised"},
        {"deployed": "unknown", "outcome": "missed"},
        {"deployed": "unknown", "outcome": "caught"},
        {"deployed": "no", "outcome": "unknown"},
    ],
)
def test_what_is_not_known_to_have_stood_in_the_way_is_no_outcome(values):
    safeguard(case=make_case(), technique=techniques(1)[0], **values)

    assert (read().layers, read().misses) == ((), ())


def test_the_cases_of_one_event_count_once_and_missed_wins_over_caught():
    a, b = techniques(2)
    event = EventGroup.objects.create(name="One event")
    first, second = make_case(event_group=event), make_case(event_group=event)
    caught(first, a)
    missed(second, a)
    caught(second, b)

    found = read()

    assert found.layers == (([a.pk], [b.pk], 1, [second.pk, first.pk]),)
    assert found.misses == ((a.pk, None, False, 1, 0, [second.pk]),)


def test_a_mode_named_by_one_case_of_an_event_is_not_unsaid_and_a_full_miss_is_not_partial():
    (a,), mode = techniques(1), node_of_kind("failure mode")
    event = EventGroup.objects.create(name="One event")
    first, second, third = (make_case(event_group=event) for _ in range(3))
    missed(first, a)
    missed(second, a, failure_mode=mode, outcome="partial")
    missed(third, a, failure_mode=mode)

    assert read().misses == ((a.pk, mode.pk, False, 1, 0, [third.pk, second.pk]),)


def test_absent_is_what_was_not_in_place_and_expected_to_catch_it():
    a, b, c = techniques(3)
    first, second = make_case(), make_case()
    for case in (first, second):
        safeguard(case=case, technique=a, deployed="no", expected="yes")
    safeguard(case=first, technique=b, deployed="no", expected="no")
    safeguard(case=first, technique=c, deployed="unknown", expected="yes")

    assert read().misses == ((a.pk, None, True, 2, 0, [second.pk, first.pk]),)


def test_an_event_in_which_one_case_found_it_in_place_did_not_happen_without_it():
    (a,) = techniques(1)
    event = EventGroup.objects.create(name="One event")
    safeguard(case=make_case(event_group=event), technique=a, deployed="no", expected="yes")
    safeguard(case=make_case(event_group=event), technique=a, deployed="yes")

    assert read().misses == ()


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Status.DRAFT},
        {"status": Status.WITHDRAWN},
        {"scope": Scope.OUT},
        {"visibility": Visibility.NAMED},
    ],
)
def test_what_is_not_for_everyone_changes_no_number(hidden):
    a, b = techniques(2)
    event = EventGroup.objects.create(name="One event")
    caught(make_case(event_group=event), a)
    before = read()

    secret = make_case(event_group=event, **hidden)
    missed(secret, a)
    safeguard(case=secret, technique=b, deployed="no", expected="yes")

    assert (read(), read().digest()) == (before, before.digest())


def test_only_the_newest_cases_are_kept_and_all_are_counted(monkeypatch):
    monkeypatch.setitem(safeguard_rows.WORDS, "most", 2)
    (a,) = techniques(1)
    cases = [make_case() for _ in range(3)]
    for case in cases:
        missed(case, a)

    found = read()

    newest = [cases[2].pk, cases[1].pk]
    assert found.layers == (([a.pk], [], 3, newest),)
    assert found.misses == ((a.pk, None, False, 3, 0, newest),)


def test_what_counts_changes_the_digest_and_words_do_not():
    (a,) = techniques(1)
    row = missed(make_case(), a)
    before = read().digest()

    Safeguard.objects.update(how="Past the grader.", order=3)
    same = read().digest()
    Safeguard.objects.filter(pk=row.pk).update(outcome="partial")

    assert before == same != read().digest()


def test_rows_are_kept_with_the_run():
    (a,), mode = techniques(1), node_of_kind("failure mode")
    case, run = make_case(), make_run()
    missed(case, a, failure_mode=mode, outcome="partial")
    safeguard(case=make_case(), technique=a, deployed="no", expected="yes")

    found = read()
    found.keep(run)

    layers = PatternLayers.objects.values_list("run", "missed", "caught", "n", "case_ids")
    misses = PatternMiss.objects.order_by("pk").values_list(
        "technique", "failure_mode", "absent", "n", "n_partial", "case_ids"
    )
    assert list(layers) == [(run.pk, [a.pk], [], 1, [case.pk])]
    assert tuple(misses) == found.misses
    assert [row[2] for row in misses] == [False, True]


@pytest.mark.parametrize("query", [{"occurred__gte": "2026-01-01", "title__contains": "100%"}, {"owner": "me"}])
def test_filtered_cases_are_read_whatever_their_filters_hold(query):
    missed(make_case(title="A case", occurred_from="2026-02-01"), techniques(1)[0])

    found = read_safeguards(CaseFilterSet(query, queryset=access.counted_cases()).qs)

    assert found.layers == ()


def test_no_case_at_all_has_no_safeguards():
    assert read_safeguards(Case.objects.none()).layers == ()


def random_registry(seed):
    chance = random.Random(seed)
    rows, modes = techniques(4), [node_of_kind("failure mode") for _ in range(2)]
    events = [EventGroup.objects.create(name="E") for _ in range(3)]
    for _ in range(30):
        case = make_case(event_group=chance.choice([None, *events]), scope=chance.choice(["", "core", "out"]))
        for technique in chance.sample(rows, chance.randrange(5)):
            deployed = chance.choice(["yes", "yes", "yes", "no", "unknown"])
            outcome = chance.choice(["caught", "missed", "partial", "unknown"]) if deployed != "no" else "unknown"
            safeguard(
                case=case,
                technique=technique,
                deployed=deployed,
                expected=chance.choice(["yes", "no"]),
                outcome=outcome,
                failure_mode=chance.choice([None, *modes]) if outcome in ("missed", "partial") else None,
            )


def by_hand():
    """({(missed, caught): events}, {(technique, mode, absent): events}), event by event."""
    events = defaultdict(list)
    for row in Safeguard.objects.filter(case__in=access.counted_cases()).select_related("case"):
        events[row.case.event_group_id or f"case {row.case_id}"].append(row)
    layers, misses = defaultdict(int), defaultdict(int)
    for rows in events.values():
        of = defaultdict(list)
        for row in rows:
            of[row.technique_id].append(row)
        failed, held = set(), set()
        for technique, each in of.items():
            present = [row for row in each if row.deployed == "yes"]
            known = [row for row in present if row.outcome in ("caught", "missed", "partial")]
            failures = [row for row in known if row.outcome != "caught"]
            if known:
                (failed if failures else held).add(technique)
            named = {row.failure_mode_id for row in failures}
            for mode in named - {None} or named:
                misses[technique, mode, False] += 1
            if not present and any(row.deployed == "no" and row.expected == "yes" for row in each):
                misses[technique, None, True] += 1
        if failed | held:
            layers[tuple(sorted(failed)), tuple(sorted(held))] += 1
    return layers, misses


@pytest.mark.parametrize("seed", range(4))
def test_a_reading_equals_counting_by_hand(seed):
    random_registry(seed)

    found = read()

    layers, misses = by_hand()
    assert {(tuple(a), tuple(b)): n for a, b, n, _ in found.layers} == layers
    assert {row[:3]: row[3] for row in found.misses} == misses


def test_a_reading_takes_three_statements(django_assert_num_queries):
    random_registry(5)

    with django_assert_num_queries(3):
        read()
