"""Asking for a run over some of the cases, and the pages of such a run."""

import re
from datetime import timedelta

import pytest
import time_machine

from registry.actions import jobs, subscriptions
from registry.actions.views import save_view
from registry.choices import LabelRule, Visibility
from registry.digests import ledger, send
from registry.models import Digest, Job, Population
from tests.factories import NOW, make_cases, make_node, make_pair, make_person, make_run, make_scheme
from tests.registry.web.pattern_pages import html_of, opened

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def population():
    return make_population("kind=near-miss")


def make_population(query, rule=LabelRule.AGREED):
    return Population.objects.create(label_rule=rule, query=query, asked_by=make_person(), created_at=NOW)


def ask(client, person, **sent):
    client.force_login(person)
    return client.post("/patterns/compute", sent)


# Choosing


def test_the_page_says_how_many_cases_would_be_counted_before_it_asks(client, analyst):
    make_cases(12, kind="near-miss")
    make_cases(3)
    make_cases(2, kind="near-miss", visibility=Visibility.NAMED)

    page = opened(client, analyst, "/patterns/new/?kind=near-miss&rule=any")

    assert page.context["size"] == {"cases": 12, "events": 12, "enough": True}
    assert "Kind: Near miss, every label a rater submitted." in html_of(page)
    assert Population.objects.count() == Job.objects.count() == 0


def test_without_a_choice_it_is_the_run_of_every_case(client, analyst):
    make_cases(3)

    page = opened(client, analyst, "/patterns/new/")

    assert page.context["size"] == {"cases": 3, "events": 3, "enough": True}
    assert "Every case, agreed labels." in html_of(page)
    assert '<input type="hidden" name="query" value="">' in html_of(page)


def test_too_few_events_are_counted_but_not_offered(client, analyst):
    make_cases(9, kind="near-miss")

    page = opened(client, analyst, "/patterns/new/?kind=near-miss")

    assert page.context["size"] == {"cases": 9, "events": 9, "enough": False}
    assert "Fewer than 10 events" in html_of(page)
    assert "Compute this run" not in html_of(page)


def test_what_cannot_be_part_of_a_run_is_named_and_can_be_taken_away(client, analyst):
    page = opened(client, analyst, "/patterns/new/?owner=me&kind=near-miss&rule=any&nonsense=1")

    assert page.context["problems"] == ["Owner: Write a user name: “me” means somebody else to whoever reads the run."]
    assert page.context["asked"].left_out == ["nonsense: there is no such filter."]
    assert '<a class="chip" href="?kind=near-miss&amp;rule=any" aria-label="Remove the filter Owner: Me">' in html_of(
        page
    )
    assert "Compute this run" not in html_of(page)


def test_a_saved_view_brings_its_filters(client, analyst):
    make_cases(2, kind="near-miss")
    view = save_view(by=analyst, at=NOW, name="Near ones", query="kind=near-miss&ordering=-severity")

    page = opened(client, analyst, f"/patterns/new/?view={view.slug}")

    assert page.context["size"]["cases"] == 2
    assert page.context["kept"] == [("kind", "near-miss")]
    assert f'<option value="{view.slug}">Near ones</option>' in html_of(page)


def test_days_ago_are_shown_and_asked_for_as_the_day_they_mean(client, analyst):
    make_cases(10)

    page = opened(client, analyst, "/patterns/new/?occurred__gte=-30d")

    assert page.context["window"] == {"gte": "2026-10-21", "lte": ""}
    assert '<input type="hidden" name="query" value="occurred__gte=2026-10-21">' in html_of(page)


@pytest.mark.parametrize("name", ["rule", "kind", "q", "view", "occurred__gte", "label", "nonsense", "source__not"])
@pytest.mark.parametrize("value", ["%00", "%ff", "%3Cscript%3E", "9" * 40, "-99999999d"])
def test_nothing_in_the_address_breaks_the_page(client, analyst, name, value):
    page = opened(client, analyst, f"/patterns/new/?{name}={value}")

    assert page.status_code == 200
    assert "<script>" not in html_of(page)


@pytest.mark.parametrize("who", ["reader", "reporter"])
def test_others_may_not_choose(client, request, who):
    assert opened(client, request.getfixturevalue(who), "/patterns/new/").status_code == 403


