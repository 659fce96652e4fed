"""Finding cases with the keyboard alone: search, facets, a saved view; on a phone too."""

import re

import pytest
from playwright.sync_api import expect

from registry.actions import views
from registry.choices import Role, Status
from registry.models import Case, SavedView
from taxonomy.models import SeverityTier
from tests.factories import NOW, make_case, make_node, make_person
from tests.journeys.conftest import axe_findings

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def ada(transactional_db, shipped_taxonomy):
    person = make_person(role=Role.ANALYST, username="ada", name="Ada Analyst")
    node = make_node("red", name="Red")
    high = SeverityTier.objects.get(slug="high")
    make_case(title="The boat that circles a lagoon", nodes=[node], potential_severity=high)
    make_case(title="A grader reads the answer", context="Nothing but a boat in the distance.", potential_severity=high)
    make_case(title="A robot covers the camera", status=Status.CLOSED)
    return person


def focused(page):
    return page.evaluate("document.activeElement.id")


def titles(page):
    return page.locator("table.cases .ttl").all_inner_texts()


def test_search_with_the_keyboard_and_open_the_second_match(enter, page, ada):
    enter("/cases/", ada)

    page.keyboard.press("/")
    page.keyboard.type("boat")
    page.keyboard.press("Enter")
    expect(page.locator("#n-found")).to_have_text("2 cases")
    assert titles(page) == ["The boat that circles a lagoon", "A grader reads the answer"]
    assert page.locator(".passage mark").inner_text() == "boat"
    assert page.locator("#list-said").inner_text() == "2 cases"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")

    expect(page).to_have_title(re.compile("A grader reads the answer"))


def test_facets_keep_the_focus_and_back_brings_the_filters_back(enter, page, ada):
    enter("/cases/", ada)

    page.locator("#f-severity-high").focus()
    page.keyboard.press("Space")
    expect(page.locator("#n-found")).to_have_text("2 cases")
    assert focused(page) == "f-severity-high"
    page.locator("#ordering").focus()
    page.locator("#ordering").select_option("id")
    expect(page).to_have_url(re.compile(r"severity=high&ordering=id"))
    expect(page.locator("#ordering")).to_be_focused()
    page.locator("[name=label__all]").first.check()
    expect(page.locator("#n-found")).to_have_text("1 case")
    page.go_back()

    expect(page.locator("#n-found")).to_have_text("2 cases")
    expect(page.locator("#f-severity-high")).to_be_checked()
    expect(page.locator("[name=label__all]").first).not_to_be_checked()


def test_a_fold_stays_open_and_its_box_suggests(enter, page, ada):
    enter("/cases/", ada)

    page.locator("#fold-system summary").click()
    page.locator("#f-system-other").fill("code")
    expect(page.locator("#names-system option")).to_have_attribute("value", "code-agent")
    page.keyboard.press("Control+a")
    page.keyboard.type("code-agent")
    page.keyboard.press("Tab")

    expect(page.locator("#f-system-code-agent")).to_be_checked()
    expect(page.locator("#fold-system")).to_have_attribute("open", "")
    assert len(titles(page)) == 3


def test_save_a_view_change_it_and_save_the_changes(enter, page, ada):
    enter("/cases/?severity=high", ada)

    page.locator("#save-view summary").click()
    page.locator("#view-name").fill("Grave")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("Saved as “Grave”.")
    expect(page.locator(".views [aria-current]")).to_have_text("Grave")
    page.locator("#f-status-closed").check()
    expect(page.locator(".changed-view")).to_contain_text("with changes that are not saved")
    assert axe_findings(page) == []
    page.get_by_role("button", name="Save changes to “Grave”").click()
    expect(page.locator(".changed-view")).to_have_count(0)
    page.get_by_role("button", name="Dismiss").click()

    expect(page.locator(".messages .note")).to_have_count(0)
    assert SavedView.objects.get().query == "severity=high&status=closed"


def test_the_keys_on_the_map_do_what_it_says(enter, page, ada):
    enter("/cases/", ada)

    page.keyboard.press("?")
    expect(page.locator("#keymap")).to_be_visible()
    assert axe_findings(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    expect(page.locator("#goto-number")).to_be_focused()
    page.keyboard.type("no such case")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("There is no case “no such case”")
    page.keyboard.press("g")
    page.keyboard.type(str(Case.objects.get(title="A robot covers the camera").pk))
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_contain_text("A robot covers the camera")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_filters_are_folded_and_nothing_goes_sideways(enter, page, ada, scheme):
    for number in range(6):
        views.save_view(by=ada, at=NOW, name=f"A view with a long name {number}", query="severity=high")
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme=scheme)
    enter("/cases/?q=boat&view=ada-a-view-with-a-long-name-5&edited=1", ada)

    assert page.locator("#fold-all").get_attribute("open") is None
    page.locator("#fold-all summary").first.click()
    page.locator("#f-severity-high").check()
    expect(page.locator(".active-filters")).to_contain_text("High")
    expect(page.locator("#fold-all")).to_have_attribute("open", "")
    page.locator("#more-views summary").click()

    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert axe_findings(page) == []
    enter("/cases/views/")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert axe_findings(page) == []
