"""Weekly trends: what is compared, what is hidden, what may still grow."""

import pytest

from tests.factories import make_trend
from tests.registry.web.pattern_pages import html_of, opened

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