def test_the_case_list_leads_there_with_its_filters(client, analyst, reader):
    make_cases(2, kind="near-miss")

    pages = [html_of(opened(client, who, "/cases/?kind=near-miss&status=triage")) for who in (analyst, reader)]

    assert ['href="/patterns/new/?kind=near-miss&amp;status=triage"' in page for page in pages] == [True, False]


# Asking


def test_asking_leads_back_to_the_page_that_says_how_far_it_is(client, analyst):
    make_cases(12, kind="near-miss")

    answer = ask(client, analyst, rule="any", query="kind=near-miss")

    assert (answer.status_code, answer["Location"]) == (302, "/patterns/new/?kind=near-miss&rule=any")
    population = Population.objects.get()
    page = client.get(answer["Location"])
    assert page.context["asked"].population == population
    assert "A new run is waiting for its turn." in html_of(page)
    assert f'hx-get="/patterns/job?population={population.pk}"' in html_of(page)


def test_asking_for_every_case_leads_to_the_patterns(client, analyst):
    answer = ask(client, analyst, rule="agreed", query="")

    assert (answer["Location"], Job.objects.get().key) == ("/patterns/", "")


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"rule": "agreed", "query": "owner=me"}, "Owner: Write a user name"),
        ({"rule": "agreed", "query": "kind=near\x00miss"}, "Null characters are not allowed."),
        ({"rule": "most", "query": ""}, "Choose one of agreed, adjudicated, any."),
        ({"rule": "a\x00b", "query": ""}, "Choose one of agreed, adjudicated, any."),
    ],
)
def test_a_refused_question_comes_back_with_the_reason(client, analyst, sent, problem):
    answer = ask(client, analyst, **sent)

    assert (answer.status_code, Job.objects.count()) == (422, 0)
    assert problem in html_of(answer)


@pytest.mark.parametrize("who", ["reader", "reporter"])
def test_others_may_not_ask(client, request, who):
    answer = ask(client, request.getfixturevalue(who), rule="any", query="")

    assert (answer.status_code, Population.objects.count()) == (403, 0)


# How far it is


def line_about(client, address):
    return re.sub(r"<[^>]+>|\s+", " ", html_of(client.get(address)))


def test_the_line_tells_of_one_population_only(client, analyst, population):
    jobs.leave_recompute(at=NOW)
    client.force_login(analyst)

    lines = [line_about(client, f"/patterns/job?population={number}") for number in (population.pk, 99999)]

    assert ["waiting for its turn" in line for line in lines] == [False, True]


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ({"run": 7, "unchanged": False}, "Run 7 is computed"),
        ({"run": 7, "unchanged": True}, "Nothing that is counted has changed since run 7"),
        ({"run": None, "too_few": 4}, "only 4 events were found"),
        ({"run": None, "too_few": 0}, "only 0 events were found"),
    ],
)
def test_the_line_says_what_became_of_it(client, analyst, population, result, words):
    jobs.ask_for_recompute(by=analyst, at=NOW, population=population)
    jobs.finish(job=jobs.claim(at=NOW), at=NOW, result=result)
    client.force_login(analyst)

    line = line_about(client, f"/patterns/job?population={population.pk}")

    assert words in re.sub(r" +", " ", line)


@pytest.mark.parametrize("value", ["%00", "x", "9" * 40, ""])
@pytest.mark.parametrize("name", ["run", "population"])
def test_nothing_in_its_address_breaks_the_line(client, reader, name, value):
    assert opened(client, reader, f"/patterns/job?{name}={value}").status_code == 200


# Runs of a population


def test_a_run_of_a_population_says_so_and_stands_apart(client, analyst, population):
    standard, run = make_run(), make_run(population=population)

    latest = opened(client, analyst, "/patterns/").context["run"]
    page = client.get(f"/patterns/runs/{run.pk}/")

    assert latest == standard
    assert page.context["latest"] is True
    assert "<b>Not every case.</b> This run counts: Kind: Near miss, agreed labels." in html_of(page)
    assert f'href="/patterns/runs/?population={population.pk}"' in html_of(page)
    assert '<input type="hidden" name="query" value="kind=near-miss">' in html_of(page)


