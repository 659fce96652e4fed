"""Cases per week, and the picture of them."""

import struct
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from registry.digests.chart import BEFORE, RECENT, weekly_caption, weekly_png, weekly_svg, weekly_words
from registry.digests.content import Weeks
from registry.digests.weekly import weeks_before
from registry.models import Case
from tests.factories import make_case
from tests.registry.digests.builders import END, WEEK

THURSDAY = END + timedelta(days=3)


def weeks_of(end=END, time_zone="UTC"):
    return weeks_before(Case.objects.all(), end=end, time_zone=time_zone)


def logged(at):
    return make_case(created_at=at, updated_at=at, reported_at=at)


@pytest.mark.django_db
def test_on_a_monday_morning_the_last_week_is_the_one_just_over():
    logged(END - timedelta(days=1))
    logged(END - timedelta(hours=1))
    logged(END - 29 * WEEK - timedelta(days=1))

    weeks = weeks_of()

    assert (weeks.first, weeks.last, weeks.incomplete) == (date(2026, 4, 27), date(2026, 11, 22), False)
    assert weeks.counts == (1, *[0] * 28, 1)


@pytest.mark.django_db
def test_on_a_thursday_the_current_week_is_incomplete():
    logged(END)

    weeks = weeks_of(THURSDAY)

    assert (weeks.last, weeks.incomplete, weeks.counts[-1]) == (date(2026, 11, 26), True, 1)


@pytest.mark.django_db
def test_weeks_are_the_readers_own():
    logged(END - timedelta(hours=20))  # Sunday 11:00 UTC, Monday in Auckland

    assert weeks_of(time_zone="Pacific/Auckland").counts[-1] == 0
    assert weeks_of(time_zone="UTC").counts[-1] == 1


@pytest.mark.django_db
def test_the_mean_leaves_out_the_weeks_before_the_first_case():
    for weeks_ago in (10, 9, 8, 8):
        logged(END - weeks_ago * WEEK)

    weeks = weeks_of()

    assert (weeks.n_unknown, weeks.n_baseline) == (20, 6)
    assert weeks.mean == pytest.approx(4 / 6)


@pytest.mark.django_db
@pytest.mark.parametrize("weeks_ago", [None, 2])
def test_a_young_registry_has_no_mean(weeks_ago):
    if weeks_ago:
        logged(END - weeks_ago * WEEK)

    assert weeks_of().mean is None


def weeks(**values):
    some = {"first": date(2026, 4, 20), "last": date(2026, 11, 15), "counts": (0, 0, *range(24), 8, 9, 4, 3)}
    return Weeks(**some | {"n_unknown": 2, "n_recent": 4, "incomplete": False, "mean": 3.2} | values)


def test_the_picture_hatches_what_is_not_known():
    svg = weekly_svg(weeks(incomplete=True))

    assert (svg.count("url(#weekly-unknown)"), svg.count("url(#weekly-unfinished)")) == (1, 1)
    assert weekly_svg(weeks(n_unknown=0)).count("url(#") == 0


def test_the_picture_is_a_png_of_twice_its_size():
    png = weekly_png(weeks())

    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (1072, 192)


def test_the_words_say_what_the_picture_shows():
    shown = weeks(incomplete=True)

    assert weekly_words(shown) == (
        "From 20 April to 15 November: the last 4 of 30 weeks bring 8, 9, 4 and 3 cases. "
        "The 24 weeks before: from 0 to 23 a week. The last week is not over."
    )
    assert weekly_caption(shown) == (
        "Cases logged per week. Dashed: the mean of 24 weeks, 3.2. "
        "Hatched at the left: before the first case was logged. Hatched at the right: not over."
    )


def test_the_words_of_a_young_registry_name_no_weeks_before():
    young = weeks(n_unknown=30, mean=None)

    assert weekly_words(young) == "From 20 April to 15 November: the last 4 of 30 weeks bring 8, 9, 4 and 3 cases."
    assert weekly_caption(young) == "Cases logged per week. Hatched at the left: before the first case was logged."


def test_the_picture_may_stand_in_a_page_that_forbids_inline_styles():
    drawing = ElementTree.fromstring(weekly_svg(weeks(incomplete=True)))

    names = [name for element in drawing.iter() for name in element.attrib]
    identifiers = [element.get("id") for element in drawing.iter() if element.get("id")]
    assert not {"style", "class", "onload"} & set(names)
    assert identifiers == ["weekly-unfinished", "weekly-unknown"]
    assert drawing.find("{http://www.w3.org/2000/svg}title").text == weekly_words(weeks(incomplete=True))


def contrast(one, other):
    """WCAG 2.2, 1.4.11."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("tone", [BEFORE, RECENT])
@pytest.mark.parametrize("ground", ["#ffffff", "#161c25"])
def test_its_tones_are_seen_on_a_light_and_on_a_dark_ground(tone, ground):
    assert contrast(tone, ground) >= 3


def test_an_empty_registry_still_has_a_picture():
    png = weekly_png(weeks(counts=(0,) * 30, mean=None, n_unknown=30))

    assert png.startswith(b"\x89PNG")
