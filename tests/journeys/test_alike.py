"""“Possibly the same” as a person meets it: while writing, on the case page, and up to the merge and back."""

import pytest
from playwright.sync_api import expect

from registry.models import Case, CaseLink, CaseMerge, Draft
from tests.factories import make_case
from tests.journeys.conftest import axe_findings

# A busy machine takes its time.
expect.set_options(timeout=20_000)

TITLE = "Leaflet summariser leaves out warnings"
TEXT = "The summary kept the dose and left out the interaction with blood thinners."


@pytest.fixture
def known(transactional_db, shipped_taxonomy):
    return make_case(title=TITLE, observed_behaviour=TEXT)


def focused(page, words):
    """Waits until what has the focus is called so."""
    expect(page.locator(":focus")).to_have_accessible_name(words)


def test_a_hint_while_writing_is_answered_undone_and_kept_in_the_draft(enter, page, known, analyst):
    enter("/cases/new", analyst)
    title = page.get_by_label("What happened?")
    title.fill("Summariser leaves out the warnings of a leaflet")
    hit = page.locator(f"[data-alike-hit={known.reference}]")
    hit.wait_for()
    expect(title).to_be_focused()
    expect(page.locator("[data-alike-said]")).to_have_text("1 possibly the same")
    expect(hit.get_by_role("link", name=TITLE)).to_have_attribute("rel", "noopener")

    hit.get_by_role("button", name="Same").click()
    expect(hit).to_contain_text("You said: same")
    expect(hit.get_by_role("link", name=f"Open {known.reference} and add to it instead")).to_be_visible()
    focused(page, f"Undo your answer about {known.reference}")
    page.keyboard.press("Enter")
    focused(page, "Same")
    hit.get_by_role("button", name="Related").click()
    expect(page.locator("[data-draft-bar]")).to_have_attribute("data-state", "saved")
    page.get_by_label("What did you see?").fill(TEXT)
    expect(hit).to_contain_text("You said: related")

    assert axe_findings(page) == []
    expect(page.locator("[data-draft-bar]")).to_have_attribute("data-state", "saved")
    enter(f"/drafts/{Draft.objects.get().pk}/")
    expect(page.locator(f"[data-alike-hit={known.reference}]")).to_contain_text("You said: related")


def test_hints_go_with_what_was_written_and_come_back_with_it(enter, page, known, analyst):
    enter("/cases/new", analyst)
    title, hit = page.get_by_label("What happened?"), page.locator(f"[data-alike-hit={known.reference}]")
    title.fill(TITLE)
    hit.wait_for()

    title.fill("")
    expect(hit).to_have_count(0)
    expect(page.locator("[data-alike-body]")).to_contain_text("Cases like yours show here while you write.")
    expect(page.locator("[data-alike-count]")).to_be_hidden()
    title.fill(TITLE)
    expect(page.locator("[data-alike-said]")).to_have_text("1 possibly the same")
    expect(hit).to_be_visible()

    # Never answered: the question waits until it is withdrawn.
    page.route("**/cases/alike", lambda route: None)
    with page.expect_request("**/cases/alike"):
        title.fill(f"{TITLE} again")
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/cases/alike")):
        title.fill("")
    expect(hit).to_have_count(0)


def test_a_similar_case_is_answered_merged_and_taken_apart_again(enter, page, known, analyst):
    case = make_case(title=f"{TITLE} again", observed_behaviour=TEXT)
    enter(case.get_absolute_url(), analyst)
    hit = page.locator(f"#like-{known.pk}")

    hit.get_by_role("button", name="Same").focus()
    page.keyboard.press("Enter")
    expect(hit).to_contain_text("You said: duplicate of")
    focused(page, f"Undo the answer about {known.reference}")
    assert CaseLink.objects.get().kind == "duplicate"

    hit.get_by_role("link", name="Merge the two").click()
    page.get_by_label("Why are the two one case?").fill("One leaflet.")
    page.get_by_role("button", name=f"Merge into {case.reference}").click()
    expect(page.get_by_text(f"{known.reference} is part of {case.reference} now")).to_be_visible()
    assert axe_findings(page) == []

    page.get_by_role("link", name=f"Take back the merge of {known.reference}").click()
    page.get_by_label("Why are they two cases after all?").fill("Two leaflets.")
    assert axe_findings(page) == []
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text(f"{known.reference} is a case of its own again.")).to_be_visible()
    assert CaseMerge.objects.get().undone_by == analyst
    assert Case.objects.get(pk=known.pk).merged_into is None