def test_a_newer_run_of_other_cases_is_none_of_its_business(client, reader, population):
    run = make_run(population=population)
    make_run()

    page = opened(client, reader, f"/patterns/runs/{run.pk}/")

    assert (page.context["latest"], page.context["newer"]) == (True, None)


def test_the_history_of_a_pair_stays_within_its_population(client, reader, population):
    nodes = make_node("red", scheme=make_scheme("colours")), make_node("sweet", scheme=make_scheme("tastes"))
    runs = [make_run(at=NOW - timedelta(days=9), population=of) for of in (None, population, population)]
    pairs = [make_pair(run, *nodes) for run in runs]

    histories = [opened(client, reader, f"/patterns/pairs/{pair.pk}/").context["history"] for pair in pairs]

    assert [[pair for pair, _ in history] for history in histories] == [pairs[:1], pairs[:0:-1], pairs[:0:-1]]


def test_run_history_names_what_was_counted_and_can_be_narrowed_to_it(client, reader, population):
    standard, run, other = make_run(), make_run(population=population), make_run(population=make_population("stage="))

    every = opened(client, reader, "/patterns/runs/")
    narrowed = client.get(f"/patterns/runs/?population={population.pk}")

    assert [row for row, _ in every.context["runs"]] == [other, run, standard]
    assert [row for row, _ in narrowed.context["runs"]] == [run]
    assert f'href="/patterns/runs/?population={population.pk}">Kind: Near miss, agreed labels</a>' in html_of(every)


def test_the_history_of_one_population_goes_on_to_its_next_page(client, reader, population):
    runs = [make_run(population=population) for _ in range(31)]
    make_run()
    address = f"/patterns/runs/?population={population.pk}"

    following = opened(client, reader, address).context["page"]["next_url"]

    assert [run for run, _ in client.get(f"/patterns/runs/{following}").context["runs"]] == [runs[0]]


@pytest.mark.parametrize("value", ["0", "x", "%00", "9" * 40])
def test_a_population_that_is_none_is_not_found(client, reader, value):
    assert opened(client, reader, f"/patterns/runs/?population={value}").status_code == 404


# Queries


@pytest.mark.parametrize("n", [1, 30])
def test_new_run_query_count(client, analyst, django_assert_num_queries, n):
    make_cases(n, kind="near-miss")
    for number in range(n):
        save_view(by=analyst, at=NOW, name=f"View {number}", query="kind=incident")
    client.force_login(analyst)

    with django_assert_num_queries(6):
        page = client.get("/patterns/new/?kind=near-miss")

    assert page.context["size"]["cases"] == n


# Everywhere else the run of every case is meant


@pytest.mark.parametrize("address", ["/", "/patterns/", "/taxonomy/colours/red/", "/cases/{case}/"])
def test_other_pages_show_the_pairs_of_the_run_of_every_case(client, analyst, population, address):
    nodes = make_node("red", scheme=make_scheme("colours")), make_node("sweet", scheme=make_scheme("tastes"))
    case = make_cases(1, nodes=nodes)[0]
    standard, of_some = (make_pair(make_run(population=of), *nodes) for of in (None, population))

    html = html_of(opened(client, analyst, address.format(case=case.reference)))

    shown = {int(number) for number in re.findall(r"pairs?[/=]([0-9]+)", html)}
    assert (standard.pk in shown, of_some.pk in shown) == (True, False)


def test_a_digest_tells_of_the_run_of_every_case(analyst, population):
    standard = make_run()
    make_run(population=population)
    subscriptions.subscribe(person=analyst, by=analyst, at=NOW - timedelta(days=9))

    ledger.plan(at=NOW)
    send.send_due(at=NOW)

    assert Digest.objects.get().run == standard


def test_the_run_of_an_old_digest_still_opens_with_its_cases(client, reader, population):
    nodes = make_node("red", scheme=make_scheme("colours")), make_node("sweet", scheme=make_scheme("tastes"))
    cases = make_cases(3, nodes=nodes)
    pair = make_pair(make_run(), *nodes, case_ids=[case.pk for case in cases])
    for of in (None, population):
        make_run(population=of)

    run = opened(client, reader, f"/patterns/runs/{pair.run_id}/").context["run"]
    found = client.get(f"/cases/?pair={pair.pk}").context["rows"]

    assert (run, {case.pk for case in found}) == (pair.run, {case.pk for case in cases})
