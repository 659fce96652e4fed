"""“Help me choose”: every way through the questions ends in at most four, with a reason for each node."""

import pytest

from registry.choices import Stance, Status
from registry.web.choosing import QUESTIONS, choose
from taxonomy.models import Node
from tests.factories import NOW, make_case
from tests.registry.web.pages import signed_in, text_of

pytestmark = pytest.mark.django_db


def ways(name="arrow", answers=()):
    """Every complete set of answers."""
    for answer in QUESTIONS[name].answers:
        given = (*answers, (name, answer.value))
        if answer.next:
            yield from ways(answer.next, given)
        else:
            yield dict(given)


def slugs(choosing):
    return [each.node.slug for each in choosing.candidates]


@pytest.mark.parametrize("answers", list(ways()), ids=lambda answers: "-".join(answers.values()))
def test_every_way_ends_within_four_questions_and_leads_somewhere(answers):
    choosing = choose(answers)

    assert (choosing.ended, len(choosing.asked) <= 4) == (True, True)
    assert choosing.candidates or choosing.mechanisms
    assert all(each.why and each.address.startswith("?node=") for each in choosing.candidates)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("arrow=human standard=normative known=documented", ["human-normative", "human"]),
        ("arrow=human standard=unknown known=guess", ["human"]),
        ("arrow=outer reward=misjudged misjudged=time known=inferred", ["volition-based", "outer"]),
        (
            "arrow=outer reward=misjudged misjudged=automated known=inferred",
            ["volition-based", "outer", "test-gaming"],
        ),
        ("arrow=outer reward=swamped known=inferred", ["capabilities-based", "outer"]),
        ("arrow=outer reward=unknown known=inferred", ["outer"]),
        ("arrow=inner stand-in=yes known=reproduced", ["perfect-correlate", "inner"]),
        ("arrow=inner stand-in=unreliable known=inferred", ["underfit", "inner"]),
        ("arrow=inner stand-in=other shown=precocious known=documented", ["precocious", "inner"]),
        ("arrow=inner stand-in=other shown=bias known=documented", ["gradient", "inner"]),
        ("arrow=inner stand-in=other shown=peculiarity known=documented", ["overfit", "inner"]),
        ("arrow=inner stand-in=other shown=unknown known=guess", ["inner"]),
        ("arrow=prompt", []),
        ("arrow=unknown", ["technical"]),
    ],
)
def test_the_rules_for_causes_lead_to_these_nodes(answers, expected):
    assert slugs(choose(dict(pair.split("=") for pair in answers.split()))) == expected


def test_i_cannot_tell_says_so_on_record_and_names_what_would_decide():
    choosing = choose({"arrow": "unknown"})

    assert choosing.candidates[0].stance == Stance.UNSURE
    assert "stance=unsure" in choosing.candidates[0].address
    assert choosing.mechanisms
    assert "What would decide it" in choosing.hints[0]


def test_a_goal_given_in_the_prompt_leads_to_no_cause():
    choosing = choose({"arrow": "prompt"})

    assert (slugs(choosing), choosing.mechanisms) == ([], True)
    assert "not why it does it" in choosing.hints[0]


@pytest.mark.parametrize("known", ["inferred", "guess"])
def test_a_cause_that_nobody_published_keeps_the_confidence_low(known):
    choosing = choose({"arrow": "inner", "stand-in": "yes", "known": known})

    assert "keep the confidence low" in choosing.hints[0]


def test_grounds_are_carried_to_the_form():
    choosing = choose({"arrow": "inner", "stand-in": "yes", "known": "reproduced"})

    assert {"grounds=reproduced" in each.address for each in choosing.candidates} == {True}


def test_answers_to_questions_not_asked_and_unknown_answers_count_for_nothing():
    choosing = choose({"arrow": "outer", "reward": "<script>", "standard": "normative"})

    assert [each.question.name for each in choosing.asked] == ["arrow", "reward"]
    assert (choosing.ended, choosing.candidates) == (False, [])


def test_a_node_that_was_retired_is_not_offered():
    Node.objects.filter(slug="perfect-correlate").update(retired_at=NOW)

    assert slugs(choose({"arrow": "inner", "stand-in": "yes", "known": "reproduced"})) == ["inner"]


def test_the_page_asks_the_next_question_and_keeps_the_answers(analyst):
    case = make_case(status=Status.ANALYSIS)
    client = signed_in(analyst)

    first = client.get(f"/cases/{case.reference}/labels/?choose=1")
    second = client.get(f"/cases/{case.reference}/labels/?arrow=outer")
    last = client.get(f"/cases/{case.reference}/labels/?arrow=outer&reward=swamped&known=documented")

    assert "Which arrow broke first?" in text_of(first)
    assert "What made the reward miss?" not in text_of(first)
    assert 'value="outer" checked' in second.content.decode()
    assert "What made the reward miss?" in text_of(second)
    assert '?node=misalignment-causes%3Acapabilities-based&amp;stance=present&amp;grounds=documented#rate"' in (
        last.content.decode()
    )
