"""Logging a case in a real browser: by keyboard alone, and when browser, server, session or a second tab interfere."""

import os
import re
import signal
import subprocess
from contextlib import suppress

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from playwright.sync_api import Error, expect

from registry.choices import Role
from registry.models import Case, Draft, SystemAlias
from registry.web.forms import when
from tests.factories import make_case, make_person, make_team
from tests.journeys.conftest import PASSWORD, axe_findings

TITLE = "Leaflet summariser leaves out warnings"
KEPT = """
  Object.entries(localStorage)
    .filter(([name]) => name.startsWith("air-draft:"))
    .map(([, entry]) => JSON.parse(entry))
"""


# Signing in costs a password hash, and a busy machine takes its time.
expect.set_options(timeout=20_000)


@pytest.fixture
def mira(transactional_db, shipped_taxonomy):
    person = make_person(role=Role.ANALYST, username="mira", name="Mira Okafor")
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def tab(enter, page, mira):
    """Open one more tab of the same browser; it may complain of a server that does not answer."""
    enter("/account/me/", mira)
    return lambda: page.context.new_page()


@pytest.fixture
def writing(tab, live_server):
    """A tab on a draft that holds a title, saved."""
    one = tab()
    one.goto(live_server.url + "/cases/new")
    one.get_by_label("What happened?").press_sequentially(TITLE)
    expect_saved(one)
    return one


def bar(tab):
    return tab.locator("[data-draft-bar]")


def expect_saved(tab):
    expect(bar(tab)).to_have_attribute("data-state", "saved")


def the_draft():
    return Draft.objects.get(case=None)


def kept_in(tab):
    return [{name: change["mine"] for name, change in entry["changes"].items()} for entry in tab.evaluate(KEPT)]


def refuse_saving(tab):
    """The server cannot be reached with anything that is to be kept; pages still load."""
    tab.route("**/drafts/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())


class Keyboard:
    """Counts what is pressed."""

    def __init__(self, page):
        self.page, self.pressed = page, 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text):
        self.page.keyboard.type(text)
        self.pressed += len(text)


def test_the_keyboard_alone_logs_a_case_from_home_to_receipt(enter, page, mira):
    alias = SystemAlias.objects.create(system=make_case().systems.get(), name="leaflet-bot")
    enter("/", mira)
    keys = Keyboard(page)

    keys.press("n")
    page.wait_for_url("**/cases/new")
    expect(page.get_by_label("What happened?")).to_be_focused()
    keys.type(TITLE)
    keys.press("Enter")
    keys.type("The dose stayed and the warning went.")
    keys.press("Tab", "Tab", "Tab")
    keys.type("leaf")
    expect(page.get_by_role("option", name=re.compile(alias.system.name))).to_be_visible()
    keys.press("ArrowDown", "Enter")
    keys.type("1.8")
    keys.press("Tab", "Tab", "ArrowRight", "Tab")
    keys.type("November 2026")
    keys.press("Tab", "Tab", "Space", "Control+Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Logged, thank you")
    case = Case.objects.get(title=TITLE)
    assert (case.status, case.kind, case.occurred, case.observed_behaviour) == (
        "triage",
        "incident",
        "November 2026",
        "The dose stayed and the warning went.",
    )
    assert [(row.system, row.version) for row in case.case_systems.all()] == [(alias.system, "1.8")]
    assert page.evaluate(KEPT) == []
    # Fewer than twenty keys beside the words themselves.
    assert keys.pressed - len(TITLE) - len(case.observed_behaviour) - len("leaf1.8November 2026") < 20


DATES = (
    *("2026", "2026-11", "2026-1-9", "9.11.2026", "9/11/2026", "11/2026", "9 Nov 2026", "9. november, 2026"),
    *("nov 9 2026", "NOV.  2026", "29 Feb 2024", "1 sept 2026", "December 31, 2026", "September, 2026", "1900", "2100"),
    *("31 November", "31 November 2026", "29 Feb 2026", "0 Nov 2026", "1 Brumaire 2026", "13/2026", "2026-13", "soon"),
    *("1899", "2101", "Nov", "11-2026", "2026-11-31", "26", "nov.9 2026", "9 novem 2026", "\u0661\u0662 May 2026"),
)


def reads(text):
    with suppress(ValidationError):
        return bool(when.parse(text))
    return False


def test_a_date_that_cannot_be_is_not_counted_as_answered(enter, page, mira):
    enter("/cases/new", mira)
    date, needs = page.get_by_label("When did it happen?"), page.locator("[data-needs]")
    expect(needs).to_contain_text("Still needed: what happened, what you saw, system, day, kind")
    counted = {}

    for text in DATES:
        date.fill(text)
        counted[text] = "a date like 12 Nov 2026" not in needs.inner_text()

    assert counted == {text: reads(text) for text in DATES}
    date.fill("31 November 2026")
    page.get_by_role("radio", name="Unknown", exact=True).check()
    expect(needs).not_to_contain_text("a date like")


