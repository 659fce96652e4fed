"""How foreseeable the events of a run were, label by label, and what would have caught most."""

import pytest

from registry.choices import Visibility
from registry.models import Case, EventGroup
from taxonomy.models import Scheme
from tests.factories import make_case, make_node, make_scheme
from tests.registry.web.pattern_pages import csv_lines, html_of, make_absence, make_foresight, opened

pytestmark = pytest.mark.django_db

ADDRESS = "/patterns/foresight/"


def test_all_events_read_as_a_sentence_with_share_and_interval(client, reader, run):
    make_foresight(run, lead_days=[30, 90, 365, 400, 420, 500, 700, 800])

    response = opened(client, reader, ADDRESS)

    row = response.context["everything"]
    assert "21 of 34 foreseeable (62\u202f%, 45–76), of which 12 had been warned of" in html_of(response)
    assert (row.share, row.warned, row.judged, row.n) == ("62\u202f%, 45–76", "12 of 34", 34, 54)
    assert (row.lead.median, row.lead.low, row.lead.high) == (410.0, 30, 800)


def test_a_label_that_nobody_judged_is_not_known_and_never_zero(client, reader, run, nodes):
    red, _ = nodes
    make_foresight(run)
    make_foresight(run, red, warned=0, foreseeable=0, not_foreseeable=0, unknown=7)

    response = opened(client, reader, f"{ADDRESS}?scheme=colours")

    [row] = response.context["rows"]
    assert (row.name, row.n, row.judged, row.share, row.warned, row.bar, row.lead) == ("Red", 7, 0, "", "", None, None)
    assert html_of(response).count('<span class="quiet">not known</span>') == 4


def test_a_share_of_few_judged_events_is_hidden(client, reader, run):
    make_foresight(run, warned=1, foreseeable=1, not_foreseeable=2, unknown=0)

    response = opened(client, reader, ADDRESS)

    assert (response.context["everything"].share, response.context["everything"].bar) == ("", None)
    assert '<span class="sub">share hidden</span>' in html_of(response)


def test_labels_stand_in_the_order_of_their_tree_and_scheme_by_scheme(client, reader, run):
    causes = Scheme.objects.filter(slug="misalignment-causes").first() or make_scheme("misalignment-causes")
    outer = make_node("outer-b", scheme=causes, name="Outer", order=2)
    inner = make_node("inner-b", scheme=causes, name="Inner", order=1)
    below = make_node("below-b", scheme=causes, name="Below", parent=outer)
    other = make_node("other-b", scheme=make_scheme("tastes", name="Tastes"), name="Sweet")
    for node in (None, outer, below, inner, other):
        make_foresight(run, node)

    first = opened(client, reader, ADDRESS).context
    second = client.get(f"{ADDRESS}?scheme=tastes").context
    unknown = client.get(f"{ADDRESS}?scheme=%00").context

    assert [(row.name, row.depth) for row in first["rows"]] == [("Inner", 0), ("Outer", 0), ("Below", 1)]
    assert [row.name for row in second["rows"]] == ["Sweet"]
    assert unknown["scheme"] == first["scheme"] == causes


def test_what_would_have_caught_most_counts_no_event_twice(client, reader, run):
    first, second, third = (make_node(f"t{place}", name=f"T{place}") for place in range(3))
    make_foresight(run)
    make_absence(run, first, [1, 2, 3])
    make_absence(run, second, [2, 3])
    make_absence(run, third, [4])

    caught = opened(client, reader, ADDRESS).context["caught"]

    assert [(row.node, row.n, row.added) for row in caught] == [(first, 3, 3), (third, 1, 1), (second, 2, 0)]


def test_two_cases_of_one_event_are_caught_once(client, reader, run):
    lagoon = EventGroup.objects.create(name="The lagoon")
    one, other, alone = make_case(event_group=lagoon), make_case(event_group=lagoon), make_case()
    first, second, third = (make_node(f"t{place}", name=f"T{place}") for place in range(3))
    make_foresight(run)
    make_absence(run, first, [one.pk, other.pk, alone.pk], n=2)
    make_absence(run, second, [other.pk])
    make_absence(run, third, [one.pk])

    caught = opened(client, reader, ADDRESS).context["caught"]

    assert [(row.node, row.n, row.added) for row in caught] == [(first, 2, 2), (second, 1, 0), (third, 1, 0)]


