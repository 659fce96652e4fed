"""Full-text search: which cases words find, in which order, and the passages shown."""

import pytest

from registry import search
from registry.models import Case
from tests.factories import make_case

pytestmark = pytest.mark.django_db


def found(words):
    return set(Case.objects.filter(search.matching(words)))


def ranked(words):
    cases = search.ranked(Case.objects.filter(search.matching(words)), words)
    return list(cases.order_by("-relevance", "-id"))


def snippet(case, words):
    return search.snippets([case.pk], words)[case.pk]


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        ("lagoon boat", True),
        ("lagoon boats circled", True),
        ("lagoon tanker", False),
        ("tanker or lagoon", True),
        ("lagoon -boat", False),
        ('"small boat"', True),
        ('"boat small"', False),
    ],
)
def test_words_mean_what_a_search_box_makes_one_expect(words, fits):
    case = make_case(title="Goes round in a lagoon", context="A small boat circles for points.")

    assert found(words) == ({case} if fits else set())


@pytest.mark.parametrize("written", ["AIR-{}", "air-{}", "{}", " {} "])
def test_a_case_number_finds_the_case(written):
    case = make_case(title="Nothing about numbers")
    make_case()

    assert found(written.format(case.pk)) == {case}
    assert ranked(written.format(case.pk))[0] == case


@pytest.mark.parametrize("words", ["XYZ-{}", "{}x", "-{}", "²", "0", "99999999999", "AIR-99999999999", ""])
def test_what_is_no_case_number_is_none(words):
    assert search.number_in(words.format(12)) is None


@pytest.mark.parametrize(("words", "is_one"), [("AIR-12", True), ("air-12", True), ("12", False), ("-12", False)])
def test_only_a_full_reference_is_one_case_and_nothing_else(words, is_one):
    assert search.is_reference(words) == is_one


def test_the_title_weighs_over_the_narrative_and_words_close_together_over_words_far_apart():
    far = make_case(title="Case one of three", context="A boat left. " + "Much else happened. " * 20 + "A lagoon.")
    near = make_case(title="Case two of three", context="A boat in a lagoon. " + "Much else happened. " * 20)
    title = make_case(title="The boat in the lagoon")

    assert ranked("boat lagoon") == [title, near, far]


def test_only_the_newest_matches_are_ranked(monkeypatch):
    monkeypatch.setattr(search, "RANKED", 2)
    cases = [make_case(title="The boat in the lagoon") for _ in range(3)]

    assert ranked("boat") == [cases[2], cases[1]]


def test_a_snippet_shows_the_passage_and_the_title_with_the_words_marked():
    case = make_case(title="Boat race", observed_behaviour="Nothing here.", root_cause="It paid for boats & points.")

    assert snippet(case, "boat") == {
        "title": "<mark>Boat</mark> race",
        "field": "Root cause",
        "passage": "It paid for <mark>boats</mark> &amp; points.",
    }


def test_words_spread_over_fields_are_marked_where_they_stand():
    case = make_case(title="The boat", observed_behaviour="In the lagoon.")

    assert snippet(case, "boat lagoon") == {
        "title": "The <mark>boat</mark>",
        "field": "Observed behaviour",
        "passage": "In the <mark>lagoon</mark>.",
    }


def test_a_long_field_is_cut_and_says_so():
    case = make_case(observed_behaviour="Before that. " * 60 + "The lagoon was small. " + "After that. " * 60)

    passage = snippet(case, "lagoon")["passage"]

    assert passage.startswith("… ")
    assert passage.endswith(" …")
    assert len(passage) < 300


def test_script_and_our_own_marks_in_a_text_stay_text():
    case = make_case(
        title="<script>alert(1)</script> boat",
        observed_behaviour=f"{search.START}<img src=x onerror=alert(1)>{search.STOP} boat <mark>x</mark>",
    )

    shown = snippet(case, "boat")

    assert shown["title"] == "&lt;script&gt;alert(1)&lt;/script&gt; <mark>boat</mark>"
    assert shown["passage"] == "&lt;img src=x onerror=alert(1)&gt; <mark>boat</mark> &lt;mark&gt;x&lt;/mark&gt;"


@pytest.mark.parametrize("words", ["-boat", "the", "' & | !", "a:*b <-> (", "\\", "\ue000", "%s", "'); --"])
def test_words_that_find_nothing_to_mark_mark_nothing(words):
    case = make_case(title="The boat in the lagoon")

    shown = search.snippets([case.pk], words).get(case.pk)

    assert shown is None or "<mark>" not in shown["title"] + shown["passage"]


def test_without_rows_or_words_nothing_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert (search.snippets([], "boat"), search.snippets([1], " ")) == ({}, {})