def test_an_unreachable_server_and_an_ended_session_lose_nothing(writing, mira):
    hostile = "<img src=x onerror=\"document.title='taken'\">"
    refuse_saving(writing)
    writing.keyboard.type(hostile)

    expect(bar(writing)).to_have_attribute("data-state", "failed")
    expect(bar(writing)).to_contain_text("Not saved since")
    expect(bar(writing)).to_contain_text("Your text is kept in this browser; next attempt in")
    assert kept_in(writing) == [{"title": [TITLE + hostile]}]
    assert axe_findings(writing) == []

    writing.keyboard.press("Control+Enter")
    expect(writing.get_by_text("Not submitted: the server does not answer.")).to_be_visible()

    writing.on("dialog", lambda dialog: dialog.accept())
    writing.reload()
    expect(writing.get_by_label("What happened?")).to_have_value(TITLE + hostile)
    expect(writing.locator("[data-back]")).to_contain_text("Put back from this browser")
    expect(bar(writing)).to_have_attribute("data-state", "failed")
    assert "taken" not in writing.title()

    writing.unroute("**/drafts/**")
    writing.get_by_role("button", name="Try now").click()
    expect_saved(writing)
    assert (kept_in(writing), the_draft().answers["title"]) == ([], [TITLE + hostile])

    Session.objects.all().delete()
    writing.get_by_label("What happened?").fill(TITLE + " twice")
    expect(writing.get_by_role("dialog", name="You are signed out")).to_be_visible()
    expect(writing.get_by_label("Password")).to_be_focused()
    assert kept_in(writing) == [{"title": [TITLE + " twice"]}]
    assert axe_findings(writing) == []
    writing.keyboard.type("wrong")
    writing.keyboard.press("Enter")
    expect(writing.get_by_role("dialog").get_by_role("alert")).not_to_be_empty()
    writing.get_by_label("Password").fill(PASSWORD)
    writing.keyboard.press("Enter")
    expect_saved(writing)
    expect(writing.get_by_label("What happened?")).to_be_focused()
    assert (kept_in(writing), the_draft().answers["title"]) == ([], [TITLE + " twice"])

    # The page's own token is the new one as well.
    writing.get_by_label("What did you see?").fill("Sent as a whole page.")
    writing.get_by_role("button", name="Keep as draft").click()
    expect(writing.get_by_text("Your draft is saved.")).to_be_visible()


def test_the_browser_is_killed_while_somebody_types(
    enter, page, mira, live_server, browser_type, browser_type_launch_args, tmp_path
):
    enter("/account/me/", mira)
    cookies = [
        {"name": each["name"], "value": each["value"], "url": live_server.url} for each in page.context.cookies()
    ]
    doomed = browser_type.launch_persistent_context(tmp_path, **browser_type_launch_args)
    doomed.add_cookies(cookies)
    tab = doomed.new_page()
    tab.goto(live_server.url + "/cases/new")
    tab.get_by_label("What happened?").press_sequentially(TITLE)
    expect_saved(tab)
    address = tab.url
    tab.keyboard.type(" when ask")

    kill(tmp_path)

    with pytest.raises(Error):
        tab.evaluate("1 + 1")
    enter("/drafts/")
    page.get_by_role("link", name=TITLE).first.click()
    assert page.url == address
    assert page.get_by_label("What happened?").input_value().startswith(TITLE)


def kill(profile):
    """Kill the browser that runs on this profile, as an accident does."""
    found = subprocess.run(["pgrep", "-f", f"user-data-dir={profile}"], capture_output=True, text=True, check=True)
    for pid in map(int, found.stdout.split()):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_text_that_never_reached_the_server_is_offered_again_to_its_writer_alone(tab, live_server):
    one = tab()
    refuse_saving(one)
    one.goto(live_server.url + "/cases/new")
    one.get_by_label("What happened?").press_sequentially(TITLE)
    expect(bar(one)).to_have_attribute("data-state", "failed")
    one.close(run_before_unload=False)
    other = tab()
    other.goto(live_server.url + "/account/me/")
    other.evaluate(
        "() => { for (const [name, text] of Object.entries(localStorage)) if (name.startsWith('air-draft:'))"
        ' localStorage.setItem(name, text.replace(/"at":"....-/, \'"at":"2020-\'));'
        " const canary = {title: 'canary', made: false, at: '2020-01-01T00:00:00Z', changes: {}};"
        " localStorage.setItem('air-draft:999:0b51a4f2-6b8f-4b57-9d4c-6a8e5f0c1d2e', JSON.stringify(canary)) }"
    )

    other.goto(live_server.url + "/cases/new")
    expect(other.get_by_text("This browser kept text that was not saved")).to_be_visible()
    assert "canary" not in other.locator("body").inner_text()
    other.get_by_role("button", name="Put it back").click()

    expect(other.get_by_label("What happened?")).to_have_value(TITLE)
    expect_saved(other)
    assert the_draft().answers["title"] == [TITLE]
    assert kept_in(other) == [{}]


