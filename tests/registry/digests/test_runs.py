"""Which run tells of the patterns in a scope, and what it is compared with."""

from datetime import timedelta

import pytest

from registry.actions import jobs
from registry.choices import About, Cadence, DigestState, JobKind, JobState
from registry.digests.runs import ask_ahead, ask_for_the_week, run_before, run_for
from registry.digests.scope import scope_of
from registry.models import Job, Population, Subscription
from tests.factories import make_node, make_team, make_view
from tests.registry.digests.builders import END, START, WEEK, make_digest, make_run, make_subscription

pytestmark = pytest.mark.django_db

SOON = END - timedelta(minutes=20)


@pytest.fixture
def view(analyst):
    return make_view(analyst, query="kind=incident")


@pytest.fixture
def population(analyst):
    return Population.objects.create(query="kind=incident", asked_by=analyst, created_at=START)


def followed(person, about, **values):
    return scope_of(Subscription(person=person, about=about, created_at=START, **values))


def test_the_latest_run_of_all_cases_tells_of_everything_and_of_a_branch(analyst, population):
    make_run()
    latest = make_run()
    make_run(population=population)

    assert run_for(followed(analyst, About.EVERYTHING)) == latest
    assert run_for(followed(analyst, About.BRANCH, node=make_node())) == latest


def test_a_queue_has_no_patterns(analyst):
    make_run()

    assert run_for(followed(analyst, About.QUEUE)) is None


def test_before_the_first_run_there_is_none(analyst):
    assert run_for(followed(analyst, About.EVERYTHING)) is None


def test_a_view_has_the_runs_of_its_population_and_those_of_all_cases_until_there_is_one(analyst, view, population):
    standard = make_run()
    scope = followed(analyst, About.VIEW, view=view)

    assert run_for(scope) == standard

    own = make_run(population=population)
    make_run()

    assert run_for(scope) == own


def test_runs_by_another_rule_for_labels_are_not_those_of_a_view(analyst, view):
    standard = make_run()
    other = Population.objects.create(query="kind=incident", label_rule="any", asked_by=analyst, created_at=START)
    make_run(population=other)

    assert run_for(followed(analyst, About.VIEW, view=view)) == standard


def test_a_run_is_compared_with_that_of_the_last_digest(subscription):
    make_run(at=START)
    told, now = make_run(at=START), make_run()
    earlier = make_digest(subscription, start=START - WEEK, end=START, state=DigestState.SENT, run=told)
    make_run(at=START)

    assert run_before(make_digest(subscription), earlier, now) == told


def test_without_an_earlier_digest_a_run_is_compared_with_the_latest_when_the_period_began(subscription):
    make_run(at=START - WEEK)
    then, now = make_run(at=START), make_run(at=START + WEEK)

    assert run_before(make_digest(subscription), None, now) == then


def test_where_none_is_so_old_a_run_is_compared_with_the_first_there_is(subscription):
    first, now = make_run(), make_run()
    digest = make_digest(subscription)

    assert (run_before(digest, None, now), run_before(digest, None, None)) == (first, None)


def test_a_run_of_a_population_is_never_compared_with_one_of_another(subscription, population):
    of_all = make_run(at=START)
    first, now = make_run(population=population), make_run(population=population)
    earlier = make_digest(subscription, start=START - WEEK, end=START, state=DigestState.SENT, run=of_all)

    assert run_before(make_digest(subscription), earlier, now) == first


def waiting():
    return list(Job.objects.filter(state=JobState.PENDING).values_list("kind", "key", "payload"))


def test_a_population_that_is_behind_is_computed_before_its_digest_falls_due(view, population, analyst):
    make_run(at=START)
    make_subscription(person=analyst, about=About.VIEW, view=view)

    assert ask_ahead(at=SOON) == 1
    assert waiting() == [(JobKind.RECOMPUTE, str(population.pk), {"population": population.pk})]


def test_it_is_asked_for_once_even_where_nothing_had_changed(view, population, analyst):
    make_run(at=START)
    make_subscription(person=analyst, about=About.VIEW, view=view)
    ask_ahead(at=SOON)
    jobs.finish(job=jobs.claim(at=SOON), at=SOON, result={"unchanged": True})

    assert ask_ahead(at=SOON + timedelta(minutes=5)) == 0
    assert waiting() == []

    make_run(at=SOON + timedelta(minutes=6))

    assert ask_ahead(at=SOON + timedelta(minutes=10)) == 1


@pytest.mark.parametrize(
    ("at", "values"),
    [
        (END - timedelta(hours=1), {}),
        (END + timedelta(minutes=1), {}),
        (SOON, {"active": False}),
        (SOON, {"paused_until": END + timedelta(days=1)}),
        (SOON, {"cadence": Cadence.MONTHLY}),
    ],
)
def test_nothing_is_computed_for_a_digest_that_is_not_about_to_fall_due(view, population, analyst, at, values):
    make_run(at=START)
    make_subscription(person=analyst, about=About.VIEW, view=view, **values)

    assert ask_ahead(at=at) == 0


def test_a_pause_that_ends_before_the_digest_falls_due_keeps_nothing_back(view, population, analyst):
    make_run(at=START)
    make_subscription(person=analyst, about=About.VIEW, view=view, paused_until=END)

    assert ask_ahead(at=SOON) == 1


def test_nothing_is_computed_for_those_who_may_not_sign_in_any_more(view, population, analyst):
    make_run(at=START)
    make_subscription(person=analyst, about=About.VIEW, view=view)
    analyst.is_active = False
    analyst.save()

    assert ask_ahead(at=SOON) == 0


def test_many_who_follow_one_view_cost_as_few_queries_as_one(view, population, analyst, django_assert_num_queries):
    make_run(at=START)
    view.shared = True
    view.save()
    for _ in range(20):
        make_subscription(about=About.VIEW, view=view)

    with django_assert_num_queries(5):
        assert ask_ahead(at=SOON) == 1


def test_a_new_week_is_counted_once_even_where_no_case_changed(db):
    make_run(at=START)

    assert ask_for_the_week(at=END) is True
    assert waiting() == [(JobKind.RECOMPUTE, "", {})]

    jobs.finish(job=jobs.claim(at=END), at=END, result={"unchanged": True})

    assert ask_for_the_week(at=END + timedelta(days=6)) is False
    assert ask_for_the_week(at=END + timedelta(days=7)) is True


def test_a_week_that_was_counted_already_is_not_counted_again(db):
    assert ask_for_the_week(at=END) is False

    make_run(at=END - timedelta(hours=7))

    assert ask_for_the_week(at=END) is False


def test_what_a_team_follows_is_computed_ahead_also_after_its_maker_left(view, population, analyst):
    make_run(at=START)
    make_subscription(person=analyst, team=make_team(analyst), about=About.VIEW, view=view)
    analyst.is_active = False
    analyst.save()

    assert ask_ahead(at=SOON) == 1
