import itertools

import pytest

from registry.web import gaps

EIGHT = list(itertools.product(("holds", "broken"), repeat=3))


@pytest.mark.parametrize("states", EIGHT)
def test_the_line_drops_one_level_for_each_broken_gap(states):
    picture = gaps.gap_picture(human=states[0], outer=states[1], inner=states[2])

    levels = [mark["y"] for mark in picture["objects"]]
    drops = [after > before for before, after in itertools.pairwise(levels)]
    assert drops == [state == "broken" for state in states]


@pytest.mark.parametrize("states", EIGHT)
def test_objects_after_the_first_break_are_squares(states):
    picture = gaps.gap_picture(human=states[0], outer=states[1], inner=states[2])

    squares = [mark["css"] == "obj off" for mark in picture["objects"]]
    assert squares == ["broken" in states[:i] for i in range(4)]


@pytest.mark.parametrize("states", EIGHT)
def test_what_was_meant_is_drawn_only_beside_a_break(states):
    picture = gaps.gap_picture(human=states[0], outer=states[1], inner=states[2])

    assert (bool(picture["meant"]), bool(picture["drift"])) == (("broken" in states,) * 2)


@pytest.mark.parametrize("states", EIGHT)
def test_each_broken_gap_is_a_cut_line(states):
    picture = gaps.gap_picture(human=states[0], outer=states[1], inner=states[2])

    assert [stroke["css"] for stroke in picture["strokes"]].count("cut") == states.count("broken")


@pytest.mark.parametrize("states", EIGHT)
def test_the_picture_ends_below_its_lowest_level(states):
    picture = gaps.gap_picture(human=states[0], outer=states[1], inner=states[2])

    assert picture["height"] - 30 == picture["objects"][-1]["y"] + 6.5


def test_an_unknown_gap_leaves_the_next_object_unsure_and_its_line_dashed():
    picture = gaps.gap_picture(human="holds", outer="unknown", inner="holds")

    assert [mark["css"] for mark in picture["objects"]] == ["obj", "obj", "obj unsure", "obj"]
    assert [stroke["css"] for stroke in picture["strokes"]][:3] == ["holds", "open", "holds"]


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        (("", "", ""), "Nobody has said yet which of the three gaps broke."),
        (("holds", "holds", "holds"), "All three gaps hold: what it did is what was meant."),
        (("holds", "broken", "holds"), "The outer gap broke: what was rewarded is not what was meant."),
        (
            ("broken", "holds", "unknown"),
            "The human gap broke: the goal that was set is not the goal people should have. "
            "The inner gap still needs an answer.",
        ),
        (("holds", "", ""), "No gap is known to have broken; the outer and inner gaps still need an answer."),
        (
            ("broken", "broken", "broken"),
            "The human, outer and inner gaps broke: the goal that was set is not the goal people should have; "
            "what was rewarded is not what was meant; what it learned is not what was rewarded.",
        ),
    ],
)
def test_the_sentence_says_which_gap_broke(states, sentence):
    picture = gaps.gap_picture(human=states[0], outer=states[1], inner=states[2])

    assert picture["sentence"] == sentence


def test_a_sentence_given_replaces_the_one_made():
    picture = gaps.gap_picture(human="", outer="", inner="", sentence="Seen by two raters.")

    assert picture["sentence"] == "Seen by two raters."


def test_the_text_alternative_names_every_gap():
    picture = gaps.gap_picture(human="holds", outer="unknown", inner="")

    assert picture["description"] == (
        "Four objects in a row, from the goal people should have to what the AI did. "
        "Human gap: holds. Outer gap: not known. Inner gap: not assessed."
    )


def test_the_list_below_pairs_each_object_with_its_text_and_the_gap_after_it():
    picture = gaps.gap_picture(human="holds", outer="broken", inner="", goal="Fair bills", specified="Exit code 0")

    assert picture["items"] == [
        {
            "name": "Goal people should have",
            "text": "Fair bills",
            "css": "",
            "gap": {"words": "Human gap holds", "css": "", "symbol": "check"},
        },
        {
            "name": "Intended objective",
            "text": "",
            "css": "",
            "gap": {"words": "Outer gap broken", "css": "broke", "symbol": "cross"},
        },
        {
            "name": "Specified objective",
            "text": "Exit code 0",
            "css": "astray",
            "gap": {"words": "Inner gap not assessed", "css": "", "symbol": "question"},
        },
        {"name": "What it learned to optimise", "text": "", "css": "astray", "gap": None},
    ]
