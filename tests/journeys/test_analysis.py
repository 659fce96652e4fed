"""Analysing a case in a real browser: which arrow broke, two tabs at once, an earlier text, cases side by side."""

import re

import pytest
from playwright.sync_api import expect

from registry.choices import Role, Status
from registry.models import Case
from tests.factories import make_case, make_person
from tests.journeys.conftest import axe_findings

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def mira(transactional_db, shipped_taxonomy):
    return make_person(role=Role.ANALYST, username="mira", name="Mira Okafor")


@pytest.fixture
def case(mira):
    return make_case(
        status=Status.ANALYSIS,
        owner=mira,
        title="The arm flips the block",
        intended_objective="Stack red on blue.",
        context="A simulated arm.",
    )


def wide(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def gap(page, name, answer):
    return page.get_by_role("group", name=name, exact=True).get_by_role("radio", name=answer, exact=True)


def saved(page):
    page.keyboard.press("Control+Enter")
    # The address keeps the part of the form one had jumped to.
    page.wait_for_url(re.compile(r"/cases/AIR-\d+/(#\w+)?$"))


def test_an_arrow_is_marked_by_pointer_and_by_keyboard(enter, page, mira, case):
    enter(f"{case.get_absolute_url()}edit", mira)
    outer = page.locator(".gaparrow").nth(1)

    outer.locator(".press.mark").click()
    expect(gap(page, "Outer gap", "Broken")).to_be_checked()
    expect(page.locator(".becauses .outer_gap")).to_be_visible()
    outer.locator(".press.clear").click()
    expect(gap(page, "Outer gap", "Not assessed")).to_be_checked()
    gap(page, "Outer gap", "Not assessed").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(gap(page, "Outer gap", "Broken")).to_be_checked()
    page.get_by_label("Specified objective", exact=True).fill("Height of the red block's bottom face")
    expect(page.locator(".gapbox").nth(2)).to_contain_text("Height of the red block's bottom face")
    assert axe_findings(page) == []
    saved(page)

    expect(page.get_by_text("The outer gap broke: what was rewarded is not what was meant.")).to_be_visible()
    assert Case.objects.get(pk=case.pk).outer_gap == "broken"


def test_an_arrow_is_marked_without_scripts_on_a_phone(browser, live_server, enter, page, mira, case):
    enter("/", mira)
    plain = browser.new_context(java_script_enabled=False, viewport=PHONE)
    plain.add_cookies(page.context.cookies())
    phone = plain.new_page()

    phone.goto(f"{live_server.url}{case.get_absolute_url()}edit")
    phone.locator(".gaparrow").nth(0).locator(".press.mark").click()

    expect(gap(phone, "Human gap", "Broken")).to_be_checked()
    expect(phone.locator(".gapbox").nth(1)).to_contain_text("Stack red on blue.")
    phone.get_by_role("button", name="Save").click()
    phone.wait_for_url("**/cases/AIR-*/")
    assert Case.objects.get(pk=case.pk).human_gap == "broken"
    plain.close()


def test_two_tabs_lose_nothing_and_the_keyboard_settles_it(enter, page, live_server, mira, case):
    enter(f"{case.get_absolute_url()}edit", mira)
    other = page.context.new_page()
    other.goto(page.url)
    gap(other, "Inner gap", "Holds").check()
    other.get_by_label("Context", exact=True).fill("Their context.")
    other.get_by_label("When it was published").fill("2015-03-04")
    saved(other)

    gap(page, "Outer gap", "Broken").check()
    page.get_by_label("Context", exact=True).fill("My context.")
    page.keyboard.press("Control+Enter")

    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("Somebody else saved this case while you were writing")
    for words in ("My context.", "Their context.", "A simulated arm.", "When it was published", "Inner gap"):
        expect(alert).to_contain_text(words)
    expect(gap(page, "Inner gap", "Holds")).to_be_checked()
    expect(gap(page, "Outer gap", "Broken")).to_be_checked()
    expect(page.get_by_label("When it was published")).to_have_value("2015-03-04")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Context", exact=True)).to_be_focused()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Ours.")
    saved(page)

    kept = Case.objects.get(pk=case.pk)
    assert (kept.context, kept.outer_gap, kept.inner_gap, str(kept.warned_on)) == (
        "Ours.",
        "broken",
        "holds",
        "2015-03-04",
    )


def test_a_warning_without_a_link_is_asked_for_and_not_refused(enter, page, mira, case):
    enter(f"{case.get_absolute_url()}edit", mira)
    asked = page.get_by_text("You say that somebody warned of it")

    expect(asked).to_be_hidden()
    page.get_by_role("radio", name="Foreseeable and warned").check()
    expect(asked).to_be_visible()
    saved(page)

    assert Case.objects.get(pk=case.pk).predictability == "warned"


def test_an_earlier_text_comes_back_by_keyboard(enter, page, mira, case):
    enter(f"{case.get_absolute_url()}edit", mira)
    page.get_by_label("Context", exact=True).fill("Overwritten by mistake.")
    saved(page)
    enter(f"{case.get_absolute_url()}history")

    page.get_by_role("link", name="Restore the context").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Restore: context")
    assert axe_findings(page) == []
    page.get_by_label("Why bring it back").fill("It was right.")
    saved(page)

    assert Case.objects.get(pk=case.pk).context == "A simulated arm."
    expect(page.locator("#history").get_by_text("Because: It was right.")).to_be_visible()


def test_cases_ticked_in_the_list_stand_side_by_side(enter, page, mira, case):
    make_case(title="The boat circles the lagoon", context="A simulated boat.")
    enter("/cases/", mira)
    for key in "jxjx":
        page.keyboard.press(key)

    page.get_by_role("button", name="Compare").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("2 cases side by side")
    expect(page.get_by_role("row", name="Context Different")).to_be_visible()
    page.get_by_label("Only what differs").check()
    expect(page.get_by_role("row", name="Kind Same in all")).to_be_hidden()
    assert axe_findings(page) == []
    page.set_viewport_size(PHONE)
    assert not wide(page)
    assert axe_findings(page) == []
