import re
from datetime import timedelta

import pytest

from registry.choices import Visibility
from registry.models import AgreementRun
from registry.web.agreement_page import agreement_of_node
from registry.web.agreement_rows import number, reading_of, whisker_of
from tests.analysed import agreement_run, agreement_score
from tests.factories import NOW, make_node, make_person, make_scheme
from tests.registry.patterns.rated import compute_now, make_nodes, rate_cases
from tests.registry.web.pages import signed_in, text_of


@pytest.fixture
def raters(db):
    return [make_person(name=name) for name in ("Ann Alder", "Bea Birch")]


def rated(raters, *, n_agreed=6, n_confused=3):
    """Two nodes: agreed on in some cases, taken for one another in others."""
    red, blue = make_nodes("red", "blue")
    rate_cases(raters, [([red], [red]), ([blue], [blue])] * (n_agreed // 2) + [([red], [blue])] * n_confused)
    compute_now()
    return red, blue


def section(response, name):
    """The text of one section of the page."""
    found = re.search(rf'<section[^>]* id="{name}".*?</section>', response.content.decode(), re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_without_two_raters_the_page_names_what_to_do(client, analyst):
    client.force_login(analyst)

    response = client.get("/agreement/")

    assert "Nobody can be compared yet" in text_of(response)
    assert 'href="/cases/?status=analysis"' in response.content.decode()


def test_the_page_shows_alpha_with_its_interval_and_its_counts(client, analyst, raters):
    red, _ = rated(raters)
    client.force_login(analyst)

    response = client.get("/agreement/")

    score = AgreementRun.objects.get(period="all").scores.get(node=red)
    said = f"{number(score.alpha)} {number(score.low)} to {number(score.high)} 9 2 3"
    assert said in section(response, "nodes")
    assert f'aria-label="Alpha {number(score.alpha)}, 95 % interval' in response.content.decode()
    assert "9 cases have been rated by two or more" in text_of(response)


def test_an_alpha_below_04_asks_for_another_definition_and_links_to_it(client, reviewer, raters):
    red, _ = rated(raters, n_agreed=2, n_confused=5)
    client.force_login(reviewer)

    response = client.get("/agreement/")

    rewrite = section(response, "rewrite")
    assert "α below 0.4: rewrite the definition" in rewrite
    assert "5 of 7 cases disputed · taken for Blue on 5 of 7" in rewrite
    assert f'aria-label="Rewrite the definition of {red.name}"' in response.content.decode()
    assert f'href="/taxonomy/colours/{red.slug}/edit"' in response.content.decode()


def test_confused_nodes_stand_side_by_side_with_both_definitions(client, analyst, raters):
    red, blue = rated(raters)
    client.force_login(analyst)

    response = client.get("/agreement/")

    assert f"Red {red.definition} Blue {blue.definition} 3 of 9" in section(response, "confusions")
    assert f'href="{red.get_absolute_url()}"' in response.content.decode()


def test_raters_are_compared_two_by_two(client, analyst, raters):
    rated(raters)
    client.force_login(analyst)

    response = client.get("/agreement/")

    assert "Ann Alder and Bea Birch 9 18 67 % 0.40" in section(response, "pairs").replace(" ", " ")


def test_fewer_than_five_cases_show_neither_alpha_nor_disputes_nor_confusions(client, analyst, raters):
    rated(raters, n_agreed=2, n_confused=2)
    client.force_login(analyst)

    response = client.get("/agreement/?show=few")

    nodes = section(response, "nodes")
    assert "Red Colours none 4 2 – Too few No α below 5 cases that two raters spoke of." in nodes
    assert response.context["confusions"] == []
    assert "too few cases" in section(response, "pairs")
    assert "too few for any α" in text_of(response)


def test_where_all_say_the_same_there_is_no_alpha_and_the_page_says_why(client, analyst, raters):
    red, _ = make_nodes("red", "blue")
    rate_cases(raters, [([red], [red])] * 6)
    compute_now()
    client.force_login(analyst)

    response = client.get("/agreement/?show=same")

    assert "Everybody said the same everywhere, so there is nothing to agree about." in section(response, "nodes")
    assert {row["alpha"] for row in response.context["table"]["rows"]} == {""}


def test_a_period_is_chosen_by_its_name(client, analyst, raters):
    red, blue = make_nodes("red", "blue")
    rate_cases(raters, [([red], [blue])] * 3)
    rate_cases(raters, [([red], [red])] * 2, at=NOW - timedelta(days=400))
    compute_now()
    client.force_login(analyst)

    response = client.get("/agreement/?period=2025")

    assert [(each["words"], each["n"], each["chosen"]) for each in response.context["periods"]] == [
        ("All time", 5, False),
        ("2026", 3, False),
        ("2025", 2, True),
        ("2026 Q4", 3, False),
        ("2025 Q4", 2, False),
    ]
    assert response.context["run"].n_cases == 2


@pytest.mark.parametrize("query", ["period=1999", "period=all%00", "period=<script>"])
def test_a_period_without_a_run_is_not_found(client, analyst, raters, query):
    rated(raters)
    client.force_login(analyst)

    assert client.get(f"/agreement/?{query}").status_code == 404


@pytest.mark.parametrize("query", ["show=nothing&sort=-nothing&page=x", "page=99999999999", "page=²", "sort=--alpha"])
def test_anything_unknown_in_the_address_falls_back(client, analyst, raters, query):
    rated(raters)
    client.force_login(analyst)

    assert client.get(f"/agreement/?{query}").status_code == 200


def test_the_table_of_nodes_sorts_both_ways(client, analyst, db):
    run = agreement_run()
    for alpha in (0.5, 0.1, 0.9):
        agreement_score(run=run, node=make_node(f"n{alpha:.1f}".replace(".", "-")), alpha=alpha)
    client.force_login(analyst)

    found = [
        [row["score"].alpha for row in client.get(f"/agreement/?sort={sort}").context["table"]["rows"]]
        for sort in ("alpha", "-alpha", "name")
    ]

    assert found == [[0.1, 0.5, 0.9], [0.9, 0.5, 0.1], [0.1, 0.5, 0.9]]


@pytest.mark.parametrize("sort", ["disputed", "-disputed"])
def test_disputes_that_are_not_shown_do_not_order_the_table(client, analyst, db, sort):
    run = agreement_run()
    for slug, n_disputed in (("c", 1), ("a", 2), ("b", 0)):
        agreement_score(run=run, node=make_node(slug), n_cases=4, n_disputed=n_disputed, alpha=None)
    client.force_login(analyst)

    response = client.get(f"/agreement/?show=few&sort={sort}")

    assert [row["score"].node.slug for row in response.context["table"]["rows"]] == ["a", "b", "c"]


def test_shown_disputes_order_the_table(client, analyst, db):
    run = agreement_run()
    for slug, n_disputed in (("a", 1), ("b", 3), ("c", 2)):
        agreement_score(run=run, node=make_node(slug), n_cases=5, n_disputed=n_disputed)
    client.force_login(analyst)

    response = client.get("/agreement/?sort=-disputed")

    assert [row["score"].node.slug for row in response.context["table"]["rows"]] == ["b", "c", "a"]


@pytest.mark.parametrize("n", [1, 30])
def test_query_count_of_the_page(client, analyst, django_assert_num_queries, n):
    run, scheme = agreement_run(), make_scheme()
    for place in range(n):
        agreement_score(run=run, node=make_node(f"node-{place}", scheme=scheme), alpha=0.3)
    client.force_login(analyst)

    with django_assert_num_queries(13):
        response = client.get("/agreement/")

    assert len(response.context["table"]["rows"]) == min(n, 25)


def test_what_is_not_open_to_everyone_is_counted_for_nobody(raters):
    keeper = make_person(name="Keeper")
    red, blue = make_nodes("red", "blue")
    rate_cases(raters, [([red], [red])] * 6)
    compute_now()
    before = signed_in(keeper).get("/agreement/").content
    rate_cases(raters, [([red], [blue])] * 2, visibility=Visibility.NAMED, reporter=keeper)

    assert compute_now() == {"runs": {}, "unchanged": 3}
    strip = re.compile(rb'csrfmiddlewaretoken" value="[^"]+|x-csrftoken": "[^"]+|nonce="[^"]+')
    assert strip.sub(b"", signed_in(keeper).get("/agreement/").content) == strip.sub(b"", before)


def test_a_page_with_a_script_in_a_nodes_name_shows_it_as_text(client, analyst, raters):
    red, _ = rated(raters)
    type(red).objects.filter(pk=red.pk).update(name="<script>alert(1)</script>")
    client.force_login(analyst)

    body = client.get("/agreement/").content.decode()

    assert "<script>alert(1)" not in body
    assert "&lt;script&gt;alert(1)" in body


def test_a_node_knows_how_far_raters_agree_on_it(raters):
    red, blue = rated(raters)

    found = agreement_of_node(red)

    assert found["row"]["score"].n_cases == 9
    assert found["confused"] == [{"other": blue, "n": 3, "of": 9}]


def test_a_node_that_nobody_was_compared_on_says_so(db):
    node = make_node("red")

    assert agreement_of_node(node)["row"] is None


@pytest.mark.parametrize(
    ("values", "word", "why"),
    [
        ({"n_cases": 4, "alpha": None, "low": None, "high": None}, "Too few", "No α below 5 cases"),
        ({"n_disputed": 0, "alpha": None, "low": None, "high": None}, "All the same", "nothing to agree about"),
        ({"alpha": 0.2, "low": 0.1, "high": 0.3}, "Rewrite", "Surely below 0.4"),
        ({"alpha": 0.2, "low": 0.1, "high": 0.6}, "Rewrite", "the interval reaches above it"),
        ({"alpha": 0.3, "low": None, "high": None}, "Rewrite", "too few cases vary"),
        ({"alpha": 0.5, "low": 0.45, "high": 0.6}, "Weak", "with doubt"),
        ({"alpha": 0.7, "low": 0.3, "high": 0.9}, "Tentative", "reaches below 0.4"),
        ({"alpha": 0.9, "low": 0.8, "high": 0.95}, "Reliable", "counted on"),
        ({"alpha": 1.0, "low": None, "high": None, "n_disputed": 0}, "Reliable", "nobody differed"),
    ],
)
def test_a_number_is_read_in_words(db, values, word, why):
    score = agreement_score(run=agreement_run(), **{"node": make_node(), "n_cases": 20, "n_disputed": 3} | values)

    found = reading_of(score)

    assert found["word"] == word
    assert why in found["why"]


def test_a_whisker_beyond_the_axis_is_cut_and_marked(db):
    score = agreement_score(run=agreement_run(), node=make_node(), alpha=0.1, low=-0.6, high=0.5)

    found = whisker_of(score)

    assert (found["low"], found["cut_low"], found["title"]) == (0, True, "Alpha 0.10, 95 % interval −0.60 to 0.50")
    assert 0 < found["point"] < found["high"] < found["width"]