def test_a_case_restricted_since_changes_nothing_by_the_event_it_is_put_in(client, reader, run):
    lagoon = EventGroup.objects.create(name="The lagoon")
    shown, hidden = make_case(event_group=lagoon), make_case()
    first, second = make_node("t1"), make_node("t2")
    make_foresight(run)
    make_absence(run, first, [shown.pk])
    make_absence(run, second, [hidden.pk])

    Case.objects.filter(pk=hidden.pk).update(visibility=Visibility.NAMED, event_group=lagoon)

    assert [row.added for row in opened(client, reader, ADDRESS).context["caught"]] == [1, 1]


def test_what_adds_to_what_is_not_known_where_events_were_put_together_since(client, reader, run):
    node, lagoon = make_node("t1"), EventGroup.objects.create(name="The lagoon")
    make_foresight(run)
    make_absence(run, node, [make_case(event_group=lagoon).pk, make_case(event_group=lagoon).pk])

    assert [(row.n, row.added) for row in opened(client, reader, ADDRESS).context["caught"]] == [(2, None)]


def test_numbers_open_the_cases_they_count(client, reader, run, nodes):
    red, _ = nodes
    cases = {answer: make_case(nodes=[red], predictability=answer) for answer in ("warned", "foreseeable", "unknown")}
    make_case(nodes=[red], predictability="warned", status="withdrawn")
    make_case(nodes=[red], predictability="warned", scope="out")
    make_foresight(run)
    make_foresight(run, red, warned=1, foreseeable=1, not_foreseeable=0, unknown=1)
    absence = make_absence(run, red, [cases["warned"].pk])

    context = opened(client, reader, f"{ADDRESS}?scheme=colours").context

    [row], [caught] = context["rows"], context["caught"]
    addresses = {**row.urls, "caught": caught.url}
    assert {name: {case.pk for case in client.get(url).context["rows"]} for name, url in addresses.items()} == {
        "n": {case.pk for case in cases.values()},
        "judged": {cases["warned"].pk, cases["foreseeable"].pk},
        "foreseeable": {cases["warned"].pk, cases["foreseeable"].pk},
        "warned": {cases["warned"].pk},
        "caught": {cases["warned"].pk},
    }
    assert caught.url == f"/cases/?miss={absence.pk}"


def test_the_median_reads_the_same_in_the_sentence_and_in_the_table(client, reader, run):
    make_foresight(run, lead_days=[424, 425])

    html = html_of(opened(client, reader, ADDRESS))

    assert "a median of 424.5 days before" in html
    assert '<td class="end num nb">424.5<span class="sub">of 2 dated</span></td>' in html


def test_what_adds_to_what_is_not_known_where_cases_are_not_all_kept(client, reader, run):
    many, few = make_node("many"), make_node("few")
    make_foresight(run)
    make_absence(run, few, [1])
    make_absence(run, many, [1, 2], n=600)

    caught = opened(client, reader, ADDRESS).context["caught"]

    assert [(row.node, row.n, row.added) for row in caught] == [(many, 600, None), (few, 1, None)]


def test_a_run_that_does_not_hold_foreseeability_says_so(client, reader, run):
    assert "Not computed in this run" in html_of(opened(client, reader, f"/patterns/runs/{run.pk}/foresight/"))


def test_foreseeability_and_what_would_have_caught_most_are_files(client, reader, run, nodes):
    red, _ = nodes
    make_foresight(run, lead_days=[10, 20])
    make_foresight(run, red, warned=1, foreseeable=0, not_foreseeable=1, unknown=0)
    make_absence(run, red, [1])

    lines = csv_lines(opened(client, reader, f"{ADDRESS}?format=csv"))
    caught = csv_lines(client.get(f"{ADDRESS}?format=csv&table=caught"))

    assert lines[1][:7] == ["All events", "", "54", "12", "9", "13", "20"]
    assert lines[1][10:] == ["2", "15.0", "", ""]
    assert lines[2] == ["Red", "Colours", "2", "1", "0", "1", "0", "", "", "", "0", "", "", ""]
    assert caught == [["Technique", "Events", "Adds to those above"], ["Red", "1", "1"]]


@pytest.mark.parametrize("n", [1, 30])
def test_foresight_query_count(client, reader, django_assert_num_queries, run, n):
    scheme = make_scheme("colours", name="Colours")
    make_foresight(run)
    for place in range(n):
        node = make_node(f"c{place}", scheme=scheme)
        make_foresight(run, node)
        make_absence(run, node, [1])
    client.force_login(reader)

    with django_assert_num_queries(10):
        response = client.get(ADDRESS)

    assert len(response.context["rows"]) == n
