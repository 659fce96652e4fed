"""Many cases at once with the keyboard alone, without scripts, and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from registry.choices import Role
from registry.models import Case
from tests.factories import make_cases, make_person
from tests.journeys.conftest import axe_findings


@pytest.fixture
def mira(transactional_db, shipped_taxonomy):
    make_cases(4)
    return make_person(role=Role.ANALYST, username="mira", name="Mira Okafor")


def owned():
    return Case.objects.exclude(owner=None).count()


def wide(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_the_keyboard_alone_assigns_two_cases_and_undoes_it(enter, page, mira):
    enter("/cases/?status=triage", mira)
    bar = page.locator("#bulk")
    expect(bar).to_be_hidden()

    for key in "jxjx":
        page.keyboard.press(key)

    expect(bar.get_by_role("status")).to_have_text("2 cases selected")
    assert axe_findings(page) == []
    page.get_by_role("button", name="Assign").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Assign 2 cases")
    assert axe_findings(page) == []
    page.get_by_label("Who owns them from now on").press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Assigned to Mira Okafor")
    assert owned() == 2
    assert axe_findings(page) == []
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("link", name="2 Undone")).to_be_visible()
    assert owned() == 0
    page.get_by_role("link", name="Back to the list").press("Enter")
    page.wait_for_url("**/cases/?status=triage")


def test_the_page_a_range_and_all_that_match_are_selected(enter, page, mira, monkeypatch):
    monkeypatch.setattr("registry.web.case_list.PER_PAGE", 3)
    enter("/cases/", mira)
    rows, status = page.locator("[data-select]"), page.locator("#bulk").get_by_role("status")
    every = page.get_by_label("All 4 that match")

    rows.nth(0).click()
    rows.nth(2).click(modifiers=["Shift"])
    expect(status).to_have_text("3 cases selected")
    expect(page.get_by_label("Select every case on this page")).to_be_checked()
    every.check()
    expect(status).to_have_text("All 4 that match: selected")
    rows.nth(1).click()

    expect(status).to_have_text("2 cases selected")
    expect(every).to_be_hidden()
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#bulk")).to_be_hidden()
    expect(rows.nth(0)).to_be_focused()


def test_it_all_works_without_scripts_on_a_phone(browser, live_server, page, enter, mira):
    enter("/", mira)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto(live_server.url + "/cases/")

    plain.locator("[data-select]").nth(1).check()
    plain.get_by_role("button", name="Assign").click()
    plain.get_by_role("button", name="Assign 1 case").click()

    expect(plain.get_by_role("heading", level=1)).to_have_text("Assigned to Mira Okafor")
    assert owned() == 1
    context.close()


def test_an_export_is_downloaded_from_the_list_and_from_the_chooser(enter, page, mira):
    enter("/cases/", mira)

    page.get_by_text("Export", exact=True).click()
    assert axe_findings(page) == []
    with page.expect_download() as from_list:
        page.get_by_role("button", name="CSV").click()
    page.get_by_role("link", name="Choose the columns").click()
    assert axe_findings(page) == []
    page.get_by_label("XLSX").check()
    with page.expect_download() as chosen:
        page.get_by_role("button", name="Export 4 cases").click()

    assert re.fullmatch(r"cases-.*\.csv", from_list.value.suggested_filename)
    assert re.fullmatch(r"cases-.*\.xlsx", chosen.value.suggested_filename)
    assert not wide(page)
