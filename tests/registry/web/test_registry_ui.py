from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.template import engines
from django.utils.safestring import SafeString

from registry.web.templatetags import registry_ui


def rendered(source, **context):
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("# Head", "<h3>Head</h3>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("![x](https://example.org/x.png)", "<p></p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        (
            "[x](https://example.org)",
            '<p><a href="https://example.org" rel="nofollow noopener noreferrer">x</a></p>\n',
        ),
        ("", ""),
        (None, ""),
    ],
)
def test_markdown_is_safe_html(source, html):
    assert registry_ui.markdown(source) == html
    assert isinstance(registry_ui.markdown(source), SafeString)


@pytest.mark.parametrize(
    ("precision", "first", "last", "words"),
    [
        ("day", date(2026, 11, 9), None, "9 Nov 2026"),
        ("day", date(2026, 11, 9), date(2026, 11, 12), "9 Nov 2026 – 12 Nov 2026"),
        ("month", date(2026, 11, 1), date(2026, 11, 30), "November 2026"),
        ("year", date(2014, 1, 1), date(2016, 12, 31), "2014–2016"),
        ("unknown", None, None, "Unknown"),
    ],
)
def test_occurred_is_as_exact_as_the_case(precision, first, last, words):
    case = SimpleNamespace(occurred_precision=precision, occurred_from=first, occurred_to=last)

    assert registry_ui.occurred(case) == words


@pytest.mark.parametrize(
    ("value", "words"), [(None, "–"), (0.0004, "< 0.001"), (0.009, "0.009"), (0.0995, "0.10"), (0.291, "0.29")]
)
def test_p_value_is_printed_with_the_figures_that_count(value, words):
    assert registry_ui.p_value(value) == words


@pytest.mark.parametrize(("value", "words"), [(None, ""), (0.69, "0.7×"), (2.66, "2.7×"), (9.96, "10×"), (12.2, "12×")])
def test_times_has_two_figures(value, words):
    assert registry_ui.times(value) == words


def test_percent_is_whole_and_does_not_break_from_its_sign():
    assert registry_ui.percent(0.118) == "12\N{NARROW NO-BREAK SPACE}%"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 16, 6, 0, tzinfo=UTC), "3 days ago"),
        (datetime(2026, 11, 19, 9, 59, 40, tzinfo=UTC), "just now"),
    ],
)
def test_relative_date_uses_the_largest_unit(at, words, time_machine):
    time_machine.move_to(datetime(2026, 11, 19, 10, 0, tzinfo=UTC), tick=False)

    assert registry_ui.relative_date(at) == words


def test_moment_prints_the_zone():
    html = rendered("{% moment at ago=False %}", at=datetime(2026, 11, 16, 6, 0, tzinfo=UTC))

    assert html == '<time class="nb" datetime="2026-11-16T06:00:00+00:00">16 Nov 2026, 06:00 UTC</time>'


@pytest.mark.parametrize(("rank", "name"), [(0, "severity-0"), (4, "severity-4"), (9, "severity-4")])
def test_ladder_has_four_steps_however_many_tiers_there_are(rank, name):
    assert registry_ui.ladder(rank) == name


@pytest.mark.parametrize(
    ("path", "exact", "marked"),
    [("/cases/AIR-1", False, True), ("/cases/", False, True), ("/cases/new", True, False), ("/", False, False)],
)
def test_current_marks_the_section_of_the_page(path, exact, marked):
    mark = registry_ui.current({"request": SimpleNamespace(path=path)}, "/cases/", exact=exact)

    assert mark == (' aria-current="page"' if marked else "")


class Choice(forms.Form):
    kind = forms.ChoiceField(choices=[("a", "First"), ("b", "Second")], widget=forms.RadioSelect, label="Kind")
    kind.descriptions = {"b": "What the second means."}
    note = forms.CharField(help_text="A word.", widget=forms.TextInput(attrs={"class": "wide"}))


def test_options_carry_their_explanations():
    rows = registry_ui.options(Choice()["kind"])["rows"]

    assert [(row["label"], row["description"]) for row in rows] == [
        ("First", ""),
        ("Second", "What the second means."),
    ]


def test_control_keeps_the_classes_of_the_form():
    html = registry_ui.control(Choice()["note"], "big")

    assert 'class="field wide big"' in html


def test_a_field_with_an_error_says_so_at_the_field():
    form = Choice({"kind": "a", "note": ""})

    html = rendered('{% include "partials/_field.html" with field=form.note number=1 %}', form=form)

    assert 'aria-describedby="id_note_helptext id_note_error"' in html
    assert 'id="id_note_error"' in html
    assert 'aria-invalid="true"' in html


def test_the_error_summary_links_to_each_control():
    form = Choice({"kind": "", "note": ""})

    html = rendered('{% include "partials/_error_summary.html" %}', form=form)

    assert '<a href="#id_kind">Kind · This field is required.</a>' in html
    assert '<a href="#id_note">Note · This field is required.</a>' in html
