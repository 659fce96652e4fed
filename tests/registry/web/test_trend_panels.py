"""Weekly trends: what is compared, what is hidden, what may still grow."""

import pytest

from registry.web.trend_panels import panel_of
from tests.factories import make_node, make_run, make_trend
from tests.registry.web.pattern_pages import csv_lines, html_of, opened

pytestmark = pytest.mark.django_db


def test_trends_begin_with_all_cases_and_hide_small_ratios(client, reader, run, nodes):
    red, sweet = nodes
    make_trend(run, sweet, recent=2, baseline=26, q=None, flagged=False)
    make_trend(run, red)
    make_trend(run)

    panels = opened(client, reader).context["trends"]["panels"]

    assert [(panel["name"], panel["headline"], panel["interval"]) for panel in panels] == [
        ("All cases", "4.0×", "2.0–7.7"),
        ("Red", "4.0×", "2.0–7.7, q < 0.001"),
        ("Sweet", "26 → 2", "ratio hidden, not tested"),
    ]


def test_the_week_that_has_begun_is_hatched(client, reader, run):
    make_trend(run)

    [panel] = opened(client, reader).context["trends"]["panels"]

    assert [bar["css"] for bar in panel["bars"][-5:]] == ["week now"] * 4 + ["week unsure"]


def test_weeks_without_a_dated_case_say_so_instead_of_drawing_nothing(client, reader, run):
    make_trend(run, weeks=[0] * 31, recent=0, baseline=0, ratio=None)

    assert "No week to compare" in html_of(opened(client, reader))


def test_the_incomplete_weeks_are_those_of_the_run(client, reader, nodes):
    run = make_run(incomplete_weeks=3, lag_weeks=3, lag_cases=212)
    make_trend(run, weeks=[1] * 26 + [4] * 4 + [2, 1, 1])

    response = opened(client, reader, "/patterns/trends/")

    [panel] = response.context["trends"]["panels"]
    assert [bar["css"] for bar in panel["bars"][-8:]] == ["week"] + ["week now"] * 4 + ["week unsure"] * 3
    assert "Nine in ten cases arrive within 3 weeks, measured on 212; the last 3 weeks are incomplete." in html_of(
        response
    )


def test_the_means_stand_in_their_exact_95_percent_bands(run):
    panel = panel_of(make_trend(run), run, ceiling=1)

    bands = {band["css"]: (band["y"], band["height"]) for band in panel["bands"]}

    # Garwood: 26 in 26 weeks are 0.6532 to 1.4652 a week, 16 in 4 are 2.2863 to 6.4958, cut at the top; the scale is
    # 0 to 4 cases on 66 units above 70.
    assert bands["band"] == (pytest.approx(70 - 66 * 1.4652 / 4, abs=0.06), pytest.approx(66 * 0.812 / 4, abs=0.06))
    assert bands["band now"] == (
        pytest.approx(70 - 66 * 4 / 4, abs=0.06),
        pytest.approx(66 * (4 - 2.2863) / 4, abs=0.06),
    )


def test_the_page_of_trends_shows_flagged_or_all_labels_beside_all_cases(client, reader, run):
    for place in range(45):
        make_trend(run, make_node(), flagged=place < 2, q=0.5 if place >= 2 else 0.001)
    make_trend(run)

    first = opened(client, reader, "/patterns/trends/").context["trends"]
    second = client.get("/patterns/trends/?page=2").context["trends"]
    flagged = client.get("/patterns/trends/?show=flagged").context["trends"]

    assert [len(each["panels"]) for each in (first, second, flagged)] == [41, 6, 3]
    assert (first["summary"], first["next_url"], second["previous_url"]) == ("1–40 of 45 labels", "?page=2", "?")
    assert [(view["words"], view["n"]) for view in first["views"]] == [
        ("All labels", 45),
        ("Flagged", 2),
        ("Tested", 45),
    ]


def test_the_weeks_behind_the_pictures_are_a_table(client, reader, run):
    make_trend(run)

    html = html_of(opened(client, reader, "/patterns/trends/"))

    assert html.count('<td class="end num">4</td>') == 4
    assert html.count('<span class="sub">incomplete</span>') == 1


def test_trends_are_a_file_in_which_hidden_ratios_are_empty(client, reader, run, nodes):
    red, sweet = nodes
    make_trend(run, red)
    make_trend(run, sweet, recent=2, q=None, flagged=False)

    lines = csv_lines(opened(client, reader, f"/patterns/runs/{run.pk}/trends/?format=csv"))

    assert lines[0][10:12] == ["2026-04-20", "2026-04-27"]
    assert lines[0][-1] == "2026-11-16 (incomplete)"
    assert lines[1][:10] == ["Red", "Colours", "26", "16", "4.0", "2.0", "7.7", "5e-05", "0.0004", "yes"]
    assert lines[2][:10] == ["Sweet", "Tastes", "26", "2", "", "", "", "5e-05", "", "no"]


@pytest.mark.parametrize("n", [1, 30])
def test_trends_query_count(client, reader, django_assert_num_queries, run, n):
    for _ in range(n):
        make_trend(run, make_node())
    client.force_login(reader)

    with django_assert_num_queries(8):
        response = client.get("/patterns/trends/")

    assert len(response.context["trends"]["panels"]) == n
