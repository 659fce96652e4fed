"""Asking for a run over some of the cases: what is understood, what is refused and why, and one job for all who ask."""

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from registry.actions import populations
from registry.choices import About, JobKind, JobState, LabelRule, Visibility
from registry.models import Job, Population, Subscription
from tests.factories import NOW, make_case, make_node, make_person, make_scheme, make_system, make_view

pytestmark = pytest.mark.django_db

AGREED = LabelRule.AGREED
OPEN_ONLY, WHO_ASKS, OF_A_RUN = populations.OPEN_ONLY, populations.WHO_ASKS, populations.OF_A_RUN
ME = "Write a user name: “me” means somebody else to whoever reads the run."


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def node():
    return make_node("red", scheme=make_scheme("colours"))


def ask(by, query="", rule=AGREED):
    return populations.ask_for_run(by=by, at=NOW, label_rule=rule, query=query)


def problems_of(query, rule=AGREED):
    with pytest.raises(ValidationError) as refused:
        populations.population_asked(label_rule=rule, query=query)
    return refused.value.message_dict


def test_a_run_over_some_cases_is_a_population_and_a_job_that_names_it(analyst):
    job = ask(analyst, "kind=incident", LabelRule.ANY)

    population = Population.objects.get()
    assert (population.label_rule, population.query, population.asked_by, population.created_at) == (
        "any",
        "kind=incident",
        analyst,
        NOW,
    )
    assert (job.kind, job.key, job.payload, job.asked_by, job.state) == (
        JobKind.RECOMPUTE,
        str(population.pk),
        {"population": population.pk},
        analyst,
        JobState.PENDING,
    )


def test_the_same_question_in_other_words_is_one_population_and_one_job(analyst, other_analyst, node):
    make_person(username="elin", name="Elin Berg")
    first = ask(analyst, "owner=elin&label=red&status=closed&status=review&occurred__gte=-7d&severity__isnull=1")
    words = (
        "severity__isnull=true&occurred__gte=2026-11-13&status=review&status=closed&status=review"
        "&owner=Elin+Berg&label=colours:red,red&kind=&ordering=-severity"
    )

    second = ask(other_analyst, words)

    assert second == first
    assert Population.objects.get().query == (
        "label=colours:red&occurred__gte=2026-11-13&owner=elin&severity__isnull=true&status=closed&status=review"
    )


def test_of_two_values_of_a_filter_that_takes_one_the_last_stands():
    assert populations.canonical_query("source=avid&source=aiid") == "source=aiid"


def test_a_time_stands_as_it_was_written():
    query = "updated__gte=2026-11-21T09:30:00Z"

    assert populations.canonical_query(query) == query


def test_after_a_run_began_the_same_question_leaves_another_job(analyst):
    first = ask(analyst, "kind=incident")
    Job.objects.filter(pk=first.pk).update(state=JobState.DONE)

    second = ask(analyst, "kind=incident")

    assert (second.key, second == first, Population.objects.count()) == (first.key, False, 1)


@pytest.mark.parametrize("query", ["", "kind=", "ordering=-id"])
def test_all_cases_with_their_agreed_labels_are_the_run_everybody_reads(analyst, query):
    job = ask(analyst, query)

    assert (job.key, job.payload, Population.objects.count()) == ("", {}, 0)


