"""Patterns that moved between the run of the last digest and the latest one."""

from html import unescape
from re import sub

import pytest

from registry.choices import About, Movement
from registry.digests import moved as digests_moved
from registry.digests.content import Patterns
from registry.digests.moved import headline
from registry.digests.scope import scope_of
from registry.models import PatternNode, Population, Subscription
from tests.factories import NOW, make_node, make_person, make_scheme, make_view
from tests.registry.digests.builders import make_run, pair_of, two_nodes

pytestmark = pytest.mark.django_db


def followed(about=About.EVERYTHING, person=None, **values):
    return scope_of(Subscription(person=person or make_person(), about=about, created_at=NOW, **values))


def patterns_between(*, before, now, scope=None):
    return digests_moved.patterns_between(before=before, now=now, scope=scope or followed())


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
        "6 of 76 cases (8\u202f%, 4–16), 2.7 times the expected, q = 0.046, up from 5. Newly flagged; was q = 0.10."
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


def test_where_nothing_moved_no_scheme_is_named():
    now = make_run()
    PatternNode.objects.create(run=now, node=make_node("gaming"), k=6, n=76)

    assert patterns_between(before=now, now=now).quiet == "No pattern moved."


def test_a_branch_is_told_of_pairs_with_one_of_its_nodes_and_counts_the_tests_of_these():
    top = make_node("top")
    child, other, beside = make_node("child", parent=top), make_node("other"), make_node("beside")
    inside = pair_of(child, other, joint=6, q=0.02, flagged=True, p=0.001)
    outside = pair_of(other, beside, joint=6, q=0.02, flagged=True, p=0.001)
    untested = pair_of(top, beside, joint=0, q=None, flagged=False)
    now = make_run(pairs=[inside, outside, untested])

    found = patterns_between(before=None, now=now, scope=followed(About.BRANCH, node=top))

    assert [pattern.name for pattern in found.moved] == ["Child with Other"]
    assert (found.total, found.n_tests) == (1, 1)
    assert "Flagged means q < 0.10 over 487 tests" in found.limits
    assert "Told are those of the 1 test with a label of Branch Top." in found.limits


def test_a_branch_names_what_stands_below_it_without_movement():
    top, far = make_node("top"), make_node("far")
    busy, still, empty = (make_node(slug, parent=top) for slug in ("busy", "still", "empty"))
    below = make_node("below", parent=busy)
    now = make_run(pairs=[pair_of(far, below, joint=6, q=0.02, flagged=True)])
    for node in (far, busy, below, still):
        PatternNode.objects.create(run=now, node=node, k=6, n=76)
    PatternNode.objects.create(run=now, node=empty, k=0, n=76)
    scope = followed(About.BRANCH, node=top)

    assert patterns_between(before=None, now=now, scope=scope).quiet == "No pattern moved under Still."
    assert patterns_between(before=now, now=now, scope=scope).quiet == "No pattern moved."


def test_a_branch_that_no_case_carries_says_nothing_of_its_patterns():
    now = make_run()
    PatternNode.objects.create(run=now, node=make_node("far"), k=6, n=76)

    assert patterns_between(before=now, now=now, scope=followed(About.BRANCH, node=make_node("top"))).quiet == ""


def test_a_queue_has_no_patterns_and_no_limits():
    assert patterns_between(before=None, now=None, scope=followed(About.QUEUE)) == Patterns()


def test_the_limits_say_which_cases_the_patterns_of_a_view_count():
    owner = make_person()
    population = Population.objects.create(query="kind=incident", asked_by=owner, created_at=NOW)
    view = make_view(owner, "Incidents", query="kind=incident")
    recent = make_view(owner, "Recent", query="reported__gte=-7d")
    of_all, of_view = make_run(), make_run(population=population)

    def limits(view, run):
        return patterns_between(before=run, now=run, scope=followed(About.VIEW, owner, view=view)).limits

    own = "Patterns count only those cases of View “Incidents” that are open to everyone signed in."
    of_every_case = "Patterns are those of every case: there is no run for View “{}” alone."
    assert own in limits(view, of_view)
    assert of_every_case.format("Incidents") in limits(view, of_all)
    assert of_every_case.format("Recent") in limits(recent, of_all)
    assert "every case" not in limits(make_view(owner, "All", query=""), of_all)


@pytest.mark.parametrize(
    ("earlier", "now"),
    [
        ({"joint": 5, "q": 0.101, "flagged": False}, {"joint": 6, "q": 0.046, "flagged": True}),
        ({"joint": 6, "q": 0.12, "flagged": False}, {"joint": 6, "q": 0.09, "flagged": True}),
        ({"joint": 9, "q": 0.04, "flagged": True}, {"joint": 14, "q": 0.01, "flagged": True}),
        ({"joint": 9, "q": 0.02, "flagged": True}, {"joint": 9, "q": 0.05, "flagged": True}),
        ({"joint": 7, "q": 0.09, "flagged": True}, {"joint": 7, "q": 0.13, "flagged": False}),
    ],
    ids=["new", "without a new case", "stronger", "weaker", "gone"],
)
def test_page_and_mail_say_the_same_sentence_of_the_same_pair(request, client, reader, earlier, now):
    nodes = two_nodes()
    before = make_run(pairs=[pair_of(*nodes, **earlier)])
    kept = {"movement": Movement(request.node.callspec.id) if request.node.callspec.id in Movement else Movement.NEW}
    kept |= {"joint_before": earlier["joint"], "q_before": earlier["q"]}
    run = make_run(pairs=[pair_of(*nodes, **now, **kept)], compared_with=before)
    found = patterns_between(before=before, now=run)
    (told,) = (*found.moved, *found.passive)
    client.force_login(reader)

    page = client.get(run.get_absolute_url()).content.decode()

    text = " ".join(unescape(sub(r"<[^>]*>", "", page)).split())
    sentence = told.sentence.partition(". Newly")[0].partition(". Grew")[0].rstrip(".")
    assert sentence.startswith(f"{now['joint']} of 76 cases")
    assert f"{sentence.replace(chr(0x202F), ' ')}." in text.replace(chr(0x202F), " ")


def test_the_limits_stand_beside_the_numbers():
    before, now = make_run(), make_run()

    assert patterns_between(before=before, now=now).limits == (
        "The registry holds failures: a share is a share of recorded cases, not a chance. Patterns count only cases "
        "open to everyone signed in. Flagged means q < 0.10 over 487 tests, 3 cases or more, and an interval that "
        f"excludes 1. Run {now.pk}, 23 November 2026, 07:00 UTC, against run {before.pk}."
    )
