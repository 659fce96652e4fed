"""The taxonomy pages: trees with counts a reader may know, and everything known about one node."""

import re
from datetime import timedelta

import pytest

from registry.choices import Status, Visibility
from taxonomy.models import AlternativeParent, Mapping, Node
from tests.factories import (
    NOW,
    agree,
    label,
    make_case,
    make_cases,
    make_node,
    make_pair,
    make_person,
    make_run,
    make_scheme,
)

pytestmark = pytest.mark.django_db

TOKEN = re.compile(rb"[A-Za-z0-9]{64}")


@pytest.fixture
def colours():
    return make_scheme("colours", name="Colours", guidance=["Look at it by daylight."])


@pytest.fixture
def warm(colours):
    return make_node("warm", scheme=colours, name="Warm")


@pytest.fixture
def red(colours, warm):
    return make_node("red", scheme=colours, name="Red", parent=warm, aliases=["crimson"])


def opened(client, person, address="/taxonomy/colours/red/"):
    client.force_login(person)
    return client.get(address)


def text_of(response):
    """The page without the tokens that differ each time."""
    return TOKEN.sub(b"", response.content).decode()


def count_of(html, name):
    """The number beside a node in the tree."""
    found = re.search(rf'>{name}(?: <span class="rec-mark">[^<]*</span>)*<span class="num">(\d+)<', html)
    return int(found[1])


def test_tree_counts_the_cases_under_each_node(client, reader, warm, red):
    make_case(nodes=[red])
    make_case(nodes=[warm])

    html = text_of(opened(client, reader, "/taxonomy/"))

    assert (count_of(html, "Warm"), count_of(html, "Red")) == (2, 1)


@pytest.mark.parametrize("address", ["/taxonomy/", "/taxonomy/colours/red/"])
def test_a_hidden_case_changes_nothing_a_stranger_reads(client, reader, warm, red, address):
    blue = make_node("blue")
    make_case(nodes=[red])
    before = text_of(opened(client, reader, address))
    hidden = make_case(nodes=[red, warm, blue], title="Nobody reads this")
    label(hidden, red, confidence=90)
    type(hidden).objects.filter(pk=hidden.pk).update(visibility=Visibility.NAMED)

    after = text_of(opened(client, reader, address))

    assert after == before


def test_the_people_named_on_a_case_see_it_counted(client, red):
    sam = make_person()
    make_case(nodes=[red], visibility=Visibility.NAMED, reporter=sam)

    html = text_of(opened(client, sam, "/taxonomy/"))

    assert count_of(html, "Red") == 1


def test_search_leaves_what_matches_and_what_stands_above_it(client, reader, warm, red):
    make_node("blue", name="Blue")

    html = text_of(opened(client, reader, "/taxonomy/?q=CRIMSON"))

    assert re.findall(r'href="(/taxonomy/colours/[a-z]+/)"', html) == [
        "/taxonomy/colours/warm/",
        "/taxonomy/colours/red/",
    ]
    assert "1 of " in html


def test_search_without_a_match_offers_the_whole_tree(client, reader):
    html = text_of(opened(client, reader, "/taxonomy/?q=xyzzy"))

    assert "No node matches" in html
    assert 'href="/taxonomy/"' in html


def test_taxonomy_escapes_what_was_searched_for(client, reader):
    html = text_of(opened(client, reader, "/taxonomy/?q=<script>alert(1)</script>"))

    assert "<script>alert(1)" not in html


def test_node_says_where_it_stands_and_who_would_move_it(client, reader, warm, red):
    cold = make_node("cold", scheme=red.scheme, name="Cold")
    AlternativeParent.objects.create(node=red, parent=cold, asserted_by="a painter")

    html = text_of(opened(client, reader))

    assert re.search(r'Default</dt><dd><a href="/taxonomy/colours/warm/">Warm</a>', html)
    assert re.search(r'Alternative</dt><dd><a href="/taxonomy/colours/cold/">Cold</a>.*asserted by a painter', html)


def test_mappings_are_read_from_the_side_of_the_node(client, reader, red):
    wider = make_node("hue", scheme=make_scheme("hues", name="Hues"), name="Hue")
    narrower = make_node("blood", scheme=make_scheme("fluids", name="Fluids"), name="Blood")
    Mapping.objects.create(from_node=red, to_node=wider, relation="broad", source="Goethe")
    Mapping.objects.create(from_node=narrower, to_node=red, relation="broad", source="Galen")

    html = text_of(opened(client, reader))

    assert re.findall(r"<dt>(Broader|Narrower)</dt><dd><a[^>]*>(\w+)</a>", html) == [
        ("Broader", "Hue"),
        ("Narrower", "Blood"),
    ]


def test_a_criterion_links_the_node_to_use_instead_and_escapes_the_rest(client, reader, warm, red):
    Node.objects.filter(pk=red.pk).update(
        does_not_apply_when=["It is <b>orange</b>: use warm.", "It is blue: use sea."]
    )

    html = text_of(opened(client, reader))

    assert 'It is &lt;b&gt;orange&lt;/b&gt;: use <a href="/taxonomy/colours/warm/">warm</a>.' in html
    assert "It is blue: use sea." in html


