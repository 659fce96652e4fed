"""Rating blind and deciding between raters, with the keyboard alone, in a real browser."""

import pytest
from playwright.sync_api import expect

from registry.actions import ratings
from registry.choices import Status
from registry.models import Adjudication, Label, Rating
from taxonomy.models import Node
from tests.factories import NOW, label, make_case, make_person
from tests.journeys.conftest import axe_findings


@pytest.fixture
def case(transactional_db, shipped_taxonomy):
    return make_case(status=Status.ANALYSIS, title="Boat never finishes")


def test_a_rater_is_led_to_a_label_records_it_and_submits(enter, page, case):
    analyst = make_person(username="mira", name="Mira Okafor")
    enter(f"/cases/{case.reference}/labels/?choose=1", analyst)

    for question, words in (("outer", "What made the reward miss?"), ("swamped", "How is that known?")):
        answer = page.locator(f"input[value={question}]")
        answer.focus()
        page.keyboard.press("Space")
        expect(page.get_by_text(words)).to_be_visible()
        # The swap leaves the focus where it was.
        assert page.evaluate("document.activeElement.value") == question
    page.locator("input[value=documented]").focus()
    page.keyboard.press("Space")
    first = page.get_by_role("link", name="Rate Capabilities-based misalignment")
    expect(first).to_be_visible()
    assert axe_findings(page) == []
    first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="Documented")).to_be_checked()
    page.get_by_label("Why you think so").focus()
    page.keyboard.type("Capability came first.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Only you see it until you submit your rating.").first).to_be_visible()
    held = Label.objects.get()
    page.get_by_role("button", name="Submit my rating").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your rating is submitted.").first).to_be_visible()

    assert (held.stance, held.grounds, held.submitted_at) == ("present", "documented", None)
    assert Rating.objects.get().state == "submitted"


def test_a_reviewer_decides_at_the_keyboard(enter, page, case):
    reviewer = make_person(role="reviewer", username="priya", name="Priya Raman")
    node = Node.objects.get(slug="volition-based")
    label(case, node, rationale="The score was wrong.")
    label(case, node, stance="absent", rationale="Nobody misjudged it.")
    ratings.stand_aside(case=case, by=reviewer, at=NOW)
    enter(f"/cases/{case.reference}/adjudicate", reviewer)

    page.locator(f"input[name='applies:{node.pk}']").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    assert axe_findings(page) == []
    page.get_by_label("Reason").focus()
    page.keyboard.type("The reward counted targets.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 decision recorded").first).to_be_visible()

    decision = Adjudication.objects.get()
    assert (decision.applies, decision.reason, decision.decided_by) == (True, "The reward counted targets.", reviewer)