def test_two_tabs_on_one_draft(writing, tab):
    seen, title = writing.get_by_label("What did you see?"), writing.get_by_label("What happened?")
    other = tab()
    other.goto(writing.url)
    other.get_by_label("What did you see?").fill("Base")
    expect_saved(other)
    writing.get_by_label("Version", exact=True).first.fill("1.8")
    expect(seen).to_have_value("Base")
    expect_saved(writing)
    assert {**the_draft().answers, "kind": []} == {
        **the_draft().answers,
        "kind": [],
        "observed_behaviour": ["Base"],
        "version": ["1.8"],
    }

    clash(other, seen, theirs="Theirs", mine="Mine")
    panel = writing.get_by_role("region", name="Changed elsewhere too")
    expect(seen).to_be_focused()
    assert [text.strip() for text in panel.locator(".text").all_inner_texts()] == ["Mine", "Theirs", "Base"]
    assert the_draft().answers["observed_behaviour"] == ["Theirs"]
    assert axe_findings(writing) == []
    panel.get_by_role("button", name="Keep mine").click()
    expect(panel).to_have_count(0)
    expect(seen).to_be_focused()
    expect_saved(writing)
    assert the_draft().answers["observed_behaviour"] == ["Mine"]

    expect(other.get_by_label("What did you see?")).to_have_value("Theirs")
    other.get_by_label("What did you see?").fill("Third")
    theirs = other.get_by_role("region", name="Changed elsewhere too")
    theirs.get_by_role("button", name="Take theirs").click()
    expect(other.get_by_label("What did you see?")).to_have_value("Mine")
    expect_saved(other)

    clash(other, title, theirs="Theirs is another title", mine="Mine is another title")
    writing.keyboard.press("Control+Enter")
    expect(writing.get_by_role("button", name="Keep mine")).to_be_focused()
    assert Case.objects.count() == 0
    writing.get_by_role("button", name="Take theirs").click()
    expect_saved(writing)

    Draft.objects.update(discarded_at=the_draft().created_at)
    title.fill("Written after it was discarded")
    expect(bar(writing)).to_have_attribute("data-state", "discarded")
    assert kept_in(writing) == [{"title": ["Written after it was discarded"]}]
    writing.get_by_role("button", name="Keep this text as a new draft").click()
    expect_saved(writing)
    assert Draft.objects.get(discarded_at=None).answers["title"] == ["Written after it was discarded"]


def clash(other, field, *, theirs, mine):
    """Both tabs change one field; the other one is saved first."""
    other.locator(f"#{field.get_attribute('id')}").fill(theirs)
    expect_saved(other)
    field.fill(mine)
    expect(field.page.get_by_role("region", name="Changed elsewhere too")).to_be_visible()


def test_pickers_labels_and_every_block_at_every_width(enter, page, mira):
    """680 px is what a desk of 1360 px has left at 200 % zoom."""
    make_team(mira, name="Clinical tools safety")
    make_case(title="Another case")
    enter("/cases/new", mira)
    for block in "bcde":
        page.locator(f"#block-{block}").evaluate("block => { block.open = true }")

    page.get_by_role("button", name=re.compile("Help me choose")).click()
    page.get_by_label(re.compile("the wrong thing was written down")).check()
    page.get_by_label(re.compile("grader or label was misjudged")).check()
    assert axe_findings(page) == []
    page.get_by_role("button", name="Tick this label").click()
    expect(page.get_by_role("checkbox", name=re.compile("Volition-based"))).to_be_focused()

    page.get_by_label("Who may see it?").select_option(label="the team “Clinical tools safety”")
    expect(page.get_by_text("So far that is one person:")).to_be_visible()
    page.get_by_label("Which system?").press_sequentially("brand-new")
    page.get_by_role("option", name="Add “brand-new” as a new system").click()
    expect(page.get_by_text("“brand-new” is new here")).to_be_visible()
    expect(page.get_by_label("Version", exact=True)).to_be_focused()
    expect_saved(page)
    answers = the_draft().answers
    assert (answers["label"], answers["system"]) == (["misalignment-causes:volition-based"], ["brand-new"])

    page.get_by_role("button", name="Add another system").click()
    page.keyboard.type("code")
    expect(page.get_by_role("option", name=re.compile("code-agent"))).to_be_visible()
    found = {}
    for scheme, width in (("light", 1360), ("dark", 680), ("dark", 390)):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        too_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        found[scheme, width] = (axe_findings(page), too_wide)
    assert set(map(str, found.values())) == {"([], False)"}