def test_a_retired_node_names_what_replaced_it(client, reader, warm, red):
    Node.objects.filter(pk=red.pk).update(retired_at=NOW, replaced_by=warm)

    html = text_of(opened(client, reader))

    assert 'Use <a href="/taxonomy/colours/warm/">Warm</a> instead.' in html


def test_use_over_time_draws_each_year_beside_the_siblings(client, reader, warm, red):
    make_node("pink", scheme=red.scheme, parent=warm, name="Pink")
    make_case(nodes=[red], occurred_from=NOW.date() - timedelta(days=800))
    make_cases(2, nodes=[red])

    context = opened(client, reader).context

    rows = [(row["node"].name, row["count"], row["bars"]["description"]) for row in context["over_time"]["rows"]]
    assert rows == [("Pink", 0, "None"), ("Red", 3, "2024: 1, 2026: 2")]


def test_a_case_without_a_date_is_counted_but_not_drawn(client, reader, red):
    make_case(nodes=[red], occurred_from=None, occurred_precision="unknown")

    context = opened(client, reader).context

    assert (context["count"], context["over_time"]) == (1, None)


def test_also_labelled_with_counts_as_the_case_list_counts(client, reader, warm, red):
    sweet = make_node("sweet", scheme=make_scheme("tastes"), name="Sweet")
    honey = make_node("honey", scheme=sweet.scheme, parent=sweet, name="Honey")
    make_case(nodes=[red, sweet])
    make_case(nodes=[red, honey, warm])

    context = opened(client, reader).context

    assert [(row["node"].key, row["n"]) for row in context["others"]] == [("tastes:sweet", 2), ("tastes:honey", 1)]


def test_how_sure_counts_the_labels_that_say_present_on_agreed_cases(client, reader, red):
    case, other = make_cases(2, nodes=[red])
    label(case, red, confidence=90)
    label(case, red, confidence=20)
    label(case, red, confidence=50, stance="absent")
    label(other, red)
    label(make_case(), make_node("green"), confidence=90)

    sure = opened(client, reader).context["sure"]

    del sure["segments"]
    assert sure == {"labels": 3, "raters": 3, "cases": 2, "high": 1, "medium": 0, "low": 1, "unstated": 1}


def test_a_node_without_a_case_says_what_to_do(client, reader, red):
    html = text_of(opened(client, reader))

    assert "No case carries this yet" in html
    assert "Nothing to agree on yet." in html


def test_node_lists_its_newest_cases_and_leads_to_all(client, reader, red):
    cases = make_cases(8, nodes=[red])

    response = opened(client, reader)

    assert [case.pk for case in response.context["cases"]] == [case.pk for case in reversed(cases)][:6]
    assert '<a href="/cases/?label=colours:red">All 8 cases' in text_of(response)


def test_node_shows_the_flagged_pairs_of_the_latest_run(client, reader, warm, red):
    sweet = make_node("sweet", scheme=make_scheme("tastes"), name="Sweet")
    make_pair(make_run(), warm, sweet)
    pair = make_pair(make_run(), red, sweet)

    patterns = opened(client, reader).context["patterns"]

    assert [row.pair.pk for row in patterns] == [pair.pk]


@pytest.mark.parametrize("address", ["/taxonomy/colours/mauve/", "/taxonomy/shapes/red/"])
def test_an_unknown_node_is_not_found(client, reader, red, address):
    assert opened(client, reader, address).status_code == 404


def test_each_is_offered_the_changes_they_may_make(client, reader, reviewer, administrator, red):
    addresses = ("/taxonomy/colours/red/edit", "/taxonomy/colours/red/change/merge", "/taxonomy/colours/red/place")

    offered = [
        [f'href="{address}"' in text_of(opened(client, who)) for address in addresses]
        for who in (reader, reviewer, administrator)
    ]

    assert offered == [[False] * 3, [True, False, False], [True] * 3]


def test_a_visitor_is_asked_to_sign_in(client, red):
    response = client.get("/taxonomy/colours/red/")

    assert (response.status_code, response["Location"]) == (302, "/account/login/?next=/taxonomy/colours/red/")


@pytest.mark.parametrize("n", [1, 30])
def test_taxonomy_query_count(client, reader, django_assert_num_queries, red, n):
    make_cases(n, nodes=[red])
    client.force_login(reader)

    with django_assert_num_queries(7):
        response = client.get("/taxonomy/")

    assert count_of(text_of(response), "Red") == n


@pytest.mark.parametrize("n", [1, 30])
def test_node_query_count(client, reader, django_assert_num_queries, red, n):
    blue, run = make_node("blue"), make_run()
    for case in make_cases(n, nodes=[red], status=Status.ANALYSIS, owner=reader):
        agree(case, blue)
    for node in [make_node() for _ in range(n)]:
        make_pair(run, red, node)
    client.force_login(reader)

    with django_assert_num_queries(26):
        response = client.get("/taxonomy/colours/red/")

    assert response.context["count"] == n
