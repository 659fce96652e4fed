"""Patterns that moved between the run of the last digest and the latest one."""

import pytest

from registry.digests.content import Patterns
from registry.digests.moved import headline, patterns_between
from registry.models import PatternNode
from tests.factories import make_node, make_scheme
from tests.registry.digests.builders import make_run, pair_of, two_nodes

pytestmark = pytest.mark.django_db


def moved(before, now):
    found = patterns_between(before=before, now=now)
    return [(pattern.movement, pattern.before, pattern.now) for pattern in found.moved]


def test_without_a_run_there_is_nothing_to_tell():
    assert patterns_between(before=None, now=None) == Patterns(limits="No statistics have been computed yet.")


def test_new_stronger_weaker_and_gone_are_told_in_this_order():
    new, stronger, weaker, gone, steady = (two_nodes() for _ in range(5))
    before = make_run(
        pairs=[
            pair_of(*new, joint=5, q=0.101, flagged=False),
            pair_of(*stronger, joint=9, q=0.04, flagged=True),
            pair_of(*weaker, joint=9, q=0.02, flagged=True),
            pair_of(*gone, joint=7, q=0.09, flagged=True),
            pair_of(*steady, joint=8, q=0.03, flagged=True),
        ]
    )
    now = make_run(
        pairs=[
            pair_of(*new, joint=6, q=0.046, flagged=True),
            pair_of(*stronger, joint=14, q=0.01, flagged=True),
            pair_of(*weaker, joint=9, q=0.05, flagged=True),
            pair_of(*gone, joint=7, q=0.13, flagged=False),
            pair_of(*steady, joint=8, q=0.03, flagged=True),
        ]
    )

    assert moved(before, now) == [("new", 5, 6), ("stronger", 9, 14), ("weaker", 9, 9), ("gone", 7, 7)]


def test_a_moved_pattern_reads_as_one_sentence_with_its_interval():
    a, b = make_node("gaming"), make_node("weak", scheme=make_scheme("flaws", name="Flaws"))
    before = make_run(pairs=[pair_of(a, b, joint=5, q=0.101, flagged=False)])
    now = make_run(pairs=[pair_of(a, b, joint=6, q=0.046, flagged=True)])

    pattern = patterns_between(before=before, now=now).moved[0]

    assert (pattern.name, pattern.schemes) == ("Gaming with Weak", ("Colours", "Flaws"))
    assert pattern.sentence == (
        "6 of 76 cases (8\u202f%, 4–16), 2.7 times the expected, q = 0.046. Newly flagged; was q = 0.10."
    )
    assert headline(pattern) == "Gaming with Weak passed the threshold: 6 of 76 cases."
    assert pattern.url.startswith("http://localhost:8000/patterns/pairs/")


def test_a_flag_without_a_new_case_is_told_apart():
    nodes = two_nodes()
    before = make_run(pairs=[pair_of(*nodes, joint=6, q=0.12, flagged=False)])
    now = make_run(pairs=[pair_of(*nodes, joint=6, q=0.09, flagged=True)])

    found = patterns_between(before=before, now=now)

    assert (len(found.moved), len(found.passive), found.total) == (0, 1, 1)
    assert found.passive_words == (
        "One passed the threshold without a new case, because the rest of the registry grew."
    )


def test_a_flagged_pair_that_is_not_counted_any_more_is_gone():
    nodes = two_nodes()
    before, now = make_run(pairs=[pair_of(*nodes, joint=6, q=0.02, flagged=True)]), make_run()

    pattern = patterns_between(before=before, now=now).moved[0]

    assert (pattern.movement, pattern.before, pattern.now) == ("gone", 6, 0)
    assert pattern.sentence == "6 cases carried both; it is not tested any more."


def test_without_an_earlier_run_every_flag_is_new():
    now = make_run(pairs=[pair_of(*two_nodes(), joint=6, q=0.02, flagged=True)])

    assert moved(None, now) == [("new", 0, 6)]


def test_the_same_run_twice_has_moved_nothing():
    run = make_run(pairs=[pair_of(*two_nodes(), joint=6, q=0.02, flagged=True)])

    assert patterns_between(before=run, now=run).total == 0


def test_a_long_list_is_cut_and_says_how_many_more():
    now = make_run(pairs=[pair_of(*two_nodes(), joint=6, q=0.02, flagged=True) for _ in range(9)])

    found = patterns_between(before=None, now=now)

    assert (len(found.moved), found.more, found.total) == (6, 3, 9)


def test_schemes_without_a_moved_pattern_are_named():
    a, b = make_node("gaming"), make_node("weak", scheme=make_scheme("flaws"))
    quiet = make_node("calm", scheme=make_scheme("calm"))
    now = make_run(pairs=[pair_of(a, b, joint=6, q=0.02, flagged=True)])
    for node in (a, b, quiet):
        PatternNode.objects.create(run=now, node=node, k=6, n=76)

    assert patterns_between(before=None, now=now).quiet == "No pattern moved in Calm."


def test_the_limits_stand_beside_the_numbers():
    before, now = make_run(), make_run()

    assert patterns_between(before=before, now=now).limits == (
        "The registry holds failures: a share is a share of recorded cases, not a chance. Patterns count only cases "
        "open to everyone signed in. Flagged means q < 0.10 over 487 tests, 3 cases or more, and an interval that "
        f"excludes 1. Run {now.pk}, 23 November 2026, 07:00 UTC, against run {before.pk}."
    )
