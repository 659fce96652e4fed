"""How far raters agree, through the API, and the queue of cases on which they differ."""

import pytest

from registry.choices import Visibility
from tests import analysed
from tests.factories import make_case, make_node, make_person
from tests.registry.patterns.rated import make_nodes, rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(db):
    return analysed.agreement_run()


def rows(tool, path):
    response = tool.get(path)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def differing(raters, node, **values):
    """A case of which the first says present and the second absent."""
    case = make_case(**values)
    rate(case, raters[0], node)
    rate(case, raters[1], absent=[node])
    return case


@pytest.fixture
def raters(shipped_taxonomy):
    return [make_person(name=name) for name in ("Ann", "Bea")]


def test_the_latest_run_is_that_of_its_period(as_reader, run):
    newer, of_year = analysed.agreement_run(), analysed.agreement_run(period="2026")
    analysed.agreement_run(period="2025", n_cases=0)

    assert as_reader.get("agreement/latest/").json()["id"] == newer.pk
    assert as_reader.get("agreement/latest/?period=2026").json()["id"] == of_year.pk
    assert as_reader.get("agreement/latest/?period=2025").status_code == 404
    assert as_reader.get("agreement/latest/?period=nonsense").status_code == 404
    assert [row["id"] for row in rows(as_reader, "agreement/runs/?period=all")] == [newer.pk, run.pk]


def test_scores_hide_how_many_of_few_cases_are_disputed(as_reader, run):
    red, pink = make_node("red"), make_node("pink")
    weak = analysed.agreement_score(run=run, node=red, scheme=red.scheme, alpha=0.1, low=0.0)
    few = analysed.agreement_score(run=run, node=pink, scheme=red.scheme, n_cases=4, alpha=None, low=None, high=None)
    whole = analysed.agreement_score(run=run, scheme=red.scheme)
    path = f"agreement/runs/{run.pk}/scores/"

    found = {row["id"]: (row["node"], row["alpha"], row["n_disputed"]) for row in rows(as_reader, path)}

    assert found == {weak.pk: (red.key, 0.1, 1), few.pk: (pink.key, None, None), whole.pk: (None, 0.5, 1)}
    assert [row["id"] for row in rows(as_reader, f"{path}?node=colours:red")] == [weak.pk]
    assert [row["id"] for row in rows(as_reader, f"{path}?node__isnull=true&scheme=colours")] == [whole.pk]
    assert [row["id"] for row in rows(as_reader, f"{path}?ordering=alpha")] == [weak.pk, whole.pk, few.pk]


def test_pairs_and_confusions_of_few_cases_do_not_tell_what_was_said(as_reader, run):
    red, pink = make_node("red"), make_node("pink")
    few = analysed.rater_pair(run=run, n_cases=4)
    enough = analysed.rater_pair(run=run)
    analysed.confusion(red, pink, run=run, n_together=4)
    shown = analysed.confusion(red, make_node("rose"), run=run, n_together=5)

    pairs = {
        row["id"]: (row["n_agreed"], row["kappa"]) for row in rows(as_reader, f"agreement/runs/{run.pk}/rater-pairs/")
    }

    assert pairs == {few.pk: (None, None), enough.pk: (8, 0.6)}
    assert [row["id"] for row in rows(as_reader, f"agreement/runs/{run.pk}/confusions/")] == [shown.pk]


def test_rows_of_a_run_are_kept_by_whoever_read_them(as_reader, run):
    analysed.agreement_score(run=run, measure="realised")
    path = f"agreement/runs/{run.pk}/scores/"

    first = as_reader.get(path)

    assert first["Cache-Control"] == "private, max-age=86400"
    again = as_reader.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


def test_the_queue_tells_who_rates_blind_that_raters_differ_and_nothing_more(as_reader, as_analyst, raters):
    red, _ = make_nodes("red", "blue")
    case = differing(raters, red)

    (for_reader,), (for_blind,) = (rows(tool, "agreement/queue/?count=exact") for tool in (as_reader, as_analyst))

    assert (for_reader["case"], for_reader["nodes"], for_reader["n_nodes"]) == (case.reference, [red.key], 1)
    assert for_reader["raters"] == [rater.username for rater in raters]
    hidden = ("n_nodes", "disagreement", "weight", "raters", "nodes")
    assert [for_blind[name] for name in hidden] == [None] * len(hidden)
    assert (for_blind["case"], for_blind["labels_hidden"]) == (case.reference, True)


def test_the_queue_is_paged_both_ways_and_counted(as_reader, raters):
    red, _ = make_nodes("red", "blue")
    cases = [differing(raters, red).reference for _ in range(5)]

    first = as_reader.get("agreement/queue/?limit=2&count=exact").json()
    second = as_reader.get(first["next"]).json()
    last = as_reader.get(second["next"]).json()
    back = as_reader.get(last["previous"]).json()

    pages = [[row["case"] for row in page["results"]] for page in (first, second, last, back)]
    assert pages == [cases[:2], cases[2:4], cases[4:], cases[2:4]]
    assert [row["place"] for row in last["results"]] == [5]
    assert (first["count"], first["previous"], last["next"]) == (5, None, None)
    assert as_reader.get(back["previous"]).json()["results"] == first["results"]


def test_a_hidden_case_is_not_in_the_queue(as_reader, raters):
    red, _ = make_nodes("red", "blue")
    differing(raters, red)
    before = as_reader.get("agreement/queue/?count=exact").content

    hidden = differing(raters, red)
    type(hidden).objects.filter(pk=hidden.pk).update(visibility=Visibility.NAMED)

    assert as_reader.get("agreement/queue/?count=exact").content == before


@pytest.mark.parametrize("n", [1, 30])
def test_list_query_counts(as_reader, run, raters, django_assert_num_queries, n):
    red, _ = make_nodes("red", "blue")
    for _ in range(n):
        node = make_node()
        analysed.agreement_score(run=run, node=node, scheme=node.scheme)
        analysed.rater_pair(run=run)
        analysed.confusion(run=run, n_together=5)
        differing(raters, red)

    for path, queries in (("scores", 3), ("rater-pairs", 3), ("confusions", 3)):
        with django_assert_num_queries(queries):  # the token, the run, the page
            found = rows(as_reader, f"agreement/runs/{run.pk}/{path}/")
        assert len(found) == n
    with django_assert_num_queries(6):
        found = rows(as_reader, "agreement/queue/")
    assert len(found) == n


@pytest.mark.parametrize("number", ["0", "9999999999", "9" * 4300, "x"])
def test_a_run_that_does_not_exist_is_not_found(as_reader, number):
    for tail in ("", "scores/", "rater-pairs/", "confusions/"):
        assert as_reader.get(f"agreement/runs/{number}/{tail}").status_code == 404