@pytest.mark.parametrize("who", ["reader", "reporter"])
def test_only_those_who_label_ask(request, who):
    with pytest.raises(PermissionDenied):
        ask(request.getfixturevalue(who), "kind=incident")

    assert (Population.objects.count(), Job.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("query", "problems"),
    [
        ("colour=red", {"colour": ["There is no such filter."]}),
        ("view=mine", {"view": ["There is no such filter."]}),
        ("kind=war", {"kind": ["Select a valid choice. war is not one of the available choices."]}),
        ("owner=nobody-known", {"owner": ["Nobody is called “nobody-known”."]}),
        ("label=nothing", {"label": ["There is no node “nothing”."]}),
        ("occurred__gte=yesterday", {"occurred__gte": ["Enter a valid date."]}),
        ("owner=me", {"owner": [ME]}),
        ("reporter__not=me", {"reporter__not": [ME]}),
        ("visibility=everyone", {"visibility": [OPEN_ONLY]}),
        ("visibility__not=team", {"visibility__not": [OPEN_ONLY]}),
        ("team=Red", {"team": [OPEN_ONLY]}),
        ("confidence__gte=80", {"confidence__gte": [WHO_ASKS]}),
        ("pair=1", {"pair": [OF_A_RUN]}),
        ("miss=1", {"miss": [OF_A_RUN]}),
        ("layers=1", {"layers": [OF_A_RUN]}),
        ("missed=red", {"missed": [OF_A_RUN]}),
        ("caught=red", {"caught": [OF_A_RUN]}),
        ("judged=red", {"judged": [OF_A_RUN]}),
        ("has=links", {"has": [WHO_ASKS]}),
        (
            "kind=war&owner=me",
            {"kind": ["Select a valid choice. war is not one of the available choices."], "owner": [ME]},
        ),
        ("q=a%00b", {"query": ["Null characters are not allowed."]}),
        ("q=a\x00b", {"query": ["Null characters are not allowed."]}),
        ("%00=b", {"query": ["Null characters are not allowed."]}),
        (f"source={'x' * 2001}", {"query": ["The filters have more than 2,000 characters."]}),
        ("system=nowhere", {"system": ["No case open to everyone names the system “nowhere”."]}),
    ],
)
def test_what_cannot_be_part_of_a_run_is_refused_by_its_name(node, query, problems):
    assert problems_of(query) == problems


def test_a_system_that_only_hidden_cases_name_is_as_unknown_as_any_other():
    make_system("Known", make_case())
    make_system("Secret", make_case(visibility=Visibility.NAMED))

    assert problems_of("system=known&system=Secret") == {
        "system": ["No case open to everyone names the system “Secret”."]
    }


def test_a_rule_that_is_none_is_refused():
    assert problems_of("", rule="majority") == {"label_rule": ["Choose one of agreed, adjudicated, any."]}


def test_a_refused_question_leaves_nothing(analyst):
    with pytest.raises(ValidationError):
        ask(analyst, "owner=me")

    assert (Population.objects.count(), Job.objects.count()) == (0, 0)


def test_one_person_waits_for_a_few_runs_at_once(analyst, other_analyst):
    for number in range(populations.MOST_WAITING):
        ask(analyst, f"event_group={number}")

    with pytest.raises(ValidationError, match="Let them finish first"):
        ask(analyst, "kind=incident")
    again = ask(analyst, "event_group=3")
    of_all, of_another = ask(analyst), ask(other_analyst, "kind=incident")

    assert Population.objects.filter(query="kind=incident").count() == 1
    assert [job.key for job in (of_all, of_another)] == ["", str(Population.objects.get(query="kind=incident").pk)]
    assert again.asked_by == analyst
    assert Job.objects.count() == populations.MOST_WAITING + 2


def follow(by, **what):
    return populations.keep_population_of(subscription=Subscription(person=by, **what), by=by, at=NOW)


def test_following_a_view_keeps_its_population_and_leaves_its_first_run_once(analyst, other_analyst):
    view = make_view(analyst, query="ordering=-severity&kind=incident", shared=True)

    known = [follow(person, about=About.VIEW, view=view) for person in (analyst, other_analyst)]

    assert known == [Population.objects.get(query="kind=incident", label_rule=AGREED, asked_by=analyst)] * 2
    assert list(Job.objects.values_list("kind", "key", "asked_by")) == [(JobKind.RECOMPUTE, str(known[0].pk), None)]


def test_following_anything_else_or_without_the_right_to_label_keeps_none(analyst, reader):
    view = make_view(analyst, query="kind=incident", shared=True)
    moving = make_view(analyst, query="reported__gte=-7d", shared=True)
    filtered_by_nothing = make_view(analyst, query="ordering=-severity", shared=True)
    private = make_view(analyst, query="kind=near-miss")

    kept = [
        follow(reader, about=About.VIEW, view=view),
        follow(analyst, about=About.VIEW, view=private),
        follow(analyst, about=About.VIEW, view=moving),
        follow(analyst, about=About.VIEW, view=filtered_by_nothing),
        follow(analyst, about=About.VIEW),
        follow(analyst, about=About.BRANCH, node=make_node("blue")),
        follow(analyst, about=About.QUEUE),
        follow(analyst),
    ]

    assert kept == [None] * 8
    assert (Population.objects.count(), Job.objects.filter(kind=JobKind.RECOMPUTE).count()) == (0, 0)


@pytest.mark.parametrize("query", ["q=-7d", "title__contains=-7d", "occurred__gte=2026-11-13"])
def test_only_days_move_on(query):
    assert populations.lasting_query(query) == query
